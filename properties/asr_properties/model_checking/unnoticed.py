"""What the changes of a model show of its properties: how many each requirement refutes, and what nobody notices."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from asr_properties.model_checking.load_bearing import Changed, Effect
from asr_properties.specification.rule import Rule


class Part(NamedTuple):
    """A part of the model. of: a transition, by its id; for a refusal that is missing, what is wrong. text: the
    condition or the update of it; empty for itself."""

    of: str
    text: str = ""

    def __str__(self) -> str:
        return f"{self.of}: {self.text}" if self.text else self.of


class Count(NamedTuple):
    """Changes of one kind: all of them, those that are equivalent, those that break a property, and those with which
    one is never put to the test but none breaks."""

    all: int
    equivalent: int
    refuted: int
    vacuous: int

    @property
    def unnoticed(self) -> int:
        """Those that could be told from the model, and that no property notices."""
        return self.all - self.equivalent - self.refuted - self.vacuous


def part_of(changed: Changed) -> Part:
    """The part of the model that was changed."""
    mutant = changed.mutant
    return Part(mutant.what) if mutant.gone is None else Part(mutant.gone.id, mutant.part)


def by_operator(changes: Iterable[Changed]) -> Mapping[str, Count]:
    """How many changes of each kind there are, and what became of them."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for changed in changes:
        counts[changed.mutant.operator][_outcome(changed)] += 1
    return {
        operator: Count(sum(each.values()), each["equivalent"], each[Effect.BREAKS], each[Effect.VACUOUS])
        for operator, each in counts.items()
    }


def by_requirement(changes: Iterable[Changed], properties: Iterable[Rule]) -> Mapping[str, int]:
    """For each requirement that is judged on the model how many changes its properties refute."""
    cited = {candidate.name: candidate.requirements for candidate in properties}
    counts = dict.fromkeys((rule for rules in cited.values() for rule in rules), 0)
    for changed in changes:
        broken = [name for name, effect in changed.effects.items() if effect is Effect.BREAKS]
        for rule in {rule for name in broken for rule in cited[name]}:
            counts[rule] += 1
    return counts


def unnoticed(changes: Iterable[Changed]) -> tuple[Part, ...]:
    """The parts of which no change is noticed though one could be, in the order of the changes."""
    noticed: dict[Part, bool] = {}
    for changed in changes:
        if not changed.equivalent:
            part = part_of(changed)
            noticed[part] = noticed.get(part, False) or bool(changed.effects)
    return tuple(part for part, seen in noticed.items() if not seen)


def _outcome(changed: Changed) -> str:
    if changed.equivalent:
        return "equivalent"
    effects = changed.effects.values()
    return Effect.BREAKS if Effect.BREAKS in effects else Effect.VACUOUS if effects else "unnoticed"
