"""Small machines, drawn; and every machine that passes a suite."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

from asr_model.suites.mealy import Mealy, Step, difference
from asr_model.suites.separating import NotSeparable, Separation


def drawn(random: Random, states: int, inputs: int, outputs: int = 2, *, defined: float = 1.0) -> Mealy:
    """A machine whose states can all be reached and told apart. defined: how many of its steps are, on average."""
    while True:
        steps = [
            {
                n: Step(random.randrange(outputs), random.randrange(states))
                for n in range(inputs)
                if _is(random, defined)
            }
            for _ in range(states)
        ]
        machine = Mealy(tuple(range(inputs)), tuple(steps))
        try:
            Separation(machine)
            assert len(machine.cover) == states
        except (NotSeparable, KeyError):
            continue
        return machine


def _is(random: Random, often: float) -> bool:
    return random.random() < often


def every(states: int, inputs: int, outputs: int) -> Iterator[Mealy]:
    """Every complete machine of so many states."""
    one = [Step(output, target) for output in range(outputs) for target in range(states)]
    for steps in product(one, repeat=states * inputs):
        by_state = (dict(enumerate(steps[at : at + inputs])) for at in range(0, len(steps), inputs))
        yield Mealy(tuple(range(inputs)), tuple(by_state))


def passing(machine: Mealy, tests: tuple[tuple[int, ...], ...], states: int) -> Iterator[Mealy]:
    """Every machine of at most so many states that passes these tests, as far as they show it; states numbered as they
    are come to. A step that no test takes is left out: it may be anything."""
    wanted = [tuple(zip(test, machine.outputs(test), strict=True)) for test in tests]
    steps: list[dict[int, Step]] = [{} for _ in range(states)]

    def go(test: int, at: int, here: int, used: int) -> Iterator[Mealy]:
        while test < len(wanted):
            while at < len(wanted[test]):
                number, output = wanted[test][at]
                step = steps[here].get(number)
                if step is None:
                    for target in range(min(used + 1, states)):
                        steps[here][number] = Step(output, target)
                        yield from go(test, at + 1, target, max(used, target + 1))
                    del steps[here][number]
                    return
                if step.output != output:
                    return
                here, at = step.target, at + 1
            test, at, here = test + 1, 0, 0
        yield Mealy(machine.inputs, tuple(dict(does) for does in steps))

    return go(0, 0, 0, 1)


def survivor(machine: Mealy, tests: tuple[tuple[int, ...], ...], states: int) -> Mealy | None:
    """A machine of at most so many states that passes and is wrong; None if there is none."""
    wrong = (other for other in passing(machine, tests, states) if difference(machine, other) is not None)
    return next(wrong, None)
