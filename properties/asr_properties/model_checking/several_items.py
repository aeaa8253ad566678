"""Several items at once: what is checked on their product, and how it came out.

On the product itself: that it can always be left, and what a coupling must keep. The safety properties of one item
carry over: whatever an item does in the product it could do alone. So they are judged on what an item still does there,
the states that exploration saw single items come into.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from asr_model.composition.component import Component, Vector
from asr_model.composition.explored import Bound, Engine, EngineMissing, Explored
from asr_model.composition.of_lifecycle import ComposedItem
from asr_model.lts import Lts
from asr_properties.model_checking.model_checker import ModelChecker
from asr_properties.model_checking.product import ModelVerdict
from asr_properties.specification.patterns import Property, Response
from asr_properties.specification.reachability import NoDeadlock
from asr_properties.specification.rule import Rule


class Outcome(StrEnum):
    """How a check came out. TRUNCATED: nothing wrong was seen, and not everything was; that is no pass. VACUOUS:
    nothing put it to the test."""

    HOLDS = "holds"
    FAILS = "fails"
    TRUNCATED = "truncated"
    VACUOUS = "vacuous"


@dataclass(frozen=True)
class ProductVerdict:
    """The judgement of one rule about several items. because: its requirements, or what else it stands on. vector: the
    states of the items where it is broken, if it is."""

    name: str
    says: str
    because: str
    outcome: Outcome
    vector: Vector | None = None


def explore_items(
    component: Component, items: int, engine: Engine, bound: Bound, told: Callable[[int], None] = lambda stored: None
) -> Explored:
    """Explore so many items. told: told now and then how many states are held, or nodes of the diagrams.

    Raises:
        EngineMissing: the engine's package is not installed.
        TooLarge: an explicit engine cannot number so many states.
    """
    if engine is Engine.SYMBOLIC:
        from asr_model.composition.decision_diagrams import explore_symbolically

        return explore_symbolically(component, items, bound=bound, told=told)
    try:
        from asr_model.composition.packed import explore
    except ImportError:
        raise EngineMissing("numpy") from None
    return explore(component, items, symmetric=engine is Engine.SYMMETRY, bound=bound, told=told)


def on_the_product(item: ComposedItem, explored: Explored, properties: tuple[Rule, ...]) -> list[ProductVerdict]:
    """The rules about the product: that it has no dead end, and what the coupling must keep."""
    left = Outcome.HOLDS if explored.truncated is None else Outcome.TRUNCATED
    found = [
        ProductVerdict(
            rule.name,
            "every reachable state of the items together can be left",
            ", ".join(rule.requirements),
            Outcome.FAILS if explored.deadlock is not None else left,
            explored.deadlock,
        )
        for rule in properties
        if isinstance(rule, NoDeadlock)
    ]
    for pair, invariant in enumerate(item.invariants):
        vector = explored.together.get(pair)
        sides = item.component.never_together[pair]
        tried = all(side & explored.visited for side in sides)
        untouched = left if tried or explored.truncated is not None else Outcome.VACUOUS
        outcome = Outcome.FAILS if vector is not None else untouched
        found.append(ProductVerdict(invariant.name, invariant.says, invariant.because, outcome, vector))
    return found


def carried_over(item: ComposedItem, explored: Explored, properties: tuple[Rule, ...]) -> list[ModelVerdict]:
    """The safety properties of one item, judged on the states that single items came into."""
    safety = [rule for rule in properties if isinstance(rule, Property) and not isinstance(rule, Response)]
    return list(ModelChecker(_restricted(item.lts, explored.visited)).check(safety))


def _restricted(lts: Lts, visited: frozenset[int]) -> Lts:
    """What one item can do among these states."""
    if len(visited) == len(lts.states):
        return lts
    kept = (tuple(edge for edge in edges if edge.target in visited) for edges in lts.outgoing)
    outgoing = tuple(edges if state in visited else () for state, edges in enumerate(kept))
    return replace(lts, outgoing=outgoing)
