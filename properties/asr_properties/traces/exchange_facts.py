"""What one exchange tells of items and jobs, taken by itself.

Every exchange gives notes or is counted by the kind of what it is about. Facts 7.1 to 7.5 are the source of what is
read where. What several exchanges tell together is put together in `translation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from asr_model import profiles
from asr_model.vocabulary import Answer, Arguments, Operation
from asr_properties.arm import tokens as arm
from asr_properties.contract.messages import Item
from asr_properties.traces.events import MOST_CHARACTERS, NOT_REPLICATED, bounded
from asr_properties.traces.exchanges import Exchange
from asr_properties.traces.request_targets import About, Address, job_id, operation_id, read_address

ELSEWHERE = "requests to other services"
PREFLIGHT = "questions of a browser whether it may ask"
VAULT = "other resources of the vault"
EMPTY_LISTS = "lists without items"
EMPTY_JOB_LISTS = "lists of jobs without news"
PARTS = "parts of items and other actions on them"
NOT_DECIDED = "requests that were turned away before they were decided on (signed off, throttled, sent elsewhere)"
UNREADABLE = "answers that could not be read"

#: Of the answers that are no success, these say that nothing was done, and nothing about the item.
_TURNED_AWAY = frozenset({*range(300, 400), 401, 403, 407, 421, 425, 429})
#: And these say that nobody waited for the answer: what was asked for may have been done.
_GIVEN_UP = frozenset({408, 499})


class Key(NamedTuple):
    """An item: its vault and its name, in lower case."""

    vault: str
    item: str


class Look(NamedTuple):
    """An item as it was shown; `name` as it is spelled, `instance` its `instanceType`."""

    key: Key
    name: str
    observation: Item
    instance: str | None
    remarks: tuple[str, ...] = ()


class Ask(NamedTuple):
    """A request for an operation on an item. `answer`: None where nothing tells whether it was done. `operation_id`:
    whose status is to be polled; `job`: the job's own id."""

    key: Key
    name: str
    operation: Operation
    arguments: Arguments
    answer: Answer | None
    operation_id: str | None
    job: str | None
    instance: str | None


class CancelJob(NamedTuple):
    """A request to cancel a job; `operation_id` is the operation that does it. `answer` as that of `Ask`: one that was
    only accepted to be seen to later does not tell either."""

    vault: str
    job: str
    answer: Answer | None
    operation_id: str | None


class Unnamed(NamedTuple):
    """Something was asked for that has no name here and may change an item: the one that `job` is of, or, where that is
    None, any in the vault."""

    vault: str
    job: str | None
    what: str


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


Note = Look | Ask | CancelJob | Unnamed | JobShown


def notes_of(exchange: Exchange) -> tuple[Note, ...] | str:
    """What an exchange tells, or the kind under which it is counted as skipped."""
    address = read_address(exchange.url)
    if exchange.method == "GET":
        return _read(exchange, address)
    if exchange.method == "OPTIONS" and address.about is not About.ELSEWHERE:
        return PREFLIGHT
    match address.about:
        case About.ITEM | About.ITEM_ACTION:
            return _ask(exchange, address)
        case About.JOB_CANCEL if exchange.method == "POST":
            return _cancel(exchange, address)
        case About.JOB_RESUMED | About.PLAN_ACTION if exchange.method == "POST":
            return _unnamed(exchange, address)
        case About.ELSEWHERE:
            return ELSEWHERE
    return VAULT


def _read(exchange: Exchange, address: Address) -> tuple[Note, ...] | str:
    match address.about:
        case About.ITEM:
            return _look(exchange, address)
        case About.ITEM_ACTION:
            return PARTS
        case About.ITEMS:
            return tuple(_listed(exchange, address.vault)) or (EMPTY_LISTS if _is_read(exchange) else UNREADABLE)
        case About.OPERATION | About.RESULT:
            state, warning = _polled(exchange)
            if address.about is About.RESULT:
                state = state or _state_by_status(exchange.status)
            return (JobShown(address.vault, address.name.lower(), state, warning=warning, is_operation=True),)
        case About.JOB:
            body = exchange.answer if _is_read(exchange) else None
            return (_job(address.vault, address.name.lower(), body),)
        case About.JOBS:
            return tuple(_jobs(exchange, address.vault)) or EMPTY_JOB_LISTS
        case About.ELSEWHERE:
            return ELSEWHERE
    return VAULT


def _look(exchange: Exchange, address: Address) -> tuple[Note, ...] | str:
    key = Key(address.vault, address.name.lower())
    if exchange.status == 404:
        return (Look(key, address.name, Item(phase=NOT_REPLICATED), None),)
    return (_shown(key, address.name, exchange.answer),) if _is_read(exchange) else UNREADABLE


def _listed(exchange: Exchange, vault: str) -> Iterator[Note]:
    """Items that a list lacks are not concluded to be absent: it may be filtered, or go on elsewhere."""
    for body in _values(exchange) if _is_read(exchange) else ():
        if isinstance(body.get("id"), str):
            name = body["id"].rstrip("/").rpartition("/")[2]
            if len(name) <= MOST_CHARACTERS:
                yield _shown(Key(vault, name.lower()), name, body)


