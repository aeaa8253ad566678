"""All properties at once on a sequence of steps, as fast as a table look-up where steps repeat."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Set
from operator import itemgetter
from typing import Any

from asr_model.listed_operations import LISTABLE
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.step import WORDS, Step
from asr_properties.specification.patterns import VIOLATED, Property
from asr_properties.specification.relations.relation import Relation
from asr_properties.specification.rule import Broken, EvidenceKind, Rule

_Joint = tuple[Hashable, ...]

_MANY_VALUED = frozenset(
    {"current_job", "jobs", "running", "item", "recovery_points"}
    | {name for name in (*Observation._fields, *Step._fields[:WORDS]) if name.endswith(("_newest", "_id"))}
)
"""Steps hold few different values but for these. Where nothing reads them, steps are told apart without them."""


class PropertyMonitors:
    """Monitors for those of `properties` that can be judged on this kind of evidence.

    offered: the operations that the implementation offers. requirements: of each of them, by its name. exercised: how
    often each was put to the test. relations: those of `properties` that monitors of concrete values judge; what tests
    them is counted here too.
    """

    def __init__(self, properties: Iterable[Rule], kind: EvidenceKind, offered: Set[str] = frozenset(LISTABLE)) -> None:
        known = [p.offering(offered) for p in properties if kind in p.evidence]
        self.relations = tuple(p for p in known if isinstance(p, Relation))
        watched = [p for p in known if isinstance(p, Property)]
        self.requirements = {candidate.name: candidate.credits for candidate in known}
        tabled = [p for p in watched if not _reads_many_valued(p)]
        self._tabled = _Table(tabled)
        self._others = [p for p in watched if _reads_many_valued(p)]
        read = {name for p in tabled for name in p.names}
        self._words = _reader(name for name in Step._fields[:WORDS] if name in read)
        self._fields = _reader(name for name in Observation._fields if {name, f"was_{name}"} & read)
        self.exercised: Counter[str] = Counter()
        self.restart()

    def fresh(self) -> PropertyMonitors:
        """Monitors of the same properties for another item, with counts of their own; they share what is worked out."""
        twin = copy.copy(self)
        twin.exercised = Counter()
        twin.restart()
        return twin

    def restart(self) -> None:
        """Begin with a fresh item; the counts are kept."""
        self._joint = 0
        self._states: list[Hashable] = [p.start for p in self._others]
        self._shown: Observation | None = None  # the last one, and what is read of it
        self._now: Hashable = ()

    def see(self, step: Step) -> list[Broken]:
        """Take in one step; the properties that it breaks."""
        now = self._fields(step.now)
        was = self._now if step.was is self._shown else self._fields(step.was)
        self._shown, self._now = step.now, now
        self._joint, exercised, broken = self._tabled.step(self._joint, step, (self._words(step), was, now))
        for name in exercised:
            self.exercised[name] += 1
        found = [candidate.broken(before, step) for candidate, before in broken]
        for index, candidate in enumerate(self._others):
            after, is_exercised = candidate.advance(self._states[index], step)
            if after == VIOLATED and self._states[index] != VIOLATED:
                found.append(candidate.broken(self._states[index], step))
            if is_exercised:
                self.exercised[candidate.name] += 1
            self._states[index] = after
        return found


_JointStep = tuple[int, tuple[str, ...], tuple[tuple[Property, Hashable], ...]]
"""The next joint state, the names of the properties that were put to the test, and those that are broken, each with
the state of its monitor before."""

MOST_STEPS = 100_000
"""So many joint steps are kept, which takes about 100 MB; then they are worked out anew."""


MOST_OF_ONE = 5_000
"""So many steps are kept of one monitor alone."""


class _Table:
    """The joint steps of several monitors, each worked out once; joint states are known by their number."""

    def __init__(self, properties: list[Property]) -> None:
        self._properties = properties
        self._known = [_Known(p) for p in properties]
        self._joints: list[_Joint] = [tuple(p.start for p in properties)]
        self._numbers: dict[_Joint, int] = {self._joints[0]: 0}
        self._steps: dict[tuple[int, Hashable], _JointStep] = {}

    def step(self, number: int, step: Step, key: Hashable) -> _JointStep:
        found = self._steps.get((number, key))
        if found is None:
            if len(self._steps) >= MOST_STEPS:
                self._steps.clear()  # a long run must not grow
            joint = self._joints[number]
            steps = [known.advance(state, step) for known, state in zip(self._known, joint, strict=True)]
            after = tuple(state for state, _ in steps)
            exercised = tuple(p.name for p, (_, tested) in zip(self._properties, steps, strict=True) if tested)
            pairs = zip(self._properties, joint, after, strict=True)
            broken = tuple((p, old) for p, old, new in pairs if new == VIOLATED and old != VIOLATED)
            if after not in self._numbers:
                self._numbers[after] = len(self._joints)
                self._joints.append(after)
            found = self._steps[number, key] = (self._numbers[after], exercised, broken)
        return found


class _Known:
    """The steps of one monitor, each worked out once: by its state, and by what its property reads of a step."""

    def __init__(self, candidate: Property) -> None:
        self._property = candidate
        self._words = _reader(name for name in Step._fields[:WORDS] if name in candidate.names)
        self._was = _reader(name for name in Observation._fields if f"was_{name}" in candidate.names)
        self._now = _reader(name for name in Observation._fields if name in candidate.names)
        self._steps: dict[tuple[Hashable, ...], tuple[Hashable, bool]] = {}

    def advance(self, state: Hashable, step: Step) -> tuple[Hashable, bool]:
        """As `Property.advance`."""
        key = (state, self._words(step), self._was(step.was), self._now(step.now))
        found = self._steps.get(key)
        if found is None:
            if len(self._steps) >= MOST_OF_ONE:
                self._steps.clear()
            found = self._steps[key] = self._property.advance(state, step)
        return found


def _reads_many_valued(candidate: Property) -> bool:
    return any(name.removeprefix("was_") in _MANY_VALUED for name in candidate.names)


def _reader(names: Iterable[str]) -> Callable[[tuple[Any, ...]], Hashable]:
    """What reads these fields of a step or an observation, all at once."""
    places = [_PLACES[name] for name in names]
    return itemgetter(*places) if places else lambda _: ()


_PLACES = {name: place for fields in (Step._fields[:WORDS], Observation._fields) for place, name in enumerate(fields)}
