"""k-induction: what holds in the first k states, and after any k in which it holds, holds for ever.

The finite part is known: the states that the model reaches were enumerated, and a proof begins in these only. What was
proved before may be used. A property for which no k up to a bound is enough is *unknown*: it is looked for a way that
breaks it, and if none is found within so many steps, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from asr_model.counters import EXTENSION, CounterProperty, Extension
from asr_model.lts import Lts
from asr_properties.proving.extended import Extended, Moment

if TYPE_CHECKING:
    from asr_properties.proving.symbols import Symbols, Term

MOST_K = 3
"""Up to so many states are taken to hold before the next one is shown to."""

DEEPEST = 12
"""A way that breaks a property is looked for up to so many steps."""


class ProverMissing(RuntimeError):
    """z3 is not installed; the message says what to do."""

    def __init__(self) -> None:
        super().__init__("check --prove needs z3-solver: pip install 'asr-conformance[prove]'")


def require_prover() -> None:
    """Find out whether proofs are possible.

    Raises:
        ProverMissing: z3 is not installed.
    """
    if find_spec("z3") is None:
        raise ProverMissing


class Outcome(StrEnum):
    """What is known of a property."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


class Proof(NamedTuple):
    """The judgement of one property. k: of the induction that proves it, else None. trace: what refutes it, from a
    fresh item on; accepted by the model's stepper."""

    judged: CounterProperty
    outcome: Outcome
    k: int | None = None
    trace: tuple[Moment, ...] = ()


def prove(
    lts: Lts,
    properties: Sequence[CounterProperty],
    extension: Extension = EXTENSION,
    *,
    deepest: int = DEEPEST,
    told: Callable[[str], None] = lambda name: None,
) -> Iterator[Proof]:
    """Judge properties, in this order.

    Raises:
        ProverMissing: z3 is not installed.
        NotAccepted: the stepper does not accept a trace that z3 found.
    """
    require_prover()
    from asr_properties.proving.symbols import Symbols, new_solver  # only a proof needs z3, which takes 0.2 s

    machine = Extended(lts.stepper, extension)
    symbols = Symbols(machine)
    from_the_start = _Unrolled(new_solver(), symbols)
    from_the_start.add(symbols.is_moment(machine.initial, symbols.at(0)))
    from_anywhere = _Unrolled(new_solver(), symbols)
    from_anywhere.add(symbols.is_one_of(lts.states, symbols.at(0)))
    lemmas: list[CounterProperty] = []
    for judged in properties:
        told(judged.name)
        try:
            proof = _proof(judged, lemmas, machine, from_the_start, from_anywhere, deepest)
        except _Undecided:
            proof = Proof(judged, Outcome.UNKNOWN)
        if proof.outcome is Outcome.PROVED:
            lemmas.append(judged)
        yield proof


class _Undecided(Exception):
    """The solver gave up, so that nothing follows."""


class _Unrolled:
    """The machine's steps one after the other, as far as they were asked for."""

    def __init__(self, solver: Term, symbols: Symbols) -> None:
        self._solver = solver
        self._symbols = symbols
        self._steps = 0

    def add(self, term: Term) -> None:
        self._solver.add(term)

    def model(self, steps: int, asked: Sequence[tuple[CounterProperty, int, bool]]) -> list[Moment] | None:
        """The moments of a way of so many steps on which each of these properties holds, or does not, at a moment; None
        where there is none.

        Raises:
            _Undecided: the solver does not know.
        """
        while self._steps < steps:
            self._solver.add(self._symbols.step(self._steps))
            self._steps += 1
        self._solver.push()
        # Only these steps are taken: beyond them there need not be one.
        taken = [self._symbols.is_taken(moment) for moment in range(steps)]
        for judged, moment, holds in asked:
            term = self._symbols.term(self._symbols.machine.expression(judged.always), self._symbols.at(moment))
            self._solver.add(term if holds else self._symbols.negated(term))
        found = str(self._solver.check(*taken))
        moments = self._symbols.moments(self._solver.model(), steps) if found == "sat" else None
        self._solver.pop()
        if found == "unknown":
            raise _Undecided
        return moments


def _proof(
    judged: CounterProperty,
    lemmas: Sequence[CounterProperty],
    machine: Extended,
    from_the_start: _Unrolled,
    from_anywhere: _Unrolled,
    deepest: int,
) -> Proof:
    for k in range(1, MOST_K + 1):
        way = from_the_start.model(k - 1, [(judged, k - 1, False)])
        if way is not None:
            return _refuted(judged, machine, way)
        assumed = [(each, moment, True) for each in (*lemmas, judged) for moment in range(k)]
        lemmas_after = [(each, k, True) for each in lemmas]
        if from_anywhere.model(k, [*assumed, *lemmas_after, (judged, k, False)]) is None:
            return Proof(judged, Outcome.PROVED, k)
    for steps in range(MOST_K, deepest + 1):
        way = from_the_start.model(steps, [(judged, steps, False)])
        if way is not None:
            return _refuted(judged, machine, way)
    return Proof(judged, Outcome.UNKNOWN)


def _refuted(judged: CounterProperty, machine: Extended, way: list[Moment]) -> Proof:
    machine.replay(way, machine.expression(judged.always))
    return Proof(judged, Outcome.REFUTED, trace=tuple(way))
