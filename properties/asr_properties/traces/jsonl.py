"""Reads and writes the project's own trace format.

The format is JSON Lines, UTF-8. The first line is a header:

    {"format": "asr-conformance trace", "version": 1, "profile": "modernized", "source": "where it comes from"}

`profile` and `source` may be left out: an item tells its profile by its `profile_instance`. Each further line is one
event. Every event has `event` and `item` (an opaque id); `at` is an ISO 8601 time, a number of seconds, or null, and
may be left out. The words are those of the adapter contract.

    event        further keys
    request      `operation`. `arguments`: as in the contract; those that are not known are left out; for `cancel_job`
                 the id of the `job`. `answer`: `accepted` or `refused`; null where nothing tells whether the request
                 was carried out, such as after a timeout or an error of the server. `job`: the id of the operation that
                 it started, which is also the job's; or null. Optionally `named_job`: the id of the job, where the
                 answer named it beside that of the operation.
    job          `job`: its id. `state`: `in_progress`, `succeeded`, `failed` or `cancelled`. Optionally `scenario`: the
                 service's name for what the job does. Optionally `warning`: the code of a warning that came with it.
                 Optionally `tasks`: the contract's list of them, with the service's identifiers as names; each with
                 `began` and `ended`, in seconds since 1970, where these were told. Optionally `has_errors`: whether the
                 job names an error, where that was told. Optionally `ended_at`: when the job says itself that it ended,
                 where that was before `at`.
    observation  `fields`: the fields of the contract's observation. A field that is left out was not reported. An item
                 that does not exist is {"phase": "not_replicated"}. Optionally `recovery_points`, beside empty fields:
                 the contract's list of them, newest first, where these were looked at. Optionally `last_asked`: when
                 the item says that operations were last asked for, as {"planned_failover": "2023-08-26T05:15:25Z"}.
                 Optionally `machine`: what the look tells of the machine in Azure: the `settings` of the future one, as
                 in the contract, or some of them; the `updates` of these that were asked for and that no look has shown
                 the outcome of, each with its `changes`, the `number` of its line, and its `state`: `in_progress`,
                 `succeeded`, `failed`, `refused` or `unknown`; the `resource_group` of the machine that there is.
                 Optionally `scenario_elsewhere`: the service's name for what its `current_job` does, where somebody
                 else asked for that.

`accepted` is how the request was answered. The operation may be refused all the same: its job tells (contract, "What is
judged" 1).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TextIO

from asr_model import profiles
from asr_properties.traces.events import TraceError, TraceEvent
from asr_properties.traces.jsonl_events import from_json, to_json

FORMAT = "asr-conformance trace"
VERSION = 1


class Header(NamedTuple):
    """The first line. profile: the lifecycle of the items; None: they tell it. source: where the trace comes from."""

    profile: str | None = None
    source: str = ""


def read_header(lines: Iterator[tuple[int, str]], file: str) -> Header:
    """The header: the first line that is not blank. Takes the lines up to it.

    file: the name of the file, for messages.

    Raises:
        TraceError: it is not what the format says.
    """
    for number, line in lines:
        if line.strip():
            return _header(_parse(line, file, number), file, number)
    raise TraceError(file, None, "the file is empty; expected a trace")


def read_jsonl(lines: Iterator[tuple[int, str]], file: str, header: Header) -> Iterator[TraceEvent]:
    """The events on the lines after the header, read one by one. Each has the number of its line.

    Blank lines are skipped.

    Raises:
        TraceError: a line is not what the format says.
    """
    for number, line in lines:
        if line.isspace():
            continue
        data = _parse(line, file, number)
        try:
            yield from_json(data, header.profile, number)
        except ValueError as error:
            raise TraceError(file, number, str(error)) from None


def write_jsonl(events: Iterable[TraceEvent], to: TextIO, header: Header | None = None) -> None:
    """Write a whole trace to a text stream, event by event."""
    profile, source = header or Header()
    first = {"format": FORMAT, "version": VERSION, "source": source} | ({"profile": profile} if profile else {})
    to.write(json.dumps(first) + "\n")
    for event in events:
        to.write(json.dumps(to_json(event)) + "\n")


def _parse(line: str, file: str, number: int) -> object:
    try:
        return _DECODER.decode(line)
    except (ValueError, RecursionError) as error:
        cut = "" if line.endswith("\n") else "; the file seems to be cut off here"
        raise TraceError(file, number, f"expected one JSON object on a line: {error}{cut}") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice in one object")
    return found


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def _header(data: object, file: str, number: int) -> Header:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise TraceError(file, number, f'unknown format; expected a header with "format": "{FORMAT}"')
    if unknown := [key for key in data if key not in ("format", "version", "profile", "source")]:
        expected = "format, version, profile, source"
        raise TraceError(file, number, f"unknown key {unknown[0]!r} in the header; expected {expected}")
    if type(data.get("version")) is not int or data["version"] != VERSION:
        raise TraceError(file, number, f"`version` is {data.get('version')!r}; expected {VERSION}")
    profile, source = data.get("profile"), data.get("source", "")
    if profile is not None and (not isinstance(profile, str) or profile not in profiles.CHARTS):
        raise TraceError(file, number, f"`profile` is {profile!r}; expected {', '.join(profiles.CHARTS)}")
    if not isinstance(source, str):
        raise TraceError(file, number, f"`source` is {source!r}; expected a text")
    return Header(profile, source)
