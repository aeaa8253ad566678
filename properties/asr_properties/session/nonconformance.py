"""A failure of an implementation: what was done, what was seen, and what the model allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from asr_model.blame import ANY_REFUSAL
from asr_model.efsm import Efsm
from asr_model.listed_operations import listed
from asr_model.requirements import CATALOGUE, Grade
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import Answer, Operation
from asr_properties.evidence import told as words
from asr_properties.evidence.step import Step
from asr_properties.oracle.disagreement import Disagreement
from asr_properties.oracle.explanation import Explanation, Refusing
from asr_properties.session.failure_text import BrokenProperty, Failure, Row
from asr_properties.specification.relations import (
    appliances,
    former_points,
    recovery_point_ids,
    refusals,
    service_reverts,
)
from asr_properties.specification.rule import Broken, Rule

BROKEN = "broken: "
"""What a failure says first in which some state of the model agrees."""

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
    that the oracle names. decided: each broken property with the values that decided. values: what the model does not
    agree with, before and now. configuration: of the item. replay: the command that shows it again, where there is one.
    """

    def __init__(
        self,
        what: str,
        allowed: Iterable[str],
        requirements: Iterable[str],
        decided: Iterable[Broken],
        before: Iterable[Explanation],
        steps: Iterable[Step],
        stepper: Stepper,
        blamed: Iterable[str] = (),
        *,
        values: Iterable[str] = (),
        configuration: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.allowed = tuple(allowed)
        self.requirements = tuple(dict.fromkeys(requirements))[:MOST_REQUIREMENTS]
        self.decided = tuple(decided)
        self.broken = tuple(one.rule for one in self.decided)
        self.before = tuple(before)
        self.steps = tuple(steps)
        self.blamed = tuple(dict.fromkeys(blamed))[:MOST_REQUIREMENTS] or self.requirements
        self.values = tuple(values)
        self.configuration = dict(configuration or {})
        self.replay = ""
        self._stepper = stepper

    @property
    def last_agreed(self) -> tuple[str, ...]:
        """The states of the model that agreed until the last step, as phases with the operations each lists."""
        return tuple(dict.fromkeys(_in_words(explanation.state, self._stepper) for explanation in self.before))

    @property
    def steps_done(self) -> list[Step]:
        """The steps without those that the session skipped."""
        return [step for step in self.steps if not step.answer.startswith("skipped")]

    @property
    def told(self) -> Failure:
        """Everything that is told of it."""
        return Failure(
            requirements=self.blamed,
            properties=[BrokenProperty(one.rule.name, one.rule.says, one.seen, one.right) for one in self.decided],
            configuration=self.configuration,
            rows=[Row(str(step.action), step.answer, step.shown_phase) for step in self.steps_done],
            observed="" if self.what.startswith(BROKEN) else self.what,
            values=self.values,
            allowed=self.allowed,
            before=self.last_agreed,
            replay=self.replay,
        )

    def __str__(self) -> str:
        return "\n".join(self.told.lines())


def non_conformance(
    disagreement: Disagreement | None,
    broken: Sequence[Broken],
    before: Iterable[Explanation],
    steps: Sequence[Step],
    last: Step,
    stepper: Stepper,
    configuration: Mapping[str, Any],
) -> NonConformance:
    """Make one failure of a disagreement with the model, of broken properties, or of both.

    last: the step as it was judged. What is named first, in this order: a point
    of a former life that was taken; an operation that was accepted against the rules and has to do with what is wrong;
    the other `CAUSES`; the other broken properties, unless these are but inferred; what the oracle names.
    """
    ordered = sorted(broken, key=lambda one: one.rule not in CAUSES)
    blames = {one.rule: one.rule.blames(last, stepper) for one in ordered}
    blamed = [identifier for one in ordered for identifier in blames[one.rule]]
    if disagreement is None:
        what = BROKEN + "; ".join(one.rule.says for one in ordered)
        return NonConformance(what, (), blamed, ordered, before, steps, stepper, blamed, configuration=configuration)
    what, allowed = disagreement.what, disagreement.allowed
    against = list(disagreement.requirements) if disagreement.is_cause else []
    cause = None if against else _accepted_before(disagreement, steps, stepper.efsm)
    if cause is not None:
        against = [i for e in disagreement.states for r in e.refusing if r.job == cause.job for i in r.requirements]
        if _is_side_effect(disagreement, cause, steps[-1]):
            against = [ANY_REFUSAL, *against]
        allowed = (f"{cause.event} is refused", *allowed)
        what = f"{cause.event} was accepted, and then: {what}"
    if against:  # what else is broken then follows from it, unless it says the same
        taken = [i for rule, ids in blames.items() if rule in former_points.RELATIONS for i in ids]
        alike = [ids for ids in blames.values() if not set(against).isdisjoint(ids)]
        blamed = [*taken, *against, *(identifier for ids in alike for identifier in ids)]
    elif blamed and all(CATALOGUE[i].evidence is Grade.INFERRED for i in blamed) and ordered[0].rule not in CAUSES:
        blamed = [*disagreement.requirements, *blamed]  # what is documented says more than what is inferred
    requirements = [*blamed, *disagreement.requirements]
    return NonConformance(
        what,
        allowed,
        requirements,
        ordered,
        disagreement.states,
        steps,
        stepper,
        blamed,
        values=_values(disagreement.fields, last),
        configuration=configuration,
    )


def _in_words(state: State, stepper: Stepper) -> str:
    drill = "" if state.drill == "no_drill" else f", {state.drill}"
    return f"{state.phase}{drill} (lists {listed(stepper, state)})"


def _values(fields: frozenset[str], last: Step) -> Iterator[str]:
    """What fields that differ were, and are now; the phases are told beside the steps."""
    for field in sorted(fields & _SEEN_AS.keys()):
        name = _SEEN_AS[field]
        yield words.told(words.Change(field, getattr(last.was, name), getattr(last.now, name)))


_SEEN_AS: Mapping[str, str] = {
    "drill": "drill",
    "active_site": "serving",
    "replicating": "replicating",
    "allowed_operations": "allowed",
    "recovery_points": "recovery_points",
    "on_premises machine": "on_premises",
    "azure machine": "azure",
    "profile_instance": "instance",
    "current_job": "current_job",
}
"""A field that a state of the model is compared with -> what it is called in an observation."""


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
    """The variables that the operation and the end of its job set, where it is possible, each with a value. That it
    came to nothing explains no difference, if it can come to anything."""
    own = [t for t in efsm.transitions if t.event == refusing.event.name]
    began = {(t.variable, t.target) for t in own if t.source != t.target}
    ends = [t for t in efsm.transitions if (t.variable, t.source) in began and t.event not in _OPERATIONS]
    sources = {t.source for t in own}
    ends = [t for t in ends if t.target not in sources] or ends
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
