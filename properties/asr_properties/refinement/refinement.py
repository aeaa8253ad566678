"""The product of an implementation, with all that it may choose, and what is believed of it by the model.

Everything is gone through, breadth first, up to a number of steps: whatever can be asked for, or time that passes up to
what is due next; under each combination of the conditions that this may depend on; with each option of every outcome
that is left open. What is alike, of the implementation and of what is believed, is gone through once.

The implementation may do no more than the model allows: where nothing agrees any more it departs. And the model should
allow no more than is shown: what the implementation never does, although it may, is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

from asr_model.efsm import Event
from asr_model.lts import Edge, Lts, enumerate_lts, subsets
from asr_model.state import State, Value
from asr_model.stepper import Stepper
from asr_properties.evidence.unknown import known
from asr_properties.mutation.beliefs import Beliefs, Seen, beliefs_of
from asr_properties.refinement.branching import Choice, next_choices, told
from asr_properties.refinement.explored import APPLIANCE_UNKNOWN, Done, Explorable, Explored, Move

POLICY: Mapping[str, Any] = {"app_consistent_minutes": 60, "retention_minutes": 120}
"""Every item has it: points of both kinds come and go within hours."""

CONFIGURED: Mapping[str, Mapping[str, Any]] = {
    "datastore_hidden": {"datastore_visible": False},
    "in_a_group": {"multi_vm_group": "group"},
}
"""The conditions that the configuration of an item brings about, and how."""

MOST_DEPARTURES = 20
"""So many departures are looked for; each is another rule, phase and event."""

MOST_TASKS = 8
"""So often time passes at most until what a model does next has come about."""

MOST_LED = 64
"""So many items that chose differently are led on a way at once."""

Told = Callable[[int, int, int], None]
"""Told how deep it is, how many places are known, and how many of them are still to be left."""


def _not_told(depth: int, known: int, left: int) -> None:
    pass


class Taken(NamedTuple):
    """One step of a path. words: what was done. conditions: what was made to hold meanwhile. chosen: outcomes that were
    not the plainest. answer: `accepted`, `refused`, or nothing where time passed. phase: what is shown then."""

    words: str
    conditions: tuple[str, ...]
    chosen: tuple[str, ...]
    answer: str
    phase: str


@dataclass(frozen=True)
class Departure:
    """What the implementation shows and the model forbids: the shortest path to it, and what the model allows."""

    path: tuple[Taken, ...]
    configuration: Mapping[str, Any]
    what: str
    allowed: tuple[str, ...]
    requirements: tuple[str, ...]

    @property
    def size(self) -> tuple[int, int]:
        """How long the path is, and how much on it is not plain."""
        return len(self.path), sum(len(taken.conditions) + len(taken.chosen) for taken in self.path)


@dataclass
class Comparison:
    """What was compared. places: of the product. steps: how many were done. depth: of the deepest that was left.
    is_exhausted: whether nothing is left. shown: how often each transition was taken for certain. possible: those that
    were taken, but by some of what may be believed only. states: the model states that the item certainly was in.
    edges: the steps from one of these to another, by one transition. refusals: those in which an operation was refused.
    left: all states that it may have been in where a step was done."""

    places: int = 0
    steps: int = 0
    depth: int = 0
    is_exhausted: bool = False
    shown: Counter[str] = field(default_factory=Counter)
    possible: set[str] = field(default_factory=set)
    states: set[State] = field(default_factory=set)
    left: set[State] = field(default_factory=set)
    edges: set[tuple[State, str, State]] = field(default_factory=set)
    refusals: set[tuple[State, Event]] = field(default_factory=set)
    departures: list[Departure] = field(default_factory=list)


class _Place(NamedTuple):
    """A place of the product, and how it was reached first; certain: what the step to it took for certain."""

    item: Explored
    belief: int
    root: Mapping[str, Any]
    came: tuple[_Place, Taken] | None = None
    certain: frozenset[str] = frozenset()


class Refinement:
    """Compares an implementation with the model of `stepper`. create: gives a fresh one."""

    def __init__(self, create: Callable[[], Explorable], stepper: Stepper) -> None:
        self._create = create
        self._stepper = stepper
        self._beliefs: Beliefs = beliefs_of(stepper)
        surroundings = stepper.efsm.surroundings
        self._free = frozenset(s.name for s in surroundings if s.faults or s.name == APPLIANCE_UNKNOWN)
        self._configured = frozenset(s.name for s in surroundings) & CONFIGURED.keys()
        self._requests = tuple(event for event in stepper.events if event.is_operation)
        self._happenings = tuple(event for event in stepper.events if not event.is_operation)
        self._departed: dict[Hashable, Departure] = {}
        self._ways_gone: dict[tuple[Edge, ...], list[_Place]] = {}
        self.found = Comparison()

    def compare(self, depth: int | None = None, *, leads: bool = False, told: Told = _not_told) -> Comparison:
        """Go through all that can be reached in `depth` steps, or through everything.

        leads: whether to begin not with fresh items alone, but also with one in each phase, and one with each value of
        every other variable of the model's state, led there on the shortest way that the model knows.
        """
        found, level = self.found, list(self._roots())
        if leads:
            level += self._led(level[0])
        reached: set[Hashable] = {_key(place) for place in level}
        while level and (depth is None or found.depth < depth):
            following: list[_Place] = []
            for number, place in enumerate(level):
                told(found.depth, len(reached), len(level) - number + len(following))
                for move in self._moves(place):
                    for after in self._ways(place, move, reuses=True):
                        if (key := _key(after)) not in reached:
                            reached.add(key)
                            following.append(after)
            found.depth += 1
            level = following
        found.places, found.is_exhausted = len(reached), not level
        found.departures = sorted(self._departed.values(), key=attrgetter("size"))
        return found

    def _roots(self) -> Iterator[_Place]:
        for conditions in subsets(self._configured):
            root = dict(POLICY)
            for name in conditions:
                root |= CONFIGURED[name]
            yield self._noted(_Place(Explored(self._create(), self._stepper, root), self._beliefs.first, root))

    def _led(self, start: _Place) -> Iterator[_Place]:
        """Items in each phase, and one with each value of every other variable of the model's state."""
        lts = enumerate_lts(self._stepper)
        for variable, domain in self._stepper.efsm.domains.items():
            place_of = State._fields.index(variable)
            for value in domain:
                way = lts.shortest_path(0, partial(_has, lts, place_of, value))
                yield from self._led_on(start, tuple(way or ()), lts)[:1]

    def _led_on(self, start: _Place, way: tuple[Edge, ...], lts: Lts) -> list[_Place]:
        """The items that come by a way of the model, whatever they chose; ways that begin alike are gone once."""
        if not way:
            return [start]
        if way not in self._ways_gone:
            before = self._led_on(start, way[:-1], lts)
            self._ways_gone[way] = self._follow(before, way[-1], lts.states[way[-1].target])
        return self._ways_gone[way]

    def _follow(self, places: list[_Place], edge: Edge, goal: State) -> list[_Place]:
        """The items after one step of the model, whatever they chose; none where they do not get there."""
        event = edge.event if edge.event.is_operation else None
        for _ in range(MOST_TASKS if event is None else 1):
            asked = [place for place in places if event is None or place.item.can_ask(event)]
            move = Move(event, edge.surroundings & self._free)
            places = _different(way for place in asked for way in self._ways(place, move))
            there = [way for way in places if self._is_in(way, goal)]
            if there:
                return _different(self._rested(place) for place in there)
        return []

    def _is_in(self, place: _Place, goal: State) -> bool:
        seen = place.item.seen
        shown = (known(seen.phase), known(seen.drill) or goal.drill)
        states = self._beliefs.states(place.belief)  # points come and go by themselves meanwhile
        return shown == goal[:2] and any(state._replace(points=goal.points) == goal for state in states)

    def _rested(self, place: _Place) -> _Place:
        """Where nothing is due some points are made first: one of them is not in use later."""
        if not place.item.rests:
            return place
        return next(self._ways(place, Move(None, frozenset())), place)

    def _ways(self, place: _Place, move: Move, *, reuses: bool = False) -> Iterator[_Place]:
        """All that one move leads to, as far as something agrees with it; departures are noted.

        reuses: whether the item of a place that is like `place` may serve as the next copy: nobody keeps it then.
        """
        self.found.left |= self._beliefs.states(place.belief)
        may_be_late = self._beliefs.may_be_late(place.belief)
        spare: Explored | None = None
        chosen: list[Choice] | None = []
        while chosen is not None:
            item = spare or place.item.copied()
            done = item.do(move, chosen, may_be_late=may_be_late)
            self.found.steps += 1
            after = self._after(place, item, move, done)
            if after is not None:
                yield after
            chosen = next_choices(item.chosen)
            spare = None
            if reuses and after is not None and _key(after) == _key(place):
                spare = item

    def _moves(self, place: _Place) -> Iterator[Move]:
        states = self._beliefs.states(place.belief)
        for event in self._requests:
            if place.item.can_ask(event):
                for conditions in subsets(self._conditions(states, (event,))):
                    yield Move(event, conditions)
        for conditions in subsets(self._conditions(states, self._happenings) - {APPLIANCE_UNKNOWN}):
            yield Move(None, conditions)

    def _conditions(self, states: frozenset[State], events: tuple[Event, ...]) -> frozenset[str]:
        """The conditions that can be brought about and that one of the events may depend on."""
        relevant = self._stepper.relevant
        return frozenset[str]().union(*(relevant(state, event) for state in states for event in events)) & self._free

    def _after(self, place: _Place, item: Explored, move: Move, done: Done) -> _Place | None:
        """The place that a step leads to; None where nothing agrees any more, which is noted."""
        beliefs = self._beliefs
        seen = Seen(
            move.event,
            done.holds,
            done.is_accepted,
            done.running,
            done.asked,
            done.own,
            done.is_late,
            beliefs.look(done.look),
            None if done.look_after is None else beliefs.look(done.look_after),
            done.is_awaited,
        )
        taken = _told(move, item, done)
        belief = beliefs.after(place.belief, seen, done.plain)
        if belief is None:
            way = _way(place)
            why = beliefs.disagreement(place.belief, seen, done.plain, [each.certain for each in way])
            path = (*(each.came[1] for each in way if each.came is not None), taken)
            self._depart(place, Departure(path, place.root, why.what, why.allowed, why.requirements))
            return None
        certain, possible = beliefs.taken(place.belief, seen)
        after = self._noted(_Place(item, belief, place.root, (place, taken), certain))
        self.found.shown.update(certain)
        self.found.possible |= possible
        self._note_edge(place.belief, belief, move.event, certain, possible)
        return after

    def _depart(self, place: _Place, departure: Departure) -> None:
        """Note a departure: the plainest of those that break the same rules in the same way in the same phase."""
        sort = (departure.requirements, departure.what, self._phase(place))
        noted = self._departed.get(sort)
        if (noted is None and len(self._departed) < MOST_DEPARTURES) or (noted and departure.size < noted.size):
            self._departed[sort] = departure

    def _noted(self, place: _Place) -> _Place:
        states = self._beliefs.states(place.belief)
        if len(states) == 1:
            self.found.states |= states
        return place

    def _note_edge(
        self, before: int, after: int, event: Event | None, certain: frozenset[str], possible: frozenset[str]
    ) -> None:
        """Note the edge of the model that was taken, where it is known which one."""
        sources, targets = self._beliefs.states(before), self._beliefs.states(after)
        if len(sources) == len(targets) == 1:
            (source,), (target,) = sources, targets
            if len(certain) == 1 and possible == certain:
                self.found.edges.add((source, min(certain), target))
            elif event is not None and not possible and source == target:
                self.found.refusals.add((source, event))

    def _phase(self, place: _Place) -> str:
        return min(state.phase for state in self._beliefs.states(place.belief))


def _key(place: _Place) -> Hashable:
    return place.item.likeness, place.belief


def _told(move: Move, item: Explored, done: Done) -> Taken:
    words = "time passes" if move.event is None else str(move.event)
    answer = "" if move.event is None else "accepted" if done.is_accepted else "refused"
    return Taken(words, tuple(sorted(move.conditions)), tuple(told(item.chosen)), answer, done.look.phase)


def _has(lts: Lts, variable: int, value: Value, number: int) -> bool:
    return lts.states[number][variable] == value


def _different(places: Iterable[_Place]) -> list[_Place]:
    """Those that are not alike, the first ones of them."""
    first: dict[Hashable, _Place] = {}
    for place in places:
        first.setdefault(_key(place), place)
    return list(islice(first.values(), MOST_LED))


def _way(place: _Place) -> list[_Place]:
    """The places that lead to one, the first one first; itself included."""
    way = [place]
    while way[-1].came is not None:
        way.append(way[-1].came[0])
    return way[::-1]
