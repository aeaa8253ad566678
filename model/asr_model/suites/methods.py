"""The methods that make complete suites: W, Wp, HSI, H and SPY.

A suite for `extra` more states than the machine has is complete: an implementation with so many states in all that
passes it answers every word that the machine defines as the machine does. Why: take a shortest word after the state
cover that is answered wrongly. Its beginnings and the words of the cover are more than the implementation has states,
so two of them lead it to the same. If the machine were in the same state after both, a shorter word would be wrong. If
not, what separates these states was tried after both. The methods differ in what they try after which words, and
nothing in this depends on what the machine does not define.

- W (Chow 1978): after every word the whole characterizing set.
- Wp (Fujiwara and others 1991): after those that are no shorter than need be, what identifies the state they lead to.
- HSI (Luo, Petrenko, v. Bochmann 1995): after every word the harmonized words of the state it leads to.
- H (Dorofeeva, El-Fakih, Yevtushenko 2005): after every two words that matter whatever separates their states with the
  fewest new inputs.
- SPY (Simão, Petrenko, Yevtushenko 2012): what HSI tries, but after any word that is known to lead to the same state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from asr_model.suites.mealy import Mealy, Word
from asr_model.suites.separating import Separation
from asr_model.suites.spy import Spy
from asr_model.suites.test_tree import Node, TestTree


class Method(StrEnum):
    """How a suite is made."""

    W = "w"
    WP = "wp"
    HSI = "hsi"
    H = "h"
    SPY = "spy"


LONGEST = 100
"""A test of the SPY method does not go on after so many inputs: what a long one shows would have to be made short."""


@dataclass(frozen=True)
class Suite:
    """Tests of a machine, each from its first state on. states: how many an implementation may have for the suite to
    be complete. None of the tests is a beginning of another one."""

    method: Method
    states: int
    tests: tuple[Word, ...]

    @property
    def operations(self) -> int:
        """How many inputs are given in all."""
        return sum(map(len, self.tests))


def suite(machine: Mealy, method: Method, extra: int = 0) -> Suite:
    """The suite of a method for so many more states than the machine has.

    Raises:
        NotSeparable: two states of the machine can't be told apart.
    """
    tree = TestTree(machine)
    _METHODS[method](machine, Separation(machine), extra, tree)
    return Suite(method, len(machine.steps) + extra, tuple(tree.words()))


def _with_levels(machine: Mealy, tree: TestTree, longest: int) -> Iterator[tuple[Node, int]]:
    """The words of the cover, and each with up to `longest` inputs after it: where they lead, and how many inputs."""
    level = [tree.add(word) for word in machine.cover]
    known = set(map(id, level))
    yield from ((node, 0) for node in level)
    for length in range(1, longest + 1):
        following = []
        for node in level:
            for number in machine.steps[node.state]:
                after = tree.add((number,), node)
                following.append(after)
                if id(after) not in known:
                    known.add(id(after))
                    yield after, length
        level = following


def _w(machine: Mealy, separation: Separation, extra: int, tree: TestTree) -> None:
    for node, _ in list(_with_levels(machine, tree, extra + 1)):
        for word in separation.characterizing:
            tree.add(word, node)


def _wp(machine: Mealy, separation: Separation, extra: int, tree: TestTree) -> None:
    for node, length in list(_with_levels(machine, tree, extra + 1)):
        words = separation.characterizing if length <= extra else separation.identifying[node.state]
        for word in words:
            tree.add(word, node)


def _hsi(machine: Mealy, separation: Separation, extra: int, tree: TestTree) -> None:
    for node, _ in list(_with_levels(machine, tree, extra + 1)):
        for word in separation.harmonized[node.state]:
            tree.add(word, node)


def _h(machine: Mealy, separation: Separation, extra: int, tree: TestTree) -> None:
    levels = list(_with_levels(machine, tree, extra + 1))
    cover = [node for node, length in levels if length == 0]
    joiner = _Joiner(machine, separation, tree)
    for one, other in combinations(cover, 2):
        joiner.separate(one, other)
    for node, length in levels:
        if length:
            for other in cover:
                joiner.separate(node, other)
    if extra:
        for start in cover:
            _along(machine, joiner, [start], extra + 1)


def _along(machine: Mealy, joiner: _Joiner, way: list[Node], left: int) -> None:
    """Separate what the beginnings of every word lead to from one another; the cover was done before."""
    if not left:
        return
    for number in machine.steps[way[-1].state]:
        after = way[-1].after[number]
        for earlier in way[1:]:
            joiner.separate(earlier, after)
        _along(machine, joiner, [*way, after], left - 1)


def _spy(machine: Mealy, separation: Separation, extra: int, tree: TestTree) -> None:
    Spy(machine, separation, extra, tree, LONGEST).fill()


class _Joiner:
    """Adds to a tree what separates two places of it, with the fewest new inputs."""

    def __init__(self, machine: Mealy, separation: Separation, tree: TestTree) -> None:
        self._steps, self._separation, self._tree = machine.steps, separation, tree

    def separate(self, one: Node, other: Node) -> None:
        """See to it that a word separates the states of two places, and is tried after both."""
        if one.state == other.state or self._is_separated(one, other):
            return
        _, word = self._cheapest(one, other)
        self._tree.add(word, one)
        self._tree.add(word, other)

    def _is_separated(self, one: Node, other: Node) -> bool:
        if one.state == other.state:
            return False
        few, many = (one, other) if len(one.after) <= len(other.after) else (other, one)
        does, does_too = self._steps[few.state], self._steps[many.state]
        for number, after in few.after.items():
            too = many.after.get(number)
            if too is None:
                continue
            if does[number].output != does_too[number].output or self._is_separated(after, too):
                return True
        return False

    def _cheapest(self, one: Node, other: Node) -> tuple[int, Word]:
        """What the cheapest separating word adds to the tree, and the word. It goes along what is there already, and
        then is a shortest one."""
        shortest = self._separation.word(one.state, other.state)
        best: tuple[int, Word] = self._cost(one, shortest) + self._cost(other, shortest), shortest
        here, there = self._steps[one.state], self._steps[other.state]
        for number in one.after.keys() | other.after.keys():
            step, too = here.get(number), there.get(number)
            if step is None or too is None:
                continue
            after, after_too = one.after.get(number), other.after.get(number)
            if step.output != too.output:
                found: tuple[int, Word] = self._cost(one, (number,)) + self._cost(other, (number,)), (number,)
            elif step.target == too.target:
                continue
            elif after is not None and after_too is not None:
                cost, rest = self._cheapest(after, after_too)
                found = cost, (number, *rest)
            else:
                word = (number, *self._separation.word(step.target, too.target))
                found = self._cost(one, word) + self._cost(other, word), word
            best = min(best, found)
        return best

    def _cost(self, start: Node, word: Word) -> int:
        """So many inputs more are executed with this word after a place: a new branch begins from the first state."""
        here = start
        for index, number in enumerate(word):
            following = here.after.get(number)
            if following is None:
                return len(word) - index + (here.depth + 1 if here.after or not here.depth else 0)
            here = following
        return 0


_METHODS: Mapping[Method, Callable[[Mealy, Separation, int, TestTree], None]] = {
    Method.W: _w,
    Method.WP: _wp,
    Method.HSI: _hsi,
    Method.H: _h,
    Method.SPY: _spy,
}
