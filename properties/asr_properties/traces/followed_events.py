"""How an event of a recording becomes a step, the same type that runs and the model are judged by.

What a recording says nothing about is `UNKNOWN` in the step. Nothing is known about the surroundings of a recording,
with one exception: an item that reports normal health says that its surroundings are not impaired, and so does one
without a health whose list has all that may be missing otherwise. Its list of operations is judged in full then
(contract, "What is judged" 7).
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from functools import cache
from math import inf
from typing import Any, NamedTuple

from asr_model.efsm import Event
from asr_model.vocabulary import Answer, Operation, Site
from asr_properties.arm.tokens import SCENARIOS_OF
from asr_properties.contract.messages import Job
from asr_properties.evidence.observation import NOTHING_SEEN, Observation
from asr_properties.evidence.step import EndedJob, Step, words_of
from asr_properties.evidence.tasks import in_order
from asr_properties.evidence.unknown import UNKNOWN, Undetermined
from asr_properties.oracle.remembering_oracle import Instant, RememberingOracle
from asr_properties.traces.accepted_requests import AcceptedRequests, job_of
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, Time, TraceEvent
from asr_properties.traces.health import nothing_hinders
from asr_properties.traces.lookahead import Lookahead

CLOCKS_DIFFER = 900
"""So many seconds the clock of whoever recorded may differ from the service's."""

_MAY_SHOW_A_FAILED_JOB = ("enabling_failed", "failover_failed", "failback_cancel_failed")


class FollowedEvent(NamedTuple):
    """An event of an item, with what was known when it came.

    place: its number among the events of the item, from 0. before: what the oracle believed. certain: what was certain
    of the item. request: a request as an event of the model, else None. observation: what a look saw, else None.
    """

    place: int
    event: TraceEvent
    before: Instant
    certain: Observation
    request: Event | None = None
    observation: Observation | None = None


