"""docs/tours.md tells the sizes of the observable machine and the costs of its tours as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from asr_model.minimal_tour import minimal_tour
from asr_model.observable_machine import observable_machine
from asr_model.profiles import CHARTS, lts

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "tours.md").read_text(encoding="utf-8")
COLUMNS = {"modernized": 0, "classic": 2}


def numbers(row):
    """The numbers of the row that begins so."""
    (line,) = re.findall(rf"^\| {re.escape(row)} \|(.*)\|$", PAGE, re.MULTILINE)
    return [int(cell.replace(",", "")) for cell in line.split("|")]


@pytest.mark.parametrize("profile", CHARTS)
def test_the_sizes_are_those_of_the_machine(profile):
    machine = observable_machine(lts(profile))
    assert numbers(profile) == [len(machine.lts.states), len(machine.moves), len(machine.inputs)]


@pytest.mark.parametrize("profile", CHARTS)
@pytest.mark.parametrize(
    ("row", "sorts"),
    [
        ("transitions", ("transition",)),
        ("+ (phase, operation) pairs", ("transition", "pair")),
        ("+ kinds of arguments", ("transition", "pair", "arguments")),
    ],
)
def test_the_costs_are_the_least(profile, row, sorts):
    machine = observable_machine(lts(profile))
    goals = machine.goals(*sorts)
    told = numbers(row)[COLUMNS[profile] :][:2]
    assert told == [len(goals), minimal_tour(machine, goals).cost]
