"""The protocol's documentation, generated from the declaration: `python -m asr_properties.cli.protocol_page DIR`.

Writes `protocol.md`, for people, and `protocol.schema.json`, JSON Schemas of every message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from asr_model import profiles
from asr_model.vocabulary import Fault
from asr_properties.adapters.stdio.json_rpc import LARGEST_INTEGER, LONGEST_LINE, request_line
from asr_properties.adapters.stdio.spec import ProgramLimits
from asr_properties.adapters.stdio.supervisor import GRACE
from asr_properties.contract import faults
from asr_properties.contract.errors import ANSWERS, Refused
from asr_properties.contract.messages import LONGEST_LIST, LONGEST_NAME, PROTOCOL, Item, Message
from asr_properties.contract.methods import ARGUMENTS, METHODS, REQUESTABLE, Configuration, NoArguments
from asr_properties.contract.points import POINTS
from asr_properties.contract.surroundings import Changes
from asr_properties.evidence.tasks import TASK_ORDERS
from asr_properties.reference import create
from asr_properties.session.acting import LONGEST_JOB
from asr_properties.specification.relations.replication_policy import MADE_IN_TIME

_FEW = 10
"""Of more words the page does not list all in a table."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Any]:
    """One JSON Schema with a definition for each type, and for each method those of its parameters and its result."""
    inputs = [(method.parameters, "validation") for method in METHODS.values()]
    kinds = [(kind, "validation") for kind in ARGUMENTS.values()]
    _, shared = models_json_schema([*inputs, *kinds], ref_template="#/$defs/{model}")  # type: ignore[list-item]
    definitions: dict[str, Any] = dict(shared["$defs"])
    methods: dict[str, Any] = {}
    for name, method in METHODS.items():
        result = TypeAdapter(method.result).json_schema(ref_template="#/$defs/{model}")
        definitions.update(result.pop("$defs", {}))
        if result.get("title") in definitions or (result.get("type") == "object" and "title" in result):
            definitions[result["title"]] = result
            result = {"$ref": f"#/$defs/{result['title']}"}
        methods[name] = {
            "params": {"$ref": f"#/$defs/{method.parameters.__name__}"},
            "result": result,
            "errors": sorted(answer.code for answer in method.answers),
        }
    definitions["RequestParameters"] = {
        "description": "An operation and its arguments.",
        "oneOf": [_request_of(operation) for operation in REQUESTABLE],
    }
    definitions["WaitParameters"]["oneOf"] = [{"required": ["job"]}, {"required": ["seconds"]}]
    return {
        "$schema": DIALECT,
        "title": f"asr-conformance, protocol {PROTOCOL}",
        "methods": methods,
        "$defs": definitions,
    }


def _request_of(operation: str) -> dict[str, Any]:
    arguments = ARGUMENTS.get(operation, NoArguments).__name__  # type: ignore[call-overload]
    return {
        "type": "object",
        "properties": {"operation": {"const": operation}, "arguments": {"$ref": f"#/$defs/{arguments}"}},
        "required": ["operation", "arguments"],
        "additionalProperties": False,
    }


def page() -> str:
    """The page for people, in Markdown."""
    return "\n".join(_lines()) + "\n"


_INTRODUCTION = """\
# The protocol, version {protocol}

<!-- Generated from properties/asr_properties/contract by `make reports`. Change it there. -->

What an implementation offers, so that it can be judged. The same methods are met in two ways:

- **A Python object**: `--adapter package.module:factory`. Methods of these names, parameters by keyword, results as
  plain dictionaries and lists, errors as the exceptions of `asr_properties.contract.errors`. One derived from
  `asr_properties.contract.adapter.Adapter` checks calls by this page, and offers what its author writes; as a program
  it is run by `asr_properties.contract.program.serve` ([tutorial](tutorial.md)).
- **A program in any language**: `--adapter 'stdio:COMMAND'`. JSON-RPC 2.0 over stdin and stdout.

JSON Schemas of all messages are in [protocol.schema.json](protocol.schema.json). `asr-conformance smoke` tells whether
an adapter keeps to this page, and `asr-conformance new-adapter` writes one to begin with.

## Lines

- Each request and each reply is one JSON document on one line, in UTF-8, ended by a newline. An empty line is an error.
- There is one request at a time, and one reply for each, with the request's `id`. Nothing else goes to stdout: logs go
  to stderr, whose last lines are shown when something is wrong. No batches and no notifications.
- A reply is at most {longest} bytes, a list at most {longest_list} entries, an id, name or version at most \
{longest_name} characters.
  Ids are printable. `NaN`, infinities, keys given twice, and integers beyond {largest} (2^53 - 1) are errors.
- `hello` is the first call; the suite makes it once. Before the first `new_item` only `hello` and `bye` are answered.
  After its reply to `bye` the program writes no more and ends with status 0; it also ends at the end of its input.
- Limits: {limits.start:g} s from the start to the first reply, {limits.wait:g} s for the reply to `wait`, \
{limits.call:g} s for every other reply,
  {limits.stop:g} s to end after `bye`. Others are part of the SPEC: `stdio,start=60,call=20,wait=300,stop=10:COMMAND`.
- A program that was not told `bye` reads the end of its input when the suite is done with it, and has \
{limits.stop:g} s to end. One
  that does not is asked to with SIGTERM, {grace:g} s later made to with SIGKILL. What it started ends with it: on Linux
  wherever that went, elsewhere what is in its process group.

An example; `>` is what the suite writes, `<` what the program answers:

```
{example}
```

## Errors

{errors}

A refusal carries its reason in `data.reason`; it is shown, never judged. Any method may answer the three of JSON-RPC
when it is called wrongly. To a call in its place and with fitting parameters only the errors listed with the method are
an answer; any other code is the adapter's defect, and no verdict on the implementation.

## Methods
"""


