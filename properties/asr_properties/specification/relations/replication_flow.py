"""Replication in time: a record is written, received, processed, and then held by recovery points (contract 12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation, Site
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN
from asr_properties.specification.of_profile import MODERNIZED
from asr_properties.specification.relations.clock_bounds import ClockBounds
from asr_properties.specification.relations.point_intervals import POINT_KINDS, ProcessedBefore, interval_of
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

RECEIVED_WITHIN = 600.0
"""With nothing wrong, a record is received within so many seconds."""

IN_A_POINT_WITHIN = 3600.0
"""With nothing wrong, a record is in a recovery point within so many seconds."""

_TOO_OLD = "sent {received}, and record {due} was written more than {bound:time} ago"
_AT_LEAST = "sent {due} or more"

NOTHING_AHEAD = Relation(
    name="nothing_is_received_before_it_is_written",
    requirements=("R17",),
    beside=frozenset({"R17"}),
    says="the service has received only what was written, and processed only what it has received",
    seen="written {written}, sent {received}, processed {processed}",
    right="sent at most {written}, processed at most what was sent",
    needs=("received_newest",),
)
NEVER_BACK = Relation(
    name="what_was_received_stays_received",
    requirements=("R17",),
    beside=frozenset({"R17"}),
    says="while an item is protected, the newest records received and processed never go back",
    seen="sent {was_received} before, {received} now; processed {was_processed} before, {processed} now",
    right="neither less than before",
    needs=("received_newest",),
)


class _Protected(Relation):
    """While there is a drill, that one must leave replication alone (X13) is broken first."""

    def blames(self, step: Step, stepper: Stepper) -> tuple[str, ...]:
        return ("X13", *self.requirements) if step.may_have_drill else self.requirements


RECEIVED = _Protected(
    name="protected_item_replicates",
    requirements=("R92",),
    says="with nothing wrong, what a protected machine writes is received within ten minutes",
    seen=_TOO_OLD,
    right=_AT_LEAST,
    needs=("received_newest", "seconds"),
)
RECEIVED_IN_REVERSE = Relation(
    name="reverse_protected_item_replicates",
    requirements=("R94",),
    says="with nothing wrong, what a machine protected towards on-premises writes is received within ten minutes",
    seen=_TOO_OLD,
    right=_AT_LEAST,
    needs=("received_newest", "seconds"),
)
RESUMED = Relation(
    name="replication_flows_after_cancel",
    requirements=("R70",),
    says="after a cancel, what the machine in Azure writes is received within ten minutes again",
    seen=_TOO_OLD,
    right=_AT_LEAST,
    needs=("received_newest", "seconds"),
    profiles=MODERNIZED,
)
RESUMED_BY_REVERT = Relation(
    name="replication_flows_after_revert",
    requirements=("R79", "R70"),
    says="after the service's own revert, what the machine in Azure writes is received within ten minutes again",
    seen=_TOO_OLD,
    right=_AT_LEAST,
    needs=("received_newest", "seconds"),
    profiles=MODERNIZED,
)
IN_A_POINT = Relation(
    name="records_come_into_points",
    requirements=("X20",),
    says="with nothing wrong, what a protected machine writes is in a recovery point within an hour",
    seen="record {due} was written more than {bound:time} ago; the points hold records up to {held}",
    right="one that holds record {due}",
    needs=("received_newest", "seconds"),
)
POINTS_HOLD_PROCESSED = Relation(
    name="points_hold_what_was_processed",
    requirements=("X20",),
    beside=frozenset({"X20"}),
    says="a recovery point holds every record that was processed when it was created",
    seen="new: {point}; processed before it was made: {processed}",
    right="it holds record {processed} or a later one",
    needs=("received_newest",),
)
POINTS_HOLD_NOTHING_LATER = Relation(
    name="points_hold_nothing_later",
    requirements=("X20",),
    says="a recovery point holds no record that was written after it was created",
    seen="new: {point}; first record written later: {later}",
    right="it holds no record from {later} on",
    needs=("received_newest", "seconds"),
)

RELATIONS = (
    NOTHING_AHEAD,
    NEVER_BACK,
    RECEIVED,
    RECEIVED_IN_REVERSE,
    RESUMED,
    RESUMED_BY_REVERT,
    IN_A_POINT,
    POINTS_HOLD_PROCESSED,
    POINTS_HOLD_NOTHING_LATER,
)

_SOURCE = {"protected": Site.ON_PREMISES, "reverse_protected": Site.AZURE}


@dataclass
class _Record:
    """A record that a guest wrote.

    site: where. written: it was written no earlier than this, on the implementation's clock. waited: for so many
    seconds since then, at least, nothing has hindered replication.
    """

    sequence: int
    site: Site | None
    written: float
    waited: float = 0.0


class ReplicationFlow(Monitor):
    """Remembers when each record was written, and how long it has had to be received and to come into a point."""

    def begin_item(self) -> None:
        self._clock = ClockBounds()
        self._records: list[_Record] = []
        self._newest = 0
        self._resumed: Relation | None = None
        # Seconds, at least, for which points have been made without anything in the way.
        self._steady = 0.0
        self._before = {kind: ProcessedBefore() for kind in POINT_KINDS}

    def enter(self, step: Step) -> Iterator[Judgement]:
        self._clock.passes(step.elapsed)
        before = self._clock.earliest
        if step.agreed.phase in _SOURCE and step.now.listed:
            self._clock.shows(max(point.created for point in step.now.listed))
        if step.wrote is not None:
            self._newest = max(self._newest, step.wrote)
            takes_time = step.elapsed[1] > 0  # without a clock points may have been made since, before the look
            written = before if takes_time else self._clock.earliest
            self._records.append(_Record(step.wrote, step.agreed_before.site, written))
        self._follow(step)
        was, now = step.was, step.now
        if now.received_newest is UNKNOWN:
            return
        sent, processed = now.received_newest, now.processed_newest
        ahead = processed <= sent <= self._newest
        yield NOTHING_AHEAD.judged(ahead, written=self._newest, received=sent, processed=processed)
        is_open = step.agreed_before.failback_failed or step.agreed.failback_failed  # whether it goes on (contract 15)
        stays = step.agreed_before.phase == step.agreed.phase and step.agreed.phase in _SOURCE and not is_open
        if stays and was.received_newest is not UNKNOWN and not step.ended:
            yield NEVER_BACK.judged(
                sent >= was.received_newest and processed >= was.processed_newest,
                was_received=was.received_newest,
                received=sent,
                was_processed=was.processed_newest,
                processed=processed,
            )
        if stays and step.agreed.phase == "protected":
            yield from self._new_points(step)
        self._note_processed(step)
        if step.agreed.phase in _SOURCE and not is_open:
            yield from self._received(_SOURCE[step.agreed.phase], now.received_newest)
        if step.agreed.phase == "protected":
            yield from self._in_a_point(step)

    def _follow(self, step: Step) -> None:
        """Add to the time that each record has had, and forget the records that are lost or no longer matter."""
        if step.agreed.phase == "reverse_protected" and step.agreed_before.phase != "reverse_protected":
            restored = step.ended_well(Operation.CANCEL_FAILOVER) is not None
            by_itself = step.agreed_before.phase in ("failing_back", "reverting_failback")
            self._resumed = (RESUMED_BY_REVERT if by_itself else RESUMED) if restored else None
        if step.ended_well(Operation.CHANGE_RECOVERY_POINT):  # what was written in Azure until then is lost
            self._records = []
        if step.agreed.phase not in _SOURCE:
            self._records = [r for r in self._records if step.agreed.site is not None and r.site == step.agreed.site]
            for record in self._records:
                record.waited = 0.0
            return
        hindered = self._is_hindered(step)
        for record in self._records:
            record.waited = 0.0 if hindered else record.waited + step.elapsed[0]

    @staticmethod
    def _is_hindered(step: Step) -> bool:
        """Whether something may have been in the way of replication."""
        return bool(step.faults) or step.may_resynchronize or step.agreed_before.phase != step.agreed.phase

    def _note_processed(self, step: Step) -> None:
        """Remember what is processed now, for the points that are created from now on."""
        if step.agreed.phase != "protected" or step.agreed_before.phase != "protected" or self._is_hindered(step):
            self._steady = 0.0
        else:
            self._steady += step.elapsed[0]
        for kind, before in self._before.items():
            interval = interval_of(step, kind)
            made = [point.created for point in step.now.listed if point.kind == kind][:2]
            if interval is None or not made or self._steady < 2 * interval:
                before.forget()
            elif step.now.processed_newest is not UNKNOWN:
                before.look(made[0], max(interval, made[0] - made[-1]), step.now.processed_newest)

    def _new_points(self, step: Step) -> Iterator[Judgement]:
        known = {point.id for point in step.was.listed}
        for point in step.now.listed:
            if point.id in known or point.sequence is None:
                continue
            processed = self._before[point.kind].certainly(point.created)
            if processed is not None:
                yield POINTS_HOLD_PROCESSED.judged(point.sequence >= processed, point=point, processed=processed)
            after = [record.sequence for record in self._records if record.written > point.created]
            later = min(after, default=self._newest + 1)
            yield POINTS_HOLD_NOTHING_LATER.judged(point.sequence < later, point=point, later=later)

    def _received(self, source: Site, received: int) -> Iterator[Judgement]:
        due = self._waited_longer(RECEIVED_WITHIN, source)
        if due:
            plain = RECEIVED if source is Site.ON_PREMISES else RECEIVED_IN_REVERSE
            rule, newest = self._resumed or plain, max(due)
            yield rule.judged(received >= newest, received=received, due=newest, bound=RECEIVED_WITHIN)

    def _in_a_point(self, step: Step) -> Iterator[Judgement]:
        retention = step.settings.get("retention_minutes")
        interval = step.settings.get("crash_consistent_minutes")
        if retention is None or interval is None:
            return
        bound = max(IN_A_POINT_WITHIN, interval * 60)
        due = self._waited_longer(bound + RECEIVED_WITHIN, Site.ON_PREMISES)
        held = [point.sequence for point in step.now.listed if point.sequence is not None]
        if due and held and retention * 60 > bound:
            yield IN_A_POINT.judged(max(held) >= max(due), due=max(due), held=max(held), bound=bound + RECEIVED_WITHIN)
        self._records = [r for r in self._records if r.waited <= 2 * bound + RECEIVED_WITHIN]

    def _waited_longer(self, seconds: float, source: Site) -> list[int]:
        """The records written at `source` that have had more than so many seconds."""
        return [record.sequence for record in self._records if record.site == source and record.waited > seconds]
