"""Tours of the observable machine that cover given goals at the least cost, with the proof that none is cheaper.

A tour is a flow over the moves: what enters a state leaves it, and each goal is covered as often as it must be. The
cheapest flow is a lower bound for every tour. Where it falls into parts that do not hang together, each of them covers
something that the part with the beginning does not; so it is required that this is covered there, or that more ways
leave it. Tours satisfy that too, so the bound stays one. It is solved again until all hangs together: then the flow is
a tour, its cost is the bound, and none is cheaper.

The extra `tour` brings the solver, HiGHS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf

import networkx as nx

from asr_model.observable_machine import STEPS, Goal, Move, ObservableMachine, Sort, price
from asr_model.vocabulary import Answer

MOST = 60
"""A move is taken at most so often in one tour."""

NEARER = 1e-3
"""Of flows that cost the same, the one through states that are nearer to the beginning is preferred: it hangs together
more often. So much is added at most to what a move costs. That is less than one for a whole tour of a thousand."""


@dataclass(frozen=True)
class Tour:
    """A walk from a fresh item. moves: in order. cost: the sum of their prices. bound: what the cheapest flow costs,
    connected or not, rounded up: no tour costs less."""

    moves: tuple[Move, ...]
    cost: int
    bound: int


class NoTour(ValueError):
    """The goals cannot all be covered; the message names one that no move covers."""


@dataclass
class _Row:
    """A linear condition: least <= sum of coefficient * column <= most."""

    least: float
    most: float
    coefficients: dict[int, float]


def minimal_tour(
    machine: ObservableMachine,
    goals: Collection[Goal],
    *,
    prices: Mapping[Sort, int] = STEPS,
    times: Mapping[Goal, int] | None = None,
) -> Tour:
    """The cheapest tour from a fresh item that covers every goal.

    times: how often goals are to be covered that once is not enough for.

    Raises:
        NoTour: a goal can't be covered.
        ModuleNotFoundError: the extra `tour` is not installed.
    """
    problem = _Problem(machine, sorted(goals, key=str), prices, times or {})
    bound = ceil(problem.solve(whole=False)[1] - 1e-6)
    while True:
        taken, _ = problem.solve(whole=True)
        if not problem.connect(taken):
            walk = problem.walk(taken)
            return Tour(walk, sum(price(move, prices) for move in walk), bound)


class _Problem:
    """The flow. Its columns: moves that lead elsewhere; then what leads nowhere, one for all states in which it covers
    the same; then one for each state where the tour may end, which leads back to the beginning at no cost."""

    def __init__(
        self, machine: ObservableMachine, goals: Sequence[Goal], prices: Mapping[Sort, int], times: Mapping[Goal, int]
    ) -> None:
        self._goals = goals
        worth = list(_worth_taking(machine, frozenset(goals), prices))
        self._leading = [move for move in worth if move.source != move.target]
        self._staying: dict[frozenset[Goal], list[Move]] = defaultdict(list)
        for move in worth:
            if move.source == move.target:
                self._staying[move.covers].append(move)
        states = len(machine.lts.states)
        self._states = range(states)
        ways = [(m.source, m.target) for m in self._leading] + [(0, 0)] * len(self._staying)
        ways += [(state, 0) for state in range(states)]
        self._further = [move.source * NEARER / states for move in self._leading]
        self._costs = [price(move, prices) for move in self._leading]
        self._costs += [min(price(move, prices) for move in moves) for moves in self._staying.values()] + [0] * states
        self._most = [MOST] * len(self._leading) + [1] * (len(self._staying) + states)
        self._rows: list[_Row] = []
        balance: dict[int, dict[int, float]] = defaultdict(dict)
        for column, (source, target) in enumerate(ways):
            if source != target:
                balance[source][column] = 1.0
                balance[target][column] = -1.0
        self._rows += [_Row(0, 0, row) for row in balance.values()]
        self._rows.append(_Row(0, 1, dict.fromkeys(range(len(ways) - states, len(ways)), 1.0)))
        leaving: dict[int, dict[int, float]] = defaultdict(dict)
        for state, row in balance.items():
            leaving[state] = {column: 1.0 for column, value in row.items() if value > 0}
        self._covering: dict[Goal, list[int]] = defaultdict(list)
        for column, covers in enumerate([*(move.covers for move in self._leading), *self._staying]):
            for goal in covers:
                self._covering[goal].append(column)
        for goal in goals:
            if not self._covering[goal]:
                raise NoTour(f"nothing covers {goal}")
            self._rows.append(_Row(times.get(goal, 1), inf, dict.fromkeys(self._covering[goal], 1.0)))
        for column, moves in enumerate(self._staying.values(), len(self._leading)):
            if all(move.source for move in moves):  # a tour comes by at one of these states
                passing = {other: 1.0 for move in moves for other in leaving[move.source]}
                self._rows.append(_Row(0, inf, {column: -1.0, **passing}))

    def solve(self, *, whole: bool) -> tuple[list[int], float]:
        """How often each column is taken in the cheapest flow, and what that costs. whole: in whole numbers."""
        import highspy  # it takes 0.3 s, and little needs it
        import numpy as np

        program = highspy.HighsLp()
        columns = len(self._costs)
        program.num_col_, program.num_row_ = columns, len(self._rows)
        program.col_cost_ = np.array(self._costs, float)
        if whole:
            program.col_cost_[: len(self._further)] += self._further
        program.col_lower_, program.col_upper_ = np.zeros(columns), np.array(self._most, float)
        program.row_lower_ = np.array([row.least for row in self._rows], float)
        program.row_upper_ = np.array([row.most for row in self._rows], float)
        matrix = program.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.cumsum([0, *(len(row.coefficients) for row in self._rows)])
        matrix.index_ = np.array([column for row in self._rows for column in row.coefficients])
        matrix.value_ = np.array([value for row in self._rows for value in row.coefficients.values()])
        if whole:
            program.integrality_ = [highspy.HighsVarType.kInteger] * columns
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", 0.4)  # costs are whole numbers, apart from what prefers nearer states
        solver.passModel(program)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise NoTour(f"the solver found none: {solver.modelStatusToString(solver.getModelStatus())}")
        taken = [round(value) for value in solver.getSolution().col_value]
        return taken, float(solver.getInfo().objective_function_value)

    def connect(self, taken: Sequence[int]) -> bool:
        """Require of each part that does not hang together with the beginning that a way leads there, or that what it
        covers is covered elsewhere; and likewise of all of them. Whether there is such a part."""
        parts: nx.Graph[int] = nx.Graph()
        parts.add_node(0)
        parts.add_edges_from((m.source, m.target) for m, times in zip(self._leading, taken, strict=False) if times)
        here, *others = sorted(nx.connected_components(parts), key=lambda part: 0 not in part)
        for part in others:
            self._require(taken, set(self._states) - part)
        return self._require(taken, here)

    def _require(self, taken: Sequence[int], within: Collection[int]) -> bool:
        """Require for what is not covered within these states that it is, or that more ways lead on from there;
        whether there is anything of the kind."""
        leaving = {n: 1.0 for n, m in enumerate(self._leading) if m.source in within and m.target not in within}
        missed = False
        for goal in self._goals:
            inside = [column for column in self._covering[goal] if self._is_within(column, within)]
            if not any(taken[column] for column in inside):
                self._rows.append(_Row(1, inf, {**leaving, **dict.fromkeys(inside, 1.0)}))
                missed = True
        return missed

    def _is_within(self, column: int, here: Collection[int]) -> bool:
        if column < len(self._leading):
            return self._leading[column].source in here
        staying = list(self._staying.values())[column - len(self._leading)]
        return any(move.source in here for move in staying)

    def walk(self, taken: Sequence[int]) -> tuple[Move, ...]:
        """The moves in order. Where several are due, what leads nowhere comes first, and of these what is refused."""
        here = {0}.union(m.target for m, times in zip(self._leading, taken, strict=False) if times)
        left: dict[int, list[Move]] = defaultdict(list)
        for move, times in zip(self._leading, taken, strict=False):
            left[move.source] += [move] * times
        for moves, times in zip(self._staying.values(), taken[len(self._leading) :], strict=False):
            if times:
                move = min(
                    (m for m in moves if m.source in here), key=lambda m: (m.answer is not Answer.REFUSED, m.source)
                )
                left[move.source].append(move)
        for there in left.values():
            there.sort(key=lambda move: (move.source == move.target, move.answer is Answer.REFUSED))
        return tuple(_in_order(left))


def _worth_taking(machine: ObservableMachine, goals: frozenset[Goal], prices: Mapping[Sort, int]) -> Iterator[Move]:
    """The moves with which a tour can be cheapest: of those between the same states none that covers, of these goals,
    no more than another that costs no more."""
    between: dict[tuple[int, int], dict[frozenset[Goal], Move]] = defaultdict(dict)
    for move in machine.moves:
        covers = move.covers & goals
        if move.source == move.target and not covers:
            continue
        known = between[move.source, move.target].get(covers)
        if known is None or price(move, prices) < price(known, prices):
            between[move.source, move.target][covers] = move._replace(covers=covers)
    for moves in between.values():
        for covers, move in moves.items():
            if not any(covers < more and price(other, prices) <= price(move, prices) for more, other in moves.items()):
                yield move


def _in_order(left: Mapping[int, list[Move]]) -> Iterator[Move]:
    """All of these moves, by the state that they leave, each beginning where the one before it ended (Hierholzer)."""
    found: list[Move] = []
    way: list[tuple[int, Move | None]] = [(0, None)]
    while way:
        here, came = way[-1]
        if left.get(here):
            move = left[here].pop()
            way.append((move.target, move))
        else:
            way.pop()
            if came is not None:
                found.append(came)
    return reversed(found)
