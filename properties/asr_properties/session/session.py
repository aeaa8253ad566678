"""One implementation under judgement: each action is done, looked at, explained, and watched by the properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from math import inf
from time import sleep
from typing import Any

from asr_model.efsm import Event
from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation, Response
from asr_properties.contract.configuration import settings
from asr_properties.contract.connection import AdapterError, Connection
from asr_properties.contract.errors import ContractError, InvalidParameters, NotOffered, Refused
from asr_properties.oracle.explanation import SERVICE_JOB, serving_site
from asr_properties.oracle.matching import AWAITING_CLEANUP, Seen
from asr_properties.oracle.oracle import Disagreement, Oracle
from asr_properties.session.actions import SLICE, WAIT_FOR_JOB, Action
from asr_properties.session.arguments import concrete
from asr_properties.session.done import Done, answered
from asr_properties.session.irreplaceable import is_spared
from asr_properties.session.nonconformance import NonConformance, Step, non_conformance
from asr_properties.session.observer import Observer
from asr_properties.session.polling import PATIENCE, polled, time_of
from asr_properties.session.surroundings import ItemSurroundings
from asr_properties.specification.evidence import UNKNOWN, View, moment_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.relations.all_relations import Monitors
from asr_properties.specification.relations.entry import Ended, Entry, Look
from asr_properties.specification.rule import Rule

NO_DRILL = "no_drill"
LONGEST_JOB = 86_400.0
"""Seconds that a job takes at most, with nothing wrong (contract, Time)."""


class Session:
    """Judges one implementation; `begin` starts a fresh item, `perform` does one action.

    drills_exclude: whether a drill that awaits its cleanup must exclude every other operation (A12). If not, none is
    asked for meanwhile and nothing is concluded. patience: seconds that a wait takes at most without a clock; there,
    rest lets so many seconds pass.

    Attributes:
        steps: what was done since `begin`.
        witnessed: how often what the contract does not show was put to the test, by requirement.
        pairs: the (phase, operation) pairs that were tried, over all items.
        states: the model states that were certain at some instant, over all items.
        performed: actions done, over all items; items: how many there were.
    """

    def __init__(
        self,
        connection: Connection,
        stepper: Stepper,
        watcher: PropertyMonitors,
        *,
        drills_exclude: bool = True,
        patience: float = PATIENCE,
        rest: Callable[[float], None] = sleep,
    ) -> None:
        self.connection = connection
        self.oracle = Oracle(stepper, drills_exclude=drills_exclude)
        self._drills_exclude = drills_exclude
        self._patience, self._rest = patience, rest
        self.watcher = watcher
        self._stepper = stepper
        self._observer = Observer(connection)
        self._monitors = Monitors((relation.name for relation in watcher.relations), watcher.exercised)
        self.steps: list[Step] = []
        self.witnessed: Counter[str] = Counter()
        self.pairs: set[tuple[str, str]] = set()
        self.states: set[Any] = set()
        self.performed = 0
        self.items = 0
        self._around = ItemSurroundings(stepper)
        offered = connection.hello.operations
        self._offered = frozenset(Operation if offered is None else offered) - {Operation.CANCEL_JOB}

    def begin(self, configuration: Mapping[str, Any] | None = None) -> None:
        """Start with a fresh item.

        Raises:
            NonConformance: the fresh item does not look like one.
        """
        self.steps = []
        self._monitors.begin_walk()
        self._begin_item(configuration or {}, Action("new_item"))
        self.steps.clear()

    def _begin_item(self, configuration: Mapping[str, Any], action: Action) -> Step:
        self.items += 1
        honoured = self.connection.hello.configuration
        self.configuration = {key: value for key, value in configuration.items() if key in honoured}
        self._settings = settings(self.configuration, honoured)
        self._around.restart(self.configuration)
        self.connection.new_item(self.configuration)
        self._observer.restart()
        self.watcher.restart()
        self.oracle.start([self._stepper.initial])
        self._view, self._explained, self._phase = View(), self.oracle.explanations, self.oracle.phase
        self._asked_as = self._explained
        return self._judge(Done(action, "new item", "new_item"))

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
        return self._around.holds

    @property
    def faults(self) -> frozenset[str]:
        """The faults that are on."""
        return self._around.faults

    def perform(self, action: Action) -> Step:
        """Do one action and judge what comes of it.

        Raises:
            NonConformance: no model state agrees any more, or a property is broken.
            AdapterError: the adapter is at fault.
        """
        self.performed += 1
        if self.connection.is_irreplaceable and is_spared(self._stepper.efsm, action, self.oracle.explanations):
            return self._skip(action, "nobody could bring the machine back")
        match action.kind:
            case "request":
                return self._request(action)
            case "cancel_job":
                return self._cancel_job(action)
            case "wait" | "time":
                return self._wait(action)
            case "new_item":
                self._monitors.begin_item()
                return self._begin_item(dict(action.arguments), action)
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
        arguments, kinds = concrete(action, self._observer)
        event = Event(action.name, tuple(kinds.items()))
        self._note_pair(action.name)
        self._observer.named_point = (
            arguments.get("recovery_point") if kinds.get("recovery_point") == "listed" else None
        )
        try:
            job = self.connection.request(action.name, arguments)
        except Refused as refusal:
            answer = f"refused ({refusal.reason})"
            return self._judge(Done(action, answer, action.name, Response.REFUSED, kinds, arguments, (event, None)))
        except ContractError as error:
            raise self._misplaced(f"request {action.name}", error) from error
        if self._observer.knows_job(job):
            raise self._fail(action, f"the job id {job} is used again", ["job ids are never reused"], ["X22"])
        self._observer.opened(job, action.name)
        return self._judge(Done(action, "accepted", action.name, Response.ACCEPTED, kinds, arguments, (event, job)))

    def _cancel_job(self, action: Action) -> Step:
        job = self._running_job() if action.name == "running" else self._observer.ended_job()
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
        asked = (event, accepted)
        return self._judge(Done(action, answer, Operation.CANCEL_JOB, response, kinds, {"job": job}, asked, job))

    def _running_job(self) -> str | None:
        """The job that runs: what all explanations agree on, else what the item or the requests tell."""
        jobs = {explanation.job for explanation in self.oracle.explanations}
        agreed = jobs.pop() if len(jobs) == 1 else None
        return self._observer.running_job() if agreed in (None, SERVICE_JOB) else agreed

    def _wait(self, action: Action) -> Step:
        if not self.connection.has_clock:
            return self._poll(action)
        seconds = action.seconds
        job = self._running_job() if seconds is None else None
        if seconds is None and job is None:
            return self._skip(action, "no job runs")
        elapsed, last_wait = (0.0, inf if self.faults else LONGEST_JOB), 0.0
        try:
            if action.kind == "time" and job is not None:
                last_wait, seconds = SLICE, time_of(self.connection, job, LONGEST_JOB)
            else:
                self.connection.wait(job=job, seconds=seconds)
                last_wait = seconds or 0.0
        except ContractError as error:
            raise self._misplaced("wait", error) from error
        if seconds is not None:
            elapsed = (seconds, seconds)
        self._pass(action, elapsed[0])
        ended = job if action.kind == "wait" else None
        return self._judge(Done(action, "time passed", "wait", waited_for=ended, elapsed=elapsed, last_wait=last_wait))

    def _poll(self, action: Action) -> Step:
        """Without a clock time is the implementation's own: look ever more seldom until something has happened that
        must, or patience ends (contract, Time). Nothing is concluded from that."""
        job = self._running_job()
        facts = self._stepper.efsm.phases
        if job is None and all(facts[e.state.phase].settles_within is None for e in self.oracle.explanations):
            return self._skip(action, "nothing is due, and time is the implementation's own")

        def happened() -> bool:
            if job is not None:
                return self.connection.job(job).state != "in_progress"
            item, last = self.connection.item(), self._observer.last.item
            return (item and item.phase) != (last and last.phase)

        late = f"still going on after {self._patience:g} s"
        answer = "time passed" if polled(happened, self._patience, self._rest) else late
        return self._judge(Done(action, answer, "wait"))

    def _write(self, action: Action) -> Step:
        if not self.connection.has_workload:
            return self._skip(action, "the implementation offers no workload")
        wrote: int | None = None
        try:
            wrote = self.connection.write()
            answer = f"record {wrote}"
        except Refused as refusal:
            answer = f"refused ({refusal.reason})"
        except ContractError as error:
            raise self._misplaced("write", error) from error
        return self._judge(Done(action, answer, "write", wrote=wrote))

    def _disturb(self, action: Action) -> Step:
        if not self.connection.has_faults:
            return self._skip(action, "the implementation offers no faults")
        try:
            if action.kind == "inject":
                self.connection.inject(action.name, action.task)
                self._around.begins(action.name)
            else:
                self.connection.clear(action.name)
                self._around.ends(action.name)
        except NotOffered:
            return self._skip(action, "the implementation does not have this fault")
        except InvalidParameters as error:
            if action.task is None:
                raise self._misplaced(f"{action.kind} {action.name}", error) from error
            return self._skip(action, f"the implementation has no task {action.task}")
        except ContractError as error:
            raise self._misplaced(f"{action.kind} {action.name}", error) from error
        self.oracle.disturbed()
        return self._judge(Done(action, "done", action.kind))

    # -- judging -----------------------------------------------------------------------------------------------

    def _judge(self, done: Done) -> Step:
        """Tell the oracle, the properties and the monitors about one action and a look at the item after it."""
        action, holds = done.action, self.surroundings
        before, was = self.oracle.explanations, self._observer.last
        disagreement: Disagreement | None = None
        seen, jobs = self._observer.look()
        if done.waited_for is not None and jobs.get(done.waited_for) == "in_progress":
            raise AdapterError(
                "wait for a job returned while the job runs",
                sent=f"wait(job={done.waited_for!r})",
                got="in_progress",
                hint="wait returns at the instant the job leaves in_progress",
            )
        try:
            self._explain(done, seen, jobs, holds)
        except Disagreement as error:
            disagreement = error
        phase = seen.phase or self.oracle.phase
        self._note_witnessed(action)
        step = Step(action, done.answer, phase, seen)
        self.steps.append(step)
        response = answered(done, jobs, self._asked_as, self.oracle)
        done = done._replace(response=UNKNOWN) if response is not done.response else done
        if self.oracle.may_show_refusal(seen):  # what is shown then is not what is (contract 1)
            seen = seen._replace(phase=self.oracle.phase, active_site=None, replicating=None, allowed=None)
            phase = seen.phase
        elif self.oracle.list_is_free:
            seen = seen._replace(allowed=None)
        failover_ended = any(operation == Operation.FAIL_OVER for operation, _, _ in self._observer.ended)
        self._around.passes(done.elapsed[0], failover_ended=failover_ended)
        view = self._observer.view(seen, phase)
        waited = UNKNOWN if action.seconds is None else action.seconds
        moment = moment_of(done.event, response, done.kinds, self._view, view, surroundings=holds, seconds=waited)
        broken: list[Rule] = [*self.watcher.see(moment)]
        broken += self._monitors.enter(self._entry(done, was), agreed=disagreement is None)
        self._explained, self._phase = self.oracle.explanations, self.oracle.phase
        self._view = view
        if disagreement is not None or broken:
            blamed = {candidate: candidate.blames(moment) for candidate in broken}
            raise non_conformance(disagreement, blamed, before, self.steps)
        if len(self.oracle.explanations) == 1:
            self.states.add(self.oracle.explanations[0].state)
        return step

    def _explain(self, done: Done, seen: Seen, jobs: Mapping[str, str], holds: frozenset[str]) -> None:
        """Tell the oracle what was asked and seen.

        Raises:
            Disagreement: no model state agrees.
        """
        has_clock = self.connection.has_clock
        if not has_clock:
            self.oracle.time_passes(holds)  # whatever may have happened since the last look
        if done.asked is not None:
            self.oracle.request(done.asked[0], holds, done.asked[1], cancelled=done.cancelled)
            self._asked_as = self.oracle.explanations
            # Without a clock anything may have happened meanwhile; with one, a job may take no time at all.
            self.oracle.no_time_passes(holds) if has_clock else self.oracle.time_passes(holds)
        self.oracle.saw_service_jobs(self._observer.service_jobs)
        for job, state in jobs.items():
            self.oracle.saw_job(job, state)
        self.oracle.saw(seen, holds)

    def _entry(self, done: Done, was: Look) -> Entry:
        """The action as the monitors see it."""
        before, now = self._explained, self.oracle.explanations
        asked = done.asked[1] if done.asked is not None and done.cancelled is None else None
        ended = tuple(
            Ended(operation, job, result, all(e.refuses(job) for e in (self._asked_as if job == asked else before)))
            for operation, job, result in self._observer.ended
        )
        return Entry(
            event=done.event,
            response=done.response if isinstance(done.response, Response) else None,
            arguments=done.kinds,
            sent=done.sent,
            job=asked,
            wrote=done.wrote,
            was=was,
            now=self._observer.last,
            was_phase=self._phase,
            phase=self.oracle.phase,
            was_site=serving_site(self._stepper.efsm, before),
            site=serving_site(self._stepper.efsm, now),
            drill=any(e.state.drill != NO_DRILL for e in (*before, *now)),
            resynchronizing=any(e.state.resynchronizing for e in (*before, *now)),
            elapsed=done.elapsed if self.connection.has_clock else (0.0, inf),
            last_wait=done.last_wait,
            ended=ended,
            settings=self._settings,
            surroundings=self.surroundings,
            faults=self.faults,
            fields=self.connection.fields,
        )

    def _note_witnessed(self, action: Action) -> None:
        for seen in self.connection.witnessed():
            if not seen.holds:
                raise self._fail(action, f"not so: {seen.what}", [seen.what], [seen.requirement])
            self.witnessed[seen.requirement] += 1

    def _fail(self, action: Action, what: str, allowed: list[str], requirements: list[str]) -> NonConformance:
        self.steps.append(Step(action, what, self.oracle.phase))
        return NonConformance(what, allowed, requirements, (), self.oracle.explanations, self.steps)

    def _pass(self, action: Action, seconds: float) -> None:
        before = self.oracle.explanations
        try:
            self.oracle.time_passes(self.surroundings, seconds)
        except Disagreement as error:
            self.steps.append(Step(action, "time passed", self.oracle.phase))
            raise non_conformance(error, {}, before, self.steps) from None

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
        return self._observer.hides_tasks

    def _is_drill_waiting(self) -> bool:
        return any(explanation.state.drill == AWAITING_CLEANUP for explanation in self.oracle.explanations)

    def _note_pair(self, operation: str) -> None:
        if self.oracle.phase is not None:
            self.pairs.add((self.oracle.phase, str(operation)))
