"""A walk as pictures need it: the part of it that is drawn, and what each step changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from asr_reports.guards_in_words import words
from asr_reports.views import MOST, TooMany
from asr_reports.walk import ShownStep, Walk

CHANGES: Final = ("drill", "serving", "replicating", "points", "on_premises", "azure")
"""What is shown of a step beside its phase, where it changed; all else would fill the picture."""

LONGEST: Final = 240
"""Characters of a text in a picture."""


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """A step with its number, from 1, the phase before it and after it, and what else it changed: name and value."""

    number: int
    step: ShownStep
    before: str
    after: str
    changes: tuple[tuple[str, str], ...]

    @property
    def told(self) -> tuple[str, ...]:
        """What is told of a step that departs: what was allowed and what was observed."""
        lines = [f"{told.title}: {'; '.join(told.texts)}" for told in self.step.told if told.kind and told.texts]
        return tuple(map(cut, lines))


def drawn_steps(walk: Walk, part: tuple[int, int] | None = None) -> tuple[DrawnStep, ...]:
    """The steps of a walk that a picture shows. part: the numbers of the first and of the last; None: all of them.

    Raises:
        TooMany: there are more than a picture can hold.
    """
    first, last = part or (1, len(walk.steps))
    chosen = tuple(step for step in _steps(walk) if first <= step.number <= last)
    if len(chosen) > MOST:
        raise TooMany(len(chosen), f"ask for a part of the {len(walk.steps)} steps, --steps {first}-{first + MOST - 1}")
    return chosen


def _steps(walk: Walk) -> Iterator[DrawnStep]:
    here = walk.begins or "unknown"
    seen: dict[str, str] = {}
    for number, step in enumerate(walk.steps, 1):
        after = step.agreed or step.phase or here
        changes = [(name, step.shown[name]) for name in CHANGES if name in step.shown and name in seen]
        yield DrawnStep(number, step, here, after, tuple(pair for pair in changes if seen[pair[0]] != pair[1]))
        seen |= step.shown
        here = after


def cut(text: str) -> str:
    """A text that is not longer than a picture shows."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"


def in_lines(texts: Sequence[str], width: int) -> list[str]:
    """Texts, cut and in lines of so many characters."""
    return [line for text in texts for line in wrap(cut(text), width)]


def value_said(name: str, value: str) -> str:
    """A value that changed."""
    return f"{words(name)}: {words(value)}"
