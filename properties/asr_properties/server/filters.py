"""`$filter` of the list of jobs: the language that Azure PowerShell asks in, with the names of the SDK's
`JobQueryParameter`. The SDK's `list(filter=...)` says no more than "OData filter options".

    name eq 'value'                  joined by `and`
    ( name eq 'value' or ... )       one of several
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from asr_properties.arm.tokens import JOB_STATE_OF_TOKEN, OWN, last_segment
from asr_properties.server.replies import ArmError, bad_request


class ListedJob(NamedTuple):
    """A job in the list: the `properties` of its body, its name, and the fabric of its item."""

    properties: Mapping[str, Any]
    name: str
    fabric: str


Condition = Callable[[ListedJob], bool]

_TOKEN: Final = re.compile(r"\s*(?:([()])|'((?:[^']|'')*)'|(\w+))")


def jobs_filter(text: str) -> Condition:
    """Whether a job is to be listed.

    Raises:
        ArmError: the filter is not understood.
    """
    tokens, end = [], 0
    while found := _TOKEN.match(text, end):
        tokens.append(found)
        end = found.end()
    if text[end:].strip():
        raise _not_understood(text)
    reader = _Reader(text, tokens)
    conditions = [reader.term()]
    while reader.left:
        reader.word("and")
        conditions.append(reader.term())
    return lambda job: all(condition(job) for condition in conditions)


class _Reader:
    def __init__(self, text: str, tokens: list[re.Match[str]]) -> None:
        self._text, self.left = text, tokens

    def term(self) -> Condition:
        if not self._is("("):
            return self._comparison()
        self._next()
        choices = [self._comparison()]
        while not self._is(")"):
            self.word("or")
            choices.append(self._comparison())
        self._next()
        return lambda job: any(choice(job) for choice in choices)

    def word(self, expected: str) -> None:
        if str(self._next()[3]).lower() != expected:
            raise _not_understood(self._text)

    def _comparison(self) -> Condition:
        make = _CONDITIONS.get(str(self._next()[3]).lower())
        self.word("eq")
        value = self._next()[2]
        if make is None or value is None:
            raise _not_understood(self._text)
        return make(value.replace("''", "'"))

    def _is(self, bracket: str) -> bool:
        return bool(self.left) and self.left[0][1] == bracket

    def _next(self) -> re.Match[str]:
        if not self.left:
            raise _not_understood(self._text)
        return self.left.pop(0)


def _from(value: str) -> Condition:
    """Jobs that began then or later."""
    instant = _instant(value)
    return lambda job: _instant(job.properties["startTime"]) >= instant


def _up_to(value: str) -> Condition:
    """Jobs that began then or before: the cmdlet's help speaks of the start with both bounds."""
    instant = _instant(value)
    return lambda job: _instant(job.properties["startTime"]) <= instant


def _state(value: str) -> Condition:
    states = {state.lower() for state in (*JOB_STATE_OF_TOKEN, "Suspended", "Other")}  # facts 2.13
    if value.lower() not in states:
        raise bad_request(f"`$filter` names the state {value!r:.100}, which no job has.", f"{OWN}InvalidFilter")
    return lambda job: str(job.properties["state"]).lower() == value.lower()


def _named(value: str) -> Condition:
    return lambda job: job.name.lower() == last_segment(value)


def _in_fabric(value: str) -> Condition:
    return lambda job: job.fabric.lower() == last_segment(value)


def _of_type(value: str) -> Condition:
    return lambda job: str(job.properties["targetInstanceType"]).lower() == value.lower()


_CONDITIONS: Final[Mapping[str, Callable[[str], Condition]]] = {
    "starttime": _from,
    "endtime": _up_to,
    "jobstatus": _state,
    "jobname": _named,
    "fabricid": _in_fabric,
    "affectedobjecttypes": _of_type,
}


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"`$filter` names the instant {text!r:.100}, which is none.", f"{OWN}InvalidFilter") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _not_understood(text: str) -> ArmError:
    names = "StartTime, EndTime, JobStatus, JobName, FabricId, AffectedObjectTypes"
    return bad_request(
        f"`$filter` {text!r:.200} is not understood: it is NAME eq 'VALUE', joined by `and`, or several in brackets,"
        f" joined by `or`; NAME is one of {names}.",
        f"{OWN}InvalidFilter",
    )
