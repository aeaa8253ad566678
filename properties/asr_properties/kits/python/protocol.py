"""The protocol: JSON-RPC 2.0 over stdin and stdout, one JSON document per line. There is nothing here to change.

It keeps the order of calls, fits parameters to the adapter's methods by their names and annotations, and turns
exceptions into the protocol's errors.
"""

from __future__ import annotations

import inspect
import json
import sys
import traceback
import typing


class Refused(Exception):
    """The item's state, its points or its surroundings decide so; the text is the reason."""

    code = 1000


class NotOffered(Exception):
    """An operation or fault that this implementation does not have."""

    code = 1001


class InvalidRequest(Exception):
    """Called out of order."""

    code = -32600


class UnknownMethod(Exception):
    """No such method, or its control is not offered."""

    code = -32601


class InvalidParameters(Exception):
    """Parameters that do not fit, or an unknown job."""

    code = -32602


class Protocol:
    """The order of calls, and each call fitted to a method of the adapter."""

    def __init__(self, adapter):
        self.adapter = adapter
        self.greeted = self.has_item = False

    def answer(self, method, parameters):
        function = None if method.startswith("_") else getattr(self.adapter, method, None)
        if not callable(function):
            raise UnknownMethod(f"no method {method}")
        if not self.greeted and method != "hello":
            raise InvalidRequest("hello comes first")
        if not self.has_item and method not in ("hello", "new_item", "bye"):
            raise InvalidRequest("new_item comes first")
        fit(function, parameters)
        result = function(**parameters)
        self.greeted = method != "bye"
        self.has_item = method == "new_item" or (self.has_item and method != "bye")
        return result

    def reply(self, line):
        """The reply to a line, and whether it was the last."""
        try:
            request = json.loads(line)
            method, parameters = request["method"], request.get("params", {})
            head = {"jsonrpc": "2.0", "id": request["id"]}
        except (ValueError, TypeError, KeyError) as error:
            return {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": repr(error)}}, False
        try:
            if not isinstance(method, str) or not isinstance(parameters, dict):
                raise InvalidParameters("parameters go by name")
            return {**head, "result": self.answer(method, parameters)}, method == "bye"
        except Refused as refusal:
            data = {"reason": str(refusal)}
            return {**head, "error": {"code": refusal.code, "message": "refused", "data": data}}, False
        except (NotOffered, InvalidRequest, UnknownMethod, InvalidParameters) as error:
            return {**head, "error": {"code": error.code, "message": str(error)}}, False
        except Exception as error:
            traceback.print_exc()  # the suite shows the last lines of stderr
            return {**head, "error": {"code": -32603, "message": repr(error)}}, False


def fit(function, parameters):
    """Raise InvalidParameters unless the parameters are those of the function, and of their annotated types."""
    try:
        inspect.signature(function).bind(**parameters)
    except TypeError as error:
        raise InvalidParameters(str(error)) from None
    kinds = typing.get_type_hints(function)
    for name, value in parameters.items():
        if not isinstance(value, kinds[name]) or (isinstance(value, bool) and kinds[name] is not bool):
            raise InvalidParameters(f"{name} can't be {value!r}")


def serve(adapter):
    """Answer requests until `bye` or the end of the input."""
    protocol = Protocol(adapter)
    sys.stdin.reconfigure(encoding="utf-8")
    for line in sys.stdin:
        reply, last = protocol.reply(line)
        print(json.dumps(reply), flush=True)
        if last:
            break
