"""One step: what was done and how it was answered, what was seen before it and after it."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, NamedTuple

from asr_model.vocabulary import Operation, Site
from asr_properties.contract.messages import Job
from asr_properties.evidence.actions import Action
from asr_properties.evidence.observation import NOTHING_SEEN, Observation
from asr_properties.evidence.unknown import UNKNOWN, known


class EndedJob(NamedTuple):
    """A job that has ended since the look before. refused: it only ever was one that is being refused."""

    operation: str
    id: str
    job: Job
    refused: bool


class Update(NamedTuple):
    """A change of the settings that was asked for. job: None where it took none. refused: whether it was, at once."""

    changes: Mapping[str, str | None]
    job: str | None = None
    refused: bool = False


class Agreed(NamedTuple):
    """What every explanation of an item agrees on, at one instant.

    phase: None where there is more than one. site: where its production machine must be, None where that is open.
    drill, resynchronizing: whether there may be a drill, and such a job. failback_failed: whether a failback may have
    failed, so that it is open whether replication goes on (contract 15). refused: the jobs whose operations can only
    be refused.
    """

    phase: str | None = None
    site: Site | None = None
    drill: bool = False
    resynchronizing: bool = False
    failback_failed: bool = False
    refused: frozenset[str] = frozenset()


NOTHING_AGREED = Agreed()


class Step(NamedTuple):
    """One step of a run, of a recording, or of the model.

    The first fields are what the expressions of properties can name, each UNKNOWN where it is not known:
    event: an operation, a happening, or what else was done (`wait`, `write`, `inject`, `clear`, `new_item`, `observe`);
    response: `accepted`, `refused`, or None for what is no operation; recovery_point, recovery_point_type,
    shut_down_source: the operation's arguments, in the model's kinds of value; seconds: how long was waited;
    surroundings: the conditions that hold, by the model's names; named_id: the listed recovery point that was named;
    ended_operation: whose job has ended since the look before; tasks_in_order: whether its tasks were.
    was, now: what was seen before and after.

    The others are for relations between concrete values, and for people:
    action, answer: what was done and how it was answered; sent: the arguments as they were sent; job: what a request
    started, None where it was refused; wrote: the record that was written; elapsed: the least and the most seconds that
    have passed; clock: of a recording, between which instants the clock of recovery points stands, in seconds, as far
    as its times tell it, and None of everything else; last_wait: before so many of them the job still ran;
    ended: the jobs that have ended; agreed_before, agreed: what the explanations agree on, before and after;
    settings: what the configuration comes to, only of keys that the implementation honours; faults: those that are on,
    by name, and UNFIT_APPLIANCE while replication may go through one; fields: what an item reports; update: the change
    of settings that was asked for; through: what is special about the appliance and the account that a reprotect named
    (`elsewhere`, `blind`, `unhealthy`, `unknown`), None where it named none.
    """

    event: Any
    response: Any = None
    recovery_point: Any = None
    recovery_point_type: Any = None
    shut_down_source: Any = None
    seconds: Any = UNKNOWN
    surroundings: Any = UNKNOWN
    named_id: Any = UNKNOWN
    ended_operation: Any = UNKNOWN
    tasks_in_order: Any = UNKNOWN
    was: Observation = NOTHING_SEEN
    now: Observation = NOTHING_SEEN
    action: Action = Action("wait")
    answer: str = ""
    sent: Mapping[str, Any] = {}
    job: str | None = None
    wrote: int | None = None
    elapsed: tuple[float, float] = (0.0, inf)
    clock: tuple[float, float] | None = None
    last_wait: float = 0.0
    ended: tuple[EndedJob, ...] = ()
    agreed_before: Agreed = NOTHING_AGREED
    agreed: Agreed = NOTHING_AGREED
    settings: Mapping[str, Any] = {}
    faults: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    update: Update | None = None
    through: frozenset[str] | None = None

    @property
    def is_timeless(self) -> bool:
        """Whether no time has passed: only `wait` lets it (contract, Time)."""
        return self.elapsed[1] == 0

    @property
    def may_have_drill(self) -> bool:
        """Whether there may have been a drill."""
        return self.agreed_before.drill or self.agreed.drill

    @property
    def may_resynchronize(self) -> bool:
        """Whether a resynchronize job may have run."""
        return self.agreed_before.resynchronizing or self.agreed.resynchronizing

    @property
    def shown_phase(self) -> str | None:
        """What the item showed afterwards, or what it must be in."""
        phase: str | None = known(self.now.phase) or self.agreed.phase
        return phase

    @property
    def in_brief(self) -> Step:
        """The step without the lists that were seen: what is kept of many steps."""
        return self._replace(was=NOTHING_SEEN, now=self.now.in_brief, ended=())

    def ended_well(self, operation: Operation) -> str | None:
        """The job of this operation that has succeeded since the look before, if one has."""
        if not self.ended:  # as of most steps
            return None
        return next((e.id for e in self.ended if e.operation == operation and e.job.state == "succeeded"), None)


UNFIT_APPLIANCE = "unfit_appliance"

WORDS = Step._fields.index("was")
"""So many fields of a step are words of its own; then come the two observations."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "seconds": ("clock",),
    "tasks_in_order": ("the tasks of its jobs by the service's names",),
}
"""A word of a step -> what an adapter offers for it: a control, or what it need not offer but may."""


def words_of(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of an operation as words of a step."""
    return {name: arguments.get(name) for name in ("recovery_point", "recovery_point_type", "shut_down_source")}