def _shown(key: Key, name: str, body: object) -> Look:
    instance = _instance(body)
    observation, remarks = arm.observation_of(body, arm.profile_of(instance) or profiles.DEFAULT)
    return Look(key, name, bounded(observation), instance, tuple(map(_short, remarks)))


def _ask(exchange: Exchange, address: Address) -> tuple[Note, ...] | str:
    operation = arm.operation_of(exchange.method, address.action)
    if operation is None:
        return PARTS
    if exchange.status in _TURNED_AWAY:
        return NOT_DECIDED
    answer = _answer(exchange.status)
    if exchange.method == "DELETE" and exchange.status == 204:
        answer = None  # so ARM also answers where there is nothing to delete
    polled, job = _started(exchange) if answer is Answer.ACCEPTED else (None, None)
    arguments = tuple(
        (name, value[:MOST_CHARACTERS] if isinstance(value, str) else value)
        for name, value in arm.arguments_of(operation, exchange.body)
    )
    key = Key(address.vault, address.name.lower())
    return (Ask(key, address.name, operation, arguments, answer, polled, job, _instance(exchange.body)),)


def _cancel(exchange: Exchange, address: Address) -> tuple[Note, ...] | str:
    if exchange.status in _TURNED_AWAY:
        return NOT_DECIDED
    answer = _answer(exchange.status)
    polled, _ = _started(exchange) if answer is Answer.ACCEPTED else (None, None)
    return (CancelJob(address.vault, address.name.lower(), None if exchange.status == 202 else answer, polled),)


def _unnamed(exchange: Exchange, address: Address) -> tuple[Note, ...] | str:
    """A job that goes on, or a recovery plan, which asks for operations of its items (facts 6)."""
    if exchange.status in _TURNED_AWAY or _answer(exchange.status) is Answer.REFUSED:
        return VAULT
    if address.about is About.JOB_RESUMED:
        job = address.name.lower()
        return (Unnamed(address.vault, job, f"job {job} was asked to go on, which has no name here"),)
    if arm.operation_of("POST", address.action) is None:
        return VAULT
    what = f"the recovery plan {address.name} was asked for {address.action}, and it is not seen of which items"
    return (Unnamed(address.vault, None, what),)


def _jobs(exchange: Exchange, vault: str) -> Iterator[JobShown]:
    for body in _values(exchange):
        if isinstance(body.get("name"), str) and len(body["name"]) <= MOST_CHARACTERS:
            yield _job(vault, body["name"].lower(), body)


def _job(vault: str, job: str, body: object) -> JobShown:
    properties = body.get("properties") if isinstance(body, Mapping) else None
    told = properties if isinstance(properties, Mapping) else {}
    scenario, target = told.get("scenarioName"), told.get("targetObjectId")
    return JobShown(
        vault,
        job,
        arm.JOB_STATE_OF_TOKEN.get(str(told.get("state"))),
        scenario[:MOST_CHARACTERS] if isinstance(scenario, str) else None,
        target if isinstance(target, str) else None,
    )


def _short(remark: str) -> str:
    return remark if len(remark) <= 300 else f"{remark[:200]} ... {remark[-60:]}"


def _instance(body: object) -> str | None:
    instance = arm.instance_of(body)
    return None if instance is None else instance[:100]


def _is_read(exchange: Exchange) -> bool:
    return exchange.method == "GET" and exchange.status == 200 and isinstance(exchange.answer, Mapping)


def _values(exchange: Exchange) -> Iterator[Mapping[str, Any]]:
    listed = exchange.answer.get("value") if isinstance(exchange.answer, Mapping) else None
    return (body for body in (listed if isinstance(listed, list) else ()) if isinstance(body, Mapping))


def _answer(status: int) -> Answer | None:
    """How a request was answered (facts 5.12: 4xx refuse); None where that does not tell: an error of the server or of
    a gateway, a client that gave up (status 0 in recordings of browsers)."""
    if 200 <= status < 300:
        return Answer.ACCEPTED
    if 400 <= status < 500 and status not in _GIVEN_UP:
        return Answer.REFUSED
    return None


def _started(exchange: Exchange) -> tuple[str | None, str | None]:
    """The operation that an accepted request started, and the job as the answer names it (facts 2.13, X09)."""
    named = (operation_id(exchange.headers.get(name, "")) for name in ("azure-asyncoperation", "location"))
    return next((found for found in named if found is not None), None), job_id(
        exchange.headers.get("x-ms-request-id", "")
    )


def _polled(exchange: Exchange) -> tuple[str | None, str | None]:
    """The state that a poll's answer names, and the code of a warning: an error beside success is one (facts 7.2)."""
    answer = exchange.answer
    if 200 <= exchange.status < 300 and isinstance(answer, Mapping) and isinstance(answer.get("status"), str):
        error = answer.get("error")
        state = arm.JOB_STATE_OF_TOKEN.get(answer["status"])
        code = str(error.get("code"))[:100] if isinstance(error, Mapping) else None
        return state, code if state == "succeeded" else None
    return None, None


def _state_by_status(status: int) -> str | None:
    """The state of an operation as its own `operationresults` tell it. That there are none says nothing: they go with
    the item, and with time."""
    match status:
        case 202:
            return "in_progress"
        case 200 | 201 | 204:
            return "succeeded"
        case 401 | 403 | 404 | 407 | 410 | 429:
            return None
    return "failed" if _answer(status) is Answer.REFUSED else None