def _lines() -> Iterator[str]:
    yield _INTRODUCTION.format(
        protocol=PROTOCOL,
        longest=LONGEST_LINE,
        longest_list=LONGEST_LIST,
        longest_name=LONGEST_NAME,
        largest=LARGEST_INTEGER,
        limits=ProgramLimits(),
        grace=GRACE,
        example="\n".join(_example()),
        errors="\n".join(_errors()),
    )
    for name, method in METHODS.items():
        control = f" Only with the control `{method.control}`." if method.control else ""
        yield f"### {name}\n\n{method.summary}{control}\n"
        if name == "request":
            yield from _operations()
        elif method.parameters.model_fields:
            yield from _fields("parameter", method.parameters)
        else:
            yield "Parameters: none.\n"
        yield f"Result: {_type(TypeAdapter(method.result).json_schema())}.\n"
        if method.answers:
            answers = ", ".join(f"{answer.code} `{answer.__name__}`" for answer in method.answers)
            yield f"Errors: {answers}.\n"
    yield from _time()
    yield from _faults()
    yield from _points()
    yield "## Types\n"
    for message in _types():
        yield f"### {message.__name__}\n\n{' '.join((message.__doc__ or '').split())}\n"
        yield from _fields("field", message)
    yield "## Words\n"
    for profile in profiles.CHARTS:
        efsm = profiles.efsm(profile)
        yield f"Phases of the profile `{profile}`: {_list(efsm.phases)}. Drill: {_list(efsm.drills)}.\n"
    yield f"Operations: {_list(REQUESTABLE)}.\n"
    yield f"Faults: {_list(Fault)}."


def _time() -> Iterator[str]:
    """How long things may take; from the facts about the phases, and what judges by them."""
    yield "## Time\n"
    yield (
        "With the control `clock` time passes in `wait` only; every other call takes none. A run in which nothing is "
        "wrong with the surroundings fails where an implementation takes longer than this:\n"
    )
    yield f"- {LONGEST_JOB / 3600:g} h for a job;"
    phases = {name: facts for profile in profiles.CHARTS for name, facts in profiles.efsm(profile).phases.items()}
    bounds = dict.fromkeys(facts.settles_within for facts in phases.values() if facts.settles_within is not None)
    for hours in sorted(bounds):
        of_these = [name for name, facts in phases.items() if facts.settles_within == hours]
        yield f"- {hours:g} h to leave {_list(of_these)};"
    for name, facts in phases.items():
        if facts.settles_once_seen is not None:
            yield f"- {facts.settles_once_seen:g} h to leave `{name}` once it was seen;"
    yield f"- {MADE_IN_TIME.says}.\n"
    yield (
        "Phases that follow one another by themselves share their hours, which count from the operation that was "
        "accepted last, or from the end of a fault: from enable or reprotect to the first recovery point it is 24 h.\n"
    )
    yield "Without `clock` time is the implementation's own, and nothing fails for being slow.\n"


def _faults() -> Iterator[str]:
    """What each fault does, and each task."""
    yield f"## Faults\n\n{faults.EVERY_FAULT}\n\nA fault of a job: {faults.OF_JOBS}\n\nAny other: {faults.OF_HEALTH}\n"
    for fault in Fault:
        yield f"### {fault}\n\n{faults.DOES[fault]}\n"
        if fault in faults.JOB_FAULTS:
            yield f"Tasks: {_list(faults.JOB_FAULTS[fault].tasks)}.\n"
    yield "### Tasks\n\n| task | faults that can be for it |\n|---|---|"
    yield from (f"| `{task}` | {_list(found)} |" for task, found in faults.tasks().items())
    yield "\nTheir order is judged where a job names them:\n"
    yield from (f"- `{operation}`: {', then '.join(map(_code, order))};" for operation, order in TASK_ORDERS.items())
    yield ""


