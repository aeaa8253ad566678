"""What an item is likely to do where that is left open, and how long it takes: learnt from what it has done so far."""

from __future__ import annotations

from collections import Counter
from functools import cache
from math import inf, sqrt
from random import Random
from typing import NamedTuple

from asr_model.efsm import Event
from asr_model.forbidden import kind_of
from asr_model.lts import Lts
from asr_model.observable_machine import Move, Sort
from asr_model.state import State
from asr_model.vocabulary import Answer
from asr_properties.generation.action_choice import WAITS
from asr_properties.session.session import Session

MOST_MISSED = 3
"""So often one item is asked for what it does otherwise."""

MOST_DECLINES = 8
"""After so many refusals of what it may refuse, without having done it once, an item is not asked for it any more."""


class Variant(NamedTuple):
    """One of the ways to bring a surrounding about. early: the fault begins before the job does."""

    wrong: str
    fault: str
    task: str | None
    early: bool


class _Known(NamedTuple):
    """What is always the same about a move. key, input: numbers of it and of what it takes, the same for all moves that
    are alike in that; asked: the phase and the operation whose answer is left open, None where it is not."""

    key: int
    input: int
    is_asked: bool
    asked: tuple[str, Event] | None


class Likelihood:
    """How likely an outcome is, by what the items of a session have shown: as often as it came, of all times that it
    could have come; before anything is known all outcomes are alike. What did not come of one item just now is less
    likely to come of it the next time."""

    def __init__(self, session: Session, lts: Lts) -> None:
        self._tries, self._lts = session.tries, lts
        self._came: Counter[object] = Counter()
        self._times: Counter[object] = Counter()
        self._failed: Counter[int] = Counter()
        self._free = left_open(lts)
        self._numbers: dict[tuple[object, ...], int] = {}
        self._known: dict[tuple[str, ...], dict[int, _Known]] = {}
        self.points = ()

    @property
    def points(self) -> tuple[str, ...]:
        """The kinds of recovery points that may be listed with the configuration of the item."""
        return self._points

    @points.setter
    def points(self, points: tuple[str, ...]) -> None:
        self._points = points
        self._moves = self._known.setdefault(points, {})

    def begin_item(self) -> None:
        """A fresh item begins."""
        self._failed.clear()

    def of(self, move: Move) -> float:
        """How likely a move is; 0 where the item has always declined what it asks for."""
        if move.input.sort is Sort.FRESH_ITEM:
            return 1.0
        known = self._moves.get(id(move)) or self._look_at(move)
        missed = self._failed.get(known.key, 0)
        if missed >= MOST_MISSED:
            return 0.0
        return self._share(move, known) * 0.5**missed

    def _share(self, move: Move, known: _Known) -> float:
        if known.asked is not None:
            granted, declined = self._tries.granted.get(known.asked, 0), self._tries.declined.get(known.asked, 0)
            if declined >= MOST_DECLINES and not granted and move.source != move.target:
                return 0.0
            share = (granted + 1) / (granted + declined + 2)
            return share if move.answer is Answer.ACCEPTED else 1 - share
        return 1.0 if known.is_asked else (self._came.get(known.key, 0) + 1) / (self._times.get(known.input, 0) + 2)

    def of_variant(self, move: Move, variant: Variant) -> float:
        """How likely a kind of fault brings a move about."""
        key = self._look_at(move).key, variant
        return (self._came[key] + 1) / (self._times[key] + 2)

    def saw_variant(self, move: Move, variant: Variant, *, came: bool) -> None:
        """A kind of fault brought a move about, or did not."""
        key = self._look_at(move).key, variant
        self._times[key] += 1
        self._came[key] += came

    def failed(self, move: Move, times: int = 1) -> None:
        """The item did otherwise, or it could not be asked."""
        self._failed[self._look_at(move).key] += times

    def saw(self, move: Move, ended: tuple[str, ...], states: list[State]) -> None:
        """Time passed, to see this move; jobs ended so, and the item may be in one of these states now."""
        known, input_ = self._look_at(move), self._input(move)
        self._times[known.input] += 1
        outcomes = {self._number(*input_, *_outcome(state, ended[-1:])) for state in states}
        self._came.update(outcomes)
        if known.key not in outcomes:
            self.failed(move)

    def _look_at(self, move: Move) -> _Known:
        """What is always the same about a move. Moves live as long as their model, so their ids are their own."""
        if (known := self._moves.get(id(move))) is None:
            state, event, input_ = self._lts.states[move.source], move.input.event, self._input(move)
            if event is None:
                key = self._number(*input_, *_outcome(self._lts.states[move.target], move.ends[-1:]))
            else:
                key = self._number(state.phase, state.drill, event, move.answer)
            asked = (state.phase, kind_of(event)) if event and (move.source, event) in self._free else None
            known = self._moves[id(move)] = _Known(key, self._number(*input_), event is not None, asked)
        return known

    def _input(self, move: Move) -> tuple[object, ...]:
        state = self._lts.states[move.source]
        return self._points, state.phase, state.drill, state.points, state.stopping, move.input.wrong, bool(move.ends)

    def _number(self, *what: object) -> int:
        return self._numbers.setdefault(what, len(self._numbers))


