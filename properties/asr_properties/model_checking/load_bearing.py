"""Which transitions carry a property: those without which it breaks on the model, or is never put to the test.

A property that no removal touches says little about the lifecycle; a transition whose removal nobody notices is not
judged on the model. Only what the removal changes is worked out anew, so that all removals take minutes, not hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from asr_model.lts import Edge, Lts, edges_of, enumerate_lts
from asr_model.stepper import Stepper
from asr_properties.evidence.of_the_model import ModelObservations
from asr_properties.model_checking.model_checker import ModelChecker, ModelEvidence, ModelVerdict, Product
from asr_properties.specification.patterns import Property
from asr_properties.specification.reachability import GraphProperty
from asr_properties.specification.rule import EvidenceKind, Rule


class Effect(StrEnum):
    """What the removal of a transition does to a property."""

    BREAKS = "breaks"
    VACUOUS = "is never put to the test"


@dataclass(frozen=True)
class Removal:
    """A declared transition that was removed, and what that does to the properties it touches, by their names."""

    transition: str
    effects: dict[str, Effect]


class LoadBearing:
    """Removes the transitions of a model one by one and judges the properties on what is left."""

    def __init__(self, lts: Lts, properties: Iterable[Rule]) -> None:
        self.lts = lts
        self.properties = [p for p in properties if EvidenceKind.MODEL in p.evidence]
        self._evidence = ModelEvidence(lts)
        self._graph = [p for p in self.properties if isinstance(p, GraphProperty)]
        self._products = [Product(p, self._evidence) for p in self.properties if isinstance(p, Property)]

    def removals(self) -> Iterator[Removal]:
        """Every declared transition removed, in the order of the declaration."""
        for transition in self.lts.stepper.efsm.transitions:
            yield self.without(transition.id)

    def without(self, identifier: str) -> Removal:
        """One transition removed.

        Raises:
            KeyError: the model has no such transition.
        """
        stepper = Stepper(self.lts.stepper.efsm.without(identifier))
        verdicts = self._verdicts(stepper, identifier)
        return Removal(identifier, {v.judged.name: _effect(v) for v in verdicts if not v.holds})

    def _verdicts(self, stepper: Stepper, identifier: str) -> Iterator[ModelVerdict]:
        lts, number = self.lts, self.lts.number
        gone = {edge.source for edge in lts.edges if edge.transition is not None and edge.transition.id == identifier}
        outgoing = list(lts.outgoing)
        for state in gone:
            try:
                outgoing[state] = tuple(edges_of(stepper, state, lts.states[state], number.__getitem__))
            except KeyError:  # another transition takes its place and leads to a state that was never reached
                yield from ModelChecker(enumerate_lts(stepper)).check(self.properties)
                return
        left = Lts(stepper, lts.states, tuple(outgoing))
        # What an item lists is seen in every step to it, too.
        touched = gone | {edge.source for edge in left.edges if edge.target in gone}
        evidence = self._evidence.changed(left, touched)
        for product in self._products:
            yield product.changed(evidence, touched).verdict()
        reachable = _reachable(left)
        looks = ModelObservations(stepper)
        for candidate in self._graph:
            path, exercised = candidate.judge(reachable, looks)
            yield ModelVerdict(candidate, None if path is None else tuple(path), 0, 0, exercised)


def _effect(verdict: ModelVerdict) -> Effect:
    return Effect.VACUOUS if verdict.counterexample is None else Effect.BREAKS


def _reachable(lts: Lts) -> Lts:
    """The part that can be reached, numbered anew."""
    states = sorted(lts.reachable([0]))
    number = {old: new for new, old in enumerate(states)}

    def renumbered(edge: Edge) -> Edge:
        return edge._replace(source=number[edge.source], target=number[edge.target])

    outgoing = tuple(tuple(map(renumbered, lts.outgoing[state])) for state in states)
    return Lts(lts.stepper, tuple(lts.states[state] for state in states), outgoing)