def _code(word: str) -> str:
    return f"`{word}`"


def _points() -> Iterator[str]:
    yield "## What is judged, and what is left free\n\nSources name these points *contract 1* to *contract 15*."
    yield "Mandatory is what a trace can show and the adapter offers: `asr-conformance requirements` lists it.\n"
    yield from (f"{number}. **{point.title}.** {point.says}" for number, point in POINTS.items())
    yield ""


def _errors() -> Iterator[str]:
    yield "| code | name | when |"
    yield "|---|---|---|"
    for code, kind in ANSWERS.items():
        meaning = " ".join((kind.__doc__ or "").split()).replace(f" (code {code})", "").rstrip(".")
        yield f"| {code} | `{kind.__name__}` | {meaning} |"


def _operations() -> Iterator[str]:
    yield "| operation | arguments |"
    yield "|---|---|"
    for operation in REQUESTABLE:
        properties, required = _properties(ARGUMENTS.get(operation, NoArguments))
        told = [
            f"`{name}`: {_type(schema)}{_about(schema)}{'' if name in required else ', optional'}"
            for name, schema in properties.items()
        ]
        yield f"| `{operation}` | {'; '.join(told) or 'none: `{}`'} |"
    yield ""


def _fields(title: str, kind: type[Message]) -> Iterator[str]:
    properties, required = _properties(kind)
    yield f"| {title} | type | |"
    yield "|---|---|---|"
    for name, schema in properties.items():
        takes_null = {"type": "null"} in schema.get("anyOf", ())
        default = schema.get("default")
        optional = f"optional, default {_value(default)}" if takes_null or default is not None else "optional"
        notes = [] if name in required else [optional]
        if kind in (Item, Changes):
            notes = []
        if "description" in schema:
            notes.append(schema["description"])
        yield f"| `{name}` | {_type(schema)} | {'; '.join(notes)} |"
    yield ""


def _properties(kind: type[Message]) -> tuple[dict[str, Any], set[str]]:
    schema = kind.model_json_schema(ref_template="{model}")
    return schema.get("properties", {}), set(schema.get("required", ()))


def _about(schema: dict[str, Any]) -> str:
    return f" ({schema['description']})" if "description" in schema else ""


def _type(schema: dict[str, Any]) -> str:
    """A JSON Schema in a few words."""
    if "$ref" in schema:
        return _link(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(part) for part in schema["anyOf"]))
    if len(schema.get("enum", ())) > _FEW:
        return "one of the [words](#words)"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if schema.get("type") == "object":
        return _link(schema["title"])
    text = {"boolean": "true or false", "null": "null", "number": "number", "integer": "integer", "string": "string"}
    bounds = "".join(
        f" {sign} {schema[key]:g}" for key, sign in (("minimum", "≥"), ("exclusiveMinimum", ">")) if key in schema
    )
    return text[schema["type"]] + bounds


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _value(value: Any) -> str:
    return f"`{json.dumps(value)}`"


def _types() -> list[type[Message]]:
    """The types that methods give or that are worth a table of their own, in the order in which they are met."""
    found: dict[str, type[Message]] = {"Configuration": Configuration, "Changes": Changes}
    pending: list[Any] = [method.result for method in METHODS.values()]
    while pending:
        kind = pending.pop(0)
        if isinstance(kind, type) and issubclass(kind, Message):
            if kind.__name__ not in found:
                found[kind.__name__] = kind
                pending += [field.annotation for field in kind.model_fields.values()]
        else:
            pending += getattr(kind, "__args__", ())
    return list(found.values())


def _list(words: Any) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _example() -> Iterator[str]:
    """What the reference answers, on a line each."""
    service = create()
    calls: tuple[tuple[str, dict[str, Any]], ...] = (
        ("hello", {"protocol": PROTOCOL}),
        ("new_item", {"configuration": {"retention_minutes": 1440}}),
        ("request", {"operation": "commit", "arguments": {}}),
        ("request", {"operation": "enable_replication", "arguments": {}}),
        ("wait", {"seconds": 7200}),
        ("item", {}),
        ("bye", {}),
    )
    for number, (method, parameters) in enumerate(calls, 1):
        yield f"> {request_line(number, method, parameters).decode().strip()}"
        reply: dict[str, Any] = {"jsonrpc": "2.0", "id": number}
        try:
            reply["result"] = getattr(service, method)(**parameters)
        except Refused as refusal:
            reply["error"] = {"code": refusal.code, "message": "refused", "data": {"reason": refusal.reason}}
        yield f"< {json.dumps(reply, separators=(',', ':'))}"
