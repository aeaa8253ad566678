"""Which tests, in which order, on which machine: always the one that adds most per minute, as long as it fits.

Choosing the best set within a budget is NP-hard (budgeted maximum coverage), so this is greedy. In the minutes that it
spends it comes to at least 1 - 1/e, 63 %, of what any choice from the same candidates comes to (Nemhauser, Wolsey and
Fisher, 1978; with costs Khuller, Moss and Naor, 1999). `at_most` bounds the case at hand, minutes left over included.

The order does not depend on the budget, and a budget buys a beginning of it and one test more that still fits. So more
budget never buys less: what follows the beginning adds more per minute and takes longer than what was put in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from asr_properties.planning.rehearsal import PAIR, REQUIREMENT, TRANSITION, Candidate, Gain

WEIGHTS: Final[Mapping[str, int]] = MappingProxyType({REQUIREMENT: 5, TRANSITION: 3, PAIR: 1})
"""What one more of each sort is worth: a requirement has a verdict; one more operation that is refused tells least."""


class Test(NamedTuple):
    """A test that was chosen. machine: from 1. begins: minutes after the machine's first. adds: what it puts to the
    test for the first time."""

    candidate: Candidate
    machine: int
    begins: float
    adds: frozenset[Gain]

    @property
    def ends(self) -> float:
        """Minutes after the machine's first test has begun."""
        return self.begins + self.candidate.minutes


class Chosen(NamedTuple):
    """tests: in the order of choice. pool: the candidates that they were chosen from."""

    tests: tuple[Test, ...]
    pool: tuple[Candidate, ...]

    @property
    def gains(self) -> frozenset[Gain]:
        """All that is put to the test."""
        return frozenset[Gain]().union(*(test.adds for test in self.tests))


def value(gains: Iterable[Gain]) -> int:
    """What things that are put to the test are worth."""
    return sum(WEIGHTS[gain.sort] for gain in gains)


def choose(
    more: Callable[[frozenset[Gain], Sequence[Candidate]], Iterable[Candidate]], *, budget: float, machines: int
) -> Chosen:
    """Choose tests until the next one does not fit any more.

    more: gives further candidates, from what is put to the test so far and the candidates that there are. budget: in
    minutes, of each machine. machines: side by side.
    """
    pool: list[Candidate] = []
    tests: list[Test] = []
    gained: frozenset[Gain] = frozenset()
    ends = [0.0] * machines

    def place(candidate: Candidate) -> None:
        nonlocal gained
        machine = ends.index(min(ends))
        tests.append(Test(candidate, machine + 1, ends[machine], candidate.gains - gained))
        ends[machine] += candidate.minutes
        gained |= candidate.gains

    while True:
        pool += more(gained, pool)
        adding = [candidate for candidate in pool if candidate.gains - gained]
        if not adding:
            break
        left = budget - min(ends)
        best = max(adding, key=lambda c: (value(c.gains - gained) / max(c.minutes, 1.0), -c.minutes))
        if best.minutes > left:
            fitting = [candidate for candidate in adding if candidate.minutes <= left]
            if fitting:
                place(max(fitting, key=lambda c: (value(c.gains - gained), -c.minutes)))
            break
        place(best)
    return Chosen(tuple(tests), tuple(pool))


def at_most(chosen: Chosen, minutes: float) -> float:
    """What no choice from the same candidates exceeds in so many minutes: each adds to what was chosen at most what it
    adds alone, so the best that can be added is to fill the minutes with what adds most per minute, cut where they end.
    """
    gained = chosen.gains
    additions = [(value(c.gains - gained), c.minutes) for c in chosen.pool]
    additions.sort(key=lambda one: one[0] / max(one[1], 1e-9), reverse=True)
    bound, left = float(value(gained)), minutes
    for worth, takes in additions:
        if left <= 0:
            break
        bound += worth * min(1.0, left / takes if takes else 1.0)
        left -= takes
    return min(bound, value(frozenset[Gain]().union(*(c.gains for c in chosen.pool))))


def machines_of(tests: Sequence[Test]) -> Iterator[tuple[int, list[Test]]]:
    """The tests of each machine, in their order."""
    for machine in sorted({test.machine for test in tests}):
        yield machine, [test for test in tests if test.machine == machine]
