"""The layout of plain text: titles, facts and items, in lines of at most `WIDTH` columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from asr_model.requirements import CATALOGUE

WIDTH = 80


def heading(text: str) -> list[str]:
    """The first line about something, and where it goes on."""
    return wrap(text, WIDTH, subsequent_indent="     ", break_on_hyphens=False)


def fact(name: str, text: str) -> list[str]:
    """A name and what it is, in two columns."""
    lead = f"  {name + ':':<17}"
    return wrap(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)


def item(text: str) -> list[str]:
    """One entry of a section."""
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def detail(text: str) -> list[str]:
    """What belongs to the item before it."""
    return wrap(text.strip(), WIDTH, initial_indent="      ", subsequent_indent="        ", break_on_hyphens=False)


def section(title: str, lines: Iterable[str], *, always: bool = True) -> Iterator[str]:
    """Lines under a title; where there is none, `nothing`, or not even the title unless it is `always` there."""
    found = list(lines)
    if found or always:
        yield ""
        yield title
        yield from found or ["  nothing"]


def items(texts: Iterable[str]) -> Iterator[str]:
    """The lines of several entries."""
    for text in texts:
        yield from item(text)


def quoted_requirements(cited: Iterable[str]) -> Iterator[str]:
    """The section that quotes requirements, each once, in the catalogue's order."""
    known = set(cited)
    entries = [entry for identifier, entry in CATALOGUE.items() if identifier in known]
    yield from section("Requirements", items(f"{e.id}  {e.sentence} ({e.section}; {e.evidence})" for e in entries))
