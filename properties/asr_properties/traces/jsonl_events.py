"""One line of the project's trace format: an event as JSON, and back. `jsonl` describes the format."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from asr_model import profiles
from asr_model.vocabulary import ARGUMENTS, Answer, Arguments, Operation
from asr_properties.contract.messages import Item, RecoveryPoint
from asr_properties.evidence.tasks import DatedTask
from asr_properties.traces.events import (
    JOB_STATES,
    MOST_CHARACTERS,
    MOST_OF_ISSUES,
    ItemSeen,
    JobSeen,
    Requested,
    Time,
    TraceEvent,
    bounded,
)
from asr_properties.traces.jsonl_machine import machine_from_json, machine_to_json

#: The arguments that each operation may have in a trace: the type of the value, or the values there are.
_ARGUMENTS: Mapping[Operation, Mapping[str, type | tuple[str | bool, ...]]] = {
    Operation.FAIL_OVER: {"recovery_point": str, "shut_down_source": bool},
    Operation.TEST_FAILOVER: {"recovery_point": str},
    Operation.CHANGE_RECOVERY_POINT: {"recovery_point": str},
    Operation.PLANNED_FAILOVER: {"recovery_point_type": ARGUMENTS[Operation.PLANNED_FAILOVER]["recovery_point_type"]},
    Operation.CANCEL_JOB: {"job": str},
}


_OPERATIONS = tuple(Operation)
_ANSWERS = tuple(Answer)

_Message = TypeVar("_Message", RecoveryPoint, DatedTask)

_EVERY = ("event", "item", "at")

_KINDS: Mapping[str, tuple[str, ...]] = {
    "request": (*_EVERY, "operation", "arguments", "answer", "job", "named_job"),
    "job": (*_EVERY, "job", "state", "scenario", "warning", "tasks", "has_errors", "ended_at"),
    "observation": (*_EVERY, "fields", "recovery_points", "last_asked", "machine", "scenario_elsewhere"),
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
            tasks = [task.model_dump(mode="json", exclude_unset=True) for task in event.tasks]
            data |= {"tasks": tasks} if tasks else {}
            data |= {"has_errors": event.has_errors} if event.has_errors is not None else {}
            data |= {"ended_at": event.ended_at} if event.ended_at is not None else {}
        case ItemSeen():
            data |= {"event": "observation", "fields": event.observation.model_dump(mode="json", exclude_unset=True)}
            if event.points is not None:
                data["recovery_points"] = [point.model_dump(mode="json", exclude_unset=True) for point in event.points]
            data |= {"last_asked": {str(name): at for name, at in event.last_asked}} if event.last_asked else {}
            data |= {"machine": machine_to_json(event.machine)} if event.machine is not None else {}
            elsewhere = event.scenario_elsewhere
            data |= {"scenario_elsewhere": elsewhere} if elsewhere is not None else {}
    return data


def from_json(data: object, profile: str | None, number: int = 0) -> TraceEvent:
    """The event that a line of the format holds.

    profile: its words must be those of this profile; None: of any. number: the number of the line.

    Raises:
        ValueError: it is not one; the message says what was expected.
    """
    if not isinstance(data, dict):
        raise ValueError(f"expected an object with `event`, found {_shown(data)}")
    kind = data.get("event")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise ValueError(f"`event` is {_shown(kind)}; expected {_choices(_KINDS)}")
    _check_keys(data, _KINDS[kind], f"a {kind} event")
    item, at = _text(data, "item"), _time(data.get("at"))
    match kind:
        case "request":
            operation = Operation(_one_of(data, "operation", _OPERATIONS))
            arguments = _arguments(operation, data.get("arguments", {}))
            is_told = data.get("answer", "missing") is not None
            answer = Answer(_one_of(data, "answer", _ANSWERS)) if is_told else None
            return Requested(
                item=item, operation=operation, arguments=arguments, answer=answer, job=_optional(data, "job"),
                named_job=_optional(data, "named_job"), at=at, number=number,
            )  # fmt: skip
        case "job":
            state, told = _one_of(data, "state", JOB_STATES), _optional(data, "scenario")
            job, warning = _text(data, "job"), _optional(data, "warning")
            tasks = _messages(DatedTask, "tasks", data.get("tasks") or [])
            return JobSeen(
                item=item, job=job, state=state, scenario=told, warning=warning, tasks=tasks,
                has_errors=_yes_or_no(data, "has_errors"), ended_at=_time(data.get("ended_at")), at=at, number=number,
            )  # fmt: skip
        case _:
            listed = data.get("recovery_points")
            points = None if listed is None else _messages(RecoveryPoint, "recovery_points", listed)
            seen = _observation(data.get("fields"), profile)
            asked = _last_asked(data.get("last_asked") or {})
            machine = None if data.get("machine") is None else machine_from_json(data["machine"])
            return ItemSeen(
                item=item, observation=seen, points=points, last_asked=asked, machine=machine,
                scenario_elsewhere=_optional(data, "scenario_elsewhere"), at=at, number=number,
            )  # fmt: skip


def _last_asked(told: object) -> tuple[tuple[Operation, Time], ...]:
    if not isinstance(told, dict):
        raise ValueError(f"`last_asked` is {_shown(told)}; expected an object")
    _check_keys(told, _OPERATIONS, "`last_asked`")
    return tuple((Operation(name), _time(at)) for name, at in told.items())


def _messages(kind: type[_Message], name: str, listed: object) -> tuple[_Message, ...]:
    if not isinstance(listed, list):
        raise ValueError(f"`{name}` is {_shown(listed)}; expected a list")
    try:
        return tuple(kind.model_validate(one) for one in listed)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"`{name}` has {_shown(first['input'])}; {first['msg']}") from None


def _observation(fields: object, profile: str | None) -> Item:
    """The observation with these fields. Most looks repeat an earlier one, so that equal ones share one object."""
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


def _yes_or_no(data: Mapping[str, Any], name: str) -> bool | None:
    value = data.get(name)
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"`{name}` is {_shown(value)}; expected true or false")
    return value


def _one_of(data: Mapping[str, Any], name: str, words: tuple[object, ...]) -> str:
    value = data.get(name)
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"`{name}` is {_shown(value)}; expected {_choices(words)}")
    return value


def _check_keys(data: Mapping[str, Any], known: tuple[str, ...], of: str) -> None:
    if unknown := [key for key in data if key not in known]:
        raise ValueError(f"unknown key {_shown(unknown[0])} in {of}; expected {_choices(known) or 'none'}")


def _choices(words: Iterable[object]) -> str:
    return ", ".join(str(word) for word in words)


def _shown(value: object) -> str:
    text = "missing" if value is None else json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
