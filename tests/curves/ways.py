"""Every way of making tests, and how soon it finds that an implementation is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from random import Random

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from asr_model.profiles import stepper
from asr_model.vocabulary import Fault
from asr_properties.contract.connection import Connection, Implementation, started
from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, wait
from asr_properties.generation import drawn
from asr_properties.generation.action_choice import WAITS, Chooser
from asr_properties.generation.hypothesis_guard import Guard
from asr_properties.generation.suite_walks import actions_of
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind
from curves.words import WORDS

Factory = Callable[[], Implementation]

LENGTH = 40
"""Steps of a random walk, as of a run of the lifecycle machine."""


class Over(BaseException):
    """Something was found, or the budget is spent. No exception that Hypothesis would do the same again for."""


class Counting(Session):
    """A session that ends when something is found, or the budget is spent."""

    budget, found = 0, False

    def begin(self, configuration=None):
        self._until_found(lambda: super(Counting, self).begin(configuration))

    def perform(self, action):
        if self.performed >= self.budget:
            raise Over
        return self._until_found(lambda: super(Counting, self).perform(action))

    def _until_found(self, does):
        try:
            return does()
        except NonConformance:
            self.found = True
            raise Over from None


def session_of(factory: Factory, profile: str, budget: int) -> Counting:
    connection = Connection(started(factory))
    monitors = PropertyMonitors(properties_of(profile), EvidenceKind.LIVE, connection.offered)
    session = Counting(connection, stepper(profile), monitors)
    session.budget = budget
    return session


def by_words(name: str, session: Counting, profile: str, number: int) -> None:
    """Fixed tests. What the item chooses otherwise does not change them."""
    for word in _words(name, profile, number, session.budget):
        session.begin()
        for given in word:
            for action in actions_of(given, session):
                session.perform(action)
        session.settle()


@lru_cache(maxsize=1)
def _words(name: str, profile: str, number: int, budget: int) -> list[tuple[object, ...]]:
    return list(WORDS[name](profile, number, budget))


def one_of_all(chooser: Chooser) -> Action:
    """Anything, whatever comes of it: a request half of the time."""
    if chooser.number(2):
        return chooser.any_request()
    faults = tuple(Fault)
    return chooser.one_of(
        (
            WAIT_FOR_JOB,
            wait(chooser.one_of(WAITS)),
            WRITE,
            Action("cancel_job", chooser.one_of(("running", "ended"))),
            chooser.fault(chooser.one_of(faults)),
            Action("clear", chooser.one_of(faults)),
        )
    )


def uniformly(session: Counting, profile: str, number: int) -> None:
    """Uniform random numbers."""
    chooser = Chooser(Random(number).randrange)
    while True:
        session.begin(chooser.configuration())
        for _ in range(LENGTH):
            session.perform(one_of_all(chooser))
        session.settle()


def by_hypothesis(session: Counting, profile: str, number: int) -> None:
    """The same, drawn by Hypothesis, which knows nothing of the lifecycle."""

    def failed(failure: NonConformance) -> None:
        session.found = True

    guard = Guard(lambda: not session.found and session.performed < session.budget, failed)

    class Unsteered(RuleBasedStateMachine):
        @initialize(configuration=drawn.configurations())
        def begin(self, configuration):
            guard.does(lambda: Session.begin(session, dict(configuration)))

        @rule(data=st.data())
        def act(self, data):
            action = one_of_all(Chooser(lambda n: data.draw(st.integers(0, n - 1))))
            guard.does(lambda: Session.perform(session, action))

    while not session.found and session.performed < session.budget:
        with guard.around_hypothesis():
            run_state_machine_as_test(
                seed(number)(Unsteered),
                settings=settings(
                    max_examples=100,
                    stateful_step_count=LENGTH,
                    phases=[Phase.generate],
                    database=None,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    print_blob=False,
                ),
            )
        number += 1


def steps_to_find(way: str, factory: Factory, profile: str, budget: int, number: int) -> int | None:
    """After so many steps the implementation is found to be wrong; None if it is not within the budget.

    Raises:
        AdapterError: it could not be run.
    """
    if way in ENGINES:
        campaign = Campaign(
            factory,
            profile=profile,
            budget=Budget(steps=budget),
            engine=ENGINES[way],
            seed=number,
            repeats=False,
            until=bool,
        )
        result = campaign.run()
        if result.adapter_error is not None:
            raise result.adapter_error
        return min(result.first_failures.values(), default=result.steps) if result.failures else None
    session = session_of(factory, profile, budget)
    make = partial(by_words, way) if way in WORDS else DRAWN[way]
    with suppress(Over):
        make(session, profile, number)
    return session.performed if session.found else None


ENGINES: Mapping[str, Engine] = {
    "lifecycle machine": Engine.HYPOTHESIS,
    "run: tour": Engine.TOUR,
    "run: suite": Engine.SUITE,
    "run: all": Engine.ALL,
}
DRAWN: Mapping[str, Callable[[Counting, str, int], None]] = {
    "uniform random": uniformly,
    "Hypothesis, unsteered": by_hypothesis,
}


def ways() -> Iterator[str]:
    """Every way by its name."""
    yield from (*DRAWN, *ENGINES, *WORDS)
