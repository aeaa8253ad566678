"""What judging a step costs beside the python-statemachine engine, and the lifecycle machine beside a bare one.

    python benchmarks/runs.py [STEPS]

All times are CPU times of one process (default 4,000 steps of each run, seed 1). What the implementation takes is
measured apart: the suite's own cost is the rest.
"""

from __future__ import annotations

import random
import sys
import time
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from asr_model.lifecycle.modernized import Modernized
from asr_model.profiles import efsm, lts, stepper
from asr_model.vocabulary import Fault, Operation
from asr_properties.contract.connection import Connection, Implementation
from asr_properties.contract.errors import Refused
from asr_properties.evidence.actions import OPTION_WORDS, as_request
from asr_properties.generation import drawn
from asr_properties.generation.action_choice import WAITS
from asr_properties.generation.lifecycle_machine import LifecycleMachine
from asr_properties.reference import create
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from model.engine import Engine as ChartEngine

EXAMPLES = 100
"""Examples of 50 rules each, Hypothesis' own defaults."""

NOTHING: frozenset[str] = frozenset()


class Timed:
    """An implementation whose calls are counted and timed."""

    spent = 0.0

    def __init__(self, inner: Implementation) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._inner, name)

        def call(**parameters: Any) -> Any:
            begin = time.process_time()
            try:
                return function(**parameters)
            finally:
                Timed.spent += time.process_time() - begin

        return call


def of_the_engine(count: int) -> float:
    """Seconds that a step of python-statemachine's engine takes, over every (state, event) that leads on."""
    everything = ((state, event) for state in lts().states for event in stepper().events)
    pairs = [(state, event) for state, event in everything if stepper().step(state, event).transition is not None]
    random.Random(1).shuffle(pairs)
    following, engine = cycle(pairs), ChartEngine(Modernized)
    begin = time.process_time()
    for _ in range(count):
        engine.step(*next(following), NOTHING)
    return (time.process_time() - begin) / count


def of_a_run(engine: Engine, steps: int) -> tuple[float, float]:
    """Seconds a step that the suite and the implementation take in a run on the reference."""
    Timed.spent = 0.0
    begin = time.process_time()
    campaign = Campaign(
        lambda: Timed(create()), profile="modernized", budget=Budget(steps=steps), engine=engine, seed=1
    )
    result = campaign.run()
    done = result.steps
    return (time.process_time() - begin - Timed.spent) / done, Timed.spent / done


class Judged(LifecycleMachine):
    """The lifecycle machine on the reference."""

    implementation = create
    steps = 0

    def teardown(self) -> None:
        """Count the steps of the example."""
        Judged.steps += self.session.performed
        super().teardown()


class Bare(RuleBasedStateMachine):
    """The same operations, waits, writes and faults on the same implementation with the same looks, judging nothing."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.connection = Connection(create())

    @initialize(configuration=drawn.configurations())
    def new_item(self, configuration: dict[str, object]) -> None:
        self.connection.new_item(dict(configuration))

    @rule(number=st.integers(0, 10_000))
    def operation(self, number: int) -> None:
        asked = as_request(EVENTS[number % len(EVENTS)], number)
        arguments = dict(asked.arguments)
        if arguments.get("recovery_point") not in (None, *OPTION_WORDS):
            points = self.connection.recovery_points()
            arguments["recovery_point"] = points[number % len(points)].id if points else "unknown"
        if asked.name == Operation.REPROTECT:
            arguments |= {"appliance": "appliance", "cache_storage_account": "cache"}
        self._try(lambda: self.connection.request(asked.name, arguments))

    @rule(seconds=st.sampled_from(WAITS))
    def wait(self, seconds: float) -> None:
        self.connection.wait(seconds=seconds)
        Bare.steps += 1

    @rule()
    def write(self) -> None:
        self._try(self.connection.write)

    @rule(fault=st.sampled_from(sorted(Fault)))
    def inject(self, fault: str) -> None:
        self._try(lambda: self.connection.inject(fault))

    @rule(fault=st.sampled_from(sorted(Fault)))
    def clear(self, fault: str) -> None:
        self._try(lambda: self.connection.clear(fault))

    @invariant()
    def looks(self) -> None:
        """What a session looks at after a step."""
        connection = self.connection
        connection.item()
        connection.recovery_points()
        connection.replication()
        for site in ("azure", "on_premises"):
            connection.machine(site)
        for job in connection.jobs()[-1:]:
            connection.job(job)

    def _try(self, does: Any) -> None:
        Bare.steps += 1
        with suppress(Refused):
            does()


EVENTS = [event for event in efsm().events() if event.is_operation and event.name != "cancel_job"]


def of_a_machine(machine: type[Judged] | type[Bare]) -> float:
    """Seconds a step of a machine takes under Hypothesis' defaults."""
    machine.steps = 0
    how = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    begin = time.process_time()
    run_state_machine_as_test(seed(1)(machine), settings=how)
    return (time.process_time() - begin) / machine.steps


def main() -> None:
    """Measure and print."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    engine = of_the_engine(2_000)
    print(f"engine of python-statemachine {engine * 1e6:7,.0f} us a step")
    for way in (Engine.TOUR, Engine.HYPOTHESIS, Engine.ALL):
        suite, implementation = of_a_run(way, steps)
        print(
            f"run --engine {way.value:16} {suite * 1e6:7,.0f} us a step, {suite / engine:.2f} of the engine's; "
            f"the implementation {implementation * 1e6:,.0f} us"
        )
    judged, bare = of_a_machine(Judged), of_a_machine(Bare)
    print(
        f"lifecycle machine {1 / judged:7,.0f} steps/s, bare machine {1 / bare:,.0f} steps/s, ratio {bare / judged:.2f}"
    )


if __name__ == "__main__":
    main()
