"""What a trace consists of: requests, states of jobs, and looks at items, in the order they were recorded.

The project's own trace format is JSON Lines, UTF-8. The first line is a header:

    {"format": "asr-conformance trace", "version": 1, "profile": "modernized", "source": "where it comes from"}

`profile` and `source` may be left out: an item tells its profile by its `profile_instance`. Each further line is one
event. Every event has `event` and `item` (an opaque id); `at` is an ISO 8601 time, a number of seconds, or null, and
may be left out. The words are those of the adapter contract.

    event        further keys
    request      `operation`; `arguments`: as in the contract, those that are not known left out, for `cancel_job` the
                 id of the `job`; `answer`: `accepted` or `refused`, or null where there was none that tells (a timeout,
                 an error of the server): it may have been done or not; `job`: the id of the operation it started,
                 which is the job's, or null; optionally `named_job`: the id of the job as the answer named it beside
                 that
    job          `job`: its id; `state`: `in_progress`, `succeeded`, `failed` or `cancelled`; optionally `scenario`: the
                 service's name of what it does; optionally `warning`: the code of a warning that came with it
    observation  the fields of the contract's observation; a field that is left out was not reported. An item that
                 does not exist is {"phase": "not_replicated"}. They are given under `fields`.

`accepted` means that the request was answered so; whether the operation was is a matter of its job as well (contract,
"What is judged" 1).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from textwrap import shorten
from typing import Any

from pydantic import ValidationError

from asr_model import profiles
from asr_model.vocabulary import Answer, Arguments, Operation
from asr_properties.contract.messages import Item

FORMAT = "asr-conformance trace"
VERSION = 1
NOT_REPLICATED = "not_replicated"

Time = str | float | None

MOST_CHARACTERS = 1000
"""No id and no other text of an event is longer: what is read ahead stays small."""

MOST_OF_ISSUES = 10_000
"""Of health issues with more characters than these only the beginning is kept."""

_IDS = ("id", "failover_recovery_point", "current_job")

JOB_STATES = ("in_progress", "succeeded", "failed", "cancelled")
POINT_TYPES = ("crash_consistent", "app_consistent")

#: The arguments that each operation may have in a trace, and what their values must be.
_ARGUMENTS: Mapping[Operation, Mapping[str, type | tuple[str, ...]]] = {
    Operation.FAIL_OVER: {"recovery_point": str, "shut_down_source": bool},
    Operation.TEST_FAILOVER: {"recovery_point": str},
    Operation.CHANGE_RECOVERY_POINT: {"recovery_point": str},
    Operation.PLANNED_FAILOVER: {"recovery_point_type": POINT_TYPES},
    Operation.CANCEL_JOB: {"job": str},
}


class TraceError(ValueError):
    """A file is not a trace that can be read. `line` is the number of the line, None where none is to blame."""

    def __init__(self, file: str, line: int | None, problem: str) -> None:
        self.file = file
        self.line = line
        self.problem = shorten(problem, 400, placeholder=" ...")
        super().__init__(f"{file}{'' if line is None else f':{line}'}: {self.problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """An operation was asked for. `answer` is None where nothing tells whether it was done. `job` is the id of the job
    it started, None if it is not known or there is none. `named_job` is that id as the answer named it beside the
    operation's, if it did (X09).

    `number`, here and below, is the place in the source: the line of a file, or the interaction of a recording.
    """

    item: str
    operation: Operation
    arguments: Arguments = ()
    answer: Answer | None = Answer.ACCEPTED
    job: str | None = None
    named_job: str | None = None
    at: Time = None
    number: int = field(default=0, compare=False)

    def __str__(self) -> str:
        inside = ", ".join(f"{name}={value}" for name, value in self.arguments)
        return f"{self.operation}({inside}) {self.answer or 'without an answer'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSeen:
    """A job was seen in a state, one of `JOB_STATES`. `scenario` is the service's name of what it does, if it was
    told; `warning` is the code of a warning that came with it."""

    item: str
    job: str
    state: str
    scenario: str | None = None
    warning: str | None = None
    at: Time = None
    number: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"job {self.job} is {self.state}" + (f" with warning {self.warning}" if self.warning else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSeen:
    """The item was looked at. What `observation` was not given was not reported; null is not known, or none."""

    item: str
    observation: Item
    at: Time = None
    number: int = field(default=0, compare=False)

    def __str__(self) -> str:
        shown = self.observation.model_dump(exclude_unset=True, exclude={"id", "health_issues"})
        parts = (f"{name}={_words(value)}" for name, value in shown.items() if value is not None)
        return "the item shows " + (", ".join(parts) or "nothing known")


TraceEvent = Requested | JobSeen | ItemSeen

_KINDS: Mapping[str, tuple[str, ...]] = {
    "request": ("operation", "arguments", "answer", "job", "named_job"),
    "job": ("job", "state", "scenario", "warning"),
    "observation": ("fields",),
}


def to_json(event: TraceEvent) -> dict[str, Any]:
    """The event as a line of the format holds it."""
    data: dict[str, Any] = {"event": "", "item": event.item, "at": event.at}
    match event:
        case Requested():
            data |= {"event": "request", "operation": str(event.operation), "arguments": dict(event.arguments)}
            data |= {"answer": None if event.answer is None else str(event.answer), "job": event.job}
            data |= {"named_job": event.named_job} if event.named_job is not None else {}
        case JobSeen():
            data |= {"event": "job", "job": event.job, "state": event.state}
            data |= {"scenario": event.scenario} if event.scenario is not None else {}
            data |= {"warning": event.warning} if event.warning is not None else {}
        case ItemSeen():
            data |= {"event": "observation", "fields": event.observation.model_dump(mode="json", exclude_unset=True)}
    return data


def from_json(data: object, profile: str | None, number: int = 0) -> TraceEvent:
    """The event that a line of the format holds; its words are those of `profile`, or of any where that is None.

    Raises:
        ValueError: it is not one; the message says what was expected.
    """
    if not isinstance(data, dict):
        raise ValueError(f"expected an object with `event`, found {_shown(data)}")
    kind = data.get("event")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise ValueError(f"`event` is {_shown(kind)}; expected {_choices(_KINDS)}")
    _check_keys(data, ("event", "item", "at", *_KINDS[kind]), f"a {kind} event")
    item, at = _text(data, "item"), _time(data.get("at"))
    match kind:
        case "request":
            operation = Operation(_one_of(data, "operation", tuple(Operation)))
            arguments = _arguments(operation, data.get("arguments", {}))
            is_told = data.get("answer", "missing") is not None
            answer = Answer(_one_of(data, "answer", tuple(Answer))) if is_told else None
            return Requested(
                item=item, operation=operation, arguments=arguments, answer=answer, job=_optional(data, "job"),
                named_job=_optional(data, "named_job"), at=at, number=number,
            )  # fmt: skip
        case "job":
            state, told = _one_of(data, "state", JOB_STATES), _optional(data, "scenario")
            job, warning = _text(data, "job"), _optional(data, "warning")
            return JobSeen(item=item, job=job, state=state, scenario=told, warning=warning, at=at, number=number)
        case _:
            return ItemSeen(item=item, observation=_observation(data.get("fields"), profile), at=at, number=number)


def bounded(observation: Item) -> Item:
    """The observation with no more text than anything is concluded from."""
    issues, allowed = observation.health_issues or [], observation.allowed_operations or []
    long = {name for name in _IDS if len(getattr(observation, name) or "") > MOST_CHARACTERS}
    told = sum(len(issue.message) + len(issue.code) for issue in issues)
    if not long and told <= MOST_OF_ISSUES and len(allowed) <= len(Operation):
        return observation
    fields = observation.model_dump(exclude_unset=True, exclude=long)
    if told > MOST_OF_ISSUES:
        fields["health_issues"] = [
            {"code": issue.code[:100], "message": issue.message[: MOST_OF_ISSUES // 50]} for issue in issues[:30]
        ]
    if allowed:
        fields["allowed_operations"] = list(dict.fromkeys(allowed))
    return Item.model_validate(fields)


def _observation(fields: object, profile: str | None) -> Item:
    """The observation with these fields; equal ones are one object, for most looks repeat what was seen before."""
    if not isinstance(fields, dict):
        raise ValueError(f"`fields` is {_shown(fields)}; expected an object with the contract's observation fields")
    told = repr((profile, fields))
    known = _OBSERVATIONS.get(told)
    if known is None:
        if len(_OBSERVATIONS) >= _MOST_OBSERVATIONS:
            _OBSERVATIONS.clear()
        known = bounded(_new_observation(fields, profile))
        if len(told) <= 2 * MOST_OF_ISSUES:
            _OBSERVATIONS[told] = known
    return known


_MOST_OBSERVATIONS = 2000
_OBSERVATIONS: dict[str, Item] = {}


def _new_observation(fields: dict[str, object], profile: str | None) -> Item:
    try:
        observation = Item.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise ValueError(f"unknown key `{where}`; expected {_choices(Item.model_fields)}") from None
        raise ValueError(f"`{where}` is {_shown(first['input'])}; {first['msg']}") from None
    if profile is not None:  # the words of all profiles were checked with the types
        efsm = profiles.efsm(profile)
        for name, value, words in (
            ("phase", observation.phase, efsm.phases),
            ("drill", observation.drill, efsm.drills),
        ):
            if value is not None and value not in words:
                raise ValueError(f"`{name}` has {_shown(value)}; expected {_choices(words)}")
    return observation


def _arguments(operation: Operation, given: object) -> Arguments:
    if not isinstance(given, dict):
        raise ValueError(f"`arguments` is {_shown(given)}; expected an object")
    known = _ARGUMENTS.get(operation, {})
    _check_keys(given, tuple(known), f"the arguments of {operation}")
    for name, value in given.items():
        wanted = known[name]
        if isinstance(wanted, tuple):
            _one_of(given, name, wanted)
        elif wanted is str:
            _text(given, name)
        elif not isinstance(value, wanted):
            raise ValueError(f"`{name}` is {_shown(value)}; expected true or false")
    if operation is Operation.CANCEL_JOB and "job" not in given:
        raise ValueError("cancel_job has no `job` among its arguments; expected the id of the job to cancel")
    return tuple((name, given[name]) for name in known if name in given)


def _time(value: object) -> Time:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            seconds = float(value)
        except OverflowError:
            seconds = math.inf
        if math.isfinite(seconds):
            return seconds
    if isinstance(value, str) and len(value) <= 64:
        try:
            datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            return value
    raise ValueError(f"`at` is {_shown(value)}; expected an ISO 8601 time, a number of seconds, or null")


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"`{name}` is {_shown(value)}; expected a text")
    if len(value) > MOST_CHARACTERS:
        raise ValueError(f"`{name}` has {len(value)} characters; expected at most {MOST_CHARACTERS}")
    return value


def _optional(data: Mapping[str, Any], name: str) -> str | None:
    return None if data.get(name) is None else _text(data, name)


def _one_of(data: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str:
    value = data.get(name)
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"`{name}` is {_shown(value)}; expected {_choices(words)}")
    return value


def _check_keys(data: Mapping[str, Any], known: tuple[str, ...], of: str) -> None:
    if unknown := [key for key in data if key not in known]:
        raise ValueError(f"unknown key {_shown(unknown[0])} in {of}; expected {_choices(known) or 'none'}")


def _choices(words: object) -> str:
    return ", ".join(str(word) for word in words)  # type: ignore[attr-defined]


def _shown(value: object) -> str:
    text = "missing" if value is None else json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _words(value: object) -> str:
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)
