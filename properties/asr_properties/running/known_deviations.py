"""Deviations that are known, each with a reason: they change no verdict, only whether a run ends as a success.

A requirement that is known to be broken is FAILED as before. The exit status is what it would be without the known
ones: 0 only where nothing else failed or is left to show. One that was not put to the test is no failure either; one
that passed is stale.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from asr_properties.running.requirement_verdicts import RequirementVerdict, Verdict
from asr_properties.running.run_result import RunResult


def mark_known(result: RunResult, reasons: Mapping[str, str]) -> None:
    """Let the verdicts of a run bear the reasons for which they are known. reasons: requirement -> why it is known."""
    result.verdicts = [replace(verdict, known=reasons.get(verdict.requirement, "")) for verdict in result.verdicts]


def stale(verdicts: Collection[RequirementVerdict]) -> list[str]:
    """The requirements that are said to be broken, and passed."""
    return [verdict.requirement for verdict in verdicts if verdict.known and verdict.outcome is Verdict.PASSED]


def told_of_known(result: RunResult) -> Iterator[str]:
    """What is to be said of known deviations: each that failed with its reason, those that are stale, and what the run
    comes to for it; nothing where there is none."""
    for verdict in result.verdicts:
        if verdict.is_known_failure:
            yield f"known deviation: {verdict.requirement}: {verdict.known}"
    for requirement in stale(result.verdicts):
        yield f"warning: {requirement} is met: take it out of the known deviations"
    without = result.beyond_what_is_known
    if any(verdict.known for verdict in result.verdicts) and without is not result.overall:
        failed = any(verdict.is_known_failure for verdict in result.verdicts)
        known = "every failure is a known deviation" if failed else "some that were not exercised are known deviations"
        rest = "" if without.exit_status == 0 else f"; without them {without}"
        yield f"{known}{rest}: exit status {without.exit_status}"
    elif any(verdict.is_known_failure for verdict in result.verdicts):
        others = [v.requirement for v in result.verdicts if v.outcome is Verdict.FAILED and not v.known]
        yield f"not known: {', '.join(others)}: exit status {without.exit_status}"
