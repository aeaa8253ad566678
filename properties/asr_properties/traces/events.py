"""The events of a trace: requests, states of jobs, and looks at items, in the order they were recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from textwrap import shorten

from asr_model.vocabulary import Answer, Arguments, JobEnd, Operation
from asr_properties.contract.messages import Item, RecoveryPoint
from asr_properties.evidence.tasks import DatedTask
from asr_properties.traces.machine_told import MachineTold
from asr_properties.traces.told import NOTHING_TOLD, Told

Time = str | float | None
"""An ISO 8601 time, or a number of seconds; None where it was not recorded."""

MOST_CHARACTERS = 1000
"""The length of the longest id and text in an event, so that the events that are read ahead stay small."""

MOST_TASKS = 100
"""How many tasks of a job are kept."""

MOST_OF_ISSUES = 10_000
"""Health issues with more characters than these are cut."""

CLOCKS_DIFFER = 600
"""So many seconds a client's clock may be ahead of the service's."""

JOB_STATES = ("in_progress", *(str(end) for end in JobEnd))

_IDS = ("id", "failover_recovery_point", "current_job")


class TraceError(ValueError):
    """A file is not a trace that can be read. line: the number of the faulty line; None where it is no single line."""

    def __init__(self, file: str, line: int | None, problem: str) -> None:
        self.file = file
        self.line = line
        self.problem = shorten(problem, 400, placeholder=" ...")
        super().__init__(f"{file}{'' if line is None else f':{line}'}: {self.problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """A request asked for an operation.

    answer: None where nothing tells whether it was carried out. job: the id of the job that it started; None if there
    is none, or it is not known. named_job: the job's id, where the answer named it beside that of the operation (X09).
    number, here and below: the place in the source, which is the line of a file or the entry of a recording.
    told: how it was recorded, for people.
    """

    item: str
    operation: Operation
    arguments: Arguments = ()
    answer: Answer | None = Answer.ACCEPTED
    job: str | None = None
    named_job: str | None = None
    at: Time = None
    number: int = field(default=0, compare=False)
    told: Told = field(default=NOTHING_TOLD, compare=False)

    @property
    def call(self) -> str:
        """The operation with its arguments."""
        return f"{self.operation}({', '.join(f'{name}={value}' for name, value in self.arguments)})"

    def __str__(self) -> str:
        return f"{self.call} {self.answer or 'without an answer'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSeen:
    """A job was seen in a state, one of `JOB_STATES`.

    scenario: the service's name for what the job does, if told. warning: the code of a warning that came with it.
    tasks: as they were then; empty where they were not told. has_errors: whether it names an error; None where it was
    not told. ended_at: when it says itself that it ended, where that was before `at` (facts 7.2, 7.5).
    """

    item: str
    job: str
    state: str
    scenario: str | None = None
    warning: str | None = None
    tasks: tuple[DatedTask, ...] = ()
    has_errors: bool | None = None
    ended_at: Time = None
    at: Time = None
    number: int = field(default=0, compare=False)
    told: Told = field(default=NOTHING_TOLD, compare=False)

    def __str__(self) -> str:
        return f"job {self.job} is {self.state}" + (f" with warning {self.warning}" if self.warning else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSeen:
    """The item was looked at. A field that `observation` was not given was not reported; null: not known, or none.

    points: its recovery points, newest first, where these were listed instead of the item; else None. last_asked: when
    the item says that operations were last asked for, whoever did (facts F19). machine: what it tells of the machine in
    Azure; None where it tells nothing. scenario_elsewhere: the service's name for what the job that it names does,
    where no recorded request started that job.
    """

    item: str
    observation: Item
    points: tuple[RecoveryPoint, ...] | None = None
    last_asked: tuple[tuple[Operation, Time], ...] = ()
    machine: MachineTold | None = None
    scenario_elsewhere: str | None = None
    at: Time = None
    number: int = field(default=0, compare=False)
    told: Told = field(default=NOTHING_TOLD, compare=False)

    def __str__(self) -> str:
        if self.points is not None:
            return f"{len(self.points)} recovery points are listed"
        shown = self.observation.model_dump(exclude_unset=True, exclude={"id", "health_issues"})
        parts = (f"{name}={_words(value)}" for name, value in shown.items() if value is not None)
        return "the item shows " + (", ".join(parts) or "nothing known")


TraceEvent = Requested | JobSeen | ItemSeen


def bounded(observation: Item) -> Item:
    """The observation without text that is longer than needed: nothing is concluded from the rest."""
    issues, allowed = observation.health_issues or [], observation.allowed_operations or []
    long = {name for name in _IDS if len(getattr(observation, name) or "") > MOST_CHARACTERS}
    size = sum(len(issue.message) + len(issue.code) for issue in issues)
    if not long and size <= MOST_OF_ISSUES and len(allowed) <= len(Operation):
        return observation
    fields = observation.model_dump(exclude_unset=True, exclude=long)
    if size > MOST_OF_ISSUES:
        fields["health_issues"] = [
            {"code": issue.code[:100], "message": issue.message[: MOST_OF_ISSUES // 50]} for issue in issues[:30]
        ]
    if allowed:
        fields["allowed_operations"] = list(dict.fromkeys(allowed))
    return Item.model_validate(fields)


def seconds_between(start: Time, end: Time) -> float | None:
    """How long it is from one time to another; None where one of them is not known, or they are of different kinds."""
    if isinstance(start, str) and isinstance(end, str):
        try:
            return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
        except (ValueError, TypeError):  # one of them may be without a zone
            return None
    if isinstance(start, int | float) and isinstance(end, int | float):
        return float(end - start)
    return None


def is_long_before(told: Time, at: Time) -> bool:
    """Whether a time that the service tells was certainly before another one, which may be by a client's clock."""
    return (seconds_between(told, at) or 0) > CLOCKS_DIFFER


def _words(value: object) -> str:
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)
