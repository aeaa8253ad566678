"""A million steps on the reference implementation: not one false alarm. Writes what came of it to reports/soak.md.

Each row of the covering array over the reference's free choices takes its share, in both profiles, and so does the
reference whose choices vary.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from asr_properties.files import write_whole
from asr_properties.reference import ClassicItem, Fixed, Freedom, ReferenceService, ReplicatedItem, Varied
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign, RunResult
from relations.covering_array import ROWS

PAGE = Path(__file__).resolve().parents[2] / "reports" / "soak.md"
STEPS, SEED = 1_000_000, 1
KINDS = (ReplicatedItem, ClassicItem)

_PAGE = """\
# The reference implementation in a long run

Written by `make soak`: mixed exploration of the reference implementation. It is correct, so every failure would be a
false alarm of the suite. Its free choices vary along a walk, or stay as a row of a covering array has them: every two
options of two choices are together in some row.

| profile | free choices | runs | steps | items | false alarms | walks answered differently when repeated |
|---|---|---|---|---|---|---|
{rows}

It took {minutes:.0f} minutes, and {megabytes:.0f} MB of memory at most.
"""


class Run(NamedTuple):
    """One run of the reference."""

    kind: type[ReplicatedItem] | type[ClassicItem]
    choices: str
    freedom: Callable[[], Freedom]

    def service(self) -> ReferenceService:
        """A new reference of this kind."""
        return ReferenceService(self.kind, self.freedom())


def runs() -> Iterator[Run]:
    """All of them, in the order of the table."""
    for kind in KINDS:
        yield Run(kind, "vary", Varied)
        yield from (Run(kind, "stay", partial(Fixed, row)) for of, row in ROWS if of is kind)


def page(done: Sequence[tuple[Run, RunResult]], seconds: float) -> str:
    """The page on all runs."""
    rows = []
    for kind in KINDS:
        for choices in ("vary", "stay"):
            results = [result for run, result in done if (run.kind, run.choices) == (kind, choices)]
            steps, items = sum(r.steps for r in results), sum(r.items for r in results)
            failures, flaky = sum(r.failures for r in results), sum(len(r.flaky) for r in results)
            name = kind.profile.name
            rows.append(f"| {name} | {choices} | {len(results)} | {steps:,} | {items:,} | {failures} | {flaky} |")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _PAGE.format(rows="\n".join(rows), minutes=seconds / 60, megabytes=megabytes)


def main() -> int:
    """Run them all, tell on a terminal how far it is, and write the page."""
    begin = time.monotonic()
    all_runs = tuple(runs())
    budget = Budget.parse(f"{-(-STEPS // len(all_runs))}steps")
    done: list[tuple[Run, RunResult]] = []
    for number, run in enumerate(all_runs):
        if sys.stderr.isatty():
            print(f"\r{number / len(all_runs):7.1%}", end="", file=sys.stderr)
        result = Campaign(run.service, profile=run.kind.profile.name, budget=budget, seed=SEED + number).run()
        done.append((run, result))
        for counterexample in result.counterexamples:
            print("\n".join(counterexample.lines()))
    write_whole(PAGE, page(done, time.monotonic() - begin))
    wrong = sum(result.failures + (result.adapter_error is not None) for _, result in done)
    print(f"{sum(result.steps for _, result in done)} steps, {wrong} false alarms; wrote {PAGE.name}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
