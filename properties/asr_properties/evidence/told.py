"""Values in words: how a failure shows what decided it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from math import isfinite
from typing import Any, NamedTuple

from asr_properties.contract.messages import Issue, RecoveryPoint, Task
from asr_properties.contract.surroundings import Appliance, Disk
from asr_properties.contract.text import shown
from asr_properties.evidence.unknown import UNKNOWN, alike

MOST = 3
"""So many entries of a list are shown; then only how many more there are."""


class Change(NamedTuple):
    """What one thing was, and what it is now."""

    name: str
    before: Any
    now: Any


class Difference(NamedTuple):
    """A list that differs from the one that was expected: only what makes the difference is told."""

    listed: Sequence[Any]
    expected: Sequence[Any]


class Either(tuple[Any, ...]):
    """Values of which each would be right."""


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A text with values in the places that it names: `{received}`, and of seconds `{age:time}`.

    Raises:
        KeyError: it names a value that there is not.
    """
    return template.format_map({name: _Told(value) for name, value in values.items()})


def told(value: Any) -> str:
    """A value on one line, fit to be shown whatever an adapter put into it."""
    match value:
        case _ if value is UNKNOWN:
            return "not seen"
        case None:
            return "none"
        case Change(name, before, now):
            as_before = alike(before, now)
            return f"{name}: {told(now)}, as before" if as_before else f"{name}: {told(before)} before, {told(now)} now"
        case Difference(listed, expected):
            more, missing = _without(listed, expected), _without(expected, listed)
            return f"{len(listed)} of {len(expected)}; not expected: {_listed(more)}; missing: {_listed(missing)}"
        case RecoveryPoint():
            holds = "" if value.sequence is None else f", holds record {value.sequence}"
            return f"{shown(value.id)} ({value.kind}, created at {value.created:g} s{holds})"
        case Disk():
            copies = "" if value.source is None else f", holds the data of {shown(value.source)}"
            return f"{shown(value.id)} ({value.kind}, {value.role}{copies})"
        case Task():
            return f"{told(value.name)} {value.state}"
        case Issue():
            return f"code {shown(value.code)!r} with text {shown(value.message)!r}"
        case Appliance():
            sees = "sees" if value.sees_datastore else "does not see"
            host = "the same host" if value.same_host else "another host"
            return f"{shown(value.name)} ({sees} the datastore, on {host}, {'' if value.healthy else 'un'}healthy)"
        case str():
            return shown(value)
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return _listed([f"{told(key)} {told(inner)}" for key, inner in value.items()])
        case Set():
            return _listed(sorted(map(told, value)))
        case list() | tuple():
            return _listed(list(map(told, value)))
        case float():
            return f"{value:g}"
        case _:
            return shown(str(value))


def duration(value: Any) -> str:
    """Seconds in words; of a pair, from the least to the most."""
    if isinstance(value, tuple):
        least, most = map(duration, value)
        return least if least == most else f"{least} to {most}"
    if not isfinite(value):
        return "an unknown time"
    seconds = round(abs(value), 1)
    parts = []
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            parts.append(f"{seconds // size:g} {unit}")
            seconds %= size
    if seconds or not parts:
        parts.append(f"{seconds:g} s")
    return ("-" if value < 0 else "") + " ".join(parts)


class _Told:
    """A value in a place of a text."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        return duration(self._value) if spec == "time" else told(self._value)

    def __repr__(self) -> str:
        """Between quotes, so that an empty text is seen."""
        values = dict.fromkeys(self._value if isinstance(self._value, Either) else [self._value])
        return " or ".join("none" if value is None else repr(told(value)) for value in values)


def _without(entries: Sequence[Any], others: Sequence[Any]) -> list[str]:
    return [told(entry) for entry in entries if entry not in others]


def _listed(words: list[str]) -> str:
    more = f" and {len(words) - MOST} more" if len(words) > MOST else ""
    return ", ".join(words[:MOST]) + more if words else "nothing"
