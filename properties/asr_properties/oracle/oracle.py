"""The set-tracking oracle (as in ioco testing): an implementation fails when no model state agrees any more.

It is told what was asked, how it was answered, how much time passed, and what was seen. It keeps every explanation
of all that; an explanation is a model state together with what it takes the known jobs to be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set

from asr_model.closure import closure_of
from asr_model.efsm import Event
from asr_model.listed_operations import LISTABLE
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import JobEnd, Operation
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.unknown import known
from asr_properties.oracle.blaming import Blame
from asr_properties.oracle.disagreement import Disagreement
from asr_properties.oracle.explanation import (
    SERVICE_JOB,
    Explanation,
    Refusing,
    add,
    ended,
    job_words,
    service_jobs,
    started,
    transitional_phases,
    with_current_job,
    with_job,
    with_service_jobs,
)
from asr_properties.oracle.foreign_phases import of_foreign_phase
from asr_properties.oracle.matching import Matcher


class Oracle:
    """Tracks the explanations of one item, from a fresh one or, in the middle of things, from any state.

    drills_exclude, offered: as for `Matcher`.
    """

    def __init__(
        self, stepper: Stepper, *, drills_exclude: bool = True, offered: Set[str] = frozenset(LISTABLE)
    ) -> None:
        self.stepper = stepper
        self._closure = closure_of(stepper)
        self._matcher = Matcher(stepper, drills_exclude=drills_exclude, offered=offered)
        self._showing = transitional_phases(stepper)
        self._blame = Blame(stepper)
        self._failing = _declared_to_fail(stepper)
        self._wrong = frozenset(s.name for s in stepper.efsm.surroundings if s.faults)
        self.taken: Counter[str] = Counter()
        self.start([stepper.initial])

    def start(self, states: Iterable[State]) -> None:
        """Begin anew with an item in any of `states`; what was credited as taken is kept."""
        # Each explanation is mapped to the transitions it takes for certain and that are not credited yet.
        self._belief: dict[Explanation, frozenset[str]] = {
            Explanation(state, SERVICE_JOB if self._is_busy(state) else None): frozenset() for state in states
        }
        self._quiet = 0.0
        self._seen_phase: str | None = None
        self._began_job = False
        self._lacking_jobs: list[Explanation] = []
        self._blame.begin()

    @property
    def belief(self) -> Mapping[Explanation, frozenset[str]]:
        """Each explanation with the transitions it takes for certain and that are not credited yet."""
        return self._belief

    def resume(self, belief: Mapping[Explanation, frozenset[str]], history: Iterable[Iterable[str]] = ()) -> None:
        """Go on from what an oracle believed; when it was, and so what is due, is not known.

        history: what was taken for certain before, in order.
        """
        self._belief = dict(belief)
        self._quiet = 0.0
        self._seen_phase = None
        self._began_job = False
        self._lacking_jobs = []
        self._blame.begin()
        self._blame.recall(history)

    @property
    def explanations(self) -> tuple[Explanation, ...]:
        """Those that agree with everything so far; never empty."""
        return tuple(self._belief)

    @property
    def phase(self) -> str | None:
        """The phase that all explanations share, if they do."""
        phases = {explanation.state.phase for explanation in self._belief}
        return phases.pop() if len(phases) == 1 else None

    @property
    def list_is_free(self) -> bool:
        """Whether a resynchronize job may run, while which the list of operations is not judged (contract 2)."""
        return any(explanation.state.resynchronizing for explanation in self._belief)

    def may_show_refusal(self, seen: Observation) -> bool:
        """Whether the phase that was seen may be that of an operation being refused (contract 1)."""
        return any(self._is_shown(explanation, seen) for explanation in self._belief)

    def request(
        self,
        event: Event,
        surroundings: Set[str] | None,
        job: str | None,
        *,
        cancelled: str | None = None,
        is_idle: bool = False,
        fails: bool = False,
    ) -> None:
        """An operation was asked for: `job` is what it started, None if it was refused at once.

        For `cancel_job`, `cancelled` is the job meant, and `job` is any text if it was accepted. is_idle: whether the
        job is known to have had no effect. fails: whether it, or the job meant, is known to fail, which may refuse the
        operation for a reason that was not recorded.

        Raises:
            Disagreement: every explanation says otherwise.
        """
        if job is not None:
            self._quiet = 0.0
            self._blame.accepted()
        self._blame.acts()
        after = self._after_request(event, surroundings, job, cancelled, is_idle=is_idle, fails=fails)
        if not after:
            raise self._request_disagrees(event, surroundings, is_accepted=job is not None)
        self._settle_on(after)

    def time_passes(self, surroundings: Set[str] | None, seconds: float = 0.0) -> None:
        """Anything the service does by itself may have happened; `seconds` is the time known to have passed.

        Raises:
            Disagreement: with nothing wrong, something should have happened within the contract's bounds.
        """
        self._quiet = 0.0 if surroundings is None or self._wrong & surroundings else self._quiet + seconds
        self._blame.acts()
        after: dict[Explanation, frozenset[str]] = {}
        for explanation, way in self._belief.items():
            for reached in self._closure.after(explanation.state, surroundings):
                add(after, ended(explanation, reached.state, reached.ends), way | reached.certain)
            if (origin := self._origin_left(explanation, surroundings)) is not None:
                for reached in self._closure.after(origin, surroundings):
                    add(after, ended(explanation, reached.state, (JobEnd.FAILED, *reached.ends)), way)
        if surroundings is not None and self._quiet:
            hours = self._quiet / 3600
            prompt = {e: way for e, way in after.items() if not self._overdue(e.state, hours)}
            if not prompt:
                late = {f"{e.state.phase} ends within {self._bound(e.state)} hours" for e in after}
                raise Disagreement(f"nothing happened for {hours:.1f} hours", late, ["R25", "R92"], self._belief)
            after = prompt
        self._belief = after

    def no_time_passes(self, surroundings: Set[str], *, keeps_points: bool = True) -> None:
        """Time stands still, but a job may take none: what happens by itself is possible, nothing is due or pruned.

        keeps_points: whether a recovery point is kept for any time; if not, it may be pruned as it is made.
        """
        after: dict[Explanation, frozenset[str]] = {}
        follows = self._closure.at_once if keeps_points else self._closure.after
        for explanation, way in self._belief.items():
            for reached in follows(explanation.state, surroundings):
                add(after, ended(explanation, reached.state, reached.ends), way | reached.certain)
            if (origin := self._origin_left(explanation, surroundings)) is not None:
                add(after, ended(explanation, origin, (JobEnd.FAILED,)), way)
        self._belief = after

    def disturbed(self) -> None:
        """A fault began or ended: what is due counts from here."""
        self._quiet = 0.0

    def is_open(self, job: str | None) -> bool:
        """Whether it is still possible that the operation which started `job` is being refused."""
        return job is not None and any(explanation.refuses(job) for explanation in self._belief)

    def saw_service_jobs(self, jobs: Sequence[str]) -> None:
        """These jobs, oldest first, began since the last look without anybody asking (R78, contract 8).

        Raises:
            Disagreement: the service should have started more.
        """
        self._began_job = all(service_jobs(explanation) < len(jobs) for explanation in self._belief)
        self._lacking_jobs = [explanation for explanation in self._belief if service_jobs(explanation) > len(jobs)]
        after: dict[Explanation, frozenset[str]] = {}
        for explanation, way in self._belief.items():
            for named in with_service_jobs(explanation, jobs):
                add(after, named, way)
        if not after:
            expected = [f"the service starts {service_jobs(e)}, with the item in {e.state.phase}" for e in self._belief]
            what = f"the service started {len(jobs)} jobs by itself"
            raise Disagreement(what, expected, ["R78"], self._belief)
        self._settle_on(after)

    def saw_job(self, job: str, state: str) -> None:
        """A job was seen `in_progress`, `succeeded`, `failed` or `cancelled`.

        Raises:
            Disagreement: no explanation agrees.
        """
        after: dict[Explanation, frozenset[str]] = {}
        for explanation, way in self._belief.items():
            agreed = with_job(explanation, job, state)
            if agreed is not None:
                add(after, agreed, way)
        if not after:
            refusing = [r for e in self._belief for r in e.refusing if r.job == job]
            if refusing and state == JobEnd.SUCCEEDED:
                event = refusing[0].event
                why = [identifier for r in refusing for identifier in r.requirements]
                what = f"{event} was accepted: its job succeeded"
                raise Disagreement(what, [f"{event} is refused"], why, self._belief, is_cause=True)
            allowed = [job_words(explanation, job) for explanation in self._belief]
            late = state == "in_progress"
            reverted = any(with_job(explanation, job, state) is not None for explanation in self._lacking_jobs)
            has_ended = all(any(known == job for known, _ in e.ended) for e in self._belief)
            due = [] if late or has_ended else self._blame.of_expected(self._belief)
            rules = ["R78"] if reverted and not late else due
            raise Disagreement(f"the job is shown as {state}", allowed, rules or ["R25"], self._belief)
        self._settle_on(after)

    def saw(self, seen: Observation, surroundings: Set[str] | None) -> None:
        """The item was looked at. What is due after a phase was first seen counts from here. surroundings: None where
        nothing is known of them.

        Raises:
            Disagreement: no explanation agrees with what was seen.
        """
        came_from, shown = self._seen_phase, known(seen.phase)
        if shown is not None and shown not in self.stepper.efsm.phases:
            rules = of_foreign_phase(self.stepper, {e.state for e in self._belief}, shown)
            profile = self.stepper.efsm.profile
            allowed = dict.fromkeys(f"phase: {e.state.phase}" for e in self._belief)
            what = f"saw phase: {shown}, which the {profile} profile does not have"
            raise Disagreement(what, allowed, rules, self._belief, fields=("phase",))
        if shown != self._seen_phase:
            self._seen_phase = shown
            facts = self.stepper.efsm.phases.get(shown or "")  # one of another profile agrees with nothing
            if facts is not None and facts.settles_once_seen is not None:
                self._quiet = 0.0
        after: dict[Explanation, frozenset[str]] = {}
        for explanation, way in self._belief.items():
            if self._is_shown(explanation, seen) or self._matcher.agrees(explanation.state, seen, surroundings):
                agreed = with_current_job(explanation, seen)
                if agreed is not None:
                    add(after, agreed, way)
        if not after:
            raise self._look_disagrees(seen, surroundings, came_from)
        self._settle_on(after)

    # -- inside ------------------------------------------------------------------------------------------------

    def _after_request(
        self,
        event: Event,
        surroundings: Set[str] | None,
        job: str | None,
        cancelled: str | None,
        *,
        is_idle: bool,
        fails: bool,
    ) -> dict[Explanation, frozenset[str]]:
        """The explanations that agree with a request and how it was answered."""
        after: dict[Explanation, frozenset[str]] = {}
        # Where it may have an effect, that is the reading that tells more.
        has_one = any(self.stepper.step(e.state, event).transition for e in self._belief)
        is_told = surroundings is None and has_one
        may_be_idle = not is_told or is_idle
        # Nor is what a cancel stops taken for a refusal, or for a job that failed before.
        stops_one = is_told and cancelled is not None and any(e.job == cancelled for e in self._belief)
        for explanation, way in self._belief.items():
            for holds in self._surroundings(explanation.state, event, surroundings):
                outcome = self.stepper.step(explanation.state, event, holds)
                transition = outcome.transition
                if job is None:
                    if transition is None or outcome.may_refuse:
                        add(after, explanation, way)
                    continue
                if transition is not None and not self._mistaken(explanation, cancelled):
                    origin = self.at_rest(explanation.state) if cancelled is None else explanation.origin
                    origin = None if stops_one and not fails else origin
                    add(after, started(explanation, outcome.state, job, cancelled, origin), way | {transition.id})
                if cancelled is not None:
                    if explanation.refuses(cancelled) and not stops_one:
                        add(after, explanation, way)  # cancelling what is being refused anyway
                elif (transition is None or outcome.may_refuse or fails) and not (is_told and _is_guessed(explanation)):
                    why = self.stepper.why_refused(explanation.state, event, holds)
                    without_effect = may_be_idle and self.stepper.may_have_no_effect(explanation.state, event, holds)
                    refusing = Refusing(job, event, why, without_effect)
                    add(after, explanation._replace(refusing=(*explanation.refusing, refusing)), way)
        return after

    def _request_disagrees(self, event: Event, surroundings: Set[str] | None, *, is_accepted: bool) -> Disagreement:
        if is_accepted:
            known = surroundings or frozenset()
            why_not = [r for e in self._belief for r in self.stepper.why_refused(e.state, event, known)]
            return Disagreement(f"{event} was accepted", [f"{event} is refused"], why_not, self._belief, is_cause=True)
        ways = [
            self.stepper.step(explanation.state, event, holds).transition
            for explanation in self._belief
            for holds in self._surroundings(explanation.state, event, surroundings)
        ]
        wanted = [rule for transition in ways if transition is not None for rule in transition.requirements] or ["X21"]
        if event.name == Operation.FAIL_OVER and surroundings and "impaired" in surroundings:
            wanted = ["X11", *wanted]  # bad health is no reason to refuse it
        if event.name == Operation.FAIL_OVER and {e.state.phase for e in self._belief} == {"failover_failed"}:
            wanted = ["X18", *wanted]  # that it can be tried again is what is broken
        return Disagreement(f"{event} was refused", [f"{event} is accepted"], wanted, self._belief)

    def _settle_on(self, after: dict[Explanation, frozenset[str]]) -> None:
        """Go on with these explanations; what all of them take for certain was taken."""
        certain = frozenset.intersection(*after.values())
        if certain:
            self.taken.update(certain)
            self._blame.took(certain)
            after = {explanation: way - certain for explanation, way in after.items()}
        self._belief = after

    def _is_busy(self, state: State) -> bool:
        """Whether a job runs."""
        facts, drill = self.stepper.efsm.phases[state.phase], self.stepper.efsm.drills[state.drill]
        return not facts.steady or drill.settles_within is not None or state.resynchronizing

    def at_rest(self, state: State) -> State | None:
        """The state in which a job begins, if nothing but a resynchronization runs in it, which gives way."""
        rest = state._replace(resynchronizing=False, stopping=False)
        return None if self._is_busy(rest) else rest

    def _origin_left(self, explanation: Explanation, surroundings: Set[str] | None) -> State | None:
        """What the item is again if its running job comes to nothing; None where that cannot be.

        In a recording nothing is known of the surroundings, so any job may fail and leave the item as before (F13 to
        F15). In a run that takes bad health (contract 7), and a job that has no way to fail that is declared.
        """
        state = explanation.state
        if explanation.origin is None or (surroundings is not None and "impaired" not in surroundings):
            return None
        declared = state.phase in self._failing or state.drill in self._failing
        return None if surroundings is not None and declared else explanation.origin

    def _surroundings(self, state: State, event: Event, known: Set[str] | None) -> Iterable[Set[str]]:
        return [known] if known is not None else self._closure.possible(state, event)

    def _mistaken(self, explanation: Explanation, cancelled: str | None) -> bool:
        """Whether a cancel concerns another job than the one this explanation has running."""
        is_meant = explanation.job == SERVICE_JOB and not explanation.refuses(cancelled or "")
        return cancelled is not None and explanation.job != cancelled and not is_meant

    def _is_shown(self, explanation: Explanation, seen: Observation) -> bool:
        """While an operation is being refused, its transitional phase may be shown (contract 1)."""
        return any(known(seen.phase) in self._showing.get(refusing.event.name, ()) for refusing in explanation.refusing)

    def _bound(self, state: State) -> float | None:
        facts, drill = self.stepper.efsm.phases[state.phase], self.stepper.efsm.drills[state.drill]
        settles = facts.settles_once_seen if state.phase == self._seen_phase else None
        bounds = [bound for bound in (settles, facts.settles_within, drill.settles_within) if bound is not None]
        return min(bounds) if bounds else (24 if state.resynchronizing else None)

    def _overdue(self, state: State, hours: float) -> bool:
        bound = self._bound(state)
        return bound is not None and hours > bound

    def _look_disagrees(self, seen: Observation, surroundings: Set[str] | None, came_from: str | None) -> Disagreement:
        differing = {
            explanation: list(self._matcher.differences(explanation.state, seen, surroundings))
            or [("current_job", _job_in_words(explanation.job), str(known(seen.current_job)))]
            for explanation in self._belief
        }

        def distance(explanation: Explanation) -> tuple[bool, int]:
            """What agrees with the phase that is claimed is nearer than anything else."""
            found = differing[explanation]
            return found[0][0] == "phase", len(found)

        closest = min(map(distance, differing))
        nearest = {explanation: found for explanation, found in differing.items() if distance(explanation) == closest}
        first = next(iter(nearest))
        fields = [field for field, _, _ in nearest[first]]
        shown = known(seen.phase)
        undone: list[str] = []
        if "phase" in fields:
            undone = self._blame.of_false_success(self._belief, shown) or self._blame.of_phase_left(self._belief, shown)
        elif "drill" in fields:
            undone = self._blame.of_drill_left(known(seen.drill))
        rules = undone or self._blame.of_look(self._belief, fields, first.state, seen, shown, began_job=self._began_job)
        reverts = "reverting_failback" in self.stepper.efsm.phases
        if reverts and (came_from, shown) == ("failing_back", "failback_cancel_failed"):
            rules = ["R78"]  # nothing was seen of the service's own revert
        claims = [] if shown is None or "phase" in fields else [f"phase: {shown}"]
        what = "; ".join([*claims, *(f"{field}: {told}" for field, _, told in nearest[first])])
        allowed = ["; ".join(f"{field}: {expected}" for field, expected, _ in found) for found in nearest.values()]
        states = self._belief
        return Disagreement(f"saw {what}", allowed, rules or ["X02"], states, fields=fields, is_undone=bool(undone))


def _is_guessed(explanation: Explanation) -> bool:
    """Whether it takes a resynchronization to run that nobody was seen to ask for."""
    return explanation.state.resynchronizing and explanation.job == SERVICE_JOB


def _declared_to_fail(stepper: Stepper) -> frozenset[str]:
    """The phases and drill states whose job has a declared way to fail."""
    return frozenset(t.source for t in stepper.efsm.transitions if t.ends is JobEnd.FAILED)


def _job_in_words(job: str | None) -> str:
    return "a job that runs" if job == SERVICE_JOB else str(job)
