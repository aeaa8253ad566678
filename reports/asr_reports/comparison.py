"""Runs side by side: what each shows of a requirement, and where a later one shows less than the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asr_reports.judged_run import JudgedRequirement, JudgedRun

RANKS: Mapping[str, int] = {"FAILED": 0, "NOT_EXERCISED": 1, "NOT_OBSERVABLE": 1, "ASSUMED": 2, "PASSED": 4}
"""How much a verdict shows; NOT_APPLICABLE has no place among them."""

BY_LABEL = 3
"""The rank of what passed by the label only."""


class CannotCompare(ValueError):
    """The runs have too little in common; the message says why."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A requirement in several runs.

    verdicts: one a run, None where the run knows no such requirement. worse: the numbers, from 0, of the runs that show
    less of it than the first one.
    """

    id: str
    verdicts: tuple[JudgedRequirement | None, ...]
    worse: tuple[int, ...]

    @property
    def differs(self) -> bool:
        """Whether not all runs say the same of it."""
        return len({words(verdict) for verdict in self.verdicts}) > 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side. less: the numbers of the runs that are no longer conformant, as the first one is."""

    runs: tuple[JudgedRun, ...]
    requirements: tuple[Compared, ...]
    less: tuple[int, ...]

    @property
    def regressions(self) -> int:
        """How often a later run shows less than the first."""
        return len(self.less) + sum(len(one.worse) for one in self.requirements)


def compare(runs: Sequence[JudgedRun]) -> Comparison:
    """Compare runs with the first of them.

    Raises:
        CannotCompare: there are fewer than two, or they are of different profiles.
    """
    if len(runs) < 2:
        raise CannotCompare("it takes two records to compare")
    if len(profiles := list(dict.fromkeys(run.profile for run in runs))) > 1:
        raise CannotCompare(f"the records are of different profiles: {', '.join(profiles)}")
    known = [{one.id: one for one in run.requirements} for run in runs]
    ids = dict.fromkeys(identifier for each in known for identifier in each)
    first, *others = runs
    less = tuple(n for n, run in enumerate(others, 1) if first.is_success and not run.is_success)
    return Comparison(tuple(runs), tuple(_compared(i, [each.get(i) for each in known]) for i in ids), less)


def words(verdict: JudgedRequirement | None) -> str:
    """A verdict in a few words."""
    if verdict is None:
        return "-"
    return "PASSED (label)" if rank(verdict) == BY_LABEL else verdict.outcome


def rank(verdict: JudgedRequirement | None) -> int | None:
    """How much a verdict shows, None where it says nothing."""
    if verdict is None:
        return None
    return BY_LABEL if verdict.outcome == "PASSED" and verdict.reason else RANKS.get(verdict.outcome)


def _compared(identifier: str, verdicts: list[JudgedRequirement | None]) -> Compared:
    first, *others = map(rank, verdicts)
    worse = tuple(n for n, other in enumerate(others, 1) if first is not None and other is not None and other < first)
    return Compared(identifier, tuple(verdicts), worse)
