"""The methods of the control path, declared once: what answers, the document of `GET /control` and the page follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter

from asr_properties.contract.errors import ContractError
from asr_properties.contract.messages import Message
from asr_properties.contract.methods import METHODS, NoParameters
from asr_properties.server.access import PREFIX, TOKEN_HEADER, TOKEN_OPTION
from asr_properties.server.http_faults import HttpFault

ITEM: Final = (
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.RecoveryServices/vaults/{vault}"
    "/replicationFabrics/{fabric}/replicationProtectionContainers/{container}/replicationProtectedItems/{item}"
)
"""An item's address in the ARM API, which follows the prefix."""


class Choice(Message):
    """An outcome that the documentation leaves open, and which one is taken from here on."""

    choice: str
    option: str


class ControlMethod(NamedTuple):
    """verb, name: how it is asked for, after the prefix or an item's address. summary: what it does. parameters: in the
    body, or in the query of a GET."""

    verb: str
    name: str
    summary: str
    parameters: type[Message] = NoParameters


#: Methods that the contract has go by its names, its summaries and its parameters.
_OF_THE_CONTRACT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("new_item", "wait", "write", "inject", "clear", "update_settings"), "POST"),
    **dict.fromkeys(
        ("replication", "recovery_points", "machine", "settings", "azure_machine", "disks", "sites"), "GET"
    ),
}

OF_AN_ITEM: Final = (
    *(
        ControlMethod(verb, name, METHODS[name].summary, METHODS[name].parameters)
        for name, verb in _OF_THE_CONTRACT.items()
    ),
    ControlMethod("GET", "choices", "What is taken of each outcome that the documentation leaves open."),
    ControlMethod("POST", "choose", "Takes an outcome from here on, or `drawn`.", Choice),
    ControlMethod("DELETE", "", "Forgets the item and its jobs."),
)

OF_THE_SERVER: Final = (
    ControlMethod("GET", "", "Who serves, at which speed, what it offers, and this document."),
    ControlMethod("GET", "choices", "What a new item takes of each outcome that the documentation leaves open."),
    ControlMethod("POST", "choose", "Takes an outcome from here on, or `drawn`, for all items.", Choice),
    ControlMethod("GET", "http_faults", "The faults of the way that are still to come."),
    ControlMethod("POST", "http_faults", "A further fault of the way; the next fitting request meets it.", HttpFault),
    ControlMethod("DELETE", "http_faults", "No faults of the way any more."),
)


def document(told: Mapping[str, Any]) -> dict[str, Any]:
    """The control path as an OpenAPI 3.1 document. told: who serves, which is `x-serve` in it."""
    paths: dict[str, dict[str, Any]] = {}
    for base, methods in ((PREFIX, OF_THE_SERVER), (f"{PREFIX}{ITEM}", OF_AN_ITEM)):
        for method in methods:
            path = f"{base}/{method.name}".rstrip("/")
            paths.setdefault(path, {})[method.verb.lower()] = _operation(method, base)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The control path of asr-conformance serve",
            "version": "1",
            "description": "Beside the ARM API: time, writes, power, faults and choices. Jobs go by the names that ARM"
            " shows.",
        },
        "x-serve": dict(told),
        "security": [{"header": []}, {"query": []}],
        "components": {
            "securitySchemes": {
                "header": {"type": "apiKey", "in": "header", "name": TOKEN_HEADER},
                "query": {"type": "apiKey", "in": "query", "name": TOKEN_OPTION},
            },
            "schemas": {"Error": _ERROR},
        },
        "paths": paths,
    }


_KINDS: Final = ContractError.__subclasses__()

_ERROR: Final = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {
                    "type": "integer",
                    "description": ", ".join(
                        f"{kind.code}: {kind.__name__}" for kind in ContractError.__subclasses__()
                    ),
                },
                "message": {"type": "string"},
            },
        }
    },
}


def _operation(method: ControlMethod, base: str) -> dict[str, Any]:
    error = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    result: dict[str, Any] = {}
    if method.name in METHODS and METHODS[method.name].result is not None:
        result = _schema(TypeAdapter(METHODS[method.name].result).json_schema(ref_template="#/$defs/{model}"))
    told: dict[str, Any] = {
        "summary": method.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in (part[1:-1] for part in base.split("/") if part.startswith("{"))
        ],
        "responses": {
            "200": {
                "description": "Done",
                "content": {"application/json": {"schema": {"type": "object", "properties": {"result": result}}}},
            },
            "400": {"description": "It can't be asked for so", **error},
            "403": {"description": "Another token, or none", **error},
            "409": {"description": "Refused", **error},
        },
    }
    schema = _schema(method.parameters.model_json_schema(ref_template="#/$defs/{model}"))
    if method.verb == "GET":
        told["parameters"] += [
            {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": of}
            for name, of in schema.get("properties", {}).items()
        ]
    elif method.parameters is not NoParameters:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return told


def _schema(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without references: what each names stands in its place."""
    named = schema.pop("$defs", {})

    def placed(value: Any) -> Any:
        if isinstance(value, dict):
            if isinstance(reference := value.get("$ref"), str):
                return placed(
                    {**named[reference.rpartition("/")[2]], **{k: v for k, v in value.items() if k != "$ref"}}
                )
            return {key: placed(inner) for key, inner in value.items()}
        return [placed(inner) for inner in value] if isinstance(value, list) else value

    found: dict[str, Any] = placed(schema)
    return found
