"""What one exchange tells of items and jobs, taken by itself.

Every exchange gives notes or is counted by the kind of what it is about. Facts 7.1 to 7.5 are the source of what is
read where. What several exchanges tell together is put together in `translation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from asr_model import profiles
from asr_model.vocabulary import Operation, Response
from asr_properties.arm import words as arm
from asr_properties.contract.messages import Observation
from asr_properties.traces.addresses import About, Address, job_id, operation_id, read_address
from asr_properties.traces.events import NOT_REPLICATED, Arguments
from asr_properties.traces.exchanges import Exchange

ELSEWHERE = "requests to other services"
VAULT = "other resources of the vault"
EMPTY_LISTS = "lists without items"
EMPTY_JOB_LISTS = "lists of jobs without news"
PARTS = "parts of items and other actions on them"
NOT_DECIDED = "requests that the service did not decide on (signed off, throttled, out of order)"
UNREADABLE = "answers that could not be read"

#: Of the answers that are no success, these say nothing about the item: authentication, throttling, timeouts.
_UNDECIDED = frozenset({401, 403, 407, 408, 429})


class Key(NamedTuple):
    """An item: its vault and its name, in lower case."""

    vault: str
    item: str


class Look(NamedTuple):
    """An item as it was shown; `name` as it is spelled, `instance` its `instanceType`."""

    key: Key
    name: str
    observation: Observation
    instance: str | None
    remarks: tuple[str, ...] = ()


class Ask(NamedTuple):
    """A request for an operation on an item. `operation_id`: whose status is to be polled; `job`: the job's own id."""

    key: Key
    name: str
    operation: Operation
    arguments: Arguments
    answer: Response
    operation_id: str | None
    job: str | None
    instance: str | None


class CancelJob(NamedTuple):
    """A request to cancel a job; `operation_id` is the operation that does it."""

    vault: str
    job: str
    answer: Response | None
    operation_id: str | None


class JobShown(NamedTuple):
    """A job, or the operation that is the job (X09), in a state; None: the state could not be read.

    target: the id of what it works on. warning: the code of an error that came with success (X08).
    """

    vault: str
    job: str
    state: str | None
    scenario: str | None = None
    target: str | None = None
    warning: str | None = None
    is_operation: bool = False


Note = Look | Ask | CancelJob | JobShown


def notes_of(exchange: Exchange) -> tuple[Note, ...] | str:
    """What an exchange tells, or the kind under which it is counted as skipped."""
    address = read_address(exchange.url)
    match address.about:
        case About.ITEM if exchange.method == "GET":
            return _look(exchange, address)
        case About.ITEM | About.ITEM_ACTION:
            return _ask(exchange, address)
        case About.ITEMS:
            return tuple(_listed(exchange, address.vault)) or (EMPTY_LISTS if _is_read(exchange) else UNREADABLE)
        case About.OPERATION:
            state, warning = _polled(exchange)
            return (JobShown(address.vault, address.name.lower(), state, warning=warning, is_operation=True),)
        case About.JOB:
            body = exchange.answer if _is_read(exchange) else None
            return (_job(address.vault, address.name.lower(), body),)
        case About.JOB_CANCEL:
            return _cancel(exchange, address)
        case About.JOBS:
            return tuple(_jobs(exchange, address.vault)) or EMPTY_JOB_LISTS
        case About.VAULT:
            return VAULT
    return ELSEWHERE


def _look(exchange: Exchange, address: Address) -> tuple[Note, ...] | str:
    key = Key(address.vault, address.name.lower())
    if exchange.status == 404:
        return (Look(key, address.name, Observation(phase=NOT_REPLICATED), None),)
    return (_shown(key, address.name, exchange.answer),) if _is_read(exchange) else UNREADABLE


def _listed(exchange: Exchange, vault: str) -> Iterator[Note]:
    """Items that a list lacks are not concluded to be absent: it may be filtered, or go on elsewhere."""
    for body in _values(exchange) if _is_read(exchange) else ():
        if isinstance(body.get("id"), str):
            name = body["id"].rstrip("/").rpartition("/")[2]
            yield _shown(Key(vault, name.lower()), name, body)


