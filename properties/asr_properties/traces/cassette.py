"""Reads the cassettes of vcrpy (recordings of the Azure CLI's own tests among them) into events.

Every interaction either gives events of the items that are followed or is counted in `skipped`, by kind. Facts 7.1 to
7.5 are the source of what is read where.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from asr_model import profiles
from asr_model.vocabulary import Operation, Response
from asr_properties.arm import words as arm
from asr_properties.contract.messages import Observation
from asr_properties.traces.addresses import About, Address, operation_id, read_address
from asr_properties.traces.events import NOT_REPLICATED, Arguments, JobSeen, Looked, Requested, TraceError, TraceEvent
from asr_properties.traces.trace import Trace

ELSEWHERE = "requests to other services"
VAULT = "other resources of the vault"
REPEATED = "polls that repeat a state"
OTHER_POLLS = "polls of other operations"
CANCEL_POLLS = "polls of the cancelling of a job"
OTHER_JOBS = "jobs of other objects"
JOB_LISTS = "lists of jobs without news"
EMPTY_LISTS = "lists without items"
PARTS = "parts of items and other actions on them"
NOT_DECIDED = "requests that the service did not decide on (signed off, throttled, out of order)"
UNREADABLE = "answers that could not be read"
ANOTHER_LIFECYCLE = "items that have another lifecycle"

#: Of the answers that are no success, these say nothing about the item: authentication, throttling, timeouts.
_UNDECIDED = frozenset({401, 403, 407, 408, 429})

_Key = tuple[str, str]
"""Vault and item, in lower case."""


class Interaction(NamedTuple):
    """One request and its answer; bodies are parsed JSON, or None."""

    number: int
    method: str
    uri: str
    body: object
    status: int
    headers: Mapping[str, str]
    answer: object
    at: str | None


def read_cassette(cassette: object, source: str) -> Trace:
    """The trace in a cassette: the document, already loaded, of an `interactions` list and a `version`.

    Raises:
        TraceError: it is not the document of a whole cassette.
    """
    if not isinstance(cassette, Mapping) or not isinstance(cassette.get("interactions"), Sequence):
        raise TraceError(source, None, "unknown format; expected a cassette of vcrpy with `interactions`")
    if cassette.get("version") is None:
        raise TraceError(source, None, "the cassette lacks its `version`, which is its last line: the file is cut off")
    if cassette["version"] != 1:
        raise TraceError(source, None, f"version {cassette['version']!r} of the cassette is not known; expected 1")
    reader = _Reader()
    for number, entry in enumerate(cassette["interactions"], 1):
        reader.read(_interaction(entry, number, source))
    return reader.trace(source)


class _Reader:
    """Goes through the interactions once. What is known of an item only later is settled at the end."""

    def __init__(self) -> None:
        self._found: list[list[tuple[_Key, TraceEvent]] | str] = []  # for each interaction: events, or why none
        self._remarks: list[tuple[_Key, int, str]] = []
        self._names: dict[_Key, str] = {}
        self._instances: dict[_Key, set[str]] = {}
        self._started_by: dict[str, _Key] = {}  # operation or job -> item
        self._states: dict[str, str] = {}  # operation or job -> the last state seen
        self._cancels: dict[str, str | None] = {}  # operation that cancels a job -> its state

    def read(self, interaction: Interaction) -> None:
        """Take in one interaction."""
        self._found.append(self._read(interaction, read_address(interaction.uri)))

    def trace(self, source: str) -> Trace:
        """Everything read, for the items that have a known lifecycle."""
        profile = self._profile()
        strangers = {
            key: f"its instanceType is {', '.join(sorted(seen))}, which is not of the {profile} profile"
            for key, seen in self._instances.items()
            if seen and not seen & arm.instances_of(profile)
        }
        names = self._display_names()
        events: list[TraceEvent] = []
        skipped: Counter[str] = Counter()
        for found in self._found:
            if isinstance(found, str):
                skipped[found] += 1
                continue
            kept = [self._settled(event, names[key], profile) for key, event in found if key not in strangers]
            events += kept
            if not kept:
                skipped[ANOTHER_LIFECYCLE] += 1
        return Trace(
            source=source,
            profile=profile,
            unit="interaction",
            events=tuple(events),
            skipped=skipped,
            total=len(self._found),
            remarks=tuple((names[key], number, text) for key, number, text in self._remarks if key not in strangers),
            not_followed={names[key]: why for key, why in strangers.items()},
        )

    # -- one interaction -----------------------------------------------------------------------------------------

    def _read(self, interaction: Interaction, address: Address) -> list[tuple[_Key, TraceEvent]] | str:
        match address.about:
            case About.ITEM if interaction.method == "GET":
                return self._look(interaction, self._key(address.vault, address.name))
            case About.ITEM | About.ITEM_ACTION:
                operation = arm.operation_of(interaction.method, address.action)
                if operation is None:
                    return PARTS
                return self._request(interaction, self._key(address.vault, address.name), operation)
            case About.ITEMS:
                return self._list(interaction, address.vault)
            case About.OPERATION:
                return self._poll(interaction, address.name.lower())
            case About.JOB:
                return self._job(interaction, address)
            case About.JOB_CANCEL:
                return self._cancel(interaction, address.name.lower())
            case About.JOBS:
                return self._jobs(interaction, address.vault)
            case About.VAULT:
                return VAULT
        return ELSEWHERE

    def _look(self, interaction: Interaction, key: _Key) -> list[tuple[_Key, TraceEvent]] | str:
        if interaction.status == 404:
            observation = Observation(phase=NOT_REPLICATED)
            return [(key, Looked(item="", observation=observation, at=interaction.at, number=interaction.number))]
        if interaction.status != 200 or not isinstance(interaction.answer, Mapping):
            return UNREADABLE
        return [(key, self._looked(interaction, key, interaction.answer))]

    def _list(self, interaction: Interaction, vault: str) -> list[tuple[_Key, TraceEvent]] | str:
        """Items that a list lacks are not concluded to be absent: it may be filtered, or go on elsewhere."""
        if interaction.method != "GET" or interaction.status != 200 or not isinstance(interaction.answer, Mapping):
            return UNREADABLE
        listed = interaction.answer.get("value")
        found: list[tuple[_Key, TraceEvent]] = []
        for body in listed if isinstance(listed, list) else ():
            if isinstance(body, Mapping) and isinstance(body.get("id"), str):
                key = self._key(vault, body["id"].rstrip("/").rpartition("/")[2])
                found.append((key, self._looked(interaction, key, body)))
        return found or EMPTY_LISTS

    def _looked(self, interaction: Interaction, key: _Key, body: Mapping[str, Any]) -> Looked:
        self._note_instance(key, body)
        observation, remarks = arm.observation_of(body, arm.profile_of(arm.instance_of(body)) or profiles.DEFAULT)
        self._remarks += [(key, interaction.number, remark) for remark in remarks]
        return Looked(item="", observation=observation, at=interaction.at, number=interaction.number)

    def _request(
        self, interaction: Interaction, key: _Key, operation: Operation
    ) -> list[tuple[_Key, TraceEvent]] | str:
        if (answer := _answer(interaction.status)) is None:
            return NOT_DECIDED
        self._note_instance(key, interaction.body)
        job = _operation_started(interaction) if answer is Response.ACCEPTED else None
        if job is not None:
            self._started_by[job] = key
        return [(key, _requested(interaction, operation, arm.arguments_of(operation, interaction.body), answer, job))]

    def _cancel(self, interaction: Interaction, job: str) -> list[tuple[_Key, TraceEvent]] | str:
        if interaction.method != "POST" or job not in self._started_by:
            return OTHER_JOBS
        if (answer := _answer(interaction.status)) is None:
            return NOT_DECIDED
        started = _operation_started(interaction) if answer is Response.ACCEPTED else None
        if started is not None:
            self._cancels[started] = None
        event = _requested(interaction, Operation.CANCEL_JOB, (("job", job),), answer, started)
        return [(self._started_by[job], event)]

    def _poll(self, interaction: Interaction, operation: str) -> list[tuple[_Key, TraceEvent]] | str:
        state, warning = _polled(interaction)
        if operation in self._cancels:
            self._cancels[operation] = state or self._cancels[operation]
            return CANCEL_POLLS
        if operation not in self._started_by:
            return OTHER_POLLS
        return self._job_state(interaction, operation, state, warning)

    def _job(self, interaction: Interaction, address: Address) -> list[tuple[_Key, TraceEvent]] | str:
        job = address.name.lower()
        if interaction.method != "GET" or interaction.status != 200 or not isinstance(interaction.answer, Mapping):
            return UNREADABLE if job in self._started_by else OTHER_JOBS
        return self._job_body(interaction, address.vault, job, interaction.answer)

    def _jobs(self, interaction: Interaction, vault: str) -> list[tuple[_Key, TraceEvent]] | str:
        listed = interaction.answer.get("value") if isinstance(interaction.answer, Mapping) else None
        events: list[tuple[_Key, TraceEvent]] = []
        for body in listed if isinstance(listed, list) else ():
            if isinstance(body, Mapping) and isinstance(body.get("name"), str):
                found = self._job_body(interaction, vault, body["name"].lower(), body)
                events += [] if isinstance(found, str) else found
        return events or JOB_LISTS

    def _job_body(
        self, interaction: Interaction, vault: str, job: str, body: Mapping[str, Any]
    ) -> list[tuple[_Key, TraceEvent]] | str:
        """A job of an item: one that a request here started, or a lifecycle job that names an item as its target."""
        properties = body.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        target = properties.get("targetObjectId")
        if job not in self._started_by and isinstance(target, str):
            key = (vault, arm.last_segment(target))
            if key in self._names and properties.get("scenarioName") in arm.SCENARIOS:
                self._started_by[job] = key
        if job not in self._started_by:
            return OTHER_JOBS
        return self._job_state(interaction, job, arm.JOB_STATE_OF_TOKEN.get(str(properties.get("state"))), None)

    def _job_state(
        self, interaction: Interaction, job: str, state: str | None, warning: str | None
    ) -> list[tuple[_Key, TraceEvent]] | str:
        if state is None:
            return UNREADABLE
        if self._states.get(job) == state:
            return REPEATED
        self._states[job] = state
        seen = JobSeen(item="", job=job, state=state, warning=warning, at=interaction.at, number=interaction.number)
        return [(self._started_by[job], seen)]

    # -- what belongs together ------------------------------------------------------------------------------------

    def _key(self, vault: str, item: str) -> _Key:
        key = (vault, item.lower())
        self._names.setdefault(key, item)
        self._instances.setdefault(key, set())
        return key

    def _note_instance(self, key: _Key, body: object) -> None:
        if (instance := arm.instance_of(body)) is not None:
            self._instances[key].add(instance)

    def _profile(self) -> str:
        """The profile that most items belong to; the default one where there is nothing to tell."""
        counts = {
            profile: sum(bool(seen & arm.instances_of(profile)) for seen in self._instances.values())
            for profile in profiles.CHARTS
        }
        best = max(counts, key=lambda profile: (counts[profile], profile == profiles.DEFAULT))
        return best if counts[best] else profiles.DEFAULT

    def _display_names(self) -> dict[_Key, str]:
        """An item's own name, with that of its vault where several vaults have one of this name."""
        shared = Counter(item for _, item in self._names)
        return {key: f"{key[0]}/{name}" if shared[key[1]] > 1 else name for key, name in self._names.items()}

    def _settled(self, event: TraceEvent, item: str, profile: str) -> TraceEvent:
        """The event with its item's name. Cancelling a job is refused, too, if that operation itself fails."""
        if isinstance(event, Requested) and event.operation is Operation.CANCEL_JOB:
            ended = self._cancels.get(event.job or "")
            answer = Response.REFUSED if ended in ("failed", "cancelled") else event.answer
            return replace(event, item=item, job=None, answer=answer)
        return replace(event, item=item)


