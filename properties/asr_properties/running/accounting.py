"""What became of everything that there is to cover: covered, shown to be the implementation's own choice, or left.

A run that left something says nothing about it, so it is not conformant. What an implementation never does although the
model leaves it open is no gap, once it was asked for, or waited for, often enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from asr_model.efsm import Efsm
from asr_model.forbidden import kind_of
from asr_model.listed_operations import LISTABLE
from asr_model.lts import Edge, Lts
from asr_model.vocabulary import Operation
from asr_properties.contract.connection import Connection
from asr_properties.generation.coverage import Coverage, needs_time_in, passing_unseen
from asr_properties.generation.targets import ENOUGH_TRIES, MOST_ACTIONS
from asr_properties.running.own_choices import (
    ALWAYS_REFUSED,
    NEED_OPERATIONS,
    NEVER_CAME,
    NEVER_CANCELLED,
    ONLY_THROUGH_THESE,
    PASSES_UNSEEN,
)
from asr_properties.session.session import Session

REFUSED_TWICE = 2
"""So often at least what is left open must have been refused, and never done, to be taken for a choice."""


@dataclass(frozen=True)
class Account:
    """What a run left.

    not_offered: each declared transition that was not taken, and why that is the implementation's own choice, or beyond
    what its adapter offers. left: those that may yet be taken. pairs_left: (phase, operation) pairs of phases that were
    reached, in which the operation was not asked for. more_steps: about how many it takes.
    """

    taken: int = 0
    not_offered: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    pairs_left: tuple[tuple[str, str], ...] = ()
    more_steps: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left."""
        return not self.left and not self.pairs_left

    def never_shown(self, efsm: Efsm) -> frozenset[str]:
        """The phases that the implementation chooses never to be in: what leads there need not come, and never came."""
        ways: dict[str, set[str]] = {}
        for transition in efsm.transitions:
            if transition.variable == "phase" and transition.source != transition.target:
                ways.setdefault(transition.target, set()).add(self.not_offered.get(transition.id, ""))
        return frozenset(
            phase for phase, reasons in ways.items() if NEVER_CAME in reasons <= {NEVER_CAME, ONLY_THROUGH_THESE}
        )

    def line(self) -> str:
        """The account in one line."""
        reasons: dict[str, int] = {}
        for reason in self.not_offered.values():
            reasons[reason] = reasons.get(reason, 0) + 1
        because = "; ".join(f"{count} {reason}" for reason, count in sorted(reasons.items(), key=lambda r: -r[1]))
        not_offered = f"{len(self.not_offered)} not offered by this implementation" + (
            f" ({because})" if because else ""
        )
        left = f"{len(self.left)} left"
        if self.pairs_left:
            left += f", and {len(self.pairs_left)} (phase, operation) pairs"
        if not self.is_complete:
            left += f": about {self.more_steps} steps more"
        return f"{self.taken} transitions taken, {not_offered}, {left}"


def account_of(session: Session, lts: Lts) -> Account:
    """The account of everything that a session has done."""
    coverage = Coverage.of(session)
    edges: dict[str, list[Edge]] = {}
    for edge in lts.edges:
        if edge.transition is not None:
            edges.setdefault(edge.transition.id, []).append(edge)
    missed = [identifier for identifier in edges if identifier not in coverage.transitions]
    unseen = passing_unseen(session, lts)
    reasons = {identifier: _own_choice(identifier, edges[identifier], session, lts, unseen) for identifier in missed}
    offered = lts.reachable([0], lambda edge: edge.event.name not in _left_out(session.connection))
    for identifier in missed:
        if not any(edge.source in offered for edge in edges[identifier]):
            reasons[identifier] = NEED_OPERATIONS
    declined = frozenset(identifier for identifier, reason in reasons.items() if reason)
    within_reach = lts.reachable([0], lambda edge: edge.transition is not None and edge.transition.id not in declined)
    not_offered: dict[str, str] = {}
    for identifier in missed:
        reason = reasons[identifier]
        if not reason and not any(edge.source in within_reach for edge in edges[identifier]):
            reason = ONLY_THROUGH_THESE
        if reason:
            not_offered[identifier] = reason
    left = tuple(identifier for identifier in missed if identifier not in not_offered)
    pairs_left = tuple(_pairs_left(session, coverage))
    steps = sum(_distance(lts, {e.source for e in edges[identifier]}) for identifier in left)
    steps += sum(_distance(lts, {n for n, s in enumerate(lts.states) if s.phase == p}) for p, _ in set(pairs_left))
    return Account(len(coverage.transitions), not_offered, left, pairs_left, steps)


def _own_choice(identifier: str, edges: list[Edge], session: Session, lts: Lts, unseen: frozenset[str]) -> str:
    """Why a transition was not taken, if that is not for want of trying; empty otherwise."""
    connection, tries = session.connection, session.tries
    if not connection.has_faults and all(_needs_a_fault(edge, lts) for edge in edges):
        return "need faults, which the adapter does not offer"
    if all(edge.event.name in _left_out(connection) for edge in edges):
        return NEED_OPERATIONS
    if all(needs_time_in(edge, unseen, lts) for edge in edges):
        return PASSES_UNSEEN
    asked = {(lts.states[edge.source].phase, kind_of(edge.event)) for edge in edges if edge.event.is_operation}
    if asked and all(tries.declined[each] >= REFUSED_TWICE and not tries.granted[each] for each in asked):
        jobs = all(kind.name == Operation.CANCEL_JOB for _, kind in asked)
        return NEVER_CANCELLED if jobs else ALWAYS_REFUSED
    if tries.last_steps[identifier] >= ENOUGH_TRIES or tries.actions[identifier] > MOST_ACTIONS:
        return NEVER_CAME
    return ""


def _needs_a_fault(edge: Edge, lts: Lts) -> bool:
    by_faults = {s.name for s in lts.stepper.efsm.surroundings if s.faults}
    return bool(edge.surroundings & by_faults)


def _left_out(connection: Connection) -> frozenset[str]:
    return frozenset(LISTABLE) - connection.offered


def _pairs_left(session: Session, coverage: Coverage) -> Iterator[tuple[str, str]]:
    left_out = _left_out(session.connection)
    for phase in sorted(coverage.phases):
        for operation in Operation:
            if operation not in left_out and (phase, str(operation)) not in coverage.pairs:
                yield phase, str(operation)


def _distance(lts: Lts, goals: set[int]) -> int:
    """How many steps it takes from a fresh item, and one more."""
    way = lts.shortest_path(0, goals.__contains__)
    return 1 + len(way or ())
