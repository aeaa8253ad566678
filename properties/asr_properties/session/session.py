"""Judging one implementation: do an action, look at the item, explain what is seen, and judge the properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import attrgetter
from time import sleep
from typing import Any

from asr_model.stepper import Stepper
from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.configuration import settings
from asr_properties.contract.connection import Connection
from asr_properties.evidence.actions import WAIT_FOR_JOB, Action
from asr_properties.evidence.observation import NOT_REPLICATED, NOTHING_SEEN, Observation
from asr_properties.evidence.step import Agreed, EndedJob, Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.oracle.disagreement import Disagreement
from asr_properties.oracle.explanation import Explanation, agreed_by
from asr_properties.oracle.oracle import Oracle
from asr_properties.session.acting import Actor, Done, Skipped
from asr_properties.session.nonconformance import NonConformance, non_conformance
from asr_properties.session.observer import Observer
from asr_properties.session.polling import PATIENCE
from asr_properties.session.surroundings import Held, ItemSurroundings
from asr_properties.session.tries import Tries
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.relations.all_relations import RelationMonitors


class Session:
    """Judges one implementation. `begin` starts a fresh item, `perform` does one action.

    drills_exclude: whether a drill that awaits its cleanup must exclude every other operation (A12). If not, no other
    operation is asked for meanwhile, and nothing is concluded about them. patience: the most seconds that a wait takes
    where there is no clock. rest: lets so many seconds pass there.

    Attributes:
        steps: what was done since `begin`, in brief.
        witnessed: requirement -> how often the adapter put it to the test, where the contract does not show it.
        tries: what was asked for in which phase, over all items.
        states: the model states that the item certainly was in, over all items.
        performed: how many actions were done, over all items.
        items: how many items there were.
        begun_with: the configuration that the walk began with.
    """

    def __init__(
        self,
        connection: Connection,
        stepper: Stepper,
        monitors: PropertyMonitors,
        *,
        drills_exclude: bool = True,
        patience: float = PATIENCE,
        rest: Callable[[float], None] = sleep,
    ) -> None:
        self.connection = connection
        self.oracle = Oracle(stepper, drills_exclude=drills_exclude, offered=connection.offered)
        self.monitors = monitors
        self._relations = RelationMonitors(monitors.relations, monitors.exercised)
        self._stepper = stepper
        self._observer = Observer(connection)
        self._surroundings = ItemSurroundings(stepper)
        self._actor = Actor(connection, self._observer, self.oracle, self._surroundings, drills_exclude, patience, rest)
        self.steps: list[Step] = []
        self.witnessed: Counter[str] = Counter()
        self.tries = Tries(stepper)
        self.states: set[Any] = set()
        self.performed = 0
        self.items = 0
        self.begun_with: Mapping[str, Any] = {}

    def begin(self, configuration: Mapping[str, Any] | None = None) -> None:
        """Start with a fresh item.

        Raises:
            NonConformance: the fresh item does not look like one.
        """
        self.steps = []
        self._relations.begin_walk()
        self.begun_with = dict(configuration or {})
        self._begin_item(self.begun_with, Action("new_item"))
        self.steps.clear()

    def settle(self) -> None:
        """End a walk: wait for the jobs of operations that were accepted although they must be refused.

        Such a job must refuse the operation (contract 1).

        Raises:
            NonConformance: such a job succeeds.
            AdapterError: the adapter is at fault.
        """
        for _ in range(3):
            if self.connection.has_clock and any(e.refusing for e in self.oracle.explanations):
                self.perform(WAIT_FOR_JOB)

    @property
    def surroundings(self) -> frozenset[str]:
        """The model's surroundings that hold just now."""
        return self._surroundings.holds

    @property
    def observer(self) -> Observer:
        """What looks at the item, and knows its jobs and recovery points."""
        return self._observer

    @property
    def faults(self) -> frozenset[str]:
        """The faults that are on."""
        return self._surroundings.faults

    @contextmanager
    def taking_to_go_on(self, fault: str) -> Iterator[None]:
        """Judge walks as if this fault went on when it ends."""
        self._surroundings.unending = frozenset({fault})
        try:
            yield
        finally:
            self._surroundings.unending = frozenset()

    @property
    def hides_tasks(self) -> bool:
        """Whether jobs whose tasks have an order have ended, and none named its tasks."""
        return self._observer.hides_tasks

    def perform(self, action: Action) -> Step:
        """Do one action, and judge what comes of it. An action that cannot be done is skipped.

        Raises:
            NonConformance: no model state agrees any more, or a property is broken.
            AdapterError: the adapter is at fault.
        """
        self.performed += 1
        if action.kind == "new_item":
            self._relations.begin_item()
            return self._begin_item(dict(action.arguments), action)
        before, earlier = self.oracle.explanations, self._surroundings.now
        try:
            done = self._actor.act(action)
        except Skipped as why:
            return self._note(Step(action.kind, action=action, answer=f"skipped: {why}"))
        except Disagreement as error:
            self._note(Step(action.kind, action=action, answer=error.what))
            raise self._departs(error.what, error.allowed, error.requirements, before) from None
        if done.step.event == "wait" and self.connection.has_clock:
            self._let_time_pass(done.step)
        self.tries.ask(done, before, self.surroundings)
        return self._look_explain_judge(done, earlier)

    def _begin_item(self, configuration: Mapping[str, Any], action: Action) -> Step:
        self.items += 1
        honoured = self.connection.hello.configuration
        self.configuration = {key: value for key, value in configuration.items() if key in honoured}
        self._settings = settings(self.configuration, honoured)
        self._surroundings.restart(self.configuration)
        self.connection.new_item(self.configuration)
        self._observer.restart()
        self.tries.begin_item()
        self.monitors.restart()
        self.oracle.start([self._stepper.initial])
        self._newest_for = 0.0
        self._was, self._agreed = NOTHING_SEEN, self._agreed_now()
        self._explained = self._asked_as = self.oracle.explanations
        elapsed = (0.0, 0.0) if self.connection.has_clock else (0.0, float("inf"))
        done = Done(Step("new_item", action=action, answer="new item", elapsed=elapsed))
        return self._look_explain_judge(done, self._surroundings.now)

    # -- look, explain, judge ----------------------------------------------------------------------------------

    def _look_explain_judge(self, done: Done, earlier: Held) -> Step:
        """earlier: the surroundings up to this step. Without a clock a job may have ended in them, since the last look,
        or in those of now."""
        before, holds = self.oracle.explanations, self.surroundings
        seen = self._observer.look()
        disagreement: Disagreement | None = None
        try:
            self._explain(done, seen, holds, earlier)
            self._check_that_it_ended(done, seen)
        except Disagreement as error:
            disagreement = error
        asked_as = self._explained if done.asked is None else self._asked_as
        seen = self._observer.explained(self.oracle.explanations, asked_as=asked_as)
        self._note_witnessed(done.step.action)
        shown = self._note(done.step._replace(now=seen))
        step = self._evidence(done, seen, holds, earlier)
        self._note_surroundings(done)
        self.tries.ended(step.ended)
        same_newest = known(seen.listed_newest_id) == known(self._was.listed_newest_id)
        self._newest_for = self._newest_for + step.elapsed[0] if same_newest else 0.0
        if disagreement is not None and _looks_refused(done, step):
            step = step._replace(response=Answer.REFUSED)
        broken = [*self.monitors.see(step), *self._relations.see(step, explained=disagreement is None)]
        self._was, self._agreed, self._explained = step.now, step.agreed, self.oracle.explanations
        if disagreement is not None or broken:
            raise non_conformance(disagreement, broken, before, self.steps, step, self._stepper, self.begun_with)
        if len(self.oracle.explanations) == 1:
            self.states.add(self.oracle.explanations[0].state)
        return shown

    def _explain(self, done: Done, seen: Observation, holds: frozenset[str], earlier: Held) -> None:
        """Let the oracle explain what was asked and seen.

        Raises:
            Disagreement: no model state agrees.
        """
        has_clock = self.connection.has_clock
        if not has_clock:  # whatever may have happened since the last look
            self.oracle.time_passes(earlier.surroundings)
            self.oracle.time_passes(holds)
        if done.asked is not None:
            self.oracle.request(done.asked[0], holds, done.asked[1], cancelled=done.cancelled)
            self._asked_as = self.oracle.explanations
            # Without a clock anything may have happened meanwhile; with one, a job may take no time at all.
            if has_clock:
                self.oracle.no_time_passes(holds, keeps_points=self._keeps_points)
            else:
                self.oracle.time_passes(holds)
        self.oracle.saw_service_jobs(self._observer.service_jobs)
        for identifier, job in seen.running.items():
            self.oracle.saw_job(identifier, job.state)
        self.oracle.saw(seen, holds)

    @property
    def _keeps_points(self) -> bool:
        """Whether points that are listed stay so while no time passes; not where the newest one is past the retention,
        and is kept beyond it for want of others."""
        retention = self._settings.get("retention_minutes")
        return retention is None or self._newest_for < retention * 60

    def _evidence(self, done: Done, seen: Observation, holds: frozenset[str], earlier: Held) -> Step:
        """The step as properties and relations judge it.

        What the item shows is left out where it need not be what the item is.
        """
        phase: str | None = known(seen.phase) or self.oracle.phase
        now = seen
        if self.oracle.may_show_refusal(seen):  # it may show the refused operation's phase (contract 1)
            phase = self.oracle.phase
            now = seen._replace(phase=UNKNOWN, serving=UNKNOWN, replicating=UNKNOWN, allowed=UNKNOWN)
        elif self.oracle.list_is_free:
            now = seen._replace(allowed=UNKNOWN)
        ended = tuple(self._ended_jobs(done.step.job))
        failover_ended = any(job.operation == Operation.FAIL_OVER for job in ended)
        troubles = self._surroundings.troubles
        self._surroundings.passes(done.step.elapsed[0], failover_ended=failover_ended)
        if not self.connection.has_clock and done.step.event in ("inject", "clear"):
            troubles |= earlier.troubles
            holds = holds if holds == earlier.surroundings else UNKNOWN
        return done.step._replace(
            response=self._answered(done, seen),
            surroundings=holds,
            ended_operation=ended[-1].operation if ended else UNKNOWN,
            tasks_in_order=self._observer.tasks_in_order,
            was=self._was,
            now=now.in_phase(phase),
            ended=ended,
            agreed_before=self._agreed,
            agreed=self._agreed_now(),
            settings=self._settings,
            faults=troubles,
            fields=self.connection.fields,
        )

    def _note_surroundings(self, done: Done) -> None:
        """What a reprotect named holds from here on, unless it is refused; with a life of the item that ends."""
        if done.asked is not None:
            job = done.asked[1]
            refusing = {job is None or explanation.refuses(job) for explanation in self.oracle.explanations}
            self._surroundings.answered(refused=refusing.pop() if len(refusing) == 1 else None)
        if self.oracle.phase == NOT_REPLICATED:
            self._surroundings.forgets()

    def _answered(self, done: Done, seen: Observation) -> Any:
        """How an operation was answered in the end. An accepted one may still be refused by its job (contract 1).

        UNKNOWN while that is open.
        """
        if done.step.response is not Answer.ACCEPTED or done.asked is None:
            return done.step.response
        job = str(done.asked[1])
        state = seen.running[job].state if job in seen.running else None
        if done.cancelled is not None or state in (None, "in_progress"):
            return UNKNOWN if self.oracle.is_open(job) else Answer.ACCEPTED
        refusing = [explanation.refuses(job) for explanation in self._asked_as]
        return Answer.REFUSED if all(refusing) else UNKNOWN if any(refusing) else Answer.ACCEPTED

    def _ended_jobs(self, asked: str | None) -> Iterator[EndedJob]:
        """The jobs that have ended since the look before. asked: the job that has just been asked for."""
        for operation, identifier, job in self._observer.ended:
            explanations = self._asked_as if identifier == asked else self._explained
            refused = all(explanation.refuses(identifier) for explanation in explanations)
            yield EndedJob(operation, identifier, job, refused)

    def _agreed_now(self) -> Agreed:
        return agreed_by(self._stepper.efsm, self.oracle.explanations)

    def _let_time_pass(self, step: Step) -> None:
        before = self.oracle.explanations
        try:
            self.oracle.time_passes(self.surroundings, step.elapsed[0])
        except Disagreement as error:
            self._note(step)
            raise non_conformance(error, (), before, self.steps, step, self._stepper, self.begun_with) from None

    def _check_that_it_ended(self, done: Done, seen: Observation) -> None:
        """A wait for a job comes back when it has ended, or after a day; only a fault lets it run on (contract, Time).

        Raises:
            Disagreement: no fault is on, and it runs.
        """
        job = seen.running.get(done.waited_for or "")
        if job is not None and job.state == "in_progress" and not self._surroundings.troubles:
            what, allowed = "the job that was waited for still runs", ["the job has ended, within 24 hours"]
            raise Disagreement(what, allowed, ["R25"], self.oracle.explanations)

    def _note_witnessed(self, action: Action) -> None:
        """Count what only the adapter could see.

        Raises:
            NonConformance: what it saw broke a rule.
        """
        for seen in self.connection.witnessed():
            if not seen.holds:
                what = f"not so: {seen.what}"
                self._note(Step(action.kind, action=action, answer=what))
                raise self._departs(what, [seen.what], [seen.requirement], self.oracle.explanations)
            self.witnessed[seen.requirement] += 1

    def _departs(
        self, what: str, allowed: Iterable[str], requirements: Iterable[str], before: Iterable[Explanation]
    ) -> NonConformance:
        """What is seen before anything is explained or judged."""
        return NonConformance(
            what, allowed, requirements, (), before, self.steps, self._stepper, configuration=self.begun_with
        )

    def _note(self, step: Step) -> Step:
        """Keep a step in brief, with the phase that all explanations share."""
        shown = step.in_brief._replace(agreed=Agreed(phase=self.oracle.phase))
        self.steps.append(shown)
        return shown


def _looks_refused(done: Done, step: Step) -> bool:
    """Whether an operation that started a job left what the item shows as it was: it must be accepted,
    and is being refused."""
    asked = done.asked is not None and done.cancelled is None and step.response is Answer.ACCEPTED
    return asked and _SHOWN(step.was) == _SHOWN(step.now) and known(step.now.phase) is not None


_SHOWN = attrgetter("phase", "drill", "replicating", "serving", "allowed")
