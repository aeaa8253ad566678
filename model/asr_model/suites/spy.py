"""The SPY method: tests that go on wherever it is known what state an implementation is in.

After Simão, Petrenko and Yevtushenko, "On reducing test length for FSMs with extra states" (2012). Other methods try
everything after the word of the state cover that leads to a state, each time from the beginning. But once it is known
that another word leads every implementation that passes to the same state, what is left to try may follow that word as
well; and such words are known wherever a test comes by. So a test goes on to what is nearest.

Two places of the tree are in one *cell* if what is tried makes sure of that: an implementation with so many states
that passes answers alike after both, to every word that the machine defines there. The cell of a state begins with the
word of the cover. A step of the machine is *confirmed* when the state that it leads to was identified: with `extra`
more states, after it and after the word of the cover for its target, every word of `extra` inputs and its beginnings
is followed by the harmonized words. Then it leads from cell to cell. This needs no machine that is complete: cells
speak of what is defined alone. Why so many inputs are enough: states of one cell that are not alike are told apart by
a shortest word, and so are those that its beginnings lead to, by one input less each. Each time one of the two is none
of those that the cover leads to, and there are `extra` of these; states that are told apart in so many different
lengths are more than that.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

from asr_model.suites.mealy import Mealy, Word
from asr_model.suites.separating import Separation
from asr_model.suites.test_tree import Node, TestTree

Try = tuple[int, Word]
"""A word that is to be tried in a state: after any word of its cell."""

Edge = tuple[int, int]
"""A step of the machine: a state, and the number of an input."""


class Spy:
    """Makes the tests. longest: a test does not go on after so many inputs."""

    def __init__(self, machine: Mealy, separation: Separation, extra: int, tree: TestTree, longest: int) -> None:
        self._machine, self._tree, self._longest = machine, tree, longest
        self._family = separation.harmonized
        self._extra = extra
        self._cells: list[list[Node]] = [[] for _ in machine.steps]
        self._in_cell: set[int] = set()
        self._confirmed: set[Edge] = set()
        self._ways: list[dict[int, int]] = [{} for _ in machine.steps]
        self._waiting: dict[Edge, set[Try]] = {}
        self._waited_for: dict[Try, list[Edge]] = defaultdict(list)
        self._pending: list[dict[Word, None]] = [{} for _ in machine.steps]
        self._leaves: list[list[Node]] = [[] for _ in machine.steps]

    def fill(self) -> None:
        """Add everything to the tree."""
        cover = [self._tree.add(word) for word in self._machine.cover]
        for node in cover:
            self._put(node)
        for word in self._machine.cover[1:]:
            self._confirm((self._machine.target(word[:-1]), word[-1]))
        for node in cover:
            for word in self._family[node.state]:
                self._tree.add(word, node)
        self._plan(self._needed_first())
        self._walk()
        self._plan({(state, number) for state, steps in enumerate(self._machine.steps) for number in steps})
        self._walk()

    # -- what is to be tried -----------------------------------------------------------------------------------

    def _needed_first(self) -> set[Edge]:
        """The steps that separating words take: tests can go on after such a word once they are confirmed."""
        found: set[Edge] = set()
        for state, words in enumerate(self._family):
            for word in words:
                here = state
                for number in word:
                    found.add((here, number))
                    here = self._machine.steps[here][number].target
        return found

    def _plan(self, edges: set[Edge]) -> None:
        for edge in sorted(edges - self._confirmed):
            tries = set(self._tries_of(edge))
            left = {one for one in tries if not self._is_tried(one)}
            if not left:
                self._confirm(edge)
                continue
            self._waiting[edge] = left
            for one in sorted(left):
                self._waited_for[one].append(edge)
                self._pending[one[0]][one[1]] = None

    def _tries_of(self, edge: Edge) -> Iterator[Try]:
        state, number = edge
        target = self._machine.steps[state][number].target
        for start, begun in ((state, (number,)), (target, ())):
            for middle in self._words(target, self._extra):
                end = self._machine.target(middle, target)
                for word in self._family[end] or [()]:
                    yield start, (*begun, *middle, *word)

    def _words(self, state: int, longest: int) -> Iterator[Word]:
        """Every word that is defined in a state, of so many inputs at most."""
        yield ()
        if longest:
            for number, step in self._machine.steps[state].items():
                for rest in self._words(step.target, longest - 1):
                    yield (number, *rest)

    def _is_tried(self, one: Try) -> bool:
        state, word = one
        return any(_has(node, word) for node in self._cells[state])

    # -- cells -------------------------------------------------------------------------------------------------

    def _put(self, start: Node) -> None:
        """Put a place into the cell of its state, and what confirmed steps lead to from there."""
        todo = [start]
        while todo:
            node = todo.pop()
            if id(node) in self._in_cell:
                continue
            self._in_cell.add(id(node))
            self._cells[node.state].append(node)
            if not node.after:
                self._leaves[node.state].append(node)
            todo += [after for number, after in node.after.items() if (node.state, number) in self._confirmed]

    def _confirm(self, edge: Edge) -> None:
        state, number = edge
        self._confirmed.add(edge)
        target = self._machine.steps[state][number].target
        if target != state:
            self._ways[state].setdefault(target, number)
        for node in list(self._cells[state]):
            if number in node.after:
                self._put(node.after[number])

    # -- walking -----------------------------------------------------------------------------------------------

    def _walk(self) -> None:
        """Try everything that is pending."""
        here = self._tree.root
        while any(self._pending):
            start, way, state = self._next(here)
            word = next(iter(self._pending[state]))
            here = self._tree.add((*way, *word), start)
            self._put_along(start, (*way, *word))
            self._done(state, word)

    def _next(self, here: Node) -> tuple[Node, Word, int]:
        """Where to go on, the way from there to a state where something is pending, and that state: from here, after
        another test, or from the beginning, whatever takes the fewest inputs."""
        starts: dict[int, Node] = {}
        if self._goes_on(here):
            starts[here.state] = here
        for state, leaves in enumerate(self._leaves):
            while leaves and not self._goes_on(leaves[-1]):
                leaves.pop()
            if leaves:
                starts.setdefault(state, leaves[-1])
        found = self._nearest(starts)
        again = min((len(self._machine.cover[s]), s) for s, words in enumerate(self._pending) if words)
        if found is None or len(found[1]) > again[0] + 1:
            return self._tree.root, self._machine.cover[again[1]], again[1]
        start, way, state = found
        return starts[start], way, state

    def _goes_on(self, node: Node) -> bool:
        """Whether a test that ends here may go on: it is known where that is, and the test is not too long."""
        return id(node) in self._in_cell and not node.after and 0 < node.depth < self._longest

    def _nearest(self, starts: Iterable[int]) -> tuple[int, Word, int] | None:
        """The shortest way over confirmed steps, from one of these states to one where something is pending: where it
        begins, the way, and where it ends."""
        came: dict[int, tuple[int, Word]] = {start: (start, ()) for start in starts}
        todo = deque(came)
        while todo:
            here = todo.popleft()
            start, way = came[here]
            if self._pending[here]:
                return start, way, here
            for target, number in self._ways[here].items():
                if target not in came:
                    came[target] = start, (*way, number)
                    todo.append(target)
        return None

    def _put_along(self, start: Node, word: Word) -> None:
        """Put what was added after a place of a cell into cells, as far as it is known."""
        here = start
        for number in word:
            if (here.state, number) not in self._confirmed:
                return
            here = here.after[number]
            self._put(here)

    def _done(self, state: int, word: Word) -> None:
        del self._pending[state][word]
        one = (state, word)
        for edge in self._waited_for.pop(one, ()):
            waiting = self._waiting[edge]
            waiting.discard(one)
            if not waiting:
                self._confirm(edge)


def _has(node: Node, word: Word) -> bool:
    for number in word:
        following = node.after.get(number)
        if following is None:
            return False
        node = following
    return True
