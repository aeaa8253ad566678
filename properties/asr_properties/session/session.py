"""One implementation under judgement: each action is done, looked at, explained, and watched by the properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from asr_model.efsm import Event
from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation, Response
from asr_properties.contract.connection import AdapterError, Connection
from asr_properties.contract.errors import ContractError, InvalidParameters, NotOffered, Refused
from asr_properties.contract.messages import RecoveryPoint
from asr_properties.oracle.oracle import SERVICE_JOB, Disagreement, Explanation, Oracle
from asr_properties.oracle.seen import AWAITING_CLEANUP
from asr_properties.properties.evidence import UNKNOWN, View, moment_of
from asr_properties.properties.patterns import Property
from asr_properties.properties.watch import Watcher
from asr_properties.session.actions import WAIT_FOR_JOB, Action
from asr_properties.session.looking import Looker

UNKNOWN_POINT = "no-such-recovery-point"


class Step(NamedTuple):
    """What was done and how it was answered. `phase` is what the item showed afterwards, or what it must be in."""

    action: Action
    answer: str
    phase: str | None


class NonConformance(Exception):
    """The implementation broke the model or a property.

    what: what was seen. allowed: what the model allowed, one line each. requirements: the rules, the most telling
    first. broken: the properties that failed. before: the explanations until then. steps: all that was done.
    """

    def __init__(
        self,
        what: str,
        allowed: Iterable[str],
        requirements: Iterable[str],
        broken: Iterable[Property],
        before: Iterable[Explanation],
        steps: Iterable[Step],
    ) -> None:
        super().__init__(what)
        self.what = what
        self.allowed = tuple(allowed)
        self.requirements = tuple(dict.fromkeys(requirements))
        self.broken = tuple(broken)
        self.before = tuple(before)
        self.steps = tuple(steps)

    @property
    def blamed(self) -> tuple[str, ...]:
        """The requirements that count as failed: those of the broken properties, else what the oracle names."""
        by_property = tuple(dict.fromkeys(r for candidate in self.broken for r in candidate.requirements))
        return by_property or self.requirements


class Session:
    """Judges one implementation; `begin` starts a fresh item, `perform` does one action.

    drills_exclude: whether a drill that awaits its cleanup must exclude every other operation (A12). If not, none is
    asked for meanwhile and nothing is concluded.

    Attributes:
        steps: what was done since `begin`.
        pairs: the (phase, operation) pairs that were tried, over all items.
        states: the model states that were certain at some instant, over all items.
        performed: actions done, over all items; items: how many there were.
    """

    def __init__(
        self, connection: Connection, stepper: Stepper, watcher: Watcher, *, drills_exclude: bool = True
    ) -> None:
        self.connection = connection
        self.oracle = Oracle(stepper, drills_exclude=drills_exclude)
        self._drills_exclude = drills_exclude
        self.watcher = watcher
        self._stepper = stepper
        self._looker = Looker(connection)
        self.pairs: set[tuple[str, str]] = set()
        self.states: set[Any] = set()
        self.performed = 0
        self.items = 0
        offered = connection.hello.operations
        self._offered = frozenset(Operation if offered is None else offered) - {Operation.CANCEL_JOB}

    def begin(self, configuration: Mapping[str, Any] | None = None) -> None:
        """Start with a fresh item.

        Raises:
            NonConformance: the fresh item does not look like one.
        """
        self.items += 1
        honoured = self.connection.hello.configuration
        self.configuration = {key: value for key, value in (configuration or {}).items() if key in honoured}
        self.steps: list[Step] = []
        self.faults: set[str] = set()
        self.connection.new_item(self.configuration)
        self._looker.restart()
        self.watcher.restart()
        self.oracle.start([self._stepper.initial])
        self._view = View()
        self._judge(Action("wait", seconds=0), "new item", "new_item", None, {}, None)
        self.steps.clear()

    def settle(self) -> None:
        """End a walk: see how operations end that were accepted although they must be refused.

        Raises:
            NonConformance: one of them succeeds.
        """
        for _ in range(3):
            if self.connection.has_clock and any(e.refusing for e in self.oracle.explanations):
                self.perform(WAIT_FOR_JOB)

    @property
    def surroundings(self) -> frozenset[str]:
        """The model's surroundings that hold just now."""
        holds = {s.name for s in self._stepper.efsm.surroundings if self.faults.intersection(s.faults)}
        if self.configuration.get("datastore_visible", True) is False:
            holds.add("datastore_hidden")
        return frozenset(holds)

    def perform(self, action: Action) -> Step:
        """Do one action and judge what comes of it.

        Raises:
            NonConformance: no model state agrees any more, or a property is broken.
            AdapterError: the adapter is at fault.
        """
        self.performed += 1
        match action.kind:
            case "request":
                return self._request(action)
            case "cancel_job":
                return self._cancel_job(action)
            case "wait":
                return self._wait(action)
            case "write":
                return self._write(action)
            case "inject" | "clear":
                return self._disturb(action)

    # -- the kinds of action -----------------------------------------------------------------------------------

    def _request(self, action: Action) -> Step:
        if action.name not in self._offered:
            return self._skip(action, "not offered by this implementation")
        if not self._drills_exclude and action.name != Operation.CLEAN_UP_TEST_FAILOVER and self._is_drill_waiting():
            return self._skip(action, "what a waiting drill admits is not judged")
        arguments, kinds = self._concrete(action)
        event = Event(action.name, tuple(kinds.items()))
        self._note_pair(action.name)
        self._looker.named_point = arguments.get("recovery_point") if kinds.get("recovery_point") == "listed" else None
        try:
            job = self.connection.request(action.name, arguments)
        except Refused as refusal:
            return self._judge(
                action, f"refused ({refusal.reason})", action.name, Response.REFUSED, kinds, (event, None)
            )
        except ContractError as error:
            raise self._misplaced(f"request {action.name}", error) from error
        if self._looker.knows_job(job):
            raise self._fail(action, f"the job id {job} is used again", ["job ids are never reused"], ["X22"])
        self._looker.opened(job, action.name)
        return self._judge(action, "accepted", action.name, Response.ACCEPTED, kinds, (event, job))

    def _cancel_job(self, action: Action) -> Step:
        job = self._running_job() if action.name == "running" else self._looker.ended_job()
        if job is None:
            return self._skip(action, "there is no such job")
        event = Event(Operation.CANCEL_JOB, (("job", action.name),))
        self._note_pair(Operation.CANCEL_JOB)
        kinds: dict[str, str | bool] = {"job": action.name}
        try:
            self.connection.cancel_job(job)
        except Refused as refusal:
            answer, response, accepted = f"refused ({refusal.reason})", Response.REFUSED, None
        except ContractError as error:
            raise self._misplaced("cancel_job", error) from error
        else:
            answer, response, accepted = "accepted", Response.ACCEPTED, job
        return self._judge(action, answer, Operation.CANCEL_JOB, response, kinds, (event, accepted), cancelled=job)

    def _running_job(self) -> str | None:
        """The job that runs: what all explanations agree on, else what the item or the requests tell."""
        jobs = {explanation.job for explanation in self.oracle.explanations}
        agreed = jobs.pop() if len(jobs) == 1 else None
        return self._looker.running_job() if agreed in (None, SERVICE_JOB) else agreed

    def _wait(self, action: Action) -> Step:
        if not self.connection.has_clock:
            return self._skip(action, "time is the implementation's own")
        job = self._running_job() if action.seconds is None else None
        if action.seconds is None and job is None:
            return self._skip(action, "no job runs")
        try:
            self.connection.wait(job=job, seconds=action.seconds)
        except ContractError as error:
            raise self._misplaced("wait", error) from error
        self._pass(action, 0.0 if action.seconds is None else action.seconds)
        return self._judge(action, "time passed", "wait", None, {}, None, waited_for=job)

    def _write(self, action: Action) -> Step:
        if not self.connection.has_workload:
            return self._skip(action, "the implementation offers no workload")
        try:
            answer = f"record {self.connection.write()}"
        except Refused as refusal:
            answer = f"refused ({refusal.reason})"
        except ContractError as error:
            raise self._misplaced("write", error) from error
        return self._judge(action, answer, "write", None, {}, None)

    def _disturb(self, action: Action) -> Step:
        if not self.connection.has_faults:
            return self._skip(action, "the implementation offers no faults")
        try:
            if action.kind == "inject":
                self.connection.inject(action.name, action.task)
                self.faults.add(action.name)
            else:
                self.connection.clear(action.name)
                self.faults.discard(action.name)
        except NotOffered:
            return self._skip(action, "the implementation does not have this fault")
        except InvalidParameters as error:
            if action.task is None:
                raise self._misplaced(f"{action.kind} {action.name}", error) from error
            return self._skip(action, f"the implementation has no task {action.task}")
        except ContractError as error:
            raise self._misplaced(f"{action.kind} {action.name}", error) from error
        self.oracle.disturbed()
        return self._judge(action, "done", action.kind, None, {}, None)

    # -- judging -----------------------------------------------------------------------------------------------

    def _judge(
        self,
        action: Action,
        answer: str,
        name: str,
        response: Response | None,
        kinds: Mapping[str, str | bool],
        asked: tuple[Event, str | None] | None,
        *,
        cancelled: str | None = None,
        waited_for: str | None = None,
    ) -> Step:
        """Tell the oracle and the properties about one action and a look at the item after it."""
        before = self.oracle.explanations
        disagreement: Disagreement | None = None
        holds = self.surroundings
        seen, jobs = self._looker.look()
        if waited_for is not None and jobs.get(waited_for) == "in_progress":
            raise AdapterError(
                "wait for a job returned while the job runs",
                sent=f"wait(job={waited_for!r})",
                got="in_progress",
                hint="wait returns at the instant the job leaves in_progress",
            )
        try:
            if asked is not None:
                self.oracle.request(asked[0], holds, asked[1], cancelled=cancelled)
                self._pass_without_clock(holds)
            elif not self.connection.has_clock:
                self._pass_without_clock(holds)
            self.oracle.saw_service_jobs(self._looker.service_jobs)
            for job, state in jobs.items():
                self.oracle.saw_job(job, state)
            self.oracle.saw(seen, holds)
        except Disagreement as error:
            disagreement = error
        phase = seen.phase or self.oracle.phase
        step = Step(action, answer, phase)
        self.steps.append(step)
        if response is Response.ACCEPTED and asked is not None and self.oracle.is_open(asked[1]):
            response = UNKNOWN
        if self.oracle.may_show_refusal(seen):  # what is shown then is not what is (contract 1)
            seen = seen._replace(phase=self.oracle.phase, active_site=None, replicating=None, allowed=None)
            phase = seen.phase
        elif self.oracle.list_is_free:
            seen = seen._replace(allowed=None)
        view = self._looker.view(seen, phase)
        waited = UNKNOWN if action.seconds is None else action.seconds
        moment = moment_of(name, response, kinds, self._view, view, surroundings=holds, seconds=waited)
        broken = self.watcher.see(moment)
        self._view = view
        if disagreement is not None or broken:
            raise self._non_conformance(disagreement, broken, before)
        if len(self.oracle.explanations) == 1:
            self.states.add(self.oracle.explanations[0].state)
        return step

    def _non_conformance(
        self, disagreement: Disagreement | None, broken: list[Property], before: tuple[Explanation, ...]
    ) -> NonConformance:
        requirements = [identifier for candidate in broken for identifier in candidate.requirements]
        if disagreement is None:
            what = "; ".join(f"broken: {candidate.says}" for candidate in broken)
            return NonConformance(what, [c.pattern for c in broken], requirements, broken, before, self.steps)
        # An operation that was accepted against the rules explains what goes wrong after it.
        accepted = [r for e in disagreement.states for r in e.refusing] if not broken else []
        told = set(disagreement.requirements)
        if (
            accepted
            and all(e.refusing for e in disagreement.states)
            and not told.intersection(accepted[0].requirements)
        ):
            requirements += [identifier for r in accepted for identifier in r.requirements]
            allowed = (f"{accepted[0].event} is refused", *disagreement.allowed)
            what = f"{accepted[0].event} was accepted, and then: {disagreement.what}"
        else:
            what, allowed = disagreement.what, disagreement.allowed
        requirements += disagreement.requirements
        return NonConformance(what, allowed, requirements, broken, disagreement.states, self.steps)

    def _fail(self, action: Action, what: str, allowed: list[str], requirements: list[str]) -> NonConformance:
        self.steps.append(Step(action, what, self.oracle.phase))
        return NonConformance(what, allowed, requirements, (), self.oracle.explanations, self.steps)

    def _pass(self, action: Action, seconds: float) -> None:
        before = self.oracle.explanations
        try:
            self.oracle.time_passes(self.surroundings, seconds)
        except Disagreement as error:
            self.steps.append(Step(action, "time passed", self.oracle.phase))
            raise self._non_conformance(error, [], before) from None

    def _pass_without_clock(self, holds: frozenset[str]) -> None:
        """Without a clock anything may have happened meanwhile; with one, a job may take no time at all."""
        self.oracle.time_passes(holds) if not self.connection.has_clock else self.oracle.no_time_passes(holds)

    def _skip(self, action: Action, why: str) -> Step:
        step = Step(action, f"skipped: {why}", self.oracle.phase)
        self.steps.append(step)
        return step

    def _misplaced(self, sent: str, error: ContractError) -> AdapterError:
        return AdapterError(
            "an answer that the contract does not allow here",
            sent=sent,
            got=f"{type(error).__name__}: {error}",
            hint="a refusal is code 1000, whatever the reason",
        )

    @property
    def hides_tasks(self) -> bool:
        """Whether jobs whose tasks have an order have ended, and none named its tasks."""
        return self._looker.hides_tasks

    def _is_drill_waiting(self) -> bool:
        return any(explanation.state.drill == AWAITING_CLEANUP for explanation in self.oracle.explanations)

    def _note_pair(self, operation: str) -> None:
        if self.oracle.phase is not None:
            self.pairs.add((self.oracle.phase, str(operation)))

    def _concrete(self, action: Action) -> tuple[dict[str, Any], dict[str, str | bool]]:
        """The arguments to send, and their kinds as the model knows them."""
        sent: dict[str, Any] = {}
        kinds: dict[str, str | bool] = {}
        for name, value in action.arguments:
            sent[name] = kinds[name] = value
            if name == "recovery_point" and value in ("listed", "in_use", "unknown"):
                sent[name], kinds[name] = self._point(str(value), action.pick)
        return sent, kinds

    def _point(self, kind: str, pick: int) -> tuple[str, str]:
        points: list[RecoveryPoint] = self._looker.points
        if kind == "listed" and points:
            return points[pick % len(points)].id, "listed"
        in_use = self._looker.point_in_use
        if kind == "in_use" and in_use is not None and any(point.id == in_use for point in points):
            return in_use, "in_use"
        return UNKNOWN_POINT, "unknown"
