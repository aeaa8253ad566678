"""An adapter in Python as a program over stdio: `python serve.py package.module:factory`, or one by name."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from asr_properties.adapters.loading import load
from asr_properties.contract.errors import ContractError, InvalidParameters, Refused, UnknownMethod
from asr_properties.contract.methods import METHODS


def reply(implementation: Any, request: dict[str, Any]) -> dict[str, Any]:
    head = {"jsonrpc": "2.0", "id": request["id"]}
    try:
        method = getattr(implementation, request["method"], None)
        if request["method"] not in METHODS or method is None:
            raise UnknownMethod(request["method"])
        try:
            return {**head, "result": method(**request["params"])}
        except TypeError as error:
            raise InvalidParameters(str(error)) from error
    except Refused as refusal:
        return {**head, "error": {"code": refusal.code, "message": "refused", "data": {"reason": refusal.reason}}}
    except ContractError as error:
        return {**head, "error": {"code": error.code, "message": str(error)}}


def named(name: str) -> Any:
    """What `package.module:factory` makes, or the wrong implementation of this name, with fixed choices."""
    if ":" in name:
        return load(name)()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from wrong.walks import WALKS, ReplicatedItem, serving

    return serving({item.__name__: item for item in (*WALKS, ReplicatedItem)}[name])()


def main() -> None:
    implementation = named(sys.argv[1])
    for line in sys.stdin:
        request = json.loads(line)
        answer = reply(implementation, request)
        print(json.dumps(answer), flush=True)
        if request["method"] == "bye" and "result" in answer:
            break


if __name__ == "__main__":
    main()
