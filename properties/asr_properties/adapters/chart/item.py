"""One item of the chart: its jobs, its recovery points and its machines, which follow from what the engine does.

The rules that resolve what the chart leaves open:

- Time: while a job runs something happens every 5 minutes, else every hour. What happens is drawn from what the chart
  allows; where only recovery points can go, nothing happens in seven of eight draws.
- Where the chart lets an operation be refused as well, that is drawn; where an operation need not be offered at all,
  the draw is one for as long as nothing happens and nothing is accepted, for the list and the answer alike.
- Points: those that changes of `points` make and take, and while points are listed of a protected item another
  crash-consistent one each hour, of which the newest 12 are kept. A failover or a change puts to use what it named; of
  an option, the newest listed point that serves it.
- Machines: what `unspecified` leaves open stays as it was, but is off where the other machine is on (X10). Nothing is
  ever written.

Draws depend on what was done alone, so that the same walk is answered in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from zlib import crc32

from asr_model.vocabulary import ARGUMENTS, Fault, Group, JobEnd, Operation, Site
from asr_properties.adapters.chart.engine import Engine, Taken
from asr_properties.contract.errors import Refused
from asr_properties.contract.faults import SWITCHES_AZURE_OFF

BUSY_PACE, IDLE_PACE = 300.0, 3600.0
"""Seconds from one happening to the next: while a job runs, and else."""
REGISTERING_TAKES = 900.0
"""Seconds after a failover in which a surrounding that passes holds (facts 1.1, 4)."""
MOST_POINTS = 12
LONGEST_WAIT = 24 * 3600.0
"""Seconds after which `wait` for a job comes back whatever the job does (contract, Time)."""

_GROUP = "in_a_group"
"""The surrounding that lasts with the item."""

_LOSSES = frozenset({"app_consistent_points_pruned", "recovery_points_pruned"})

Choice = TypeVar("Choice")


@dataclass
class ChartJob:
    """A job. why: the chart's name of what made it fail, or ended it when it was cancelled."""

    id: str
    state: str = "in_progress"
    why: str = ""


@dataclass
class Point:
    """A recovery point; created: seconds."""

    id: str
    kind: str
    created: float


