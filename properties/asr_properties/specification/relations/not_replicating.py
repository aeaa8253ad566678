"""Where nothing replicates, nothing is received and no point is made, whatever the label says (contract 13).

Sources: R32, R33, R34 and R86.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.messages import RecoveryPoint
from asr_properties.evidence.actions import SLICE
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.relations.clock_bounds import ClockBounds
from asr_properties.specification.relations.point_intervals import interval_of
from asr_properties.specification.relations.recovery_point_ids import LISTED
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.relations.replication_policy import BEFORE_THE_FIRST
from asr_properties.specification.rule import OBSERVED

LAST_POINT_WITHIN = 3600.0
"""Seconds after a phase began in which a last recovery point may still be created."""

NOT_RECEIVED_FAILED_OVER = Relation(
    name="nothing_is_received_from_the_failover_on",
    requirements=("R32",),
    says="what a guest writes while the item fails over or has failed over is not received there",
    seen="record {received} has been sent, in {phase}",
    right="none newer than record {most}: what was sent before, and nothing written since",
    needs=("received_newest",),
)
NOT_RECEIVED_ABORTED = Relation(
    name="nothing_is_received_after_an_aborted_failover",
    requirements=("R34",),
    says="after an aborted failover nothing is received any more",
    seen="record {received} has been sent, in {phase}",
    right="none newer than record {most}",
    needs=("received_newest",),
)
NOT_RECEIVED_BEFORE_THE_ABORT = Relation(
    name="nothing_is_received_until_a_failover_is_aborted",
    requirements=("R32", "R34"),
    says="what a guest writes while the item fails over has not been received when that is aborted",
    seen="record {received} has been sent, in {phase}",
    right="none newer than record {most}",
    needs=("received_newest",),
)
NOT_RECEIVED_FAILED_BACK = Relation(
    name="nothing_is_received_after_a_failback",
    requirements=("R86",),
    says="after a failback nothing is received until the item is reprotected",
    seen="record {received} has been sent, in {phase}",
    right="none newer than record {most}",
    needs=("received_newest",),
)
NO_POINT_ABORTED = Relation(
    name="no_point_is_made_after_an_aborted_failover",
    requirements=("R34",),
    says="no recovery point is created more than an hour after a failover was aborted",
    seen="{point}; the failover was aborted at {began:g} s or before",
    right="none created after {last:g} s",
    needs=("seconds",),
    evidence=OBSERVED,
)
NO_POINT_FAILED_BACK = Relation(
    name="no_point_is_made_after_a_failback",
    requirements=("R86",),
    says="no recovery point is created more than an hour after a failback, until the item is reprotected",
    seen="{point}; the failback ended at {began:g} s or before",
    right="none created after {last:g} s",
    needs=("seconds",),
    evidence=OBSERVED,
)
ABORTED_STAYS_AT_HOME = Relation(
    name="aborted_failover_leaves_production_on_premises",
    requirements=("R33",),
    says="what a guest writes after an aborted failover is on the disks on-premises",
    seen="the guest wrote record {wrote}; newest record on the disks on-premises: {newest}",
    right="record {wrote}",
    needs=("on_premises_newest", "received_newest"),
)

RELATIONS = (
    NOT_RECEIVED_FAILED_OVER,
    NOT_RECEIVED_BEFORE_THE_ABORT,
    NOT_RECEIVED_ABORTED,
    NOT_RECEIVED_FAILED_BACK,
    NO_POINT_ABORTED,
    NO_POINT_FAILED_BACK,
    ABORTED_STAYS_AT_HOME,
)

_FAILING_OVER, _ABORTED, _FAILED_BACK = "failing_over", "failover_aborted", "failed_back"
_NOT_RECEIVED = {
    _FAILING_OVER: NOT_RECEIVED_FAILED_OVER,
    _ABORTED: NOT_RECEIVED_ABORTED,
    **dict.fromkeys(PHASE_SETS["after_failover"], NOT_RECEIVED_FAILED_OVER),
    **dict.fromkeys(PHASE_SETS["after_failback"], NOT_RECEIVED_FAILED_BACK),
}
"""Phase in which nothing that is written is received -> the relation that says so."""

_NO_POINT = {_ABORTED: NO_POINT_ABORTED, **dict.fromkeys(PHASE_SETS["after_failback"], NO_POINT_FAILED_BACK)}
"""Phase in which, besides, nothing at all is received and no point is made -> the relation on its points."""

_BETWEEN = frozenset({"changing_recovery_point", "committing_failover", "committing_failback"})
"""Phases that lead from one of these to another, without any replication."""

_SOON_LISTED = LISTED | BEFORE_THE_FIRST
"""Where points are listed, or the first one is to come."""

_STILL_NOT_RECEIVED = _BETWEEN.union(_NOT_RECEIVED)
_STILL_NO_POINT = _BETWEEN.union(_NO_POINT)
"""Phases in which what was remembered since the first of them is still judged."""


class NotReplicating(Monitor):
    """Remembers what was written and received since the item stopped replicating, and when that was."""

    def begin_item(self) -> None:
        self._clock = ClockBounds()
        # The records written since replication stopped; the newest one received and the latest time that the clock can
        # have shown when the phase was first seen, where nothing at all is received.
        self._written: list[int] = []
        self._received: int | None = None
        self._began: float | None = None
        self._brings_over = False
        # What was listed since the phase began and is not judged yet; the earliest time that it can have been then.
        self._listed: tuple[RecoveryPoint, ...] = ()
        self._listed_after = -inf

    def enter(self, step: Step) -> Iterator[Judgement]:
        self._read_the_clock(step)
        self._note(step)
        phase = step.agreed.phase
        if phase is None or phase not in _NOT_RECEIVED:
            return
        received = known(step.now.received_newest)
        if received is not None:
            yield from self._nothing_received(step, phase, received)
        if phase in _NO_POINT:
            yield from self._no_point_made(step, phase)
        if phase == _ABORTED and step.wrote is not None and step.now.on_premises_newest is not UNKNOWN:
            newest_record = step.now.on_premises_newest
            yield ABORTED_STAYS_AT_HOME.judged(newest_record == step.wrote, wrote=step.wrote, newest=newest_record)

    def _no_point_made(self, step: Step, phase: str) -> Iterator[Judgement]:
        """Of what is listed, what was made before the item was seen in this phase. A recording may list points of an
        item to which something was done elsewhere since; and it does not tell whether a failback was cancelled and done
        again elsewhere, until it is committed."""
        if step.now.recovery_points is not UNKNOWN:
            self._listed, self._listed_after = step.now.listed, self._clock.earliest
        listed: Sequence[RecoveryPoint] = self._listed
        if step.clock is not None:
            if phase == _FAILED_BACK or not step.fields:
                return
            listed = [point for point in listed if point.created <= sum(step.clock) / 2]
        if not listed or self._began is None:
            return
        last = self._began + LAST_POINT_WITHIN
        newest = max(listed, key=lambda point: point.created)
        in_time = newest.created <= last
        if not in_time or self._listed_after > last:  # else a later one may only not have been made yet
            yield _NO_POINT[phase].judged(in_time, point=newest, began=self._began, last=last)
        self._listed = ()

    def _nothing_received(self, step: Step, phase: str, received: int) -> Iterator[Judgement]:
        # It may have been sent before, if this is seen as the job ends.
        is_first = phase == _ABORTED and self._received is None and step.last_wait <= SLICE
        rule = NOT_RECEIVED_BEFORE_THE_ABORT if is_first else _NOT_RECEIVED[phase]
        if self._written:
            most = self._written[0] - 1
            yield rule.judged(received <= most, received=received, phase=phase, most=most)
        if phase in _NO_POINT:
            if self._received is not None:
                most = self._received
                yield rule.judged(received <= most, received=received, phase=phase, most=most)
            self._received = received

    def _read_the_clock(self, step: Step) -> None:
        self._clock.passes(step.elapsed)
        for point in step.now.listed:
            self._clock.shows(point.created)
        if step.clock is not None:
            self._clock.stands(*step.clock)
        if step.agreed.phase not in LISTED or step.agreed_before.phase not in _SOON_LISTED:
            return
        before = {point.id for point in step.was.listed}
        for point in step.now.listed:
            if point.id not in before:
                self._clock.made_within(point.created, step.elapsed[1] + (interval_of(step, point.kind) or 0.0))

    def _note(self, step: Step) -> None:
        before, phase = step.agreed_before.phase, step.agreed.phase
        if step.event == Operation.FAIL_OVER and step.response is not Answer.REFUSED and before != _FAILING_OVER:
            # A source that is shut down for `latest` may bring over all it has written until then (contract 12). While
            # a failover runs another one can only be refused, be it by its job.
            brings_over = bool(known(step.shut_down_source)) and known(step.recovery_point) == "latest"
            self._brings_over = brings_over or (before is None and self._brings_over)
        if phase is None or phase not in _STILL_NOT_RECEIVED:
            self._written = []
        if phase is None or phase not in _STILL_NO_POINT:
            self._received = self._began = None
            self._listed = ()
        elif phase in _NO_POINT and (self._began is None or (step.clock is not None and before != phase)):
            self._began = self._clock.latest
        if self._began is not None and self._clock.is_contradicted:
            self._began = inf
        is_brought_over = phase == _FAILING_OVER and self._brings_over
        if step.wrote is not None and before == phase and phase in _NOT_RECEIVED and not is_brought_over:
            self._written.append(step.wrote)
