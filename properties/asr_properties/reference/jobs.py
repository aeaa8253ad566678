"""Jobs: a row of tasks, each of which takes its time and then succeeds or fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, Protocol

from .clock import Timer, VirtualClock
from .contract_words import CANCELLED, FAILED, IN_PROGRESS, NOT_STARTED, SKIPPED, SUCCEEDED
from .points import Point

SUCCEEDS: Final = "succeeds"
FAILS: Final = "fails"
FAILS_ALONE: Final = "fails_alone"
"""What a task does at its end; with the last, the job goes on all the same."""


class Step(NamedTuple):
    """A task of a job: its name, how long it takes in seconds, what it does when it has succeeded."""

    name: str
    seconds: float
    effect: Callable[[Job], None] | None = None
    skipped: bool = False


class JobTimes:
    """When things happened, in seconds on the item's clock; None: not yet. Not of the contract: for those who show
    dates.

    `tasks`: place of a task that has begun -> when it began and ended. `errors`: of each, when it was reported, and
    which task had failed then.
    """

    __slots__ = ("began", "ended", "errors", "tasks")

    def __init__(self, began: float) -> None:
        self.began = began
        self.ended: float | None = None
        self.tasks: dict[int, tuple[float, float | None]] = {}
        self.errors: list[tuple[float, str | None]] = []


class JobOwner(Protocol):
    """Who decides how a job's tasks end and learns how the job ends."""

    def task_ends(self, job: Job, task: str) -> str:
        """How the task ends that is due now: SUCCEEDS, FAILS or FAILS_ALONE."""

    def job_ended(self, job: Job) -> None:
        """The job has left `in_progress`."""


class Job:
    """A job and what the operation behind it has to remember.

    `phase_before`: the item's phase when it began. `refusing`: it exists only to refuse (contract 1). `fails_from`: the
    place of the first task at which a fault without a task acts. `trouble_at`: the task that fails if a health fault is
    still on at its end, or if the job is `in_trouble` itself. `outcome`: what a failure leads to, where it was chosen
    at the beginning. `point`: the recovery point it works with. `source_shut_down`: it has turned the source off.
    `committed`: its commit task is done.
    """

    __slots__ = (
        "_clock",
        "_event",
        "_owner",
        "committed",
        "errors",
        "fails_from",
        "id",
        "in_trouble",
        "may_cancel",
        "on_cancel",
        "on_failure",
        "on_success",
        "operation",
        "outcome",
        "phase_before",
        "point",
        "position",
        "refusing",
        "scenario",
        "source_shut_down",
        "state",
        "steps",
        "task_states",
        "times",
        "trouble_at",
    )

    def __init__(
        self, job_id: str, operation: str, scenario: str, steps: Sequence[Step], clock: VirtualClock, owner: JobOwner
    ) -> None:
        self.id = job_id
        self.operation = operation
        self.scenario = scenario
        self.steps = steps
        self.state = IN_PROGRESS
        self.task_states = [NOT_STARTED] * len(steps)
        self.position = -1
        self.errors: list[dict[str, str]] = []
        self.may_cancel = False
        self.refusing = False
        self.phase_before = ""
        self.fails_from = 0
        self.trouble_at: str | None = None
        self.in_trouble = False
        self.outcome: str | None = None
        self.point: Point | None = None
        self.source_shut_down = False
        self.committed = False
        self.times = JobTimes(clock.now)
        self.on_success: Callable[[Job], None] | None = None
        self.on_failure: Callable[[Job], None] | None = None
        self.on_cancel: Callable[[Job], None] | None = None
        self._clock = clock
        self._owner = owner
        self._event: Timer | None = None

    @property
    def running(self) -> bool:
        """Whether the job is in progress."""
        return self.state == IN_PROGRESS

    def begin(self) -> None:
        """Begin the first task."""
        self._next_task()

    def halt(self) -> None:
        """Let no further task end; the job stays in progress until `cancel`."""
        self.may_cancel = False
        if self._event is not None:
            self._clock.withdraw(self._event)
            self._event = None

    def cancel(self) -> None:
        """End as cancelled, now."""
        self.halt()
        if self.task_states[self.position] == IN_PROGRESS:
            self._task_ends(CANCELLED)
        self._end(CANCELLED)

    def report(self, code: str, message: str) -> None:
        """Add an error; this may happen after the end (contract 8)."""
        self.errors.append({"code": code, "message": message})
        failed = self.position < len(self.steps) and self.task_states[self.position] == FAILED
        self.times.errors.append((self._clock.now, self.steps[self.position].name if failed else None))

    def shown(self) -> dict[str, Any]:
        """The job as the method `job` gives it."""
        return {
            "state": self.state,
            "scenario": self.scenario,
            "tasks": [
                {"name": step.name, "state": state} for step, state in zip(self.steps, self.task_states, strict=True)
            ],
            "errors": [dict(error) for error in self.errors],
            "may_cancel": self.may_cancel,
        }

    def _next_task(self) -> None:
        while True:
            self.position += 1
            if self.position == len(self.steps):
                self._end(SUCCEEDED)
                return
            step = self.steps[self.position]
            if not step.skipped:
                break
            self.task_states[self.position] = SKIPPED
        self.task_states[self.position] = IN_PROGRESS
        self.times.tasks[self.position] = (self._clock.now, None)
        self._event = self._clock.after(step.seconds, self._task_due)

    def _task_due(self) -> None:
        step = self.steps[self.position]
        end = self._owner.task_ends(self, step.name)
        if end == SUCCEEDS:
            self._task_ends(SUCCEEDED)
            if step.effect is not None:
                step.effect(self)
            self._next_task()
            return
        self._task_ends(FAILED)
        self.report("task_failed", f"Task {step.name} failed.")
        if end == FAILS_ALONE:
            self._next_task()
        else:
            self._end(FAILED)

    def _task_ends(self, state: str) -> None:
        self.task_states[self.position] = state
        self.times.tasks[self.position] = (self.times.tasks[self.position][0], self._clock.now)

    def _end(self, state: str) -> None:
        self.state = state
        self.times.ended = self._clock.now
        self.may_cancel = False
        self._owner.job_ended(self)
