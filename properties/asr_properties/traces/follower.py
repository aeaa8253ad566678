"""Follows the events of one item, as far as they agree with the model and its properties.

Nothing is known about the surroundings of a recording, and it may begin anywhere in an item's life: the oracle starts
from every reachable state, and anything may go wrong at any time. An item that reports normal health says itself that
its surroundings are not impaired; its list of operations is judged in full then (contract, "What is judged" 7).

A request that was answered with success may yet be a refusal, if the job it started fails (contract 1). How the job
ended is looked up in what was recorded later; where no explanation is left but a refusal and the job is never seen to
fail, the request itself is where the recording departs from the model.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, TypeVar

from asr_model.efsm import Event
from asr_model.requirements import CATALOGUE
from asr_model.vocabulary import Answer, Operation
from asr_properties.arm import tokens as arm
from asr_properties.contract.messages import Job
from asr_properties.evidence.observation import NOTHING_SEEN, Observation
from asr_properties.evidence.step import EndedJob, Step, words_of
from asr_properties.evidence.unknown import UNKNOWN, Undetermined
from asr_properties.oracle.explanation import Refusing
from asr_properties.oracle.oracle import Disagreement
from asr_properties.oracle.remembering_oracle import Instant, RememberingOracle
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.relations.all_relations import RelationMonitors
from asr_properties.specification.rule import EvidenceKind, Rule
from asr_properties.traces.accepted_requests import MOST_TOLD, Asked, AskedJobs
from asr_properties.traces.divergence import Explainer
from asr_properties.traces.events import NOT_REPLICATED, ItemSeen, JobSeen, Requested, TraceEvent
from asr_properties.traces.lookahead import Lookahead
from asr_properties.traces.trace_verdicts import Conformance, Divergence, RefusedRequest, TraceVerdict

MOST_EXPLANATIONS = 20_000
"""With more than these an item is given up, undetermined: it was hardly ever looked at."""


class _Healthy:
    """The surroundings of an item that reports normal health: not impaired; of the rest nothing is known."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        if name == "impaired":
            return False
        raise Undetermined


_HEALTHY: Any = _Healthy()
_Thing = TypeVar("_Thing")
_FAILED = ("enabling_failed", "failover_failed", "failback_cancel_failed")


