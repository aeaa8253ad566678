"""A relation across time, as a pattern: what was seen when a scope opened is compared with what is seen in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from asr_properties.evidence.questions import question, value_of
from asr_properties.evidence.step import Step
from asr_properties.evidence.told import told
from asr_properties.evidence.unknown import UNKNOWN, Undetermined
from asr_properties.specification import in_words
from asr_properties.specification.patterns import VIOLATED, Letter, Property, Proposition
from asr_properties.specification.temporal import Formula, atom


@dataclass(frozen=True, kw_only=True)
class Remembered(Property):
    """A relation across time: what was seen when the scope opened is compared wherever `where` holds in it.

    compare: (now, relation, then): a value at the step, `==` or `>=`, a value of the opening step. Where `after`
    holds again inside the scope, that is the opening step from there on.
    """

    where: str
    compare: tuple[tuple[str, str, str], ...]

    def _texts(self) -> list[str]:
        return [*super()._texts(), *(text for now, _, then in self.compare for text in (now, then))]

    @property
    def pattern(self) -> str:
        relations = " and ".join(f"{now} {relation} {then} of then" for now, relation, then in self.compare)
        return f"{self.scope.words()}, remembering what was seen then: [{relations}] where [{self.where}]."

    @property
    def formula(self) -> Formula:
        return self._throughout(atom("where").implies(atom("same")))

    @property
    def _asked(self) -> tuple[Proposition, ...]:
        same = " and ".join(f"{now} {relation} {then}@then" for now, relation, then in self.compare)
        return Proposition("where", self.where, True), Proposition("same", same, False)

    @cached_property
    def _questions(self) -> tuple[Callable[[Step], Any], ...]:
        then = [value_of(text) for _, _, text in self.compare]
        now = [value_of(text) for text, _, _ in self.compare]
        return (
            question(self.where),
            lambda m: tuple(read(m) for read in then),
            lambda m: tuple(read(m) for read in now),
        )

    def is_exercised(self, state: Hashable, letter: Letter) -> bool:
        if not super().is_exercised(state, letter) or letter.body[0] is not True:
            return state == VIOLATED
        assert isinstance(state, tuple) or state == VIOLATED
        memory = state[1] if isinstance(state, tuple) else ()
        known = zip(memory or (), letter.body[2], strict=False)
        return state == VIOLATED or all(kept is not UNKNOWN and now is not UNKNOWN for kept, now in known)

    def _inside(self, memory: Hashable, letter: Letter) -> Hashable:
        where, then, now = letter.body
        if memory is None or letter.after:
            memory = then
        assert isinstance(memory, tuple)
        if where:
            for (_, relation, _), kept, value in zip(self.compare, memory, now, strict=True):
                if _differs(value, relation, kept):
                    return VIOLATED
        return memory

    def _decided(self, memory: Hashable, step: Step) -> tuple[str, str]:
        letter = self.letter(step)
        _, then, now = letter.body
        opening = memory if isinstance(memory, tuple) and not letter.after else then
        wrong = [
            (*compared, kept)
            for compared, kept, value in zip(self.compare, opening, now, strict=True)
            if _differs(value, compared[1], kept)
        ]
        seen = "; ".join(in_words.values(text, step) for text, *_ in wrong)
        return seen, "; ".join(
            f"{in_words.RELATIONS[relation]} {told(kept)}, the {in_words.name(then.removeprefix('was_'))} when it began"
            for _, relation, then, kept in wrong
        )


def _differs(now: Any, relation: str, kept: Any) -> bool:
    """Whether the relation is known not to hold."""
    try:
        return not (now == kept if relation == "==" else now >= kept)
    except Undetermined:
        return False