class _Healthy:
    """The surroundings of an item that reports normal health: they are not impaired, the rest is unknown."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        if name == "impaired":
            return False
        raise Undetermined


_HEALTHY: Any = _Healthy()


class StepsOfEvents:
    """Makes the steps of one item. `begin` is called before the oracle takes an event in, `step` after it."""

    def __init__(self, oracle: RememberingOracle, lookahead: Lookahead, accepted: AcceptedRequests) -> None:
        self._oracle = oracle
        self._lookahead = lookahead
        self._accepted = accepted
        self._last_seen = NOTHING_SEEN
        self._agreed = oracle.agreed
        self._point_in_use: str | None = None
        self._failback: str | None = None  # the job of the last planned failover that was to be accepted

    def copy(self, oracle: RememberingOracle, accepted: AcceptedRequests) -> StepsOfEvents:
        """A copy that goes on by itself, with these copies of what it reads."""
        twin = copy.copy(self)
        twin._oracle, twin._accepted = oracle, accepted
        return twin

    def begin(self, index: int, event: TraceEvent) -> FollowedEvent:
        """The event with what is known before the oracle takes it in."""
        request = observation = None
        match event:
            case Requested():
                request = self._lookahead.in_model_words(event, index, self._point_in_use)
            case ItemSeen():
                observation = self._observation(event, index)
        return FollowedEvent(index, event, self._oracle.now, self._certain(), request, observation)

    def step(self, followed: FollowedEvent) -> Step:
        """The step that the event is, once the oracle has taken it in.

        What happened since the last look belongs to the step of the next look, which therefore starts from the last
        one.
        """
        common = {"agreed_before": self._agreed, "agreed": self._oracle.agreed, "clock": clock_at(followed.event.at)}
        match followed.event:
            case Requested():
                step = self._request_step(followed, followed.event, common)
            case JobSeen() as event:
                step = self._job_step(event, common)
            case ItemSeen() as event:
                step = self._look_step(followed, event, common)
        now = step.now
        self._last_seen = now if now.job_has_errors is UNKNOWN else now._replace(job_has_errors=UNKNOWN)
        self._agreed = step.agreed
        return step

    def _observation(self, event: ItemSeen, index: int) -> Observation:
        """What a look saw. What was not reported is unknown; a null `current_job` means that no job runs.

        The shown job is unknown where it may be one that has failed, as these may stay shown (facts 5.12 F9), also
        from before the recording. It is unknown too where it may be the job of a request that told no id.
        """
        if event.points is not None:
            in_use = self._point_in_use
            shown = self._certain()._replace(in_use_id=UNKNOWN if in_use is None else in_use)
            return shown.with_points(event.points, tells_in_use=in_use is not None, lasting=False)
        seen = NOTHING_SEEN.with_item(event.observation)
        job = event.observation.current_job
        if job is None:
            return seen
        failed = self._lookahead.has_ended(job, index) and self._lookahead.end_of(job) != "succeeded"
        if failed or event.observation.phase in _MAY_SHOW_A_FAILED_JOB or self._accepted.meant(job) != job:
            return seen._replace(current_job=UNKNOWN)
        return seen

    def _request_step(self, followed: FollowedEvent, event: Requested, common: dict[str, Any]) -> Step:
        assert followed.request is not None
        job = job_of(followed.place, event)
        response = self._response(event, job)
        recorded = {name for name, _ in event.arguments}
        told = {name: value if name in recorded else UNKNOWN for name, value in followed.request.arguments}
        was_refused = response is Answer.REFUSED
        if event.operation is Operation.PLANNED_FAILOVER and not was_refused:
            self._failback = job if followed.before.belief.agreed.phase == "reverse_protected" else self._failback
        named = dict(event.arguments).get("recovery_point")
        return Step(
            event.operation,
            response,
            **words_of(told),
            named_id=named if named is not None and told.get("recovery_point") == "listed" else UNKNOWN,
            was=followed.certain,
            now=followed.certain if was_refused else _in_phase(self._oracle.phase),
            sent=dict(event.arguments),
            job=job if event.answer is Answer.ACCEPTED else None,
            **common,
        )

    def _response(self, event: Requested, job: str) -> Any:
        """The answer to a request. One that was accepted is a refusal if its job fails (contract 1).

        Where it is not known whether the job failed because of a refusal, the response is UNKNOWN.
        """
        if event.answer is not Answer.ACCEPTED:
            return event.answer
        end = self._lookahead.end_of(job)
        if end == "succeeded" or (end is None and not self._oracle.is_open(job)):
            return event.answer
        is_refusal = end is not None and any(other.job == job for other in self._oracle.refused_everywhere())
        return Answer.REFUSED if is_refusal else UNKNOWN

    def _look_step(self, followed: FollowedEvent, event: ItemSeen, common: dict[str, Any]) -> Step:
        assert followed.observation is not None
        item = event.observation
        if event.points is None:
            self._point_in_use = item.failover_recovery_point
        now = followed.observation.in_phase(self._oracle.phase)
        if self._oracle.list_is_free:
            now = now._replace(allowed=UNKNOWN)
        profile = self._oracle.stepper.efsm.profile
        is_healthy = nothing_hinders(profile, item.health, item.phase, item.allowed_operations)
        return Step(
            "observe",
            surroundings=_HEALTHY if is_healthy else UNKNOWN,
            was=self._last_seen,
            now=now,
            fields=frozenset(item.model_fields_set),
            **common,
        )

    def _job_step(self, event: JobSeen, common: dict[str, Any]) -> Step:
        """A look at a job. Of one that runs the tasks tell nothing for certain but that they are not in order."""
        has_ended = event.state != "in_progress"
        ended: tuple[EndedJob, ...] = ()
        if has_ended and event.job in self._accepted:
            started = self._accepted[event.job].event.operation
            ended = (EndedJob(started, event.job, _job_of(event), self._oracle.is_open(event.job)),)
        operation = self._operation_of(event) if event.tasks else None
        told = None if operation is None or self._asks_for_no_shutdown(event) else in_order(operation, _job_of(event))
        now = self._certain()
        if event.job == self._failback and event.state == "failed" and event.has_errors is not None:
            now = now._replace(job_has_errors=event.has_errors)
        step = Step("observe", was=self._last_seen, now=now, ended=ended, **common)
        if told is None or not (has_ended or told is False):
            return step
        return step._replace(ended_operation=operation, tasks_in_order=told)

    def _asks_for_no_shutdown(self, event: JobSeen) -> bool:
        """Whether a job is that of a failover without a shutdown of the source: R23 speaks of those with one."""
        if event.job not in self._accepted:
            return False
        return dict(self._accepted[event.job].event.arguments).get("shut_down_source") is False

    def _operation_of(self, event: JobSeen) -> Operation | None:
        """The operation that started a job; where its request was not recorded, the one that the scenario tells.

        None where it is not certain. That is also so where the operation leads in either direction (contract 15), and
        the job was not asked for on-premises.
        """
        is_known = event.job in self._accepted
        of_scenario = (name for name, scenarios in SCENARIOS_OF.items() if event.scenario in scenarios)
        operation = self._accepted[event.job].event.operation if is_known else next(of_scenario, None)
        transitions = self._oracle.stepper.efsm.transitions
        leads_to = {t.target for t in transitions if t.event == operation and t.variable == "phase"}
        if len(leads_to) == 1:
            return operation
        is_forward = is_known and self._accepted[event.job].before.belief.agreed.site is Site.ON_PREMISES
        return operation if is_forward else None

    def _certain(self) -> Observation:
        """What is certain of the item: the last look, as long as the item must still be in the phase it showed."""
        phase = self._oracle.phase
        if phase is None:
            return NOTHING_SEEN
        last = self._last_seen
        return last if last.phase is not UNKNOWN and last.phase == phase else _in_phase(phase)


@cache
def _in_phase(phase: str | None) -> Observation:
    """What is certain of an item where nothing is but its phase; None: nor is that."""
    return Observation(phase=UNKNOWN if phase is None else phase)


def _job_of(event: JobSeen) -> Job:
    return Job.model_construct(state=event.state, scenario=event.scenario, tasks=list(event.tasks))


def clock_at(at: Time) -> tuple[float, float]:
    """Between which instants the service's clock stands, in seconds since 1970, as its recovery points tell theirs.

    Infinite where the time is not known, or is a number, which may count from anywhere.
    """
    if not isinstance(at, str):
        return -inf, inf
    told = datetime.fromisoformat(at)
    seconds = (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
    return seconds - CLOCKS_DIFFER, seconds + CLOCKS_DIFFER