def _requested(
    interaction: Interaction, operation: Operation, arguments: Arguments, answer: Response, job: str | None
) -> Requested:
    return Requested(
        item="",
        operation=operation,
        arguments=arguments,
        answer=answer,
        job=job,
        at=interaction.at,
        number=interaction.number,
    )


def _answer(status: int) -> Response | None:
    """How a request was answered; None if the answer says nothing about the item (facts 5.12: 4xx refuse)."""
    if 200 <= status < 300:
        return Response.ACCEPTED
    if 400 <= status < 500 and status not in _UNDECIDED:
        return Response.REFUSED
    return None


def _operation_started(interaction: Interaction) -> str | None:
    """The operation, which is the job too (facts 2.13), that an accepted request started."""
    for name in ("azure-asyncoperation", "location"):
        if (found := operation_id(interaction.headers.get(name, ""))) is not None:
            return found
    return None


def _polled(interaction: Interaction) -> tuple[str | None, str | None]:
    """The state that a poll shows, and the code of a warning: an error beside success is one (facts 7.2)."""
    answer = interaction.answer
    if isinstance(answer, Mapping) and isinstance(answer.get("status"), str):
        error = answer.get("error")
        state = arm.JOB_STATE_OF_TOKEN.get(answer["status"])
        code = str(error.get("code")) if isinstance(error, Mapping) else None
        return state, code if state == "succeeded" else None
    match interaction.status:  # the resource's own `operationresults` answers by its status code
        case 202:
            return "in_progress", None
        case 200 | 201 | 204:
            return "succeeded", None
        case status if _answer(status) is Response.REFUSED:
            return "failed", None
    return None, None


