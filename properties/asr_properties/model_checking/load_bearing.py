"""What of the model carries the properties: which notice it if one transition, guard or update of it is changed.

The changes are the mutants of the machine that `mutants` makes too. A property that no change touches says little about
the lifecycle; what no property notices is not judged on the model. Only what a change changes is worked out anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from asr_model.efsm import Event
from asr_model.listed_operations import listed
from asr_model.lts import Edge, Lts, edges_of
from asr_model.mutants.every_mutant import OPERATORS
from asr_model.mutants.mutant import Mutant, Operator
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_properties.model_checking.model_checker import on_the_graph
from asr_properties.model_checking.model_evidence import ModelEvidence
from asr_properties.model_checking.product import ModelVerdict, Product
from asr_properties.model_checking.same_behaviour import same_behaviour
from asr_properties.specification.patterns import Property
from asr_properties.specification.reachability import GraphProperty
from asr_properties.specification.rule import EvidenceKind, Rule

CHANGES = (
    Operator.TRANSITION_MISSING,
    Operator.REFUSAL_MISSING,
    Operator.GUARD_NEGATED,
    Operator.GUARD_WEAKENED,
    Operator.GUARD_OFF_BY_ONE,
    Operator.UPDATE_DROPPED,
    Operator.UPDATE_CHANGED,
)
"""The operators whose mutants are judged: of those that change the machine itself all but wrong targets, which are two
thirds of them and lead to so many states more that they take as long as all the others several times over."""


class Effect(StrEnum):
    """What a change does to a property."""

    BREAKS = "breaks"
    VACUOUS = "is never put to the test"


@dataclass(frozen=True)
class Changed:
    """A change of the model, and what it does to the properties that notice it, by their names. equivalent: the changed
    model can do and shows the same, so that no property of whatever kind could notice."""

    mutant: Mutant
    effects: dict[str, Effect]
    equivalent: bool = False


class LoadBearing:
    """Makes one change of a model after the other and judges the properties on what comes of it."""

    def __init__(self, lts: Lts, properties: Iterable[Rule]) -> None:
        self.lts = lts
        self.properties = [p for p in properties if EvidenceKind.MODEL in p.evidence]
        self._evidence = ModelEvidence(lts)
        self._graph = [p for p in self.properties if isinstance(p, GraphProperty)]
        self._products = [Product(p, self._evidence).prepared() for p in self.properties if isinstance(p, Property)]

    @cached_property
    def mutants(self) -> tuple[Mutant, ...]:
        """Every change, operator by operator."""
        efsm = self.lts.stepper.efsm
        return tuple({m.name: m for operator in CHANGES for m in OPERATORS[operator](efsm)}.values())

    def judge(self, mutant: Mutant) -> Changed:
        """What a change of the machine does to the properties."""
        stepper = self.lts.stepper.changed(mutant.applied(self.lts.stepper.efsm))
        lts, touched = self._changed(mutant, stepper)
        if not touched:
            return Changed(mutant, {}, equivalent=True)
        evidence = self._evidence.changed(lts, touched)
        verdicts = [*self._on_products(evidence, touched), *(on_the_graph(p, evidence) for p in self._graph)]
        effects = {v.judged.name: _effect(v) for v in verdicts if not v.holds}
        return Changed(mutant, effects, equivalent=not effects and same_behaviour(self.lts, lts))

    def _on_products(self, evidence: ModelEvidence, touched: set[int]) -> Iterator[ModelVerdict]:
        for product in self._products:
            changed = product.changed(evidence, touched)
            if changed.differs(product, touched):
                yield changed.verdict()

    def _changed(self, mutant: Mutant, stepper: Stepper) -> tuple[Lts, set[int]]:
        """The model with a change in it, states that it reaches for the first time last; and the states from which
        steps differ, or lead to a state that lists other operations."""
        before = self.lts
        states, number, outgoing = list(before.states), before.number.copy(), list(before.outgoing)

        def number_of(state: State) -> int:
            if state not in number:
                number[state] = len(states)
                states.append(state)
            return number[state]

        touched = set()
        events = [event for event in stepper.events if event.name == mutant.event]
        for here in self._sources(mutant):
            old = outgoing[here]
            new = tuple(edges_of(stepper, here, states[here], number_of, events))
            if _taken(new) != _taken(edge for edge in old if edge.event.name == mutant.event):
                outgoing[here] = (*(edge for edge in old if edge.event.name != mutant.event), *new)
                touched.add(here)
        relisted = [s for s in touched if listed(stepper, states[s]) != listed(before.stepper, states[s])]
        while len(outgoing) < len(states):  # which grow meanwhile
            touched.add(here := len(outgoing))
            outgoing.append(tuple(edges_of(stepper, here, states[here], number_of)))
        for state in relisted:
            touched |= self._leading_to[state]
        return Lts(stepper, tuple(states), tuple(outgoing)), touched

    def _sources(self, mutant: Mutant) -> Iterator[int]:
        changed = [t for t in (mutant.gone, mutant.added) if t is not None]
        for here, state in enumerate(self.lts.states):
            if any(getattr(state, t.variable) == t.source for t in changed):
                yield here

    @cached_property
    def _leading_to(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for edge in self.lts.edges:
            found[edge.target].add(edge.source)
        return found


def _taken(edges: Iterable[Edge]) -> list[tuple[Event, frozenset[str], object, int]]:
    return [(edge.event, edge.surroundings, edge.response, edge.target) for edge in edges]


def _effect(verdict: ModelVerdict) -> Effect:
    return Effect.VACUOUS if verdict.counterexample is None else Effect.BREAKS