def _outcome(state: State, ends: tuple[str, ...]) -> tuple[object, ...]:
    return state.phase, state.drill, state.points, ends


class Pace:
    """How long to wait until the item comes from one state to another and no further, learnt from the waits so far: for
    each way the longest wait that was too short, and the shortest that was too long."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._short: dict[tuple[str, ...], float] = {}
        self._long: dict[tuple[str, ...], float] = {}
        self.begin()

    def begin(self) -> None:
        """A fresh item begins."""
        self._waited = 0.0
        self._aim: tuple[str, ...] = ()

    @property
    def is_learning(self) -> bool:
        """Whether the last wait was for something that comes by itself, sooner or later."""
        return bool(self._aim)

    @property
    def gives_up(self) -> bool:
        """Whether the longest wait was too short."""
        return bool(self._aim) and self._waited >= WAITS[-1]

    def next(self, source: State, target: State, *, has_job: bool) -> float:
        """Seconds to wait. has_job: a job runs, and is to run on."""
        if has_job:
            self._aim = ()
            return self._random.choice(WAITS[:3])
        aim: tuple[str, ...] = (source.phase, source.points, target.phase, target.points)
        if aim != self._aim:
            self._aim, self._waited = aim, 0.0
        short, long = self._short.get(aim, 0.0), self._long.get(aim, inf)
        if long < inf:
            total = sqrt(max(short, long / 9) * long) if long > short else long / 2
        else:
            total = next((w for w in WAITS[3:] if w > max(short, self._waited)), WAITS[-1])
        seconds = max(float(round(total - self._waited)), WAITS[0])
        self._waited += seconds
        return seconds

    def came_to(self, before: State, now: State) -> None:
        """What the last wait led to."""
        if not self._aim or self._aim[:2] != (before.phase, before.points):
            return
        if (now.phase, now.points) == self._aim[:2]:
            self._short[self._aim] = max(self._short.get(self._aim, 0.0), self._waited)
        elif now.phase not in (before.phase, self._aim[2]):
            self._long[self._aim] = min(self._long.get(self._aim, inf), self._waited)
        if (now.phase, now.points) != self._aim[:2]:
            self._aim = ()


@cache
def left_open(lts: Lts) -> frozenset[tuple[int, object]]:
    """What may be accepted or refused: numbers of states, each with what is asked for."""
    step = lts.stepper.step
    events = [event for event in lts.stepper.events if event.is_operation]
    return frozenset((n, e) for n, s in enumerate(lts.states) for e in events if step(s, e).may_refuse)
