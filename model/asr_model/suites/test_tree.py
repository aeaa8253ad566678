"""Tests as a tree: what several of them begin with is there once, and a test is a way to a leaf."""

from __future__ import annotations

from collections.abc import Iterator

from asr_model.suites.mealy import Mealy, Word


class Node:
    """A place in the tree. state: where the machine is then. depth: so many inputs lead here."""

    __slots__ = ("after", "depth", "state")

    def __init__(self, state: int, depth: int) -> None:
        self.state, self.depth = state, depth
        self.after: dict[int, Node] = {}


class TestTree:
    """Words of a machine. A word is cut off where the machine does not define it."""

    __test__ = False  # pytest: it is none

    def __init__(self, machine: Mealy) -> None:
        self._steps = machine.steps
        self.root = Node(0, 0)

    def add(self, word: Word, start: Node | None = None) -> Node:
        """Add a word after a place; where it leads to, as far as it is defined."""
        here = self.root if start is None else start
        for number in word:
            following = here.after.get(number)
            if following is None:
                step = self._steps[here.state].get(number)
                if step is None:
                    break
                following = here.after[number] = Node(step.target, here.depth + 1)
            here = following
        return here

    def words(self) -> Iterator[Word]:
        """The tests: every word that none other begins with."""
        todo: list[tuple[Node, Word]] = [(self.root, ())]
        while todo:
            here, word = todo.pop()
            if not here.after and word:
                yield word
            todo += [(after, (*word, number)) for number, after in reversed(here.after.items())]
