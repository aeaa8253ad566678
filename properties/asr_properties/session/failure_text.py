"""How a failure is told, wherever one is: by `run` and `replay`, in a pytest file that was written, by the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from asr_model.requirements import CATALOGUE

MOST = 4
"""So many lines there are at most of what was allowed, of what agreed last, and of the broken properties."""

WIDEST = 72
"""So many characters of an action stand before its answer."""


class Row(NamedTuple):
    """A step in the table: what was done, how it was answered, the phase that the item shows then."""

    action: str
    answer: str
    phase: str | None

    def lines(self, number: int, width: int) -> Iterator[str]:
        """The row, with its number; an action that is wider than the column has a line of its own."""
        action, answer = self.action, f"{self.answer}{f'  [{self.phase}]' if self.phase else ''}"
        if len(action) > width:
            yield f"{number:3}. {action}"
            yield f"     {'':{width}}  {answer}"
        else:
            yield f"{number:3}. {action:{width}}  {answer}"


class BrokenProperty(NamedTuple):
    """A broken property: its sentence, the values that decided, and what would have been right."""

    name: str
    says: str
    seen: str
    right: str


class Failure(NamedTuple):
    """Everything that is told of a failure.

    requirements: those that were broken, the most telling first. properties: those that were broken. rows: the steps;
    the last one departs. observed: what no state of the model agrees with; empty if some state does. values: what
    differs in it, before and now. allowed: what the model allowed instead. before: what agreed last. replay: the
    command that shows it again, where there is one.
    """

    requirements: Sequence[str]
    properties: Sequence[BrokenProperty]
    configuration: Mapping[str, Any]
    rows: Sequence[Row]
    observed: str
    values: Sequence[str]
    allowed: Sequence[str]
    before: Sequence[str]
    replay: str = ""

    def lines(self) -> Iterator[str]:
        """The failure for a person to read."""
        yield from _requirements(self.requirements)
        if self.configuration:
            yield "configuration: " + ", ".join(f"{key}={value}" for key, value in self.configuration.items())
        yield from table(self.rows)
        if self.observed:
            yield f"step {len(self.rows)}: no state of the model agrees any more: {self.observed}"
        else:
            yield f"step {len(self.rows)} breaks a property:"
        yield from _first("  values: ", self.values)
        yield from _first("  allowed: ", self.allowed)
        yield from _first("  last agreed: ", self.before)
        for name, says, seen, right in self.properties[:MOST]:
            yield f"property {name}: {says}"
            if seen or right:
                yield f"  seen:  {seen}"
                yield f"  right: {right}"
        if names := [broken.name for broken in self.properties[MOST:]]:
            yield f"broken as well: {', '.join(names)}"
        if self.replay:
            yield f"replay: {self.replay}"


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The steps, one a line; the last one is where they depart."""
    width = min(max((len(row.action) for row in rows), default=0), WIDEST)
    for number, row in enumerate(rows, 1):
        *first, last = row.lines(number, width)
        yield from first
        yield last + ("  <- departs" if number == len(rows) else "")


def _requirements(identifiers: Sequence[str]) -> Iterator[str]:
    first, *others = identifiers or ("?",)
    if first in CATALOGUE:
        rule = CATALOGUE[first]
        yield f"breaks {first} ({rule.section}; {rule.evidence}): {rule.sentence}"
    if others:
        yield "also: " + ", ".join(others)


def _first(label: str, texts: Iterable[str]) -> Iterator[str]:
    every = list(texts)
    yield from (label + text for text in every[:MOST])
    if len(every) > MOST:
        yield f"{label}and {len(every) - MOST} more"