@dataclass
class ChartItem:
    """One item, from `new_item` on. engine: runs the lifecycle, at its beginning. new_id: gives an id of a kind that no
    other thing has."""

    engine: Engine
    configuration: Mapping[str, Any]
    new_id: Callable[[str], str]
    now: float = 0.0
    faults: set[Fault] = field(default_factory=set)
    jobs: dict[str, ChartJob] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    in_use: str | None = None
    id: str | None = None

    def __post_init__(self) -> None:
        self._running: list[str] = []
        self._power: dict[str, str] = {Site.ON_PREMISES: "on", Site.AZURE: "absent"}
        self._next = 0.0
        self._failed_over_at: float | None = None
        self._named: str | None = None
        self._history = self._since = 0

    # -- what is asked -----------------------------------------------------------------------------------------

    def request(self, operation: Operation, arguments: Mapping[str, Any]) -> str:
        """Ask for an operation; the id of its job.

        Raises:
            Refused: the chart does not allow it, or it was drawn.
        """
        kinds = {**arguments}
        named = kinds.get("recovery_point")
        if named is not None or "recovery_point" in ARGUMENTS.get(operation, {}):
            kinds["recovery_point"] = self._kind_of(operation, str(named or "latest"))
        self._note(operation, tuple(kinds.values()))
        self._surround()
        tried = self.engine.tried(operation, kinds)
        if tried is None or (tried.was_free and not self._is_offered(operation)):
            raise Refused(f"{operation} is not possible in {self.engine.phase}")
        points, before = self._serving(str(named)), self.engine.phase
        taken = self.engine.take(operation, kinds)
        assert taken is not None
        if before == "not_replicated" != self.engine.phase:
            self._begin_life()
        if named is not None and self.engine.phase != before:  # a drill leaves it, and what is in use
            self._named = points[0].id if points else None
        job = self._begin_job()
        self._end_job(taken, operation)
        self._follow()
        if not taken.told:
            raise Refused(f"{operation} is not possible in {before}")
        return job

    def cancel_job(self, job: str) -> None:
        """Cancel a job.

        Raises:
            Refused: it has ended, or that was drawn.
        """
        running = "running" if self._running and job == self._running[-1] else "ended"
        self._note(Operation.CANCEL_JOB, running)
        self._surround()
        tried = self.engine.tried(Operation.CANCEL_JOB, {"job": running})
        if tried is None or (tried.was_free and not self._draw((True, False), "cancel")):
            raise Refused("the job cannot be cancelled")
        taken = self.engine.take(Operation.CANCEL_JOB, {"job": running})
        self._follow()
        if taken is not None and not taken.told:
            raise Refused("the job cannot be cancelled")

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._pass_until(self.now + seconds, lambda: False)

    def wait_for(self, job: str) -> None:
        """Let time pass until a job has ended, a day at most."""
        self._pass_until(self.now + LONGEST_WAIT, lambda: self.jobs[job].state != "in_progress")

    # -- what is seen ------------------------------------------------------------------------------------------

    @property
    def current_job(self) -> str | None:
        """The job that runs."""
        return self._running[-1] if self._running else None

    @property
    def allowed_operations(self) -> list[str]:
        """What is listed; nothing in transitional phases, and while a drill runs or is cleaned up (contract 2)."""
        declared = self.engine.declared
        facts, drill = declared.phases[self.engine.phase], declared.drills[self.engine.drill]
        if not facts.steady or drill.settles_within is not None:
            return []
        certain, free = self._acceptable()
        return sorted(name for name in certain if name not in free or self._is_offered_now(name))

    def power(self, site: Site) -> str:
        """The power of the production machine at a site."""
        switched_off = site is Site.AZURE and SWITCHES_AZURE_OFF in self.faults and self._power[site] == "on"
        return "off" if switched_off else self._power[site]

    # -- inside ------------------------------------------------------------------------------------------------

    def _pass_until(self, end: float, is_over: Callable[[], bool]) -> None:
        while not is_over():
            pace = BUSY_PACE if self.engine.is_busy else IDLE_PACE
            self._next = min(self._next, self.now + pace) if self._next > self.now else self.now + pace
            if self._next > end:
                self.now = end
                return
            self.now = self._next
            self._happen()

    def _happen(self) -> None:
        """One of the things that the chart allows to happen by themselves happens."""
        self._surround()
        if self.points and self.engine.phase == "protected" and not self.engine.is_busy:
            self._make_point("crash_consistent")
            crash = [point for point in self.points if point.kind == "crash_consistent"]
            self.points = [point for point in self.points if point not in crash[MOST_POINTS:]]
        possible = self.engine.happenings
        if not possible or (_LOSSES.issuperset(possible) and self._draw(range(8), "loss")):
            return
        happening = self._draw(possible, "happening")
        self._note(happening)
        taken = self.engine.take(happening)
        assert taken is not None
        self._end_job(taken, happening)
        self._follow()

    def _begin_job(self) -> str:
        job = self.new_id("job")
        self.jobs[job] = ChartJob(job)
        self._running.append(job)
        return job

    def _end_job(self, taken: Taken, happening: str) -> None:
        """End the running job if the chart says so; what still runs is a job of the service's own (contract 8)."""
        if taken.ends is None:
            return
        if self._running:
            job = self.jobs[self._running.pop()]
            job.state = str(taken.ends)
            job.why = "" if taken.ends is JobEnd.SUCCEEDED else happening
        if self.engine.phase == "failed_over" and taken.ends is JobEnd.SUCCEEDED and self._named is not None:
            self.in_use, self._named = self._named, None
            self._failed_over_at = self.now if happening == "failover_succeeds" else self._failed_over_at
        if self.engine.is_busy and not self._running:
            self._begin_job()

    def _follow(self) -> None:
        """Let points, machines and jobs follow from what the engine has become."""
        self._since = self._history
        for site, other in ((Site.ON_PREMISES, Site.AZURE), (Site.AZURE, Site.ON_PREMISES)):
            power = self.engine.value(site)
            if power != "unspecified":
                self._power[site] = power
            elif self.engine.value(other) == "on" == self._power[site]:
                self._power[site] = "off"
        self._follow_points(self.engine.value("points"))
        most = 1 if self.engine.is_busy else 0
        while len(self._running) > most:  # a resynchronization gives way to what was asked for
            self.jobs[self._running.pop(0)].state = str(JobEnd.CANCELLED)
        facts = self.engine.declared.phases[self.engine.phase]
        if facts.group is not Group.TOWARDS_AZURE and facts.steady:
            self.in_use = None
        if self.engine.phase == "not_replicated" and not self._running:
            self.id = None

    def _follow_points(self, best: str) -> None:
        if best == "none":
            self.points.clear()
        elif best == "crash":
            self.points = [point for point in self.points if point.kind == "crash_consistent"]
        kind = "app_consistent" if best == "app" else "crash_consistent"
        if best != "none" and not any(point.kind == kind for point in self.points):
            self._make_point(kind)
            if self._named is None and self.engine.phase == "failing_over":
                self._named = self.points[0].id

    def _make_point(self, kind: str) -> None:
        self.points.insert(0, Point(self.new_id("point"), kind, self.now))

    def _begin_life(self) -> None:
        self.id, self.in_use, self._named = self.new_id("item"), None, None

    def _serving(self, named: str) -> list[Point]:
        """The listed points that serve what a failover or a change named, newest first."""
        if named == "latest_app_consistent":
            return [point for point in self.points if point.kind == "app_consistent"]
        return [point for point in self.points if named in ("latest", "latest_processed", point.id)]

    def _kind_of(self, operation: Operation, named: str) -> str:
        kinds = ARGUMENTS[operation]["recovery_point"]
        if named.startswith("latest"):
            return named if named in kinds else "unknown"
        if named == self.in_use and "in_use" in kinds and any(point.id == named for point in self.points):
            return "in_use"
        return "listed" if any(point.id == named for point in self.points) else "unknown"

    def _surround(self) -> None:
        """Tell the engine which conditions hold."""
        passing = self._failed_over_at is not None and self.now < self._failed_over_at + REGISTERING_TAKES
        given = {
            "datastore_hidden": self.configuration.get("datastore_visible", True) is False,
            "in_a_group": self.configuration.get("multi_vm_group") is not None,
        }
        self.engine.surroundings = frozenset(
            s.name
            for s in self.engine.declared.surroundings
            if self.faults.intersection(s.faults) or given.get(s.name) or (s.passes and passing)
        )

    def _acceptable(self) -> tuple[frozenset[str], frozenset[str]]:
        """As the engine's. What may be refused to a member of a group need not be offered to one, either (contract 15:
        list and acceptance agree)."""
        certain, free = self.engine.acceptable
        if self.configuration.get("multi_vm_group") is None or _GROUP not in self.engine.surroundings:
            return certain, free
        holding, self.engine.surroundings = self.engine.surroundings, frozenset({_GROUP})
        tried = {name: self.engine.tried(name) for name in certain - free if not ARGUMENTS.get(Operation(name))}
        self.engine.surroundings = holding
        return certain, free | {name for name, taken in tried.items() if taken is not None and taken.was_free}

    def _is_offered(self, operation: str) -> bool:
        """Whether an operation that may be refused is accepted."""
        _, free = self._acceptable()
        if operation in free:
            return self._is_offered_now(operation)
        return self._draw((True, False), operation)

    def _is_offered_now(self, operation: str) -> bool:
        return crc32(operation.encode(), self._since) % 2 == 0

    def _note(self, *what: object) -> None:
        self._history = crc32(repr(tuple(map(str, what))).encode(), self._history)

    def _draw(self, options: Sequence[Choice], why: str) -> Choice:
        """One of several outcomes: what was done until now decides."""
        self._note(why)
        return options[self._history % len(options)]
