"""The facts that HTTP exchanges tell about items and jobs, and the kinds of exchanges that tell none.

`exchange_reading` reads them; `linking` combines those of several exchanges.
"""

from __future__ import annotations

from typing import NamedTuple

from asr_model.vocabulary import Answer, Arguments, Operation
from asr_properties.contract.messages import Item
from asr_properties.evidence.tasks import DatedTask
from asr_properties.traces.events import Time
from asr_properties.traces.machine_told import Words
from asr_properties.traces.point_lists import Page
from asr_properties.traces.told import NOTHING_TOLD, Told

ELSEWHERE = "requests to other services"
PREFLIGHT = "preflight requests of a browser"
VAULT = "other resources of the vault"
EMPTY_LISTS = "lists without items"
EMPTY_JOB_LISTS = "lists without jobs"
PARTS = "parts of items and other actions on them"
NOT_DECIDED = "requests that were turned away before the service decided (not signed in, throttled, redirected)"
UNREADABLE = "answers that could not be read"


class ItemKey(NamedTuple):
    """Names an item: its vault and its own name, both in lower case."""

    vault: str
    item: str


class ItemShown(NamedTuple):
    """An answer showed an item.

    name: as it is spelled. instance: its `instanceType`. remarks: what could not be understood, one line each.
    last_asked: when it says that operations were last asked for.
    machine: the friendly name; empty where none was told. settings: of the future machine in Azure; empty where none
    were shown. group: the resource group of the machine in Azure; empty where it was not told. scenario: the service's
    name for what the job does that it names; None where it names none. result_of: the operation that it is the result
    of; empty where the item itself was read. told, here and below: how it was recorded.
    """

    key: ItemKey
    name: str
    observation: Item
    instance: str | None
    remarks: tuple[str, ...] = ()
    last_asked: tuple[tuple[Operation, Time], ...] = ()
    machine: str = ""
    settings: Words = ()
    group: str = ""
    scenario: str | None = None
    result_of: str = ""
    told: Told = NOTHING_TOLD


class PointsShown(NamedTuple):
    """An answer listed recovery points of an item: all, or those of one page."""

    key: ItemKey
    name: str
    page: Page
    told: Told = NOTHING_TOLD


class OperationRequested(NamedTuple):
    """A request asked for an operation on an item.

    answer: None where nothing tells whether it was carried out. operation_id: the operation that clients poll. job: the
    id of the job, where the answer named it as well. instance: the `instanceType` in the request.
    """

    key: ItemKey
    name: str
    operation: Operation
    arguments: Arguments
    answer: Answer | None
    operation_id: str | None
    job: str | None
    instance: str | None
    told: Told = NOTHING_TOLD


class UpdateRequested(NamedTuple):
    """A request asked for changes of an item's settings, which is none of the lifecycle's operations.

    answer: None where nothing tells whether it was carried out. started: the ids of the operation and of its job; none
    where the answer says that it was done at once.
    """

    key: ItemKey
    changes: Words
    answer: Answer | None
    started: tuple[str, ...]


class JobCancelRequested(NamedTuple):
    """A request asked to cancel a job.

    answer: None where nothing tells whether the job was cancelled. That is also so for a 202, which only says that the
    service will try. operation_id: the operation that cancels the job.
    """

    vault: str
    job: str
    answer: Answer | None
    operation_id: str | None
    told: Told = NOTHING_TOLD


class UnmodelledRequest(NamedTuple):
    """A request that the model has no operation for, and that may have changed an item.

    job: the item is the one that this job works on; None: it may be any item in the vault. what: told to the user.
    operation: what a recovery plan was asked for, which asks its items for it; None where it is no plan.
    """

    vault: str
    job: str | None
    what: str
    operation: Operation | None = None


class JobShown(NamedTuple):
    """An answer showed a job, or the operation that has the job's id (X09).

    state: None where it could not be read. scenario: the service's name for what the job does. target: the id of what
    it works on. warning: the code of an error that came with success (X08). tasks: empty where they were not told.
    has_errors: whether it or one of its tasks names an error; None where that was not told. ended_at: when it says
    itself that it ended.
    """

    vault: str
    job: str
    state: str | None
    scenario: str | None = None
    target: str | None = None
    warning: str | None = None
    tasks: tuple[DatedTask, ...] = ()
    has_errors: bool | None = None
    is_operation: bool = False
    ended_at: str | None = None
    told: Told = NOTHING_TOLD


class Unread(NamedTuple):
    """An answer has the status of success, and its content was not recorded or cannot be read.

    What it was about: an item, or a job, both in lower case; neither: something that may concern any item of the vault.
    """

    vault: str
    item: str | None = None
    job: str | None = None


ExchangeFact = (
    ItemShown
    | PointsShown
    | OperationRequested
    | UpdateRequested
    | JobCancelRequested
    | UnmodelledRequest
    | JobShown
    | Unread
)
ExchangeFacts = tuple[ExchangeFact, ...] | str
"""The facts that an exchange tells, or the kind under which it is counted as skipped."""
