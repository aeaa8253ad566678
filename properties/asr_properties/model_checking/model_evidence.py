"""All steps of an enumerated model as evidence: what each looks like, and the letter that a property reads of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from operator import itemgetter
from typing import Any, NamedTuple

from asr_model.expressions import names
from asr_model.lts import Edge, Lts
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.of_the_model import ModelObservations
from asr_properties.evidence.questions import question
from asr_properties.evidence.step import WORDS, Step
from asr_properties.evidence.unknown import UNKNOWN

_COLUMNS = (*Step._fields[:WORDS], *(f"was_{name}" for name in Observation._fields), *Observation._fields)
"""Every name that an expression over steps can read."""


class Taken(NamedTuple):
    """A step of the model as evidence. `kind` is a number: steps that look the same share it. `edge` is one of the
    `number` edges from this state that look the same and lead to the same target. by_itself: the service takes it
    with nothing wrong, and nobody asked for it."""

    kind: int
    target: int
    edge: Edge
    number: int
    by_itself: bool


class ModelEvidence:
    """All steps of a model as evidence: the `kinds` that there are, and `steps_of` each state."""

    def __init__(self, lts: Lts) -> None:
        self.lts = lts
        self.kinds: list[Step] = []
        self.steps_of: list[tuple[Taken, ...]] = []
        self._rows: list[tuple[int, ...]] = []
        self._codes: dict[Hashable, int] = {}
        self._of_look: dict[int, tuple[int, ...]] = {}
        self._numbers: dict[tuple[Hashable, ...], int] = {}
        self._kind_of: dict[int, int] = {}
        self._looks = ModelObservations(lts.stepper)
        for state in range(len(lts.states)):
            self.steps_of.append(self._steps(state))

    def changed(self, lts: Lts, states: Collection[int]) -> ModelEvidence:
        """The evidence of a model whose first states are those of this one.

        states: those with other steps, or steps to a state that lists other operations; those that are new included.
        """
        copy = ModelEvidence.__new__(ModelEvidence)
        vars(copy).update(vars(self))
        copy.lts, copy.kinds, copy.steps_of = lts, self.kinds[:], self.steps_of[:]
        copy._rows, copy._kind_of, copy._numbers = self._rows[:], self._kind_of.copy(), {}
        copy._looks = ModelObservations(lts.stepper)
        copy.steps_of.extend(() for _ in range(len(lts.states) - len(copy.steps_of)))
        for state in states:
            copy.steps_of[state] = copy._steps(state)
        return copy

    def rows(self, read: Iterable[str], since: int = 0) -> list[Hashable]:
        """For each kind of step from the number `since` on, what tells it apart for whoever reads only these
        names."""
        columns = sorted({_COLUMNS.index(name) for name in read})
        cut: Callable[[tuple[int, ...]], Hashable] = itemgetter(*columns) if columns else lambda row: ()
        return list(map(cut, self._rows[since:]))

    def asker(self, text: str) -> Callable[[Edge], bool]:
        """What tells whether an expression is known to hold at an edge of the model."""
        ask, kind_of = question(text), self._kind_of
        rows = self.rows(names(text))
        told = {row: ask(kind) is True for row, kind in dict(zip(rows, self.kinds, strict=True)).items()}
        holds = [told[row] for row in rows]
        return lambda edge: holds[kind_of[id(edge)]]

    def _steps(self, state: int) -> tuple[Taken, ...]:
        found: dict[tuple[int, int], Taken] = {}
        states, looks, numbers = self.lts.states, self._looks, self._numbers
        was = looks.of(states[state])
        for edge in self.lts.outgoing[state]:
            event, now = edge.event, looks.of(states[edge.target])
            key = (event, edge.response, edge.surroundings, id(was), id(now))
            index = numbers.get(key)
            if index is None:
                index = numbers[key] = len(self.kinds)
                step = looks.step(states[state], event, edge.response, states[edge.target], edge.surroundings)
                self.kinds.append(step)
                words = [self._code(value) for value in step[:WORDS]]
                self._rows.append((*words, *self._codes_of(was), *self._codes_of(now)))
            self._kind_of[id(edge)] = index
            known = found.get((index, edge.target))
            number = 1 if known is None else known.number + 1
            found[index, edge.target] = Taken(
                index, edge.target, edge, number, not (event.is_operation or edge.surroundings)
            )
        return tuple(found.values())

    def _codes_of(self, look: Observation) -> tuple[int, ...]:
        return tuple(map(self._code, look))

    def _code(self, value: Any) -> int:
        """A number for a value, so that unknown ones can be compared too."""
        return -1 if value is UNKNOWN else self._codes.setdefault((type(value), value), len(self._codes))
