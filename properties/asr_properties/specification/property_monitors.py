"""All properties at once on a sequence of moments, as fast as a table look-up where moments repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from operator import itemgetter

from asr_properties.specification.evidence import Moment, View
from asr_properties.specification.patterns import VIOLATED, Property
from asr_properties.specification.relations.relation import Relation
from asr_properties.specification.rule import EvidenceKind, Rule

_Joint = tuple[Hashable, ...]

#: Views hold few different values but for these, so moments are told apart without them where nothing reads them.
_MANY_VALUED = tuple(name for name in View._fields if name.endswith(("_newest", "_id")))
_FEW_VALUED = tuple(index for index, name in enumerate(View._fields) if name not in _MANY_VALUED)
_few: Callable[[View], _Joint] = itemgetter(*_FEW_VALUED)


class PropertyMonitors:
    """Monitors for those of `properties` that can be judged on this kind of evidence.

    exercised: how often each property was put to the test, by its name. relations: those of `properties` that monitors
    of concrete values judge; what tests them is counted here too.
    """

    def __init__(self, properties: Iterable[Rule], kind: EvidenceKind) -> None:
        known = [p for p in properties if kind in p.evidence]
        self.relations = tuple(p for p in known if isinstance(p, Relation))
        watched = [p for p in known if isinstance(p, Property)]
        self.watched: tuple[Property, ...] = tuple(watched)
        self._tabled = _Table([p for p in watched if not _reads_many_valued(p)])
        self._others = [p for p in watched if _reads_many_valued(p)]
        self.exercised: Counter[str] = Counter()
        self.restart()

    def restart(self) -> None:
        """Begin with a fresh item; the counts are kept."""
        self._joint = 0
        self._states: list[Hashable] = [p.start for p in self._others]
        self._shown: View | None = None  # the last view, and what was kept of it
        self._now: _Joint = ()

    def see(self, moment: Moment) -> list[Property]:
        """Take in one moment; the properties that it breaks."""
        now = _few(moment.now)
        was = self._now if moment.was is self._shown else _few(moment.was)
        self._shown, self._now = moment.now, now
        key = (moment[:-2], was, now)
        self._joint, exercised, broken = self._tabled.step(self._joint, moment, key)
        for name in exercised:
            self.exercised[name] += 1
        found = list(broken)
        for index, candidate in enumerate(self._others):
            after, is_exercised = candidate.advance(self._states[index], moment)
            if after == VIOLATED and self._states[index] != VIOLATED:
                found.append(candidate)
            if is_exercised:
                self.exercised[candidate.name] += 1
            self._states[index] = after
        return found


MOST_STEPS = 100_000
"""So many joint steps are kept, which takes about 100 MB; then they are worked out anew."""


class _Table:
    """The joint steps of several monitors, each worked out once; joint states are known by their number."""

    def __init__(self, properties: list[Property]) -> None:
        self._properties = properties
        self._joints: list[_Joint] = [tuple(p.start for p in properties)]
        self._numbers: dict[_Joint, int] = {self._joints[0]: 0}
        self._steps: dict[tuple[int, _Joint], tuple[int, tuple[str, ...], tuple[Property, ...]]] = {}

    def step(self, number: int, moment: Moment, key: _Joint) -> tuple[int, tuple[str, ...], tuple[Property, ...]]:
        found = self._steps.get((number, key))
        if found is None:
            if len(self._steps) >= MOST_STEPS:
                self._steps.clear()  # a long run must not grow
            joint = self._joints[number]
            steps = [p.advance(state, moment) for p, state in zip(self._properties, joint, strict=True)]
            after = tuple(state for state, _ in steps)
            exercised = tuple(p.name for p, (_, tested) in zip(self._properties, steps, strict=True) if tested)
            pairs = zip(self._properties, joint, after, strict=True)
            broken = tuple(p for p, old, new in pairs if new == VIOLATED and old != VIOLATED)
            if after not in self._numbers:
                self._numbers[after] = len(self._joints)
                self._joints.append(after)
            found = self._steps[number, key] = (self._numbers[after], exercised, broken)
        return found


def _reads_many_valued(candidate: Property) -> bool:
    return any(name.removeprefix("was_") in _MANY_VALUED for name in candidate.names)
