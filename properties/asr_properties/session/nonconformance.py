"""A failure of an implementation: what was done, what was seen, and what the model allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from asr_model.blame import ANY_REFUSAL
from asr_model.efsm import Efsm
from asr_model.vocabulary import Answer, Operation
from asr_properties.evidence.step import Step
from asr_properties.oracle.explanation import Explanation, Refusing
from asr_properties.oracle.oracle import Disagreement
from asr_properties.specification.relations import (
    appliances,
    former_points,
    recovery_point_ids,
    refusals,
    service_reverts,
)
from asr_properties.specification.rule import Rule

MOST_REQUIREMENTS = 5
"""So many requirements a failure names at most; those after them tell nothing more."""

_OPERATIONS = frozenset(map(str, Operation))

CAUSES: tuple[Rule, ...] = (
    *refusals.RELATIONS,
    recovery_point_ids.POINT_IDS_STAY_APART,
    *former_points.RELATIONS,
    *appliances.RELATIONS,
    service_reverts.NEVER_REVERTED,
)
"""What breaks one of these only seems to break other rules: a refusal changed something, an id was used again, a
point of a former life was taken, what a reprotect named decided otherwise than it must, or a failback was reverted."""


class NonConformance(Exception):
    """The implementation did what no state of the model explains, or broke a property.

    what: what was seen. allowed: what the model allowed, one line each. requirements: all that were broken, the most
    telling first. broken: the properties that failed. before: the explanations until then. steps: all that was done.
    blamed: the requirements that count as failed. These are those of the broken properties; if none is broken, those
    that the oracle names.
    """

    def __init__(
        self,
        what: str,
        allowed: Iterable[str],
        requirements: Iterable[str],
        broken: Iterable[Rule],
        before: Iterable[Explanation],
        steps: Iterable[Step],
        blamed: Iterable[str] = (),
    ) -> None:
        super().__init__(what)
        self.what = what
        self.allowed = tuple(allowed)
        self.requirements = tuple(dict.fromkeys(requirements))[:MOST_REQUIREMENTS]
        self.broken = tuple(broken)
        self.before = tuple(before)
        self.steps = tuple(steps)
        self.blamed = tuple(dict.fromkeys(blamed))[:MOST_REQUIREMENTS] or self.requirements


def non_conformance(
    disagreement: Disagreement | None,
    broken: Mapping[Rule, tuple[str, ...]],
    before: Iterable[Explanation],
    steps: Sequence[Step],
    efsm: Efsm,
) -> NonConformance:
    """Make one failure of a disagreement with the model, of broken properties, or of both.

    broken: each broken property with the requirements that it blames. What is named first, in this order: a point
    of a former life that was taken; an operation that was accepted against the rules and has to do with what is wrong;
    the other `CAUSES`; the other broken properties; what the oracle names.
    """
    ordered = sorted(broken, key=lambda rule: rule not in CAUSES)
    blamed = [identifier for rule in ordered for identifier in broken[rule]]
    if disagreement is None:
        what = "; ".join(f"broken: {candidate.says}" for candidate in ordered)
        return NonConformance(what, [c.pattern for c in ordered], blamed, ordered, before, steps, blamed)
    what, allowed = disagreement.what, disagreement.allowed
    against = list(disagreement.requirements) if disagreement.is_cause else []
    cause = None if against else _accepted_before(disagreement, steps, efsm)
    if cause is not None:
        against = [i for e in disagreement.states for r in e.refusing if r.job == cause.job for i in r.requirements]
        if _is_side_effect(disagreement, cause, steps[-1]):
            against = [ANY_REFUSAL, *against]
        allowed = (f"{cause.event} is refused", *allowed)
        what = f"{cause.event} was accepted, and then: {what}"
    if against:  # what else is broken then follows from it, unless it says the same
        taken = [identifier for rule in ordered if rule in former_points.RELATIONS for identifier in broken[rule]]
        alike = [ids for ids in broken.values() if not set(against).isdisjoint(ids)]
        blamed = [*taken, *against, *(identifier for ids in alike for identifier in ids)]
    requirements = [*blamed, *disagreement.requirements]
    return NonConformance(what, allowed, requirements, ordered, disagreement.states, steps, blamed)


def _accepted_before(disagreement: Disagreement, steps: Sequence[Step], efsm: Efsm) -> Refusing | None:
    """The operation that can only be refused, whose job runs, and that explains what is wrong.

    It does so where that shows in the very step in which the operation was asked for; where what differs is what the
    operation changes if it is possible; where something else is refused while the item shows the operation's phase.
    """
    states = disagreement.states
    for refusing in states[0].refusing if states and steps else ():
        if not all(explanation.refuses(refusing.job) for explanation in states):
            continue
        last, changes = steps[-1], _changes(refusing, efsm)
        at_once = last.job == refusing.job
        going_on = last.shown_phase in {t.target for t in efsm.transitions if t.event == refusing.event.name}
        if at_once or (going_on and last.response is Answer.REFUSED) or _differs_so(disagreement.fields, last, changes):
            return refusing
    return None


def _is_side_effect(disagreement: Disagreement, refusing: Refusing, last: Step) -> bool:
    """Whether an operation that can only be refused left its mark when it was asked for, and was not begun: its job
    has taken no time yet, and the item shows no phase of it. That is a refusal with a side effect (contract 1)."""
    return last.job == refusing.job and bool(disagreement.fields) and disagreement.fields <= _BESIDE_THE_PHASE


_BESIDE_THE_PHASE = frozenset({"on_premises machine", "azure machine", "recovery_points"})


def _changes(refusing: Refusing, efsm: Efsm) -> frozenset[tuple[str, object]]:
    """The variables that the operation and the end of its job set, where it is possible, each with a value."""
    own = [t for t in efsm.transitions if t.event == refusing.event.name]
    began = {(t.variable, t.target) for t in own}
    ends = [t for t in efsm.transitions if (t.variable, t.source) in began and t.event not in _OPERATIONS]
    moved: set[tuple[str, object]] = {(t.variable, t.target) for t in (*own, *ends) if t.source != t.target}
    return frozenset(moved | {(name, value.strip("'")) for t in (*own, *ends) for name, value in t.updates})


def _differs_so(fields: frozenset[str], last: Step, changes: frozenset[tuple[str, object]]) -> bool:
    """Whether a field that differs shows just what one of `changes` sets."""
    shown = {
        "phase": ("phase", last.shown_phase),
        "drill": ("drill", last.now.drill),
        "recovery_points": ("points", last.now.points),
        "on_premises machine": ("on_premises", last.now.on_premises),
        "azure machine": ("azure", last.now.azure),
    }
    return any(shown[field] in changes for field in fields & shown.keys())
