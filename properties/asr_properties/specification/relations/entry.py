"""What the monitors are told: one action on an implementation, with everything that was seen before and after it."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, NamedTuple

from asr_model.vocabulary import Operation, Response, Site
from asr_properties.contract.messages import Item, Job, Machine, RecoveryPoint, Replication


class Look(NamedTuple):
    """Everything that can be seen at one instant, as it was answered; None is: not offered."""

    item: Item | None = None
    points: tuple[RecoveryPoint, ...] = ()
    on_premises: Machine | None = None
    azure: Machine | None = None
    replication: Replication | None = None
    jobs: tuple[str, ...] = ()

    def newest(self, site: Site) -> int | None:
        """The newest record on the disks at a site; None where that is not seen or there is no machine."""
        machine = self.azure if site is Site.AZURE else self.on_premises
        return None if machine is None else machine.sequence


class Ended(NamedTuple):
    """A job that has ended since the look before. refused: it only ever was one that is being refused."""

    operation: str
    id: str
    job: Job
    refused: bool


class Entry(NamedTuple):
    """One action.

    event, arguments: as in a moment of evidence; sent: what was really sent. response: of an operation, None while it
    is open; job: what it started. was_phase, phase: of the item before and after, None where the model leaves more than
    one. was_site, site: where its production machine must be, None where that is not specified. drill: there may be
    one; resynchronizing: such a job may run. elapsed: the least and the most seconds that have passed; last_wait: so
    long before its end the job still ran. settings: what the configuration comes to, only of keys that the
    implementation honours. surroundings: as in a moment; faults: those that are on, by name. fields: what the
    implementation reports.
    """

    event: str
    response: Response | None
    arguments: Mapping[str, Any]
    sent: Mapping[str, Any]
    job: str | None
    wrote: int | None
    was: Look
    now: Look
    was_phase: str | None
    phase: str | None
    was_site: Site | None
    site: Site | None
    drill: bool
    resynchronizing: bool
    elapsed: tuple[float, float]
    last_wait: float
    ended: tuple[Ended, ...]
    settings: Mapping[str, Any]
    surroundings: frozenset[str]
    faults: frozenset[str]
    fields: frozenset[str]

    @property
    def is_timeless(self) -> bool:
        """Whether no time has passed: only `wait` lets it (contract, Time)."""
        return self.elapsed[1] == 0

    def ended_well(self, operation: Operation) -> str | None:
        """The job of this operation that has succeeded since the look before, if one has."""
        return next((e.id for e in self.ended if e.operation == operation and e.job.state == "succeeded"), None)


class Clock:
    """What is known of the time on the implementation's clock: between `earliest` and `latest`, in its seconds.

    Instants are told only by recovery points, so the two begin far apart and draw near as points are made.
    """

    def __init__(self) -> None:
        self.earliest = -inf
        self.latest = inf

    def passes(self, elapsed: tuple[float, float]) -> None:
        """At least and at most so many seconds pass."""
        self.earliest += elapsed[0]
        self.latest += elapsed[1]

    def shows(self, created: float) -> None:
        """Something that was made at this instant is seen: it is not in the future."""
        self.earliest = max(self.earliest, created)

    def made_within(self, created: float, seconds: float) -> None:
        """Something made at this instant was made within the last so many seconds."""
        self.latest = min(self.latest, created + seconds)
