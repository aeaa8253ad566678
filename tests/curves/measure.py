"""Measure how soon each way of making tests finds mistakes, and write it into the reports: data, picture and table.

    python -m curves.measure [MUTANTS] [WRONG]

So many mutants of each operator (default 2; those that nobody can tell from the model are left out), and so many wrong
implementations (default 16), drawn by the seed. What the file of data has is not measured again: an interrupted measure
goes on, and a larger sample adds to a smaller one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

from asr_model.profiles import DEFAULT, stepper
from asr_properties.contract.connection import Implementation
from asr_properties.files import write_whole
from asr_properties.mutation.beliefs import beliefs_of
from asr_properties.mutation.implementation import MutantService
from asr_properties.mutation.product import Product
from asr_properties.mutation.scoring import sample
from curves.report import picture, table
from curves.ways import steps_to_find, ways
from wrong.implementations import WRONG

REPORTS = Path(__file__).resolve().parents[2] / "reports"
DATA, PICTURE, TABLE = REPORTS / "detection.json", REPORTS / "detection.svg", REPORTS / "detection.md"
SEED, BUDGET = 1, 2000

Subject = tuple[str, str, Callable[[], Implementation]]
"""Kind, name, and what makes it."""


def mutants(size: int) -> Iterator[Subject]:
    """Mutants that can be told from the model."""
    lifecycle = stepper(DEFAULT)
    for mutant in sample(DEFAULT, size, SEED):
        if not Product(lifecycle, beliefs_of(lifecycle), mutant).decide().is_equivalent:
            yield "mutant", mutant.name, partial(MutantService, DEFAULT, mutant)


def wrong(size: int) -> Iterator[Subject]:
    """Wrong implementations of the default profile."""
    of_profile = [one for one in WRONG if one.profile == DEFAULT]
    for one in Random(SEED).sample(of_profile, len(of_profile))[:size]:
        yield "wrong implementation", one.name, one.factory


def known() -> dict[str, dict[str, object]]:
    """What was measured: name -> its kind, and for each way the steps, null where it was not found.

    Raises:
        SystemExit: the file is of another seed or budget.
    """
    if not DATA.exists():
        return {}
    data = json.loads(DATA.read_text(encoding="utf-8"))
    if (data["seed"], data["budget"]) != (SEED, BUDGET):
        sys.exit(f"{DATA.name} is of the seed {data['seed']} and {data['budget']} steps: remove it")
    return data["subjects"]


def keep(subjects: dict[str, dict[str, object]]) -> None:
    """Write the data, whole."""
    head = {"format": "asr-conformance detection", "version": 1, "profile": DEFAULT, "seed": SEED, "budget": BUDGET}
    write_whole(DATA, json.dumps({**head, "subjects": subjects}, indent=1) + "\n")


def main() -> None:
    """Measure and write."""
    sizes = [int(number) for number in sys.argv[1:3]]
    of_each, of_wrong = (sizes + [2, 16][len(sizes) :])[:2]
    measured = known()
    for kind, name, factory in (*wrong(of_wrong), *mutants(of_each)):
        steps = measured.setdefault(name, {"kind": kind, "steps": {}})["steps"]
        for way in ways():
            if way not in steps:
                steps[way] = steps_to_find(way, factory, DEFAULT, BUDGET, SEED)
        keep(measured)
        print(f"{kind} {name}: {steps}", flush=True)
    write_whole(PICTURE, picture(measured, list(ways()), BUDGET))
    write_whole(TABLE, table(measured, list(ways()), BUDGET, SEED))
    print(f"wrote {DATA.name}, {PICTURE.name}, {TABLE.name}")


if __name__ == "__main__":
    main()
