"""The page on the architecture: it names what is there, and what it says of changes is so."""

from __future__ import annotations

import re

import pytest

from architecture_picture import FLOORS, HOUSE, layers_of, purpose, to_dot
from make_reports import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PATHS = {
    *(ROOT / "docs" / target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", PAGE)),
    *(ROOT / path for path in re.findall(r"`([\w./]+/[\w./]+)`", PAGE)),
}
CHANGES = {
    change: re.findall(r"`([\w./]+)`", files)
    for change, files in re.findall(r"^\| (an? [^|]+) \| (.*) \|$", PAGE, re.M)
}
ROOMS = [name for layer in layers_of(ROOT, HOUSE) for name in layer]

EXAMPLES = {
    "a property": r"\bcommit_ends_changing\b",
    "a relation": r"\bpoints_before_a_commit_stay_away\b",
    "a recording format": r"\bhar\b(?!-)",
}
"""For some kinds of change what one of them is called; the source names it where the page says, and nowhere else."""


@pytest.mark.parametrize("path", sorted(PATHS))
def test_what_the_page_names_is_there(path):
    assert path.exists()


def test_the_page_tells_of_every_typical_change():
    assert {"an operation", "a fault", *EXAMPLES, "an adapter kind", "a profile"} <= set(CHANGES)


@pytest.mark.parametrize("change", EXAMPLES)
def test_a_change_touches_what_the_page_says(change):
    listed = [ROOT / path for path in CHANGES[change]]
    sources = [path for floor in FLOORS.values() for path in (ROOT / floor).rglob("*.py")]
    tests = [path for path in listed if path.is_file() and path.is_relative_to(ROOT / "tests")]
    named = {path for path in (*sources, *tests) if re.search(EXAMPLES[change], path.read_text(encoding="utf-8"))}
    assert set(tests) <= named
    assert [path for path in named if not any(path.is_relative_to(place) for place in listed)] == []


def test_every_word_of_the_vocabulary_of_a_step_is_explained():
    words = re.findall(r"^\| ([a-z, ]+) \| ", PAGE.partition("## Our words")[2], re.M)
    assert {"surroundings", "happening", "phase", "drill", "explanation", "belief"} <= set(words)


def test_every_package_says_what_it_is_for():
    for module in (*FLOORS, *(f"{HOUSE}.{name}" for name in ROOMS)):
        assert purpose(ROOT, module), module


def test_the_picture_has_every_package():
    drawn = to_dot(ROOT)
    assert all(f'"{HOUSE}.{name}" [' in drawn for name in ROOMS)
    packages = {path.parent.name for path in (ROOT / FLOORS[HOUSE] / HOUSE).glob("*/__init__.py")}
    assert packages <= set(ROOMS)
