"""The symbolic engine: sets of vectors as binary decision diagrams, and what follows a whole set at once.

An item's state is a few bits, and each bit has a twin for the state after a step. What follows by one item's moves is
a relational product over that item's bits alone; a joint step is such a product for one item after the other. The
diagrams come from OxiDD (extra `scaling`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import product
from typing import TYPE_CHECKING

from asr_model.composition.component import Component, Step, Vector
from asr_model.composition.explored import Bound, Engine, EngineMissing, Explored

if TYPE_CHECKING:
    from oxidd.bdd import BDDFunction

BYTES_PER_NODE, BYTES_PER_RESULT = 44, 21
"""What OxiDD 0.13 takes for a node with its place in a unique table, and for a result in its cache: measured, by
filling a million of each."""

MOST_RESULTS = 2**20
"""Results that are cached: more make no search here faster, and their room is taken at once."""


def explore_symbolically(
    component: Component, items: int, *, bound: Bound | None = None, told: Callable[[int], None] = lambda nodes: None
) -> Explored:
    """Explore `items` equal items, however many vectors there are. Depths are not counted, and no state is held. told:
    told now and then how many nodes the diagrams have.

    Raises:
        EngineMissing: OxiDD is not installed.
    """
    try:
        from oxidd.util import DDMemoryError
    except ImportError:
        raise EngineMissing("oxidd") from None
    bound = bound or Bound()
    search = _Search(component, items, bound)
    why: str | None = None
    try:
        search.run(told)
    except DDMemoryError:
        why = f"the decision diagrams take more than {bound.memory / 2**30:.2g} GiB"
        return Explored(Engine.SYMBOLIC, 1, 0, None, None, 0, frozenset({0}), bound.memory, truncated=why)
    return search.explored()


class _Search:
    def __init__(self, component: Component, items: int, bound: Bound) -> None:
        from oxidd.bdd import BDDFunction, BDDManager
        from oxidd.util import BooleanOperator

        self._and, self._function = BooleanOperator.AND, BDDFunction
        self._component, self._items = component, items
        cached = min(bound.memory // (4 * BYTES_PER_RESULT), MOST_RESULTS)
        self._held = cached * BYTES_PER_RESULT
        self._manager = BDDManager((bound.memory - self._held) // BYTES_PER_NODE, cached, 1)
        self._bits = max((component.states - 1).bit_length(), 1)
        self._manager.add_vars(2 * self._bits * items)
        self._true, self._false = self._manager.true(), self._manager.false()
        self._nodes = 0

    # -- where bits are, and what is made of them -------------------------------------------------------------------

    def _variable(self, item: int, bit: int, *, after: bool) -> int:
        return 2 * (item * self._bits + bit) + after

    def _is(self, item: int, state: int, *, after: bool = False) -> BDDFunction:
        """That an item is in a state."""
        found = self._true
        for bit in range(self._bits):
            variable = self._variable(item, bit, after=after)
            is_set = state >> (self._bits - 1 - bit) & 1
            found &= self._manager.var(variable) if is_set else self._manager.not_var(variable)
        return found

    def _among(self, item: int, states: Collection[int]) -> BDDFunction:
        """That an item is in one of some states."""
        return self._any(self._is(item, state) for state in states)

    def _relation(self, item: int, steps: Iterable[Step]) -> BDDFunction:
        """That an item makes one of some steps."""
        return self._any(
            self._is(item, source) & self._is(item, target, after=True) for source, target in sorted(steps)
        )

    def _any(self, each: Iterable[BDDFunction]) -> BDDFunction:
        found = self._false
        for one in each:
            found |= one
        return found

    def _all(self, each: Iterable[BDDFunction]) -> BDDFunction:
        found = self._true
        for one in each:
            found &= one
        return found

    # -- the search -------------------------------------------------------------------------------------------------

    def run(self, told: Callable[[int], None]) -> None:
        """Find everything that can be reached."""
        component, items = self._component, range(self._items)
        now = [[self._variable(item, bit, after=False) for bit in range(self._bits)] for item in items]
        then = [[self._variable(item, bit, after=True) for bit in range(self._bits)] for item in items]
        self._now = [self._all(map(self._manager.var, bits)) for bits in now]
        self._back = [
            self._function.make_substitution(
                [(twin, self._manager.var(bit)) for bit, twin in zip(now[item], then[item], strict=True)]
            )
            for item in items
        ]
        alone = [self._relation(item, component.alone) for item in items]
        joint = [[self._relation(item, steps) for item in items] for steps in component.joint]
        reached, before = self._all(self._is(item, 0) for item in items), self._false
        while reached != before:
            before = reached
            for item in items:
                reached = self._closed(reached, item, alone[item])
            for relations in joint:
                told(self._manager.approx_num_inner_nodes())
                after = reached
                for item in items:
                    after = self._after(after, item, relations[item])
                reached |= after
            self._nodes = max(self._nodes, self._manager.approx_num_inner_nodes())
        self._reached = reached

    def _closed(self, reached: BDDFunction, item: int, relation: BDDFunction) -> BDDFunction:
        """What is reached where one item moves as often as it likes."""
        fresh = reached
        while fresh.satisfiable():
            fresh = self._after(fresh, item, relation) & ~reached
            reached |= fresh
        return reached

    def _after(self, reached: BDDFunction, item: int, relation: BDDFunction) -> BDDFunction:
        moved = reached.apply_exists(self._and, relation, self._now[item])
        return moved.substitute(self._back[item])

    # -- what is told of it -----------------------------------------------------------------------------------------

    def explored(self) -> Explored:
        """What was found."""
        stuck = self._stuck()
        together = {
            pair: vector for pair in range(len(self._component.never_together)) if (vector := self._wrong(pair))
        }
        return Explored(
            engine=Engine.SYMBOLIC,
            states=self._count(self._reached),
            transitions=self._transitions(),
            stored=None,
            depth=None,
            deadlocks=self._count(stuck),
            deadlock=self._vector(stuck),
            together=together,
            visited=frozenset(state for state in range(self._component.states) if self._comes_into(state)),
            memory=self._held + self._nodes * BYTES_PER_NODE,
        )

    def _count(self, vectors: BDDFunction) -> int:
        twins = self._bits * self._items  # of which nothing is said
        return vectors.sat_count(2 * twins) >> twins

    def _vector(self, vectors: BDDFunction) -> Vector | None:
        cube = vectors.pick_cube()
        if cube is None:
            return None
        states = []
        for item in range(self._items):
            bits = [cube[self._variable(item, bit, after=False)] for bit in range(self._bits)]
            states.append(sum(bool(bit) << place for place, bit in enumerate(reversed(bits))))
        return tuple(states)

    def _comes_into(self, state: int) -> bool:
        return any((self._reached & self._is(item, state)).satisfiable() for item in range(self._items))

    def _wrong(self, pair: int) -> Vector | None:
        """A vector in which what is never together is."""
        one, other = self._component.never_together[pair]
        ones = [self._among(item, one) for item in range(self._items)]
        others = [self._among(item, other) for item in range(self._items)]
        return self._vector(self._reached & self._any(ones) & self._any(others))

    def _transitions(self) -> int:
        total = 0
        for item in range(self._items):
            for degree, states in _by_number(self._component.moves).items():
                total += degree * self._count(self._reached & self._among(item, states))
        for after in self._component.joint_steps:
            classes = [
                [(degree, self._among(item, states)) for degree, states in _by_number(after).items()]
                for item in range(self._items)
            ]
            for chosen in product(*classes):
                ways = 1
                for degree, _ in chosen:
                    ways *= degree
                total += ways * self._count(self._reached & self._all(states for _, states in chosen))
            total -= self._count(self._reached & self._each({s for s, then in enumerate(after) if s in then}))
        return total

    def _stuck(self) -> BDDFunction:
        """The vectors that nothing leaves."""
        component = self._component
        stuck = self._reached & self._each({state for state, after in enumerate(component.moves) if not after})
        for after in component.joint_steps:
            able = self._each({state for state, then in enumerate(after) if then})
            staying = self._each({state for state, then in enumerate(after) if then == (state,)})
            stuck &= ~able | staying
        return stuck

    def _each(self, states: Collection[int]) -> BDDFunction:
        """That every item is in one of some states."""
        return self._all(self._among(item, states) for item in range(self._items))


def _by_number(after: tuple[tuple[int, ...], ...]) -> dict[int, list[int]]:
    """The states by how many follow them; none of which nothing follows."""
    found: dict[int, list[int]] = {}
    for state, then in enumerate(after):
        if then:
            found.setdefault(len(then), []).append(state)
    return found
