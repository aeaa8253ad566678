"""Look for every wrong implementation with default settings, and write what it took into the reports."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import inf
from pathlib import Path

from asr_model.profiles import CHARTS, DEFAULT
from asr_properties.files import write_whole
from asr_properties.reference import create, create_classic
from asr_properties.running.budget import DEFAULT_BUDGET, Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine
from asr_properties.running.run_result import RunResult
from wrong.implementations import WRONG
from wrong.registry import Wrong

TABLE = Path(__file__).resolve().parents[2] / "reports" / "wrong-implementations.md"
REFERENCES = {"modernized": create, "classic": create_classic}
SEED = 3

_HEAD = """\
# Wrong implementations, and what it takes to find them

Written by `make wrong`. Each is the reference implementation with one documented behaviour broken; `run` must find it
with its default budget ({budget}, here with seed {seed}) and name the requirements. Steps and seconds are those until
they had all failed, without making the counterexample minimal; its length is in steps. The seconds are of one run on
one machine.

The reference itself: {references}; over a million steps: [soak.md](soak.md).

| implementation | profile | what is wrong | requirements | steps | seconds | length |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Found:
    """What looking for a wrong implementation gave; steps and seconds to detection are None if it was not found."""

    result: RunResult
    steps: int | None
    seconds: float | None
    length: int | None

    @property
    def first(self) -> str:
        """The requirement that the first counterexample names first."""
        return next((c.requirements[0] for c in self.result.counterexamples), "nothing")


def look_for(wrong: Wrong, engine: Engine = Engine.ALL) -> Found:
    """Run with default settings until all requirements that it breaks have failed."""
    wanted = set(wrong.requirements)
    begin = time.monotonic()
    seen: list[float] = []

    def until(failed: Iterable[str]) -> bool:
        if wanted.issubset(failed):
            seen.append(time.monotonic() - begin)
        return bool(seen)

    budget = Budget.parse(DEFAULT_BUDGET)
    result = Campaign(wrong.factory, profile=wrong.profile, budget=budget, engine=engine, seed=SEED, until=until).run()
    if not seen:
        return Found(result, None, None, None)
    steps = max(result.first_failures[requirement] for requirement in wanted)
    lengths = [len(c.actions) for c in result.counterexamples if wrong.requirements[0] in c.requirements]
    return Found(result, steps, seen[0], min(lengths, default=None))


def row(wrong: Wrong, found: Found) -> str:
    """The line of the table on one wrong implementation."""
    seconds = "" if found.seconds is None else f"{found.seconds:.1f}"
    steps = "not found" if found.steps is None else str(found.steps)
    length = "" if found.length is None else str(found.length)
    told = (f"`{wrong.name}`", wrong.profile, wrong.what, ", ".join(wrong.requirements), steps, seconds, length)
    return f"| {' | '.join(told)} |"


def listed(text: str) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Name, profile, sentence and requirements of every implementation in the table."""
    for line in text.splitlines():
        if line.startswith("| `"):
            name, profile, what, requirements = line.strip("| ").split(" | ")[:4]
            yield name.strip("`"), profile, what, tuple(requirements.split(", "))


def steps_by_the_table() -> dict[str, float]:
    """In how many steps each was found; infinitely many where it was not."""
    steps: dict[str, float] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            name, _, _, _, found = line.strip("| ").split(" | ")[:5]
            steps[name.strip("`")] = float(found) if found.isdigit() else inf
    return steps


def quickest() -> list[Wrong]:
    """For each requirement the implementation that breaks it and is found in the fewest steps, by the table; one of
    another profile than the default only where that has none."""
    steps = steps_by_the_table()
    best: dict[str, Wrong] = {}
    for wrong in sorted(WRONG, key=lambda wrong: (wrong.profile != DEFAULT, steps.get(wrong.name, inf))):
        for requirement in wrong.requirements:
            best.setdefault(requirement, wrong)
    return [wrong for wrong in WRONG if wrong in best.values()]


def main() -> int:
    """Write the table; 1 if one was not found, or if another requirement than the most telling one is named first."""
    with ProcessPoolExecutor() as pool:
        rows, firsts = zip(*pool.map(_row_of_number, range(len(WRONG))), strict=True)
    head = _HEAD.format(budget=DEFAULT_BUDGET, seed=SEED, references=", ".join(map(_reference, CHARTS)))
    write_whole(TABLE, head + "\n".join(rows) + "\n")
    missed = [row for row in rows if "| not found |" in row]
    blamed_otherwise = [
        f"{wrong.name}: {first} is named first, not {wrong.requirements[0]}"
        for wrong, first in zip(WRONG, firsts, strict=True)
        if first != wrong.requirements[0]
    ]
    found = f"{len(rows) - len(missed)} of {len(rows)} found; wrote {TABLE.name}"
    print("\n".join([*missed, *blamed_otherwise, found]))
    return 1 if missed or blamed_otherwise else 0


def _reference(profile: str) -> str:
    """What a run of the reference of a profile gives, in words."""
    begin = time.monotonic()
    run = Campaign(REFERENCES[profile], profile=profile, budget=Budget.parse(DEFAULT_BUDGET), seed=SEED).run()
    seconds = time.monotonic() - begin
    return f"{profile} {run.steps} steps, {run.overall}, {run.failures} false alarms, {seconds:.1f} s"


def _row_of_number(number: int) -> tuple[str, str]:
    """The row of a wrong implementation, and the requirement named first."""
    found = look_for(WRONG[number])
    return row(WRONG[number], found), found.first


if __name__ == "__main__":
    sys.exit(main())
