"""The same judgement as a Hypothesis `RuleBasedStateMachine`, to subclass, debug and run in the usual way.

    class TestMine(LifecycleMachine.TestCase): ...

or, for an implementation of one's own:

    class MyMachine(LifecycleMachine):
        implementation = staticmethod(my_package.my_factory)

    TestMine = MyMachine.TestCase
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from asr_model.efsm import Event
from asr_model.profiles import DEFAULT, stepper
from asr_properties.contract.connection import Connection, Implementation
from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, wait
from asr_properties.generation.action_choice import OPERATIONS, WAITS, Chooser, as_request
from asr_properties.generation.configurations import draw_configuration
from asr_properties.generation.hypothesis_guard import Guard
from asr_properties.reference import create
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind

_numbers = st.integers(0, 2**16)


@st.composite
def configurations(draw: st.DrawFn) -> dict[str, object]:
    """Draw the configuration of a fresh item."""
    return draw_configuration(lambda below: draw(st.integers(0, below - 1)))


class LifecycleMachine(RuleBasedStateMachine):
    """Asks for every operation, legal or not, waits, cancels jobs, writes records, and begins and ends faults.

    The oracle judges every step. A rule raises `NonConformance` where no state of the model agrees with what was seen.

    implementation: the factory of the implementation under test. profile: the lifecycle that it is judged by.
    """

    implementation: ClassVar[Callable[[], Implementation]] = staticmethod(create)
    profile: ClassVar[str] = DEFAULT

    def __init__(self) -> None:
        super().__init__()
        self.session = self.new_session()

    @classmethod
    def new_session(cls) -> Session:
        """The session that judges one example. Overridden, examples can share one."""
        monitors = PropertyMonitors(properties_of(cls.profile), EvidenceKind.LIVE)
        return Session(Connection(cls.implementation()), stepper(cls.profile), monitors)

    @initialize(configuration=configurations())
    def new_item(self, configuration: dict[str, object]) -> None:
        """Begin with a fresh item."""
        self.session.begin(configuration)

    @precondition(lambda self: bool(self._legal()))
    @rule(number=_numbers, pick=st.integers(0, 3))
    def ask_for_what_is_allowed(self, number: int, pick: int) -> None:
        """Ask for an operation that the model accepts."""
        legal = self._legal()
        self.session.perform(as_request(legal[number % len(legal)], pick))

    @rule(operation=st.sampled_from(OPERATIONS), number=_numbers)
    def ask_for_anything(self, operation: str, number: int) -> None:
        """Ask for any operation with any arguments."""
        events = [event for event in stepper(self.profile).events if event.name == operation]
        self.session.perform(as_request(events[number % len(events)]))

    @rule()
    def wait_for_the_job(self) -> None:
        """Let time pass until the running job ends."""
        self.session.perform(WAIT_FOR_JOB)

    @rule(seconds=st.sampled_from(WAITS))
    def wait_a_while(self, seconds: float) -> None:
        """Let time pass."""
        self.session.perform(wait(seconds))

    @rule(which=st.sampled_from(("running", "ended")))
    def cancel_job(self, which: str) -> None:
        """Cancel a job."""
        self.session.perform(Action("cancel_job", which))

    @rule()
    def write(self) -> None:
        """Let the guest write a record."""
        self.session.perform(WRITE)

    @precondition(lambda self: self.session.connection.has_settings)
    @rule(number=_numbers, other=_numbers)
    def change_settings(self, number: int, other: int) -> None:
        """Change settings of the future machine in Azure."""
        numbers = iter((number, other))
        self.session.perform(Chooser(lambda below: next(numbers, 0) % below).change_of_settings())

    @rule(number=_numbers)
    def fault_begins(self, number: int) -> None:
        """Begin a fault."""
        faults = stepper(self.profile).efsm.faults
        self.session.perform(Action("inject", faults[number % len(faults)]))

    @precondition(lambda self: bool(self.session.faults))
    @rule(number=_numbers)
    def fault_ends(self, number: int) -> None:
        """End one of the faults that are on."""
        faults = sorted(self.session.faults)
        self.session.perform(Action("clear", faults[number % len(faults)]))

    def teardown(self) -> None:
        """See how the last operations end, once the example has begun an item."""
        if self.session.items:
            self.session.settle()

    def _legal(self) -> list[Event]:
        compiled = stepper(self.profile)
        state = self.session.oracle.explanations[0].state
        return [e for e in compiled.events if e.is_operation and compiled.step(state, e).transition is not None]


class _Guarded:
    """The part of a session that the machine uses. What goes wrong in it is passed to the guard."""

    def __init__(self, session: Session, guard: Guard) -> None:
        self._session, self._guard = session, guard

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def begin(self, configuration: dict[str, object]) -> None:
        self._guard.does(lambda: self._session.begin(configuration))

    def perform(self, action: Action) -> None:
        self._guard.does(lambda: self._session.perform(action))

    def settle(self) -> None:
        self._guard.does(self._session.settle)


def rule_based_runs(
    session: Session,
    profile: str,
    number: int,
    steps: int,
    start: int,
    go_on: Callable[[], bool],
    failed: Callable[[NonConformance], None],
) -> None:
    """Do about `number` runs of the state machine on one session, each of at most `steps` steps.

    start: the seed. go_on: whether the budget allows another step. Failures are passed to `failed`, and not shrunk.

    Raises:
        AdapterError: the adapter is at fault.
    """
    guard = Guard(go_on, failed)

    class Shared(LifecycleMachine):
        @classmethod
        def new_session(cls) -> Session:
            return cast("Session", _Guarded(session, guard))

    Shared.profile = profile
    with guard.around_hypothesis():
        run_state_machine_as_test(
            seed(start)(Shared),
            settings=settings(
                max_examples=max(number, 1),
                stateful_step_count=steps,
                phases=[Phase.generate],
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                report_multiple_bugs=False,
            ),
        )
