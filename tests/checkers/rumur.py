"""Rumur: counts the states and steps of a model exported to Murphi."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from checkers.programs import CheckerFailed, output_of, program


class Counted(NamedTuple):
    """states, steps: as found; steps are the rules that fired."""

    states: int
    steps: int


def version(folder: Path) -> str:
    """Which rumur this is."""
    return output_of([program("rumur", "rumur"), "--version"], folder).split()[-1].removeprefix("v")


def counted(model: str, folder: Path) -> Counted:
    """Everything that can be reached."""
    (folder / "model.m").write_text(model, encoding="utf-8")
    output_of([program("rumur", "rumur"), "--deadlock-detection", "off", "-o", "model.c", "model.m"], folder)
    output_of([program("gcc", "gcc"), "-O0", "-w", "-mcx16", "-o", "model", "model.c", "-lpthread"], folder)
    said = output_of(["./model"], folder)
    found = re.search(r"(\d+) states, (\d+) rules fired", said)
    if found is None or "No error found" not in said:
        raise CheckerFailed(f"rumur's answer is not understood:\n{said[-2000:]}")
    return Counted(int(found[1]), int(found[2]))
