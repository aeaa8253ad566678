"""Reads what a single HTTP exchange tells about items and jobs.

`facts_of` gives the facts of an exchange. Where it gives none, it gives the kind of exchange, so that skipped ones are
counted by kind. Facts 7.1 to 7.5 say which address and which field tells what.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, cast

from asr_model import profiles
from asr_model.vocabulary import Answer, Operation
from asr_properties.arm import tokens as arm
from asr_properties.arm.job_tasks import bodies_and_tasks
from asr_properties.contract.messages import Item
from asr_properties.evidence.observation import NOT_REPLICATED
from asr_properties.evidence.tasks import DatedTask
from asr_properties.traces.batches import exchanges_in
from asr_properties.traces.events import MOST_CHARACTERS, MOST_TASKS, Time, bounded, seconds_between
from asr_properties.traces.exchange_facts import (
    ELSEWHERE,
    EMPTY_JOB_LISTS,
    EMPTY_LISTS,
    NOT_DECIDED,
    PARTS,
    PREFLIGHT,
    UNREADABLE,
    VAULT,
    ExchangeFact,
    ExchangeFacts,
    ItemKey,
    ItemShown,
    JobCancelRequested,
    JobShown,
    OperationRequested,
    PointsShown,
    UnmodelledRequest,
    Unread,
    UpdateRequested,
)
from asr_properties.traces.exchanges import Exchange, instant_of, time_of
from asr_properties.traces.machine_told import changes_in, group_in, settings_in
from asr_properties.traces.point_lists import page_of
from asr_properties.traces.request_targets import About, Address, job_id, operation_id, read_address
from asr_properties.traces.told import NOTHING_TOLD, Told, sent, text_in, words_in

#: Nothing was done, and the answer says nothing about the item.
_TURNED_AWAY = frozenset({*range(300, 400), 401, 403, 407, 421, 425, 429})
#: The client or a gateway stopped waiting: the request may have been carried out.
_GIVEN_UP = frozenset({408, 499})


def facts_of(exchange: Exchange) -> ExchangeFacts:
    """The facts that an exchange tells; where it tells none, the kind under which it is counted as skipped.

    The exchanges in a batch tell theirs together.
    """
    found = [(inner, _facts_of(inner)) for inner in exchanges_in(exchange) or (exchange,)]
    facts = tuple(_as_recorded(inner, fact) for inner, one in found if isinstance(one, tuple) for fact in one)
    return facts or next((kind for _, kind in found if isinstance(kind, str)), ELSEWHERE)


def _as_recorded(exchange: Exchange, fact: ExchangeFact) -> ExchangeFact:
    """The fact with how it was recorded, its last field. A body of its own has told its words already."""
    if isinstance(fact, UnmodelledRequest | UpdateRequested | Unread):
        return fact
    words = words_in(exchange.answer, "status") if fact.told == NOTHING_TOLD else fact.told
    asks, make = isinstance(fact, OperationRequested | JobCancelRequested), cast("Any", type(fact))
    request = sent(exchange.method, exchange.url) if asks else ""
    told = Told(request, max(exchange.status, 0) or None, words.state, words.messages)
    return make(*fact[:-1], told)  # type: ignore[no-any-return]  # `_replace` leaves a tuple in memory each time


def _facts_of(exchange: Exchange) -> ExchangeFacts:
    address = read_address(exchange.url)
    if exchange.method == "GET":
        return _read(exchange, address)
    if exchange.method == "OPTIONS" and address.about is not About.ELSEWHERE:
        return PREFLIGHT
    match address.about:
        case About.ITEM | About.ITEM_ACTION:
            return _operation_request(exchange, address)
        case About.JOB_CANCEL if exchange.method == "POST":
            return _cancel_request(exchange, address)
        case About.JOB_RESUMED | About.PLAN_ACTION if exchange.method == "POST":
            return _unmodelled_request(exchange, address)
        case About.ELSEWHERE:
            return ELSEWHERE
    return VAULT


def _read(exchange: Exchange, address: Address) -> ExchangeFacts:
    match address.about:
        case About.ITEM:
            return _shown_item(exchange, address)
        case About.ITEM_ACTION:
            return _listed_points(exchange, address) if address.action.lower() == "recoverypoints" else PARTS
        case About.ITEMS:
            if _is_unread(exchange):
                return (Unread(address.vault),)
            return tuple(_listed(exchange, address.vault)) or (EMPTY_LISTS if _is_read(exchange) else UNREADABLE)
        case About.OPERATION | About.JOB if _is_unread(exchange):
            return (Unread(address.vault, job=address.name.lower()),)
        case About.OPERATION:
            state, warning = _polled(exchange)
            job, ended = address.name.lower(), _ended_at(exchange.answer, state)
            return (JobShown(address.vault, job, state, warning=warning, is_operation=True, ended_at=ended),)
        case About.RESULT:
            return tuple(_result(exchange, address))
        case About.JOB:
            body = exchange.answer if _is_read(exchange) else None
            return (_job(address.vault, address.name.lower(), body),)
        case About.JOBS:
            if _is_unread(exchange):
                return (Unread(address.vault),)
            return tuple(_jobs(exchange, address.vault)) or EMPTY_JOB_LISTS
        case About.ELSEWHERE:
            return ELSEWHERE
    return VAULT


def _shown_item(exchange: Exchange, address: Address) -> ExchangeFacts:
    key = ItemKey(address.vault, address.name.lower())
    if exchange.status == 404:
        return (ItemShown(key, address.name, Item(phase=NOT_REPLICATED), None),)
    if _is_unread(exchange) or (_is_read(exchange) and not _has_properties(exchange.answer)):
        return (Unread(address.vault, item=key.item),)
    return (_shown(key, address.name, exchange.answer),) if _is_read(exchange) else UNREADABLE


def _result(exchange: Exchange, address: Address) -> Iterator[ExchangeFact]:
    """The result of an operation that has ended is the item (facts 7.2)."""
    state, warning = _polled(exchange)
    state, operation = state or _state_by_status(exchange.status), address.name.lower()
    ended = _ended_at(exchange.answer, state)
    yield JobShown(address.vault, operation, state, warning=warning, is_operation=True, ended_at=ended)
    if _is_read(exchange) and _has_properties(exchange.answer) and arm.instance_of(exchange.answer) is not None:
        shown = _shown(ItemKey(address.vault, address.item.lower()), address.item, exchange.answer)
        yield shown._replace(result_of=operation)


def _listed_points(exchange: Exchange, address: Address) -> ExchangeFacts:
    key = ItemKey(address.vault, address.name.lower())
    if _is_unread(exchange):
        return (Unread(key.vault, item=key.item),)
    page = page_of(exchange.url, exchange.answer) if _is_read(exchange) else None
    return PARTS if page is None else (PointsShown(key, address.name, page),)


def _listed(exchange: Exchange, vault: str) -> Iterator[ExchangeFact]:
    """The items in a list. An item that the list lacks may still exist: lists are filtered, and have further pages."""
    for body in _values(exchange) if _is_read(exchange) else ():
        if isinstance(body.get("id"), str):
            name = body["id"].rstrip("/").rpartition("/")[2]
            if len(name) <= MOST_CHARACTERS:
                yield _shown(ItemKey(vault, name.lower()), name, body)


def _shown(key: ItemKey, name: str, body: object) -> ItemShown:
    instance = _instance(body)
    observation, remarks = arm.observation_of(body, arm.profile_of(instance) or profiles.DEFAULT)
    return ItemShown(
        key,
        name,
        bounded(observation),
        instance,
        tuple(map(_short, remarks)),
        tuple(_last_asked(body)),
        text_in(body, "friendlyName"),
        settings_in(body),
        group_in(body),
        _scenario(body) if observation.current_job is not None else None,
        told=words_in(body, "protectionState"),
    )


def _scenario(body: object) -> str | None:
    properties = body.get("properties") if isinstance(body, Mapping) else None
    shown = properties.get("currentScenario") if isinstance(properties, Mapping) else None
    name = shown.get("scenarioName") if isinstance(shown, Mapping) else None
    return name if name in arm.SCENARIOS else None


def _last_asked(body: object) -> Iterator[tuple[Operation, Time]]:
    properties = body.get("properties") if isinstance(body, Mapping) else None
    details = properties.get("providerSpecificDetails") if isinstance(properties, Mapping) else None
    for operation, key in _LAST_ASKED:
        for told in (details, properties):
            if isinstance(told, Mapping) and (at := time_of(told.get(key))) is not None:
                yield operation, at
                break


_LAST_ASKED = (
    (Operation.FAIL_OVER, "lastUnplannedFailoverTime"),
    (Operation.PLANNED_FAILOVER, "lastPlannedFailoverStartTime"),
    (Operation.TEST_FAILOVER, "lastTestFailoverTime"),
)


def _operation_request(exchange: Exchange, address: Address) -> ExchangeFacts:
    operation = arm.operation_of(exchange.method, address.action)
    if operation is None:
        return _update_request(exchange, address) if exchange.method == "PATCH" and not address.action else PARTS
    if exchange.status in _TURNED_AWAY:
        return NOT_DECIDED
    answer = _answer(exchange.status)
    if exchange.method == "DELETE" and exchange.status == 204:
        answer = None  # ARM answers 204 also where there is nothing to delete
    polled, job = _started(exchange) if answer is Answer.ACCEPTED else (None, None)
    arguments = tuple(
        (name, value[:MOST_CHARACTERS] if isinstance(value, str) else value)
        for name, value in arm.arguments_of(operation, exchange.body)
    )
    key = ItemKey(address.vault, address.name.lower())
    return (OperationRequested(key, address.name, operation, arguments, answer, polled, job, _instance(exchange.body)),)


def _update_request(exchange: Exchange, address: Address) -> ExchangeFacts:
    changes = changes_in(exchange.body)
    if exchange.status in _TURNED_AWAY or not changes:
        return NOT_DECIDED if exchange.status in _TURNED_AWAY else PARTS
    answer = _answer(exchange.status)
    started = _started(exchange) if answer is Answer.ACCEPTED else ()
    named = tuple(one for one in started if one is not None)
    if answer is Answer.ACCEPTED and exchange.status == 202 and not named:
        answer = None  # nothing will tell how it ended
    return (UpdateRequested(ItemKey(address.vault, address.name.lower()), changes, answer, named),)


def _cancel_request(exchange: Exchange, address: Address) -> ExchangeFacts:
    if exchange.status in _TURNED_AWAY:
        return NOT_DECIDED
    answer = _answer(exchange.status)
    polled, _ = _started(exchange) if answer is Answer.ACCEPTED else (None, None)
    return (
        JobCancelRequested(address.vault, address.name.lower(), None if exchange.status == 202 else answer, polled),
    )


def _unmodelled_request(exchange: Exchange, address: Address) -> ExchangeFacts:
    """A job was told to go on, or a recovery plan ran, which asks for operations on its items (facts 6)."""
    if exchange.status in _TURNED_AWAY or _answer(exchange.status) is Answer.REFUSED:
        return VAULT
    if address.about is About.JOB_RESUMED:
        job = address.name.lower()
        asked = f"job {job} was asked to go on, which the model has no operation for"
        return (UnmodelledRequest(address.vault, job, asked),)
    if (operation := arm.operation_of("POST", address.action)) is None:
        return VAULT
    what = f"the recovery plan {address.name} was asked for {address.action}, and which items it has was not recorded"
    return (UnmodelledRequest(address.vault, None, what, operation),)


def _jobs(exchange: Exchange, vault: str) -> Iterator[JobShown]:
    for body in _values(exchange):
        if isinstance(body.get("name"), str) and len(body["name"]) <= MOST_CHARACTERS:
            # Whether a list tells the errors of its jobs is not known.
            yield _job(vault, body["name"].lower(), body)._replace(has_errors=None)


def _job(vault: str, job: str, body: object) -> JobShown:
    properties = body.get("properties") if isinstance(body, Mapping) else None
    told = properties if isinstance(properties, Mapping) else {}
    scenario, target = told.get("scenarioName"), told.get("targetObjectId")
    state, words = arm.JOB_STATE_OF_TOKEN.get(str(told.get("state"))), words_in(body, "state")
    return JobShown(
        vault,
        job,
        state,
        scenario[:MOST_CHARACTERS] if isinstance(scenario, str) else None,
        target if isinstance(target, str) else None,
        warning=words.messages[0].code if words.messages and state == "succeeded" else None,
        tasks=tuple(_task(*parts) for parts in islice(bodies_and_tasks(told), MOST_TASKS)),
        has_errors=bool(words.messages or told["errors"]) if isinstance(told.get("errors"), list) else None,
        ended_at=_ended_at(told, state),
        told=words,
    )


def _task(body: Mapping[str, Any], told: Mapping[str, str]) -> DatedTask:
    times = tuple((name, instant_of(body.get(key))) for name, key in (("began", "startTime"), ("ended", "endTime")))
    return _shared_task(told["name"][:100], told["state"], *(time for time in times if time[1] is not None))


def _ended_at(told: object, state: str | None) -> str | None:
    """When a job or an operation says that it ended; None where it has not, or says that it began later."""
    if state in (None, "in_progress") or not isinstance(told, Mapping):
        return None
    start, end = time_of(told.get("startTime")), time_of(told.get("endTime"))
    return None if (seconds_between(start, end) or 0) < 0 else end


@lru_cache(maxsize=1000)
def _shared_task(name: str, state: str, *times: tuple[str, float | None]) -> DatedTask:
    """Most jobs have the same tasks in the same states, and are read again and again; these share one object each."""
    return DatedTask.model_validate({"name": name, "state": state, **dict(times)})


def _short(remark: str) -> str:
    return remark if len(remark) <= 300 else f"{remark[:200]} ... {remark[-60:]}"


def _instance(body: object) -> str | None:
    instance = arm.instance_of(body)
    return None if instance is None else instance[:100]


def _is_read(exchange: Exchange) -> bool:
    return exchange.method == "GET" and exchange.status == 200 and isinstance(exchange.answer, Mapping)


def _is_unread(exchange: Exchange) -> bool:
    return exchange.status == 200 and not isinstance(exchange.answer, Mapping)


def _has_properties(body: object) -> bool:
    return isinstance(body, Mapping) and isinstance(body.get("properties"), Mapping)


def _values(exchange: Exchange) -> Iterator[Mapping[str, Any]]:
    listed = exchange.answer.get("value") if isinstance(exchange.answer, Mapping) else None
    return (body for body in (listed if isinstance(listed, list) else ()) if isinstance(body, Mapping))


def _answer(status: int) -> Answer | None:
    """How a request was answered (facts 5.12: 4xx refuse).

    None where the status does not tell: the server or a gateway failed, or the client gave up, for which browsers
    record the status 0.
    """
    if 200 <= status < 300:
        return Answer.ACCEPTED
    if 400 <= status < 500 and status not in _GIVEN_UP:
        return Answer.REFUSED
    return None


def _started(exchange: Exchange) -> tuple[str | None, str | None]:
    """The ids of the operation that an accepted request started, and of the job, if named (facts 2.13, X09)."""
    named = (operation_id(exchange.headers.get(name, "")) for name in ("azure-asyncoperation", "location"))
    return next((found for found in named if found is not None), None), job_id(
        exchange.headers.get("x-ms-request-id", "")
    )


def _polled(exchange: Exchange) -> tuple[str | None, str | None]:
    """The state in the answer to a poll, and the code of a warning: an error beside success is one (facts 7.2)."""
    answer = exchange.answer
    if 200 <= exchange.status < 300 and isinstance(answer, Mapping) and isinstance(answer.get("status"), str):
        error = answer.get("error")
        state = arm.JOB_STATE_OF_TOKEN.get(answer["status"])
        code = str(error.get("code"))[:100] if isinstance(error, Mapping) else None
        return state, code if state == "succeeded" else None
    return None, None


def _state_by_status(status: int) -> str | None:
    """The state of an operation, told by the status of its `operationresults`.

    A 404 or 410 says nothing: results are deleted with the item, and after some time.
    """
    match status:
        case 202:
            return "in_progress"
        case 200 | 201 | 204:
            return "succeeded"
        case 401 | 403 | 404 | 407 | 410 | 429:
            return None
    return "failed" if _answer(status) is Answer.REFUSED else None
