"""Follows the events of one item, as far as they agree with the model and its properties.

A recording may begin anywhere in an item's life, and nothing is known about its surroundings. So the oracle starts from
every reachable state, and anything may go wrong at any time.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cache
from typing import TypeVar

from asr_model import profiles
from asr_model.observable_machine import CANCEL_RUNNING
from asr_model.vocabulary import Answer, Operation, Site
from asr_properties.arm import tokens as arm
from asr_properties.evidence.observation import NOT_REPLICATED
from asr_properties.oracle.disagreement import Disagreement
from asr_properties.oracle.remembering_oracle import Instant, RememberingOracle
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.relations.all_relations import RelationMonitors
from asr_properties.specification.rule import EvidenceKind, Rule
from asr_properties.traces.accepted_requests import AcceptedRequest, AcceptedRequests, job_of
from asr_properties.traces.changes_elsewhere import ChangesElsewhere
from asr_properties.traces.divergence import Difference, Explainer
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent
from asr_properties.traces.followed_events import FollowedEvent, StepsOfEvents
from asr_properties.traces.health import BAD, surroundings_told
from asr_properties.traces.lookahead import Lookahead
from asr_properties.traces.missing_requests import MissingRequests
from asr_properties.traces.plan_requests import PlanRequest
from asr_properties.traces.recording_rules import RecordingRules
from asr_properties.traces.refusals import Refusals
from asr_properties.traces.seen_settings import SeenSettings
from asr_properties.traces.trace_verdicts import Conformance, Divergence, TraceVerdict
from asr_properties.traces.transition_credits import credited_by_transitions, succeeded
from asr_properties.traces.unrecorded import is_a_cancel

MOST_EXPLANATIONS = 20_000
"""With more explanations than these an item is given up, undetermined: it was hardly ever looked at."""

MOST_GAPS = 100
"""An item with more missing requests than these is given up, undetermined: it was done to elsewhere."""

_MOST_TOLD_GAPS = 10

RUN_AGAIN = ("R60", "R74", "X07")
"""What a planned failover shows that is accepted after a cancel."""

_Thing = TypeVar("_Thing")


class Follower:
    """Follows the events of one item.

    unit: what the places in the recording count. oracle: it brings the lifecycle, and is to start from every state.
    plans: what was asked of recovery plans that may have the item.
    """

    def __init__(
        self, item: str, unit: str, oracle: RememberingOracle, lookahead: Lookahead, plans: Sequence[PlanRequest] = ()
    ) -> None:
        self._item = item
        self._unit = unit
        self._oracle = oracle
        self._efsm = oracle.stepper.efsm
        self._lookahead = lookahead
        self._monitors = _monitors_of(self._efsm.profile).fresh()
        self._relations = RelationMonitors(self._monitors.relations, self._monitors.exercised)
        self._relations.begin_walk()
        self._rules = RecordingRules(unit)
        self._settings = SeenSettings(unit)
        self._elsewhere = ChangesElsewhere(unit)
        self._accepted = AcceptedRequests(unit, lookahead)
        self._refusals = Refusals(oracle, lookahead, self._accepted)
        self._steps = StepsOfEvents(oracle, lookahead, self._accepted)
        self._explainer = Explainer(oracle.stepper, lookahead, unit)
        self._begins = False
        self._followed = 0
        self._given_up = ""
        self._missing = MissingRequests(unit, plans)
        self._looked_at = 0  # the place of the last look
        self._health: str | None = None
        self._cancelled_before = 0
        self._planned_failovers = 0
        self._divergence: Divergence | None = None
        self._untold: Counter[str] = Counter()  # accepted operations whose recovery point was not recorded

    @property
    def has_diverged(self) -> bool:
        """Whether an event did not agree. No event after it is followed."""
        return self._divergence is not None

    @property
    def is_judging(self) -> bool:
        """Whether the next event will be judged."""
        return not (self.has_diverged or self._given_up)

    @property
    def phases(self) -> tuple[str, ...]:
        """Where the item may be, in the order of the lifecycle."""
        possible = {explanation.state.phase for explanation in self._oracle.explanations}
        return tuple(phase for phase in self._efsm.phases if phase in possible)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not in the recording and must have been asked for, so far."""
        return self._missing.lines

    @property
    def standing(self) -> Hashable:
        """What is believed now. Followers of one item whose standing is equal find the same from here on."""
        belief, jobs = self._oracle.now
        return belief, tuple(None if self._accepted.is_unidentified(job) else job for job in jobs)

    def twin(self) -> Follower:
        """A follower that goes on by itself from here."""
        twin = _copied(self)
        twin._oracle, twin._monitors = _copied(self._oracle), _copied(self._monitors)
        twin._rules, twin._settings = _copied(self._rules), _copied(self._settings)
        twin._elsewhere = _copied(self._elsewhere)
        twin._missing = _copied(self._missing)
        twin._relations = self._relations.copy(twin._monitors.exercised)
        twin._accepted = self._accepted.copy()
        twin._refusals = self._refusals.copy(twin._oracle, twin._accepted)
        twin._steps = self._steps.copy(twin._oracle, twin._accepted)
        return twin

    def was_done(self, event: Requested) -> bool:
        """Whether a request without an answer was carried out all the same: the job that it cancels ended so."""
        is_cancel = event.operation is Operation.CANCEL_JOB
        return is_cancel and self._lookahead.end_of(str(dict(event.arguments).get("job"))) == "cancelled"

    def can_only_be_refused(self, index: int) -> bool:
        """Whether the request with this index, recorded without a job's id, can only have been refused."""
        return self._refusals.must_be(index)

    # -- one event ------------------------------------------------------------------------------------------------

    def pass_over(self, event: TraceEvent) -> None:
        """Go on after an event that says nothing."""
        if self.is_judging:
            self._begins = self._begins or (self._followed == 0 and _is_beginning(event))
            self._followed += 1

    def take_as_not_done(self, event: Requested) -> None:
        """Go on after a request that was not answered, and was not carried out."""
        self.pass_over(event)
        self._missing.was_refused(event)

    def follow(self, event: TraceEvent) -> None:
        """Follow the next event; of requests only those with an answer."""
        if not self.is_judging:
            return
        index = self._followed
        if self._says_nothing_new(index, event):
            self._rules.passed_over(event)
            self.pass_over(event)
            return
        if index == 0:
            self._begins = _is_beginning(event)
        self._oracle.time_passes()
        if self._oracle.how_many > MOST_EXPLANATIONS:
            most = f"more than {MOST_EXPLANATIONS} explanations are possible"
            self._given_up = f"given up at {self._unit} {event.number}: {most}"
            return
        before, counts = self._oracle.now, (self._planned_failovers, self._cancelled_before)
        self._divergence = self._follow(index, event)
        if self._divergence is not None and self._is_explained(self._divergence, event, before):
            self._planned_failovers, self._cancelled_before = counts
            self._divergence = self._follow(index, event)
        self._divergence = self._missing.confirmed_by(event, self._divergence, self._oracle.phase)
        self._missing.note(event, is_known=not isinstance(event, JobSeen) or self._is_known(event.job))
        if isinstance(event, ItemSeen):
            self._looked_at = index
        if self._divergence is None:
            self._followed += 1

    def _is_explained(self, divergence: Divergence, event: TraceEvent, before: Instant) -> bool:
        """Whether requests that were not recorded explain the event. If so, the item is followed anew from there."""
        gap = self._missing.explaining(divergence) if divergence.event is event else None
        if gap is None:
            return False
        if len(self._missing.lines) > MOST_GAPS:
            self._given_up = f"given up at {self._unit} {event.number}: more than {MOST_GAPS} requests are missing"
        lts, states = profiles.lts(self._efsm.profile), {explanation.state for explanation in before.explanations}
        if isinstance(event, JobSeen) and is_a_cancel(divergence):
            self._oracle.go_back_to(before)
            self._oracle.request(CANCEL_RUNNING, event.job, event.job)
            self._oracle.time_passes()
        elif isinstance(event, ItemSeen) and (begun := gap.jobs_after(lts, states)):
            self._oracle.restart_with_job(begun, str(event.observation.current_job))
        else:
            self._oracle.restart(gap.states_after(lts, states))
        self._monitors.restart()
        self._relations.begin_walk()
        self._settings.restart()
        self._steps = StepsOfEvents(self._oracle, self._lookahead, self._accepted)
        return True

    def _is_known(self, job: str) -> bool:
        """Whether a job was asked for in the recording, or by what it lacks."""
        return job in self._accepted or job in self._oracle.now.jobs

    def _says_nothing_new(self, index: int, event: TraceEvent) -> bool:
        """Whether an event is a request that was recorded twice, or an old poll of a job that has ended."""
        match event:
            case Requested():
                return self._accepted.is_repeated(event, index)
            case JobSeen():
                return event.state == "in_progress" and self._lookahead.has_ended(event.job, index)
        return False

    def _follow(self, index: int, event: TraceEvent) -> Divergence | None:
        followed = self._steps.begin(index, event)
        phase = self._oracle.phase if isinstance(event, Requested) else None
        disagreement = self._tell_oracle(followed)
        step = self._steps.step(followed)
        self._rules.note(event, self._accepted)
        found = [*self._monitors.see(step), *self._relations.see(step, explained=disagreement is None)]
        broken = [one.rule for one in found]
        if disagreement is None and (divergence := self._unrefused_request(followed, broken)) is not None:
            return divergence
        difference = self._rules.contradiction(event, self._accepted) or self._elsewhere.contradiction(event)
        difference = difference or self._never_asked_for(event)
        if difference is None and (disagreement is not None or broken):
            blamed = [identifier for rule in broken for identifier in rule.blames(step, self._oracle.stepper)]
            difference = self._difference(event, disagreement, broken, blamed)
        if difference is not None:
            return self._explainer.divergence(event, followed.request, followed.before, difference, broken)
        self._rules.agreed(event)
        self._elsewhere.agreed(event)
        self._settings.note(event, phase)
        if isinstance(event, Requested) and step.response is Answer.REFUSED:
            assert followed.request is not None
            self._refusals.note(event, followed.request)
        return None

    def _never_asked_for(self, event: TraceEvent) -> Difference | None:
        """A job that nobody is seen to ask for has succeeded, and every operation whose jobs are of its scenario is
        always refused (R75: Classic has no cancel, nor a revert of its own); None where that is not so."""
        if not isinstance(event, JobSeen) or event.state != "succeeded" or event.job in self._accepted:
            return None
        operations = [name for name, scenarios in arm.SCENARIOS_OF.items() if event.scenario in scenarios]
        events = [each for each in self._oracle.stepper.events if each.name in operations]
        if not events or any(transition.event in operations for transition in self._efsm.transitions):
            return None
        states = [explanation.state for explanation in self._oracle.explanations]
        why = dict.fromkeys(
            r for each in events for state in states for r in self._oracle.stepper.why_refused(state, each)
        )
        allowed = tuple(f"{operation} is refused" for operation in operations)
        return Difference(
            f"a job of the scenario {event.scenario} succeeded, which nobody asked for", allowed, tuple(why)
        )

    def _tell_oracle(self, followed: FollowedEvent) -> Disagreement | None:
        """Let the oracle take in an event; gives what does not agree, None where the event agrees."""
        try:
            match followed.event:
                case Requested() as event:
                    self._tell_request(followed, event)
                case JobSeen(job=job, state=state):
                    self._oracle.saw_job(job, state)
                case ItemSeen(points=None, observation=item):
                    self._health = item.health or self._health
                    assert followed.observation is not None
                    self._oracle.saw(followed.observation, surroundings_told(self._efsm.profile, item.health))
        except Disagreement as disagreement:
            return disagreement
        return None

    def _tell_request(self, followed: FollowedEvent, event: Requested) -> None:
        assert followed.request is not None
        is_accepted, is_cancel = event.answer is Answer.ACCEPTED, event.operation is Operation.CANCEL_JOB
        job = job_of(followed.place, event)
        if is_accepted and event.operation is Operation.PLANNED_FAILOVER:
            self._planned_failovers += 1
            self._cancelled_before += any(name.startswith("cancel_succeeds:") for name in self._oracle.taken)
        if is_accepted and "recovery_point" not in dict(event.arguments):
            self._untold[event.operation] += 1
        if is_accepted and not is_cancel:
            self._accepted.add(job, AcceptedRequest(followed.place, followed.before, event))
        cancelled = self._accepted.meant(str(dict(event.arguments).get("job"))) if is_cancel else None
        is_idle, fails = self._lookahead.had_no_effect(job), self._lookahead.end_of(cancelled or job) == "failed"
        started = job if is_accepted else None
        self._oracle.request(followed.request, started, cancelled, is_idle=is_idle, fails=fails)

    def _unrefused_request(self, followed: FollowedEvent, broken: Sequence[Rule]) -> Divergence | None:
        """The divergence, where the event leaves only explanations by a refusal that is never seen."""
        refusals = self._refusals.never_seen()
        if not refusals:
            return None
        earlier = self._accepted[refusals[0].job]
        if earlier.event is followed.event:
            return self._explainer.at_unrefused_request(refusals[0], earlier, self._oracle.explanations, broken)
        return self._explainer.after_unrefused_request(
            followed.event, followed.request, followed.before, refusals[0], earlier
        )

    def _difference(
        self, event: TraceEvent, disagreement: Disagreement | None, broken: Sequence[Rule], blamed: Sequence[str]
    ) -> Difference:
        rules = list(blamed)
        if disagreement is None:
            seen = "; ".join(f"broken: {rule.says}" for rule in broken)
            return Difference(seen, [rule.pattern for rule in broken], rules)
        if isinstance(event, ItemSeen) and (undone := self._refusals.without_end(self._looked_at)):
            # It may have been done: that it was accepted tells more than what it led to.
            return Difference(
                disagreement.what, disagreement.allowed, [*undone, *rules, *disagreement.requirements], True
            )
        if isinstance(event, ItemSeen):
            rules = [*self._refusals.beside_the_model(self._looked_at, event.observation.phase), *rules]
        if self._denies_failover(event, disagreement):
            if isinstance(event, ItemSeen) and event.observation.phase == "failover_failed":
                rules = ["X18", *rules]  # that it can be tried again is what is broken
            if self._health in BAD:
                rules = ["X11", *rules]  # bad health is no reason to do so
        rules += disagreement.requirements
        rules += ["X08"] if self._rules.contradicts_success(event) else []
        return Difference(disagreement.what, disagreement.allowed, rules, disagreement.is_undone)

    def _denies_failover(self, event: TraceEvent, disagreement: Disagreement) -> bool:
        """Whether an event refuses a failover to Azure, or does not list it where it is possible."""
        if isinstance(event, Requested):
            return event.operation is Operation.FAIL_OVER and event.answer is Answer.REFUSED
        if not isinstance(event, ItemSeen) or set(disagreement.fields) != {"allowed_operations"}:
            return False
        forward = (t.source for t in self._efsm.transitions if t.event == Operation.FAIL_OVER)
        possible = {phase for phase in forward if self._efsm.phases[phase].serving is Site.ON_PREMISES}
        seen = event.observation
        return seen.phase in possible and Operation.FAIL_OVER not in (seen.allowed_operations or ())

    # -- the verdict ----------------------------------------------------------------------------------------------

    def verdict(self, remarks: Iterable[str] = ()) -> TraceVerdict:
        """The verdict on all that was followed; `remarks` are told among the gaps."""
        exercised = self._exercised()
        conformance, why = self._conclusion(is_exercised=bool(exercised))
        return TraceVerdict(
            item=self._item,
            profile=self._efsm.profile,
            conformance=conformance,
            why=why,
            followed=self._followed,
            exercised=dict(sorted(exercised.items())),
            phases=self.phases,
            refused=tuple(self._refusals.first),
            refusals=self._refusals.count,
            divergence=self._divergence or self._missing.unlikely or self._missing.first,
            gaps=(*self._gaps(), *remarks),
        )

    def _conclusion(self, *, is_exercised: bool) -> tuple[Conformance, str]:
        divergence = self._divergence or self._missing.unlikely
        if divergence is not None:
            return Conformance.NON_CONFORMANT, f"{self._unit} {divergence.event.number}: {divergence.seen}"
        if self._given_up:
            return Conformance.INCOMPLETE, self._given_up
        if open_because := (*self._missing.lines, *self._settings.unlike, *self._elsewhere.open):
            more = len(open_because) - _MOST_TOLD_GAPS
            others = (f"and so for {more} others",) if more > 0 else ()
            return Conformance.INCOMPLETE, "; ".join((*open_because[:_MOST_TOLD_GAPS], *others))
        if open_refusals := self._refusals.not_yet_seen():
            number = self._accepted[open_refusals[0].job].event.number
            why = "accepted, though the model refuses it, and how its job ended was not recorded"
            return Conformance.INCOMPLETE, f"{self._unit} {number}: {why}"
        if not is_exercised:
            why = "nothing was recorded that any requirement could be judged by"
            if self._health not in (None, "normal"):
                why += f": its health is {self._health}, which may be why it refuses or does not list an operation"
            return Conformance.INCOMPLETE, why
        return Conformance.CONFORMANT, ""

    def _exercised(self) -> Counter[str]:
        """How often each requirement was put to the test: by transitions, by properties, and by what was answered."""
        exercised = self._rules.exercised + self._refusals.exercised + self._settings.exercised
        shown = credited_by_transitions(self._efsm, self._oracle.taken, self._untold)
        exercised += Counter({name: times for name, times in shown.items() if name not in self._rules.not_shown})
        done = succeeded(self._efsm, self._oracle.taken, Operation.PLANNED_FAILOVER)
        again = done - (self._planned_failovers - self._cancelled_before)
        if again > 0 and self._cancelled_before:
            exercised.update(dict.fromkeys(RUN_AGAIN, again))
        for name, times in self._monitors.exercised.items():
            for identifier in self._monitors.requirements[name]:
                exercised[identifier] += times
        return exercised

    def _gaps(self) -> Iterator[str]:
        if not self._begins:
            yield "the recording begins in the middle of the item's life"
        yield from self._rules.remarks
        yield from self._accepted.gaps()


@cache
def _monitors_of(profile: str) -> PropertyMonitors:
    """The monitors that those of each item are made from."""
    return PropertyMonitors(properties_of(profile), EvidenceKind.RECORDING)


def _is_beginning(first: TraceEvent) -> bool:
    """Whether an item's life begins with this event."""
    if isinstance(first, ItemSeen):
        return first.observation.phase == NOT_REPLICATED
    return isinstance(first, Requested) and first.operation is Operation.ENABLE_REPLICATION


def _copied(thing: _Thing) -> _Thing:
    """A copy whose counts, lists, sets and dictionaries are its own; what they hold is never changed."""
    twin = copy.copy(thing)
    for name, value in vars(thing).items():
        if isinstance(value, dict | list | set):
            setattr(twin, name, copy.copy(value))
    return twin