def _interaction(entry: object, number: int, source: str) -> Interaction:
    try:
        request, response = entry["request"], entry["response"]  # type: ignore[index]
        status, headers = response["status"]["code"], response.get("headers") or {}
        method, uri = request["method"], request["uri"]
        body = response.get("body") or {}
        if not (isinstance(method, str) and isinstance(uri, str) and isinstance(status, int)):
            raise TypeError
        named = {str(name).lower(): _first(value) for name, value in headers.items()}
        content = body.get("string", body.get("base64_string"))
        return Interaction(
            number, method.upper(), uri, _json(request.get("body")), status, named, _json(content), _at(named)
        )
    except (KeyError, TypeError, AttributeError):
        problem = f"interaction {number} lacks its request or its response: expected method, uri and status code"
        raise TraceError(source, None, f"{problem}; the file may be cut off") from None


def _first(value: object) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""


def _json(content: object) -> object:
    """The parsed body; None where there is none or it is not JSON."""
    if isinstance(content, Mapping):
        return content
    try:
        return json.loads(content) if isinstance(content, str | bytes) and content else None
    except (ValueError, RecursionError):
        return None


def _at(headers: Mapping[str, str]) -> str | None:
    try:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (KeyError, ValueError, TypeError, OverflowError, IndexError):
        return None
