"""Spin: counts the states and transitions of an exported model, and judges its LTL formulas."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from checkers.programs import CheckerFailed, output_of, program


class Counted(NamedTuple):
    """states, steps: as found; the initial state is no step. errors: how many were reported."""

    states: int
    steps: int
    errors: int


def version(folder: Path) -> str:
    """Which Spin this is."""
    return output_of([program("spin", "spin"), "-V"], folder).split()[2]


def counted(model: str, folder: Path, *, check: str = "") -> Counted:
    """Everything that can be reached. check: the property that is looked at on the way."""
    (folder / "model.pml").write_text(model, encoding="utf-8")
    defined = [f"-DCHECK_{check}"] if check else []
    output_of([program("spin", "spin"), *defined, "-a", "model.pml"], folder)
    output_of([program("gcc", "gcc"), "-O0", "-w", "-DNOREDUCE", "-o", "pan", "pan.c"], folder)
    said = output_of(["./pan", "-n", "-w18", "-m100000", *(["-a"] if check else [])], folder)
    if check and f"never claim         \t+ ({check})" not in said:
        raise CheckerFailed(f"Spin checked no formula {check}:\n{said[:1000]}")
    if "errors: 0" in said and re.search("not completed|too small|out of memory", said):
        raise CheckerFailed(f"Spin did not search everything:\n{said[:2000]}")
    return Counted(*(_number(pattern, said) for pattern in (r"(\d+) states, stored", _STEPS, r"errors: (\d+)")))


_STEPS = r"(\d+) transitions \(= (?:stored|visited)\+matched\)"


def holds(model: str, name: str, folder: Path) -> bool:
    """Whether every run obeys the formula of this name."""
    return counted(model, folder, check=name).errors == 0


def _number(pattern: str, said: str) -> int:
    found = re.search(pattern, said)
    if found is None:
        raise CheckerFailed(f"Spin's answer is not understood:\n{said[-2000:]}")
    return int(found[1]) - (pattern == _STEPS)
