"""How long failovers to Azure take.

For some machines there is an extra step of about 8 to 10 minutes (R26 to R30, A10). A failover to the latest processed
point spends no time on data that is not processed (R20). All are about the forward direction only: the failback of
Classic is a failover too, and is not compared (contract 15).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.vocabulary import Answer, Operation
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import known
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

LEAST, MOST = 48.0, 6000.0
"""Seconds that the extra step takes, at least and at most. The documentation says "about 8 to 10 minutes"; a tenth of
the least and ten times the most are tolerated (A10)."""

STEP = 480.0
"""Seconds that the extra step takes at least, by the documentation."""

_REASONS: Mapping[str, tuple[str, str, Any]] = {
    "R27": ("linux", "operating_system", "linux"),
    "R28": ("no DHCP", "dhcp", False),
    "R29": ("missing boot drivers", "boot_drivers", False),
}
"""Requirement -> the reason for the extra step: in words, and as a key of the configuration with its value."""


_TOOK = "it took {longer:time} with {reason}, {plain:time} without"


def _relations(
    operation: Operation, words: str, *, first: tuple[str, ...] = (), also: tuple[str, ...] = ()
) -> dict[str, Relation]:
    """Key of the configuration -> the relation that judges the extra step for it; it names `first`, then the one
    about the reason, then `also`."""
    return {
        key: Relation(
            name=f"{operation}_takes_longer_with_{reason.replace(' ', '_').lower()}",
            requirements=(*first, requirement, *also),
            says=f"{words} takes about 8 to 10 minutes longer for a machine with {reason} than for one without",
            seen=_TOOK,
            right="longer by 8 to 10 min, about ({least:time} to {most:time} are tolerated)",
            needs=("seconds",),
            compares_items=True,
        )
        for requirement, (reason, key, _) in _REASONS.items()
    }


_RELATION = {
    Operation.FAIL_OVER: _relations(Operation.FAIL_OVER, "a failover", also=("R26",)),
    Operation.TEST_FAILOVER: _relations(Operation.TEST_FAILOVER, "a test failover", first=("R30",)),
}

ONLY_SOME = Relation(
    name="fail_over_takes_no_extra_step_without_a_reason",
    requirements=("R26",),
    says="a failover of a machine without a reason for the extra step is shorter than with one",
    seen=_TOOK,
    right="without a reason shorter by about 8 min",
    needs=("seconds",),
    compares_items=True,
)


NO_TIME_FOR_PENDING = Relation(
    name="latest_processed_spends_no_time_on_pending_data",
    requirements=("R20",),
    says="a failover to the latest processed point takes no longer with unprocessed data than without",
    seen="it took {pending:time} with unprocessed data, {without:time} without",
    right="as long, within {tolerance:time}",
    needs=("seconds", "received_newest"),
    compares_items=True,
)
PENDING_TOLERANCE = 300.0
"""Seconds that two such failovers may differ by; the same failover need not always take the same time."""

RELATIONS = (
    *(relation for by_key in _RELATION.values() for relation in by_key.values()),
    NO_TIME_FOR_PENDING,
    ONLY_SOME,
)

_VALUE: Mapping[str, Any] = {key: value for _, key, value in _REASONS.values()}
_KEYS = tuple(key for _, key, _ in _REASONS.values())


class _Kind(NamedTuple):
    """Which failovers are compared with each other: of what kind, whether the source is shut down, to which point, and
    whether data was pending; None where that does not matter."""

    operation: Operation
    shut_down_source: bool | None
    point: str
    pending: bool | None


class Durations(Monitor):
    """Remembers how long failovers took on the items of one walk, and compares those of one kind.

    Where equal failovers have taken times that differ by more than what is judged, in whichever walk, nothing is
    concluded any more: no source says that they take equal time.
    """

    _varies = False

    def begin_walk(self) -> None:
        self._took: dict[tuple[_Kind, frozenset[str]], tuple[float, float]] = {}
        super().begin_walk()

    def begin_item(self) -> None:
        self._running: tuple[_Kind, str] | None = None
        self._elapsed = (0.0, 0.0)
        self._disturbed = False

    def enter(self, step: Step) -> Iterator[Judgement]:
        self._elapsed = (self._elapsed[0] + step.elapsed[0], self._elapsed[1] + step.elapsed[1])
        self._disturbed |= bool(step.faults)
        for ended in step.ended:
            if self._running is not None and ended.id == self._running[1]:
                kind, _ = self._running
                self._running = None
                if ended.job.state == "succeeded" and not self._disturbed and set(_KEYS) <= set(step.settings):
                    yield from self._compare(kind, step)
        begun = _kind(step)
        if begun is not None:
            self._running = (begun, str(step.job))
            self._elapsed = (0.0, 0.0)
            self._disturbed = bool(step.faults)

    def _compare(self, kind: _Kind, step: Step) -> Iterator[Judgement]:
        """Compare with how long the same kind of failover took on earlier items.

        Only machines are compared that differ in a single reason for the extra step.
        """
        reasons = frozenset(key for _, key, value in _REASONS.values() if step.settings[key] == value)
        took = (self._elapsed[0] - step.last_wait, self._elapsed[1])
        former = self._took.get((kind, reasons), took)
        self._varies |= former[0] - took[1] > LEAST or took[0] - former[1] > LEAST
        if took[1] == 0 or self._varies:
            return  # where jobs take no time at all, none takes longer than another
        if kind.point == "latest_processed":
            other = self._took.get((kind._replace(pending=not kind.pending), reasons))
            if other is not None:
                without, pending = (other, took) if kind.pending else (took, other)
                holds = pending[0] - without[1] <= PENDING_TOLERANCE
                values = {"pending": pending, "without": without, "tolerance": PENDING_TOLERANCE}
                yield NO_TIME_FOR_PENDING.judged(holds, **values)
        self._took[kind, reasons] = took
        if kind.point != "latest_processed" and len(reasons) < 2:
            yield from self._of_reasons(kind)

    def _of_reasons(self, kind: _Kind) -> Iterator[Judgement]:
        """Compare the machines with one reason for the extra step with the one without.

        Where one takes no longer, both may have taken the step or neither. It takes about 8 minutes: if the plain
        machine took less, it was neither. Else it is told by the other reasons, once they are known: one that takes
        much longer shows that the plain machine took no step.
        """
        plain = self._took.get((kind, frozenset()))
        with_reason = {key: self._took.get((kind, frozenset({key}))) for key in _KEYS}
        known_ones = {key: longer for key, longer in with_reason.items() if longer is not None}
        if plain is None or not known_ones:
            return
        fits = {
            key: longer[1] - plain[0] >= LEAST and longer[0] - plain[1] <= MOST for key, longer in known_ones.items()
        }
        told = {
            key: {"longer": longer, "plain": plain, "reason": {key: _VALUE[key]}} for key, longer in known_ones.items()
        }
        is_failover = kind.operation is Operation.FAIL_OVER
        clear = plain[0] < STEP or any(longer[0] - plain[1] >= STEP / 2 for longer in known_ones.values())
        if is_failover and not clear and not all(fits.values()):
            if len(fits) == len(_KEYS):
                yield ONLY_SOME.judged(False, **told[_KEYS[-1]])
            return
        for key, takes_it in fits.items():
            yield _RELATION[kind.operation][key].judged(takes_it, **told[key], least=LEAST, most=MOST)
        if is_failover and any(fits.values()):
            yield ONLY_SOME.judged(True, **next(iter(told.values())))


def _kind(step: Step) -> _Kind | None:
    """The kind of failover that begins with a step; None if none begins whose time is compared."""
    is_forward = step.agreed_before.phase in PHASE_SETS["can_fail_over"]
    if step.job is None or step.response is not Answer.ACCEPTED or step.event not in _RELATION or not is_forward:
        return None
    pending, received = None, known(step.was.received_newest)
    if step.event == Operation.FAIL_OVER and step.recovery_point == "latest_processed" and received is not None:
        pending = received > step.was.processed_newest
    elif step.recovery_point != "latest":
        return None
    return _Kind(Operation(step.event), step.shut_down_source, step.recovery_point, pending)
