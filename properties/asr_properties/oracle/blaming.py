"""Which requirements a disagreement is blamed on; the one whose sentence was broken comes first.

The rules, in this order, for what an item shows:

1. Something had to happen since the last action and did not: the transition that leaves the phase that is shown, else
   the first one on the way.
2. Nothing had to happen, or the service began a job of its own; and the item is where one operation leads that nobody
   asked for: what says that this operation is asked for (R15, R93, R86, R61, R39, ...).
3. It is anywhere else: what a running job is to come to, or what brought the item where it was (R34 after an abort).
4. In a recording, before these: a job failed or was cancelled, and the item is as if it had succeeded: what such a job
   leaves. The last operation had ended, and the item is where it was before: what led out of there. A job succeeded
   last, and the item is where no operation leads: what the job is to lead to.
5. The phase is right: the fields that differ, each by a rule of its own; a list by the words that it lacks or has too
   many (`asr_model.blame`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence, Set

from asr_model.blame import of_a_word, why_possible
from asr_model.efsm import Transition
from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.listed_operations import listed
from asr_model.requirements import CATALOGUE
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import Direction, JobEnd, Operation, Site
from asr_properties.evidence.observation import Observation
from asr_properties.oracle.explanation import NO_DRILL, Explanation
from asr_properties.oracle.matching import FIELD_RULES

_OPERATIONS = frozenset(map(str, Operation))

Belief = Mapping[Explanation, frozenset[str]]
"""Each explanation with the transitions that it takes for certain and that are not credited yet."""


class Blame:
    """Remembers what certainly happened to one item, to tell what a disagreement is blamed on."""

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self.begin()

    def begin(self) -> None:
        """A fresh item begins."""
        self._recent: dict[str, None] = {}
        self._set_by: dict[str, list[str]] = {}
        self._came_by: tuple[str, ...] = ()
        self._failed: Transition | None = None  # what brought it, where it was a job that failed or was cancelled
        self._site_by: tuple[str, ...] = ()  # what made one site the active one
        self._drill_by: tuple[str, ...] = ()
        self._drill_was_last = False  # what happened last was of a drill
        self._left: set[str] = set()
        self._drills_left: set[str] = set()
        self._resumed = False  # as in recordings, where what was done last is all that is known

    def acts(self) -> None:
        """Something is done: what happens from here on is because of it."""
        self._recent = {}

    def accepted(self) -> None:
        """An operation was accepted: from here on it is what sets machines and points."""
        self._set_by = {}

    def took(self, certain: Iterable[str]) -> None:
        """These transitions were taken for certain."""
        self._recent |= dict.fromkeys(sorted(certain))
        for transition in self._in_order(certain):
            for variable, _ in transition.updates:
                # What set it last decides how it is now, so that comes first.
                self._set_by[variable] = [*transition.requirements, *self._set_by.get(variable, ())]
            self._drill_was_last = transition.variable == "drill"
            if transition.variable == "drill":
                self._drill_by = transition.requirements
            elif transition.source != transition.target:
                self._came_by = transition.requirements
                if self._active_at(transition.source) is None and self._active_at(transition.target) is not None:
                    self._site_by = transition.requirements
                self._failed = None if transition.ends in (None, JobEnd.SUCCEEDED) else transition
            elif transition.event == Operation.CANCEL_JOB:
                self._came_by = self._cancelled_by(transition) or self._came_by

    def recall(self, history: Iterable[Iterable[str]]) -> None:
        """What was taken for certain before, the last at the end, each in one step."""
        self._resumed = True
        for certain in history:
            self.took(certain)
            for transition in self._in_order(certain):
                left = self._left if transition.variable == "phase" else self._drills_left
                if transition.source != transition.target:
                    if transition.event in _OPERATIONS:
                        left.clear()
                    left.add(transition.source)
        self.acts()

    def of_phase_left(self, belief: Belief, shown: str | None) -> list[str]:
        """In a recording: the requirements of what led out of the phase that is shown, if the last operation did; that
        of a drill, where there is one. Empty if neither is so."""
        if not self._left or shown is None or any(explanation.state.phase == shown for explanation in belief):
            return []
        in_drill = all(explanation.state.drill != NO_DRILL for explanation in belief)
        if in_drill or shown not in self._left:
            return ["X13"] if in_drill else []
        operations = [event for event in self._stepper.events if event.is_operation]
        states = {explanation.state for explanation in belief}
        final = {rule for state in states for event in operations for rule in self._stepper.why_refused(state, event)}
        return sorted(
            self._came_by, key=lambda rule: rule not in final
        )  # what says that there is no way on comes first

    def of_drill_left(self, shown: str | None) -> list[str]:
        """In a recording: the requirements of what ended the drill that is shown, if the last operation did."""
        return list(self._drill_by) if shown in self._drills_left else []

    def of_false_success(self, belief: Belief, shown: str | None) -> list[str]:
        """In a recording: what says what a job leaves that failed or was cancelled, where the item is as if it had
        succeeded. Empty if that is not so."""
        if not self._resumed:
            return []
        transitions = self._stepper.efsm.transitions
        of_success = {t.source: t.target for t in transitions if t.ends is JobEnd.SUCCEEDED and t.variable == "phase"}
        ways = [
            way for explanation, way in belief.items() if not _has_succeeded(explanation)
        ]  # another job ended since
        ends = [t for way in ways for t in self._in_order(way) if t.ends not in (None, JobEnd.SUCCEEDED)]
        last = [] if self._failed is None else [self._failed]
        return [rule for t in (*last, *ends) if of_success.get(t.source) == shown for rule in t.requirements]

    def of_expected(self, belief: Belief, shown: str | None = None) -> list[str]:
        """The requirements of what had to happen since the last action, or of what a running job is to come to.

        shown: the phase that the item shows instead.
        """
        certain = self._certain(belief)
        if shown is not None:  # what stays in one place, as points do that are pruned, explains no phase
            certain = [t for t in certain if t.target != t.source]
        if not certain:
            return [rule for explanation in belief for rule in self._pending(explanation.state)]
        stuck = [t for t in certain if shown in (t.source, None) and t.target != t.source]
        moving = [t for t in certain if t.target != t.source]
        rules = [rule for transition in (*stuck, *moving, *certain) for rule in transition.requirements]
        return sorted(rules, key=lambda rule: bool(CATALOGUE[rule].assumed))  # what can't be tried tells least

    def of_unasked(self, belief: Belief, shown: str | None) -> list[str]:
        """What says that it is asked for, if an operation that nobody asked for leads to the phase that is shown."""
        ways = (self._one_operation(explanation.state, shown) for explanation in belief)
        return [rule for way in ways if way is not None for rule in self._asked_by(*way)]

    def of_look(
        self,
        belief: Belief,
        fields: Sequence[str],
        nearest: State,
        seen: Observation,
        shown: str | None,
        *,
        began_job: bool,
    ) -> list[str]:
        """The requirements behind the `fields` of an observation that differ from the nearest state.

        shown: the phase that it shows. began_job: whether the service began a job that it need not begin.
        """
        in_drill = all(explanation.state.drill != NO_DRILL for explanation in belief)
        moved = "phase" in fields or (bool(self._recent) and "active_site" in fields)
        if moved:  # where the phase differs, what else differs follows from it; the site moves with the phase
            due = [t for t in self._certain(belief) if t.target != t.source]
            is_done = self._is_done(belief)
            unasked = self.of_unasked(belief, shown) if began_job or is_done or not due else []
            done = list(self._came_by) if is_done else []
            expected = unasked or done or self.of_expected(belief, shown)
            rules = expected or (["X13"] if in_drill else list(self._came_by))
            if not unasked and self._resumed and self._is_of_a_drill(belief):
                rules = ["X13", *rules]
        elif "drill" in fields:  # the list follows from it
            drills = [t for t in self._certain(belief) if t.variable == "drill"]
            rules = [rule for t in drills for rule in t.requirements] or list(_of_drill(nearest))
        else:
            rules = [rule for field in fields for rule in self._of_field(belief, field, nearest, seen)]
            has_failed = all(any(end is JobEnd.FAILED for _, end in each.ended[-2:]) for each in belief)
            if self._resumed and has_failed and shown is None and "allowed_operations" in fields:  # it may be anywhere
                rules = [*(rule for state in belief for rule in self._of_failed_job(belief, state.state)), *rules]
        return rules or self.of_expected(belief)

    # -- inside ------------------------------------------------------------------------------------------------

    def _in_order(self, identifiers: Iterable[str]) -> list[Transition]:
        """The transitions as they follow each other."""
        left = [self._stepper.efsm.transition(identifier) for identifier in sorted(identifiers)]
        ordered: list[Transition] = []
        while left:
            targets = {t.target for t in left if t.target != t.source}
            first = next((t for t in left if t.source not in targets), left[0])
            left.remove(first)
            ordered.append(first)
        return ordered

    def _cancelled_by(self, cancel: Transition) -> tuple[str, ...]:
        """The requirements of what a cancel that was accepted leads to."""
        ends = (t for t in self._stepper.efsm.transitions if t.ends is JobEnd.CANCELLED and t.source == cancel.source)
        return tuple(dict.fromkeys(rule for transition in ends for rule in transition.requirements))

    def _is_done(self, belief: Belief) -> bool:
        """In a recording: whether the last thing that certainly happened is that a job succeeded."""
        return bool(self._left) and not frozenset.intersection(*belief.values()) and all(map(_has_succeeded, belief))

    def _is_of_a_drill(self, belief: Belief) -> bool:
        """Whether the last thing that happened, or that a running job is to come to, is of a drill."""
        certain = self._certain(belief)
        return all(t.variable == "drill" for t in certain) if certain else self._drill_was_last

    def _certain(self, belief: Belief) -> list[Transition]:
        return self._in_order({*self._recent, *(t for way in belief.values() for t in way)})

    def _pending(self, state: State) -> Iterable[str]:
        for event in self._stepper.events:
            transition = None if event.is_operation else self._stepper.step(state, event).transition
            if transition is not None and transition.ends:
                yield from transition.requirements

    def _one_operation(self, start: State, phase: str | None) -> tuple[State, str] | None:
        """The operation that leads, with what happens by itself, from `start` to a phase, and where it is asked for;
        None if none does, or none is needed."""
        todo: deque[tuple[State, tuple[State, str] | None]] = deque([(start, None)])
        came = {(start, False)}
        while todo:
            state, asked = todo.popleft()
            for event in self._stepper.events:
                outcome = self._stepper.step(state, event)
                if outcome.transition is None or (event.is_operation and asked is not None):
                    continue
                by = (state, event.name) if event.is_operation else asked
                if outcome.state.phase == phase != state.phase:
                    return by
                if (outcome.state, by is not None) not in came:
                    came.add((outcome.state, by is not None))
                    todo.append((outcome.state, by))
        return None

    def _asked_by(self, state: State, operation: str) -> tuple[str, ...]:
        return why_possible(self._stepper, state, operation)[:2]

    def _of_field(self, belief: Belief, field: str, nearest: State, seen: Observation) -> Iterable[str]:
        """A drill leaves machines and points alone (X13); a machine is as the last operation made it."""
        if field == "allowed_operations":
            return self._of_list(nearest, seen.allowed)
        in_drill = all(explanation.state.drill != NO_DRILL for explanation in belief)
        is_machine = field.endswith(" machine")
        if in_drill and (is_machine or field in ("active_site", "recovery_points", "replicating")):
            return ("X13",)
        if field == "active_site":
            return (*self._made_active(belief, nearest), *FIELD_RULES[field])
        if field == "replicating":
            return self._of_replication(nearest.phase)
        set_by = self._set_by.get(field.removesuffix(" machine")) if is_machine else None
        failed = self._of_failed_job(belief, nearest) if is_machine else []
        return set_by or (*failed, *FIELD_RULES.get(field, ()))

    def _made_active(self, belief: Belief, nearest: State) -> list[str]:
        """What may have brought the item where it is since anything was certain of it, and what did so before."""
        ways = [way for explanation, way in belief.items() if explanation.state == nearest]
        last = [t for way in ways for t in self._in_order(way) if t.target == nearest.phase != t.source]
        rules = dict.fromkeys([*(rule for t in last for rule in t.requirements), *self._site_by])
        return sorted(rules, key=lambda rule: bool(CATALOGUE[rule].assumed))  # what can't be tried tells least

    def _of_failed_job(self, belief: Belief, nearest: State) -> list[str]:
        """What says that a job which came to nothing, and was the last one, leaves the item as it was."""
        ways = [way for each, way in belief.items() if each.state == nearest and not _has_succeeded(each)]
        ends = [t for way in ways for t in self._in_order(way) if t.ends not in (None, JobEnd.SUCCEEDED)]
        last = () if self._failed is None else self._failed.requirements
        rules = [rule for t in ends for rule in t.requirements] or last
        return [rule for rule in rules if rule != "R25"]  # that a job can be followed says nothing of it

    def _active_at(self, phase: str) -> Site | None:
        return self._stepper.efsm.phases[phase].serving

    def _of_list(self, nearest: State, allowed: Set[str]) -> list[str]:
        expected = listed(self._stepper, nearest)
        wrong = [*sorted(allowed - expected.all), *sorted(expected.certain - allowed)]
        rules = [r for word in wrong for r in of_a_word(self._stepper, nearest.phase, nearest.drill, word)]
        return sorted(rules, key=FIELD_RULES["allowed_operations"][0].__eq__)

    def _of_replication(self, phase: str) -> Sequence[str]:
        """Where replication has to be on, what brought the item there says so; where not, the rule of its phase."""
        if self._stepper.efsm.phases[phase].replicating not in (None, Direction.NONE):
            return self._came_by or FIELD_RULES["replicating"]
        if phase in PHASE_SETS["after_failback"]:
            return ("R86",)
        return self._came_by if phase == "failover_aborted" else FIELD_RULES["replicating"]


def _has_succeeded(explanation: Explanation) -> bool:
    """Whether the last job that it takes to have ended has succeeded."""
    return bool(explanation.ended) and explanation.ended[-1][1] is JobEnd.SUCCEEDED


def _of_drill(expected: State) -> tuple[str, ...]:
    """A drill that nobody asked for breaks X13, one that is gone X14."""
    rules = FIELD_RULES["drill"]
    return rules[::-1] if expected.drill == NO_DRILL else rules
