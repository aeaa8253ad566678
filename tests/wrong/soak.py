"""A million steps on the reference implementation: not one false alarm. Writes what came of it to reports/soak.md."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from asr_properties.files import write_whole
from asr_properties.reference import create
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.run_result import RunResult

PAGE = Path(__file__).resolve().parents[2] / "reports" / "soak.md"
BUDGET, SEED, PROFILE = "1000000steps", 1, "modernized"

_PAGE = """\
# The reference implementation in a long run

Written by `make soak`: mixed exploration of the reference implementation, whose free choices vary. It is correct, so
every failure would be a false alarm of the suite.

| steps | items | verdict | false alarms | walks answered differently when repeated | minutes | memory at most |
|---|---|---|---|---|---|---|
| {steps:,} | {items:,} | {verdict} | {failures} | {flaky} | {minutes:.0f} | {megabytes:.0f} MB |
"""


def page(result: RunResult, seconds: float) -> str:
    """The page on one run."""
    return _PAGE.format(
        steps=result.steps,
        items=result.items,
        verdict=result.overall,
        failures=result.failures,
        flaky=len(result.flaky),
        minutes=seconds / 60,
        megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def main() -> int:
    """Run, tell now and then how far it is on a terminal, and write the page."""
    begin, told = time.monotonic(), [0.0]

    def progress(spent: float, engine: str) -> None:
        if sys.stderr.isatty() and time.monotonic() - told[0] > 1:
            told[0] = time.monotonic()
            print(f"\r{spent:7.1%} {engine}", end="", file=sys.stderr)

    campaign = Campaign(create, profile=PROFILE, budget=Budget.parse(BUDGET), seed=SEED, progress=progress)
    result = campaign.run()
    write_whole(PAGE, page(result, time.monotonic() - begin))
    for counterexample in result.counterexamples:
        print("\n".join(counterexample.lines()))
    print(f"{result.overall}: {result.steps} steps, {result.failures} false alarms; wrote {PAGE.name}")
    return result.overall.exit_status


if __name__ == "__main__":
    sys.exit(main())