class Follower:
    """Follows the events of one item, by the lifecycle of `oracle`, which is to start from every state."""

    def __init__(self, item: str, unit: str, oracle: RememberingOracle, lookahead: Lookahead) -> None:
        self._item = item
        self._unit = unit
        self._oracle = oracle
        self._stepper = oracle.stepper
        self._efsm = oracle.stepper.efsm
        self._lookahead = lookahead
        self._monitors = PropertyMonitors(properties_of(self._efsm.profile), EvidenceKind.RECORDING)
        self._relations = RelationMonitors(self._monitors.relations, self._monitors.exercised)
        self._relations.begin_walk()
        self._exercised: Counter[str] = Counter()
        self._refused: list[RefusedRequest] = []
        self._refusals = 0
        self._asked = AskedJobs(unit, lookahead)
        self._explainer = Explainer(oracle.stepper, lookahead, unit)
        self._warned: str | None = None  # the job of the last request, if it succeeded with a warning
        self._was = NOTHING_SEEN
        self._agreed = self._oracle.agreed
        self._in_use: str | None = None
        self._instances: set[str] = set()
        self._begins = False
        self._followed = 0
        self._given_up = ""
        self._divergence: Divergence | None = None

    @property
    def has_diverged(self) -> bool:
        """Whether an event did not agree: after it nothing is followed any more."""
        return self._divergence is not None

    def twin(self) -> Follower:
        """A follower that goes on by itself from here."""
        twin = _copied(self)
        twin._oracle, twin._monitors, twin._asked = _copied(self._oracle), _copied(self._monitors), self._asked.copy()
        twin._relations = self._relations.copy(twin._monitors.exercised)
        return twin

    @property
    def standing(self) -> Hashable:
        """What is believed now; followers of one item that stand alike will find the same from here on."""
        belief, jobs = self._oracle.now
        return belief, tuple(None if self._asked.is_nameless(job) else job for job in jobs)

    def pass_over(self, event: TraceEvent) -> None:
        """Go on after an event that says nothing."""
        if not (self._divergence is not None or self._given_up):
            self._begins = self._begins or (self._followed == 0 and _is_beginning(event))
            self._followed += 1

    def follow(self, event: TraceEvent) -> None:
        """Follow the next event, a request with its answer."""
        if self._divergence is not None or self._given_up:
            return
        index = self._followed
        if self._is_told_again(index, event):
            self.pass_over(event)
            return
        if index == 0:
            self._begins = _is_beginning(event)
        self._oracle.time_passes()
        if self._oracle.how_many > MOST_EXPLANATIONS:
            most = f"more than {MOST_EXPLANATIONS} explanations are possible"
            self._given_up = f"given up at {self._unit} {event.number}: {most}"
            return
        self._divergence = self._follow(index, event)
        if self._divergence is None:
            self._followed += 1

    def verdict(self, remarks: Iterable[str] = ()) -> TraceVerdict:
        """The verdict on all that was followed; `remarks` are told among the gaps."""
        if (divergence := self._divergence) is not None:
            why = f"{self._unit} {divergence.event.number}: {divergence.seen}"
            return self._verdict(Conformance.NON_CONFORMANT, why, remarks)
        why = self._given_up
        exercised = self._all_exercised()
        if why:
            pass
        elif open_request := self._only_refusals():
            number = self._asked[open_request[0].job].event.number
            why = f"{self._unit} {number}: accepted, and it is not seen what became of it"
        elif not exercised:
            why = "nothing was recorded that any requirement could be judged by"
        return self._verdict(Conformance.INCOMPLETE if why else Conformance.CONFORMANT, why, remarks)

    def takes_for_refused(self, index: int) -> bool:
        """Whether what was asked for by the event with this index, without an id of a job, can only be refused."""
        job = _nameless(index)
        return any(refusing.job == job for refusing in self._oracle.refused_everywhere())

    # -- one event ------------------------------------------------------------------------------------------------

    def _follow(self, index: int, event: TraceEvent) -> Divergence | None:
        before = self._oracle.now
        disagreement: Disagreement | None = None
        certain = self._certain()
        seen: Observation | None = None
        asked: Event | None = None
        try:
            match event:
                case Requested():
                    asked = self._lookahead.in_model_words(event, index, self._in_use)
                    self._ask(index, event, asked, before)
                case JobSeen():
                    self._oracle.saw_job(event.job, event.state)
                case ItemSeen():
                    seen = self._seen(event, index)
                    self._oracle.saw(seen, frozenset() if event.observation.health == "normal" else None)
        except Disagreement as error:
            disagreement = error
        step = self._step(index, event, seen, asked, certain)
        step = step._replace(agreed_before=self._agreed, agreed=self._oracle.agreed)
        self._was, self._agreed = step.now, step.agreed
        broken: list[Rule] = [*self._monitors.see(step)]
        broken += self._relations.see(step, explained=disagreement is None)
        if disagreement is None and (refusals := self._never_failing()):
            earlier = self._asked[refusals[0].job]
            if earlier.event is event:
                return self._explainer.never_failed(refusals[0], earlier, self._oracle.explanations, broken)
            return self._explainer.ruled_out(event, asked, refusals[0], earlier, before)
        if (differing := self._job_differs(event)) is not None:
            return self._explainer.divergence(event, asked, *differing, before, broken)
        if disagreement is None and not broken:
            self._warned = None if isinstance(event, ItemSeen) else self._warned
            if isinstance(event, Requested) and step.response is Answer.REFUSED:
                assert asked is not None
                self._note_refusal(event, asked)
            return None
        rules = [identifier for candidate in broken for identifier in candidate.requirements]
        if disagreement is None:
            what = "; ".join(f"broken: {candidate.says}" for candidate in broken)
            allowed = [candidate.pattern for candidate in broken]
        else:
            what, allowed = disagreement.what, list(disagreement.allowed)
            rules += disagreement.requirements
            rules += ["X08"] if self._contradicts_warned(event) else []
        return self._explainer.divergence(event, asked, what, allowed, rules, before, broken)

    def _is_told_again(self, index: int, event: TraceEvent) -> bool:
        """Whether an event says nothing new: a request that was recorded twice, or a poll that comes late."""
        match event:
            case Requested():
                return self._asked.is_repeated(event, index)
            case JobSeen():
                return event.state == "in_progress" and self._lookahead.has_ended(event.job, index)
        return False

    def _contradicts_warned(self, event: TraceEvent) -> bool:
        """Whether what differs is the job, or the item at rest after it, that succeeded with a warning (X08)."""
        return self._warned is not None and (isinstance(event, ItemSeen) or getattr(event, "job", None) == self._warned)

    def _job_differs(self, event: TraceEvent) -> tuple[str, list[str], list[str]] | None:
        """What contradicts X09 (facts 2.13): what was seen, what is allowed, the rule; None where nothing does."""
        match event:
            case Requested(job=str(job), named_job=str(named)):
                if job == named:
                    self._exercised["X09"] += 1
                    return None
                return f"the operation is {job}, its job is {named}", ["the job's id is the operation's"], ["X09"]
            case JobSeen(scenario=str(scenario)) if event.job in self._asked:
                wanted = arm.SCENARIOS_OF.get(self._asked[event.job].event.operation, frozenset())
                if scenario in wanted:
                    self._exercised["X09"] += 1
                elif wanted and scenario in arm.SCENARIOS:
                    words = [f"its scenario is {word}" for word in sorted(wanted)]
                    return f"the job of {self._asked[event.job].event.operation} is a {scenario}", words, ["X09"]
        return None

    def _ask(self, index: int, event: Requested, asked: Event, before: Instant) -> None:
        """Tell the oracle of a request; raises as it does."""
        accepted = event.answer is Answer.ACCEPTED
        job = self._job_of(index, event)
        if accepted and event.operation is not Operation.CANCEL_JOB:
            self._asked.add(job, Asked(index, before, event))
            if self._asked.are_many:
                self._asked.forget({refusing.job for e in before.explanations for refusing in e.refusing} | {job})
            self._warned = None
        self._oracle.request(asked, job if accepted else None, self._cancelled(event))

    def _seen(self, event: ItemSeen, index: int) -> Observation:
        """A look at the item. What was not reported is not known; a null `current_job` is no job.

        A job that failed may go on being shown (facts 5.12 F9), also from before the recording, and one whose request
        told no id cannot be recognized: nothing is concluded then.
        """
        seen = NOTHING_SEEN.with_item(event.observation)
        job = event.observation.current_job
        if job is None:
            return seen
        failed = self._lookahead.has_ended(job, index) and self._lookahead.end_of(job) != "succeeded"
        if failed or event.observation.phase in _FAILED or self._asked.meant(job) != job:
            return seen._replace(current_job=UNKNOWN)
        return seen

    def _step(
        self, index: int, event: TraceEvent, seen: Observation | None, asked: Event | None, certain: Observation
    ) -> Step:
        """The event as a step; `certain` is what was certain of the item just before it.

        What happened since the last look is part of a look, so that one starts from what was seen last.
        """
        match event:
            case Requested():
                assert asked is not None
                return self._request_step(index, event, asked, certain)
            case JobSeen():
                if event.warning is not None and event.state == "succeeded":
                    self._exercised["X08"] += 1
                    self._warned = event.job if event.job in self._asked else None
                return Step("observe", was=self._was, now=self._certain(), ended=self._ended(event))
            case ItemSeen(observation=item):
                if item.profile_instance is not None:
                    if self._instances and item.profile_instance not in self._instances:
                        self._exercised["X01"] += 1
                    self._instances.add(item.profile_instance)
                self._in_use = item.failover_recovery_point
                assert seen is not None
                now = seen.in_phase(self._oracle.phase)
                if self._oracle.list_is_free:
                    now = now._replace(allowed=UNKNOWN)
                holds = _HEALTHY if item.health == "normal" else UNKNOWN
                fields = frozenset(item.model_fields_set)
                return Step("observe", surroundings=holds, was=self._was, now=now, fields=fields)

    def _request_step(self, index: int, event: Requested, asked: Event, certain: Observation) -> Step:
        job = self._job_of(index, event)
        response: Any = event.answer
        end = self._lookahead.end_of(job)
        if response is Answer.ACCEPTED and self._oracle.is_open(job) and end != "succeeded":
            is_refusal = end is not None and any(other.job == job for other in self._oracle.refused_everywhere())
            response = Answer.REFUSED if is_refusal else UNKNOWN
        recorded = {name for name, _ in event.arguments}
        told = {name: value if name in recorded else UNKNOWN for name, value in asked.arguments}
        now = certain if response is Answer.REFUSED else Observation(phase=self._oracle.phase or UNKNOWN)
        return Step(
            event.operation,
            response,
            **words_of(told),
            was=certain,
            now=now,
            sent=dict(event.arguments),
            job=job if event.answer is Answer.ACCEPTED else None,
        )

    def _ended(self, event: JobSeen) -> tuple[EndedJob, ...]:
        """The job that was asked for and is seen to have ended."""
        if event.state == "in_progress" or event.job not in self._asked:
            return ()
        job = Job.model_validate({"state": event.state, "scenario": event.scenario})
        operation = self._asked[event.job].event.operation
        return (EndedJob(operation, event.job, job, self._oracle.is_open(event.job)),)

    def _job_of(self, index: int, event: Requested) -> str:
        """The id of the job that a request started, or what stands for it where none was told."""
        return event.job if event.job is not None else _nameless(index)

    def _certain(self) -> Observation:
        """What is still certain of the item: the last look, as long as the item must be in the phase it showed."""
        phase = self._oracle.phase
        if phase is None:
            return NOTHING_SEEN
        return self._was if self._was.phase is not UNKNOWN and self._was.phase == phase else Observation(phase=phase)

    def _cancelled(self, event: Requested) -> str | None:
        """The job to cancel, None where that is not what was asked for."""
        is_cancel = event.operation is Operation.CANCEL_JOB
        return self._asked.meant(str(dict(event.arguments).get("job"))) if is_cancel else None

    # -- refusals -------------------------------------------------------------------------------------------------

    def _only_refusals(self) -> list[Refusing]:
        """Operations that every explanation takes to be refused (for reasons that may differ) and whose job was not
        seen to fail so far; earlier requests first."""
        return sorted(self._oracle.refused_everywhere(), key=lambda refusing: self._asked[refusing.job].place)

    def _never_failing(self) -> list[Refusing]:
        """Those of them whose job is not seen to fail later either, though it must have."""
        if not self._oracle.is_open_everywhere:
            return []
        return [
            refusing
            for refusing in self._only_refusals()
            if self._lookahead.must_have_failed(refusing.job, self._asked[refusing.job].place)
        ]

    def _note_refusal(self, event: Requested, asked: Event) -> None:
        """Credit the rules that every explanation gives for the refusal."""
        common: set[str] | None = None
        order: tuple[str, ...] = ()
        for explanation in self._oracle.explanations:
            open_to_both = self._stepper.step(explanation.state, asked).transition is not None
            order = () if open_to_both else self._stepper.why_refused(explanation.state, asked)
            common = set(order) if common is None else common & set(order)
        why = tuple(identifier for identifier in order if identifier in (common or ()))
        self._exercised.update(why)
        self._refusals += 1
        if len(self._refused) < MOST_TOLD:
            self._refused.append(RefusedRequest(event, why))

    # -- the verdict ----------------------------------------------------------------------------------------------

    def _verdict(self, conformance: Conformance, why: str, remarks: Iterable[str]) -> TraceVerdict:
        possible = {explanation.state.phase for explanation in self._oracle.explanations}
        return TraceVerdict(
            item=self._item,
            profile=self._efsm.profile,
            conformance=conformance,
            why=why,
            followed=self._followed,
            exercised=dict(sorted(self._all_exercised().items())),
            phases=tuple(phase for phase in self._efsm.phases if phase in possible),
            refused=tuple(self._refused),
            refusals=self._refusals,
            divergence=self._divergence,
            gaps=(*self._gaps(), *remarks),
        )

    def _all_exercised(self) -> Counter[str]:
        """How often each requirement was put to the test: by transitions, by properties, and by what was answered."""
        exercised = self._exercised.copy()
        for identifier, times in self._oracle.taken.items():
            for requirement in self._efsm.transition(identifier).requirements:
                if CATALOGUE[requirement].shown_by_transitions:
                    exercised[requirement] += times
        for name, times in self._monitors.exercised.items():
            for identifier in self._monitors.requirements[name]:
                exercised[identifier] += times
        return exercised

    def _gaps(self) -> Iterator[str]:
        if not self._begins:
            yield "the recording begins in the middle of the item's life"
        yield from self._asked.gaps()


def _is_beginning(first: TraceEvent) -> bool:
    """Whether an item's life begins with this event."""
    if isinstance(first, ItemSeen):
        return first.observation.phase == NOT_REPLICATED
    return isinstance(first, Requested) and first.operation is Operation.ENABLE_REPLICATION


def _nameless(index: int) -> str:
    return f"the job of event {index}"


def _copied(thing: _Thing) -> _Thing:
    """A copy whose counts, lists, sets and dictionaries are its own; what they hold is never changed."""
    twin = copy.copy(thing)
    for name, value in vars(thing).items():
        if isinstance(value, dict | list | set):
            setattr(twin, name, copy.copy(value))
    return twin
