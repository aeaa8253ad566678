"""An adapter as a program over stdio: the loop around it, JSON-RPC 2.0, one document per line."""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from typing import Any, BinaryIO

from asr_properties.contract.errors import ContractError, InvalidParameters, InvalidRequest, Refused, UnknownMethod
from asr_properties.contract.methods import METHODS
from asr_properties.contract.raised import raised

PARSE_ERROR = -32700
INTERNAL_ERROR = -32603


def serve(adapter: Any) -> None:
    """Answer requests from stdin on stdout until `bye`, or the end of the input.

    What anything else writes to stdout meanwhile, programs that it starts too, goes to stderr: stdout is the
    protocol's. An exception that is none of the contract's is answered as -32603, and its traceback goes to stderr.

    adapter: an object with the methods of the contract; an `Adapter`, which checks what it is called with.
    """
    with _replies_alone() as replies:
        for line in sys.stdin.buffer:
            reply, is_last = answer(adapter, line)
            replies.write(json.dumps(reply, separators=(",", ":")).encode("ascii") + b"\n")
            replies.flush()
            if is_last:
                return


def answer(adapter: Any, line: bytes) -> tuple[dict[str, Any], bool]:
    """The reply to a line, and whether it was the last: that of `bye`."""
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _reply(None, error={"code": PARSE_ERROR, "message": f"not JSON: {error}"}), False
    identifier = request.get("id") if isinstance(request, dict) else None
    try:
        method, result = _done(adapter, request)
        return _reply(identifier, result=result), method == "bye"
    except Refused as refusal:
        refused = {"code": refusal.code, "message": "refused", "data": {"reason": refusal.reason}}
        return _reply(identifier, error=refused), False
    except ContractError as other:
        return _reply(identifier, error={"code": other.code, "message": str(other)}), False
    except Exception as defect:
        traceback.print_exc()
        return _reply(identifier, error={"code": INTERNAL_ERROR, "message": raised(defect)}), False


def _done(adapter: Any, request: Any) -> tuple[str, Any]:
    """The method that was asked for, and its result as JSON has it."""
    if not isinstance(request, dict) or request.get("jsonrpc") != "2.0" or not isinstance(request.get("method"), str):
        raise InvalidRequest("a request is an object with jsonrpc, id, method and params")
    method, parameters = request["method"], request.get("params", {})
    function = getattr(adapter, method, None) if method in METHODS else None
    if function is None:
        raise UnknownMethod(f"no method {method!r}")
    if not isinstance(parameters, dict):
        raise InvalidParameters("parameters go by name")
    result = function(**parameters)
    json.dumps(result, allow_nan=False)
    return method, result


def _reply(identifier: Any, **result_or_error: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identifier, **result_or_error}


def _replies_alone() -> BinaryIO:
    """What stdout was, for replies alone; stdout itself, also that of programs begun later, is stderr from now on."""
    sys.stdout.flush()
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    return replies
