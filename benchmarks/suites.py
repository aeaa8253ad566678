"""What complete suites take beside those of AALpy, how long it takes to make them, and what they find of mutants.

    python benchmarks/suites.py

The machine is the deterministic one of each profile, completed, as AALpy knows no partial ones; `partial` is the
machine as it is. Operations are inputs that are given; AALpy executes each test from the beginning, and `merged` leaves
out of its tests those that another one begins with. Seconds are processor time: to make the tests, and to make them and
execute them on the machine itself, as AALpy's oracle does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from statistics import median
from sys import path

from asr_model.deterministic_machine import deterministic_machine
from asr_model.machine import Machine
from asr_model.profiles import CHARTS, stepper
from asr_model.suites.mealy import Mealy, Word, difference
from asr_model.suites.methods import Method, suite
from asr_properties.mutation.scoring import sample

path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from aalpy.oracles.WMethodEqOracle import WMethodEqOracle
from aalpy.oracles.WpMethodEqOracle import first_phase_it, second_phase_it

from suites.beside_aalpy import as_aalpy, words_of

NOTHING = "nothing"
SEED = 1


def by_aalpy(method: str, machine: Mealy) -> set[Word]:
    """The tests of AALpy, for no more states than the machine has, each once: as its oracle makes them."""
    hypothesis, alphabet = as_aalpy(machine), list(range(len(machine.inputs)))
    hypothesis.characterization_set = hypothesis.compute_characterization_set()
    cover = {state.prefix for state in hypothesis.states}
    transitions = {(*state.prefix, letter) for state in hypothesis.states for letter in alphabet}
    if method == "w":
        oracle = WMethodEqOracle(alphabet, None, len(machine.steps))
        return set(oracle.test_suite(list(transitions), 1, hypothesis.characterization_set))
    found = set(first_phase_it(alphabet, cover, 1, hypothesis.characterization_set))
    return found | set(second_phase_it(hypothesis, alphabet, transitions - cover, 1))


def merged(tests: set[Word]) -> int:
    """The operations of those that none other begins with."""
    begun = {test[:length] for test in tests for length in range(len(test))}
    return sum(len(test) for test in tests if test not in begun)


def timed(make: Callable[[], object]) -> float:
    """Seconds of processor time; the least of three."""
    seconds = []
    for _ in range(3):
        begin = time.process_time()
        make()
        seconds.append(time.process_time() - begin)
    return min(seconds)


def executed(method: Method, machine: Mealy) -> None:
    """Make the tests, and execute them on the machine itself."""
    for test in suite(machine, method).tests:
        machine.outputs(test)


def lines(profile: str) -> Iterator[str]:
    """A line for each method."""
    partial = deterministic_machine(Machine(stepper(profile))).minimised()
    machine = partial.completed(NOTHING).minimised()
    yield f"{profile}: {len(machine.steps)} states, {len(machine.inputs)} inputs"
    wp, making, all_of_it = (0, 0), 1.0, 1.0
    for method in ("w", "wp"):
        tests = by_aalpy(method, machine)
        wp = sum(map(len, tests)), merged(tests)
        making = timed(lambda method=method: by_aalpy(method, machine))
        all_of_it = timed(lambda method=method: words_of(method, machine))
        told = f"{len(tests):6,} tests {wp[0]:8,} ({wp[1]:,} merged)"
        yield f"  AALpy {method:4} {told}  {making:.3f} s, {all_of_it:.3f} s"
    for method in Method:
        made, part = suite(machine, method), suite(partial, method)
        seconds = timed(lambda method=method: suite(machine, method))
        both = timed(lambda method=method: executed(method, machine))
        yield (
            f"  {method:10} {len(made.tests):6,} tests {made.operations:8,}  {seconds:.3f} s, {both:.3f} s; "
            f"of AALpy's Wp {made.operations / wp[0]:.2f} of the operations ({made.operations / wp[1]:.2f} merged), "
            f"{making / seconds:.1f} and {all_of_it / both:.1f} times as fast; partial {part.operations:,}"
        )


def soonest(right: Mealy, other: Mealy, tests: Iterable[Word]) -> int | None:
    """After how many operations the tests show that the other machine differs; None if they do not."""
    done = 0
    for test in tests:
        here = there = 0
        for number in test:
            step, answered = right.steps[here][number], other.steps[there][number]
            done += 1
            if step.output != answered.output:
                return done
            here, there = step.target, answered.target
    return None


def found(profile: str, size: int) -> Iterator[str]:
    """What suites find of the mutants of the model, so many of each operator, as the machine resolves what is open; the
    tests of each are in the order that a seed gives."""
    machine = deterministic_machine(Machine(stepper(profile))).minimised()
    mutants = (Machine(stepper(profile), mutant) for mutant in sample(profile, size, SEED))
    others = [deterministic_machine(mutant, complete=True) for mutant in mutants]
    differing = [other for other in others if difference(machine, other) is not None]
    larger = sum(len(other.minimised().steps) > len(machine.steps) for other in differing)
    yield f"{profile}: {len(differing)} of {len(others)} mutants differ, {larger} of these with more states"
    for method in Method:
        tests = list(suite(machine, method).tests)
        Random(SEED).shuffle(tests)
        steps = sorted(s for other in differing if (s := soonest(machine, other, tests)) is not None)
        missed = len(differing) - len(steps)
        most = steps[9 * len(steps) // 10]
        yield f"  {method:4} median {median(steps):6g} operations, nine in ten {most:6,}; {missed} missed"


def main() -> None:
    """Measure and print."""
    for profile in CHARTS:
        for line in found(profile, 10):
            print(line, flush=True)
        for line in lines(profile):
            print(line, flush=True)


if __name__ == "__main__":
    main()