def _shown(key: Key, name: str, body: object) -> Look:
    instance = arm.instance_of(body)
    observation, remarks = arm.observation_of(body, arm.profile_of(instance) or profiles.DEFAULT)
    return Look(key, name, observation, instance, remarks)


def _ask(exchange: Exchange, address: Address) -> tuple[Note, ...] | str:
    operation = arm.operation_of(exchange.method, address.action)
    if operation is None:
        return PARTS
    if (answer := _answer(exchange.status)) is None:
        return NOT_DECIDED
    polled, job = _started(exchange) if answer is Response.ACCEPTED else (None, None)
    arguments, instance = arm.arguments_of(operation, exchange.body), arm.instance_of(exchange.body)
    key = Key(address.vault, address.name.lower())
    return (Ask(key, address.name, operation, arguments, answer, polled, job, instance),)


def _cancel(exchange: Exchange, address: Address) -> tuple[Note, ...]:
    answer = _answer(exchange.status) if exchange.method == "POST" else None
    polled, _ = _started(exchange) if answer is Response.ACCEPTED else (None, None)
    return (CancelJob(address.vault, address.name.lower(), answer, polled),)


def _jobs(exchange: Exchange, vault: str) -> Iterator[JobShown]:
    for body in _values(exchange):
        if isinstance(body.get("name"), str):
            yield _job(vault, body["name"].lower(), body)


def _job(vault: str, job: str, body: object) -> JobShown:
    properties = body.get("properties") if isinstance(body, Mapping) else None
    told = properties if isinstance(properties, Mapping) else {}
    scenario, target = told.get("scenarioName"), told.get("targetObjectId")
    return JobShown(
        vault,
        job,
        arm.JOB_STATE_OF_TOKEN.get(str(told.get("state"))),
        scenario if isinstance(scenario, str) else None,
        target if isinstance(target, str) else None,
    )


def _is_read(exchange: Exchange) -> bool:
    return exchange.method == "GET" and exchange.status == 200 and isinstance(exchange.answer, Mapping)


def _values(exchange: Exchange) -> Iterator[Mapping[str, Any]]:
    listed = exchange.answer.get("value") if isinstance(exchange.answer, Mapping) else None
    return (body for body in (listed if isinstance(listed, list) else ()) if isinstance(body, Mapping))


def _answer(status: int) -> Response | None:
    """How a request was answered; None if the answer says nothing about the item (facts 5.12: 4xx refuse)."""
    if 200 <= status < 300:
        return Response.ACCEPTED
    if 400 <= status < 500 and status not in _UNDECIDED:
        return Response.REFUSED
    return None


def _started(exchange: Exchange) -> tuple[str | None, str | None]:
    """The operation that an accepted request started, and the job as the answer names it (facts 2.13, X09)."""
    named = (operation_id(exchange.headers.get(name, "")) for name in ("azure-asyncoperation", "location"))
    return next((found for found in named if found is not None), None), job_id(
        exchange.headers.get("x-ms-request-id", "")
    )


def _polled(exchange: Exchange) -> tuple[str | None, str | None]:
    """The state that a poll shows, and the code of a warning: an error beside success is one (facts 7.2)."""
    answer = exchange.answer
    if isinstance(answer, Mapping) and isinstance(answer.get("status"), str):
        error = answer.get("error")
        state = arm.JOB_STATE_OF_TOKEN.get(answer["status"])
        code = str(error.get("code"))[:100] if isinstance(error, Mapping) else None
        return state, code if state == "succeeded" else None
    match exchange.status:  # the resource's own `operationresults` answers by its status code
        case 202:
            return "in_progress", None
        case 200 | 201 | 204:
            return "succeeded", None
        case status if _answer(status) is Response.REFUSED:
            return "failed", None
    return None, None
