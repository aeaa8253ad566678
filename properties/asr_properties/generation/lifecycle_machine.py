"""The lifecycle as a Hypothesis `RuleBasedStateMachine`, to subclass, run and debug in the usual way.

from asr_properties.generation.lifecycle_machine import LifecycleMachine

class MyMachine(LifecycleMachine):
    implementation = my_package.my_factory

TestMine = MyMachine.TestCase
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import currently_in_test_context, event
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, precondition, rule

from asr_model.profiles import DEFAULT, lts, stepper
from asr_model.vocabulary import ARGUMENTS, Operation
from asr_properties.contract.connection import AdapterError, Connection, Implementation
from asr_properties.evidence.actions import (
    OPTION_WORDS,
    TIME_THE_JOB,
    WAIT_FOR_JOB,
    WRITE,
    Action,
    new_item,
    request,
    wait,
)
from asr_properties.evidence.step import Step
from asr_properties.generation import drawn
from asr_properties.generation.beliefs import answers_now
from asr_properties.generation.declared_rules import declared_rules, names_of
from asr_properties.generation.goals import Goals, all_goals
from asr_properties.generation.guide import Guide
from asr_properties.generation.lent_monitors import lend, take_back
from asr_properties.generation.machine_class import OwnTestCase, check_attributes, check_implementation
from asr_properties.generation.rule_choice import SteeredRules
from asr_properties.generation.runbook import calls_of
from asr_properties.generation.told_failure import RequirementBroken, broken_rule, told
from asr_properties.session.nonconformance import MOST_REQUIREMENTS, NonConformance
from asr_properties.session.session import Session


class LifecycleMachine(RuleBasedStateMachine):
    """Asks for every operation, legal or not, waits, cancels jobs, writes records, and begins and ends faults.

    The oracle judges every step. An invariant that bears the name of a declared property fails where that is broken,
    `agrees_with_the_model` where no state of the model explains what was seen.

    implementation: the factory of the implementation under test; a class will do. profile: the lifecycle that it is
    judged by. Each example has an implementation of its own.
    """

    implementation: ClassVar[Callable[[], Implementation]]
    profile: ClassVar[str] = DEFAULT

    jobs: Bundle[str] = Bundle("jobs")
    recovery_points: Bundle[str] = Bundle("recovery_points")

    TestCase = OwnTestCase()

    if TYPE_CHECKING:  # the rules and invariants that are made from the declarations

        def __getattr__(self, name: str) -> Any: ...

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        check_attributes(cls)
        if vars(cls).get("profile", DEFAULT) != DEFAULT:
            _declare(cls)

    def __init__(self) -> None:
        super().__init__()
        self._configuration: Mapping[str, Any] = {}
        self._failure: NonConformance | None = None
        self._broken = ""
        self._done: list[tuple[Action, Step | None]] = []
        self._noted: list[str] = []
        self.followed: set[int] = set()
        self.blamed_alone: tuple[str, ...] = ()  # where another rule than the broken one is known to be the cause
        self._is_told = self._is_over = False
        self._all_invariants = self.invariants
        self.invariants = [i for i in self._all_invariants if i.function.__name__ not in _declared(self.profile)]
        self._rules_strategy = SteeredRules(self)
        self.session = self.new_session()

    @classmethod
    def new_session(cls) -> Session:
        """The session that judges one example. Overridden, examples can share one."""
        check_implementation(cls)
        connection = Connection(cls.implementation())
        if (offered := connection.hello.profile) != cls.profile:
            raise AdapterError(
                f"the adapter is of the profile {offered!r}, {cls.__name__} judges by {cls.profile!r}",
                sent="hello",
                got=f"profile={offered!r}",
                hint=f"write `profile = {offered!r}` in {cls.__name__}",
            )
        return Session(connection, stepper(cls.profile), lend(cls.profile, connection.offered))

    @classmethod
    def goals(cls) -> Goals:
        """Where examples go. Overridden, it can be elsewhere; it must stay the same as long as Hypothesis runs."""
        return all_goals(cls.profile)

    # -- rules beside those of `declared_rules` -----------------------------------------------------------------

    @initialize(configuration=drawn.configurations())
    def new_item(self, configuration: dict[str, object]) -> None:
        """Begin with a fresh item."""
        self._configuration = configuration
        self._try(lambda: self.session.begin(configuration))

    @rule(configuration=drawn.configurations())
    def another_item(self, configuration: dict[str, object]) -> None:
        """A fresh item takes the place of this one."""
        self._perform(new_item(configuration))

    @rule(target=jobs, request=drawn.must_be_refused)
    def must_be_refused(self, request: Action) -> Any:
        """Ask for what the model refuses."""
        return self._go(iter((request,)))

    def _has_a_running_job(self) -> bool:
        return self.running_job is not None

    @precondition(_has_a_running_job)
    @rule()
    def wait_for_the_job(self) -> None:
        """Let time pass until the running job ends."""
        self._perform(WAIT_FOR_JOB)

    @precondition(_has_a_running_job)
    @rule()
    def time_the_job(self) -> None:
        """Let time pass in short steps until the running job ends, so that it is known how long it took."""
        self._perform(TIME_THE_JOB)

    @rule(seconds=drawn.waits)
    def wait(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self._perform(wait(seconds))

    def _has_jobs(self) -> bool:
        return bool(self.jobs_to_cancel())

    @precondition(_has_jobs)
    @rule(job=drawn.cancellable_jobs)
    def cancel_job(self, job: str) -> None:
        """Cancel a job; one that does not run must be refused."""
        ended = self.ended_jobs
        if job == self.running_job:
            self._perform(Action("cancel_job", "running"))
        elif job in ended:
            self._perform(Action("cancel_job", "ended", pick=ended.index(job)))

    def _has_points(self) -> bool:
        return bool(self.session.observer.points)

    @precondition(_has_points)
    @rule(target=recovery_points, number=drawn.numbers_of_points)
    def note_recovery_point(self, number: int) -> str:
        """Note one of the recovery points that are listed now: 0 for the newest, -1 for the oldest."""
        self._noted.append(self.point(number))
        return self._noted[-1]

    def _has_workload(self) -> bool:
        wrote = bool(self.session.steps) and self.session.steps[-1].action == WRITE
        return self.session.connection.has_workload and not wrote

    @precondition(_has_workload)
    @rule()
    def write(self) -> None:
        """Let the guest write a record."""
        self._perform(WRITE)

    def _has_faults(self) -> bool:
        return bool(self.session.faults)

    @precondition(_has_faults)
    @rule(fault=drawn.faults_that_are_on)
    def clear(self, fault: str) -> None:
        """End a fault."""
        self._perform(Action("clear", fault))

    def inject(self, fault: str, task: str | None = None) -> None:
        """Begin a fault: for one task of its job, or for the job as a whole."""
        self._perform(Action("inject", fault, task=task))

    def _has_settings(self) -> bool:
        return self.session.connection.has_settings

    @precondition(_has_settings)
    @rule(changes=drawn.changes_of_settings())
    def update_settings(self, changes: dict[str, str | None]) -> None:
        """Change settings of the future machine in Azure."""
        self._perform(Action("update_settings", arguments=tuple(changes.items())))

    def _has_sites(self) -> bool:
        return self.session.connection.has_sites

    @precondition(_has_sites)
    @rule(target=jobs, appliance=drawn.appliances)
    def reprotect_through(self, appliance: str) -> Any:
        """Reprotect through an appliance of some kind."""
        return self._go(iter((request(Operation.REPROTECT, appliance=appliance),)))

    def _has_clock(self) -> bool:
        return self.session.connection.has_clock

    @precondition(_has_clock)
    @rule(target=jobs, number=drawn.scenarios_to_follow)
    def follow(self, number: int) -> Any:
        """Follow a walk that is written down, on a fresh item."""
        self.followed.add(number)
        return self._go(self.guide.scenario(number))

    def teardown(self) -> None:
        """See how the last operations end; then part from an implementation of one's own."""
        if self._failure is None and not self._is_over and self.session.items:
            self._try(self.session.settle)
        self._tell_hypothesis()
        self._part()
        self._tell_failure()

    # -- what a test may ask ------------------------------------------------------------------------------------

    @property
    def running_job(self) -> str | None:
        """The job that runs; None if there is none."""
        jobs = {explanation.job for explanation in self.session.oracle.explanations}
        return self.session.observer.running_job() if jobs != {None} else None

    @property
    def ended_jobs(self) -> list[str]:
        """The jobs that have ended, the last one first."""
        return self.session.observer.ended_jobs

    def jobs_to_cancel(self) -> list[str]:
        """The running job, and those that ended last."""
        running = self.running_job
        return [*([running] if running else []), *self.ended_jobs[:2]]

    def point(self, number: int) -> str:
        """The id of a listed recovery point, 0 for the newest, modulo their number; of one that was listed before."""
        observer = self.session.observer
        points = [point.id for point in observer.points] or list(observer.deleted_points) or ["unknown"]
        return points[number % len(points)]

    @property
    def point_in_use(self) -> str:
        """The recovery point that the item failed over to; `unknown` if there is none."""
        return self.session.observer.point_in_use or "unknown"

    def usable_points(self, operation: str) -> list[str]:
        """What the model accepts as the recovery point of an operation: words, and points that were noted."""
        kinds = answers_now(self.session).accepted_values(operation, "recovery_point")
        noted = [point for point in dict.fromkeys(self._noted) if self._kind_of(operation, point)[0] in kinds]
        return [*(str(kind) for kind in kinds if kind in OPTION_WORDS), *noted]

    def offers(self, operation: str) -> bool:
        """Whether the implementation takes requests for an operation."""
        return operation in self.session.connection.offered

    @cached_property
    def guide(self) -> Guide:
        """What knows the ways."""
        return Guide(self.session, lts(self.profile))

    def do(self, actions: Iterable[Action]) -> None:
        """Do the actions of a walk.

        Raises:
            RequirementBroken: one of them fails.
        """
        self._go(actions)
        self._tell_failure()

    # -- inside -------------------------------------------------------------------------------------------------

    def _ask(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        point, pick = arguments.get("recovery_point"), 0
        asked = {name: value for name, value in arguments.items() if value is not None}
        if point is not None:
            asked["recovery_point"], pick = self._kind_of(operation, point)
        step = self._perform(request(operation, **asked)._replace(pick=pick))
        return multiple() if step is None or step.job is None else step.job

    def _kind_of(self, operation: str, point: str) -> tuple[str, int]:
        """A recovery point as actions name it, by what was seen of it last; a word is left as it is."""
        observer = self.session.observer
        if point == observer.point_in_use and "in_use" in ARGUMENTS[Operation(operation)]["recovery_point"]:
            return "in_use", 0
        listed = tuple(known.id for known in observer.points)
        for kind, known in (
            ("listed", listed or observer.deleted_points),
            ("former", observer.former_points),
            ("pruned", observer.pruned_points),
        ):
            if point in known:
                return kind, known.index(point)
        return (point if point in (*OPTION_WORDS, "former", "pruned") else "unknown"), 0

    def _go(self, actions: Iterable[Action]) -> Any:
        """Do actions one after the other until one fails; the jobs that they started."""
        self._done = []
        jobs = []
        for action in actions:
            step = self._perform(action)
            if self._failure is not None:
                break
            if step is not None and step.job is not None and not step.answer.startswith("skipped"):
                jobs.append(step.job)
        return multiple(*jobs)

    def _perform(self, action: Action) -> Step | None:
        self._tell_failure()  # where a test goes on after it
        self._done.append((action, None))
        step: Step | None = self._try(lambda: self.session.perform(action))
        self._done[-1] = action, step
        return step

    def _try(self, does: Callable[[], Any]) -> Any:
        """Do something of the session's. A failure waits for the invariant of the rule that it breaks."""
        try:
            return does()
        except NonConformance as failure:
            self._failure, self._broken = failure, broken_rule(failure)
            failure.blamed = tuple(dict.fromkeys((*self.blamed_alone, *failure.blamed)))[:MOST_REQUIREMENTS]
            self.invariants = self._all_invariants
        except BaseException:
            self._is_over = True
            raise
        return None

    def _tell_failure(self) -> None:
        """Let the invariant fail whose rule is broken, unless it has failed before."""
        if self._failure is not None and not self._is_told:
            getattr(self, self._broken)()

    def _error(self) -> RequirementBroken:
        assert self._failure is not None
        self._is_told = True
        return told(self._failure, self._broken, self._configuration, stepper(self.profile))

    def _repr_step(self, rule: Any, data: Any, result: Any) -> str:
        """The step as Hypothesis prints it; several actions are printed one by one, each as a call that does it."""
        if rule.function.__name__ not in SEVERAL:
            return str(super()._repr_step(rule, data, result))
        jobs = list(getattr(result, "values", ()))
        names = self._last_names(len(jobs)) if jobs else []
        return "\n".join(calls_of(self._done, dict(zip(jobs, names, strict=True))))

    def _tell_hypothesis(self) -> None:
        """What an example has reached, for the statistics."""
        if not currently_in_test_context() or self._is_over:
            return
        phases = {state.phase for state in self.session.states}
        taken = set(self.session.oracle.taken)
        for phase in sorted(phases):
            event(f"phase reached: {phase}")
        for transition in sorted(taken):
            event(f"transition taken: {transition}")

    def _part(self) -> None:
        """Say goodbye to an implementation of one's own; a session that examples share goes on."""
        if self._is_over or type(self).new_session.__func__ is not LifecycleMachine.new_session.__func__:  # type: ignore[attr-defined]
            return
        take_back(self.session.monitors, self.profile, self.session.connection.offered)
        try:
            self.session.connection.bye()
        except AdapterError:
            if self._failure is None:  # else the failure was seen, whatever the adapter does now
                raise


SEVERAL = ("follow", "head_for", "take", "must_be_refused", "must_all_be_refused", "fault_begins", "reprotect_through")
"""The rules that do actions which are calls of other methods."""


_DECLARED: dict[str, frozenset[str]] = {}


def _declared(profile: str) -> frozenset[str]:
    """The names of what is made from the declarations of a profile."""
    if profile not in _DECLARED:
        _DECLARED[profile] = names_of(profile)
    return _DECLARED[profile]


def _declare(machine: type[LifecycleMachine]) -> None:
    """Give a class the rules and invariants of its profile instead of those of the default one."""
    own = vars(machine)
    rules = dict(declared_rules(machine.profile, LifecycleMachine.jobs))
    foreign = {} if machine.profile == DEFAULT else dict.fromkeys(_declared(DEFAULT) - set(rules))
    for name, value in {**foreign, **rules}.items():
        if name not in own:
            setattr(machine, name, value)


_declare(LifecycleMachine)
