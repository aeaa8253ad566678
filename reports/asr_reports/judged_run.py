"""What a run found out, as reports show it: whatever the format, they are made of this alone.

Every text is fit to be shown: short, on one line unless said otherwise, and without control characters. Whoever makes
one of these sees to it; those who write a format only do its own escaping.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from asr_model.requirements import CATALOGUE
from asr_reports.walk import ShownStep, Told, Walk


class Colour(StrEnum):
    """What a verdict comes to where a format knows only these. Nothing is green that was not seen to hold."""

    PASSED = "passed"
    FAILED = "failed"
    """It failed, or it was not shown and keeps the run from being conformant."""
    SKIPPED = "skipped"
    """It was not shown, or only assumed, and the run can be conformant without; or it is a known deviation."""


@dataclass(frozen=True, slots=True)
class JudgedRequirement:
    """The verdict on one requirement.

    outcome: its verdict, a word of docs/verdicts.md. exercised: how often it was put to the test. reason: why it has no
    more than this outcome. is_open: it keeps the run from being conformant, though nothing failed. known: why it is a
    known deviation; empty where it is none. properties: the names of those that judge it. judged_by: what judges it, in
    words. counterexamples: the numbers, from 1, of those that blame it, the telling ones first.
    """

    id: str
    outcome: str
    exercised: int = 0
    reason: str = ""
    is_open: bool = False
    known: str = ""
    properties: tuple[str, ...] = ()
    judged_by: str = ""
    counterexamples: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        """What it says."""
        return CATALOGUE[self.id].sentence

    @property
    def section(self) -> str:
        """The section of the article, or the kind of source."""
        return CATALOGUE[self.id].section

    @property
    def evidence(self) -> str:
        """What it rests on."""
        return CATALOGUE[self.id].evidence.value

    @property
    def colour(self) -> Colour:
        """What it comes to where a format knows passed, failed and skipped alone."""
        if self.outcome == "FAILED" or self.is_open:
            return Colour.SKIPPED if self.known else Colour.FAILED
        return Colour.PASSED if self.outcome == "PASSED" else Colour.SKIPPED

    @property
    def in_words(self) -> str:
        """The verdict with its reason."""
        told = f"{self.outcome}: {self.reason}" if self.reason else self.outcome
        return f"{told}; known deviation: {self.known}" if self.known else told


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A property that a counterexample breaks: its sentence, the values that decided, what would have been right."""

    name: str
    says: str
    seen: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class ShownCounterexample:
    """A walk that breaks a requirement, the last step departing.

    before: what agreed until then. allowed: what the model allowed. observed: what was seen; empty where some state of
    the model agrees, and only a property is broken. values: what differs. found_by: what made the walk, and whether it
    is minimal. flaky: how it differed when it was done again; empty if it did not. replay: the command that shows it
    again. lines: all of it as the command line tells it.
    """

    number: int
    requirements: tuple[str, ...]
    steps: tuple[ShownStep, ...]
    properties: tuple[BrokenRule, ...] = ()
    configuration: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    observed: str = ""
    values: tuple[str, ...] = ()
    found_by: str = ""
    flaky: str = ""
    replay: str = ""
    lines: tuple[str, ...] = ()

    @property
    def walk(self) -> Walk:
        """It as steps of which each tells what is to be told there: the last one how it departs."""
        *others, last = self.steps
        title = f"{self.number}: {', '.join(self.requirements)}, {len(self.steps)} steps"
        departs = replace(last, departs=True, told=(*last.told, *self._departure()))
        return Walk(self.number, title, (*others, departs), begins="not_replicated")

    def _departure(self) -> Iterator[Told]:
        yield Told("What agreed until here", self.before)
        yield Told("What the model allowed", self.allowed, "allowed")
        if self.observed:
            yield Told("What was observed", (self.observed, *self.values), "observed")
        for rule in self.properties:
            seen = (f"seen: {rule.seen}",) if rule.seen else ()
            right = (f"right: {rule.right}",) if rule.right else ()
            yield Told(f"Property {rule.name}", (rule.says, *seen, *right), "observed")


@dataclass(frozen=True, slots=True)
class Covered:
    """What of the lifecycle a run went through.

    times: declared transition -> how often it was taken. not_taken: those that never were -> why, empty where that is
    for want of trying. pairs_left: (phase, operation) pairs that were not tried. more_steps: about how many more it
    takes to try what is left. summary: how much, in a line.
    """

    phases: frozenset[str] = frozenset()
    times: Mapping[str, int] = field(default_factory=dict)
    not_taken: Mapping[str, str] = field(default_factory=dict)
    pairs_left: tuple[tuple[str, str], ...] = ()
    more_steps: int = 0
    summary: str = ""


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """A whole run.

    verdict: on the implementation. exit_status: of the command that judged it. command: what does it again. started: an
    ISO time, with its zone. seconds: how long it took. program: what took part, with its version. notes: what else is
    to be said of the run: why it ended early, what the adapter leaves out, walks that were flaky and broke no rule.
    adapter_error: what the adapter did wrong, if that ended the run.
    """

    verdict: str
    exit_status: int
    implementation: str
    adapter: str
    profile: str
    seed: int
    budget: str
    engine: str
    steps: int
    items: int
    requirements: tuple[JudgedRequirement, ...]
    counterexamples: tuple[ShownCounterexample, ...] = ()
    covered: Covered = Covered()
    command: str = ""
    started: str = ""
    seconds: float = 0.0
    program: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    adapter_error: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many requirements have each verdict, the common ones first; those that nobody has are left out."""
        found: dict[str, int] = {}
        for one in self.requirements:
            found[one.outcome] = found.get(one.outcome, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    @property
    def headline(self) -> str:
        """The verdict in one line."""
        counted = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items())
        known = ", every failure known" if self.is_success and self.verdict == "NON_CONFORMANT" else ""
        return f"{self.verdict}{known}: {self.implementation} by the {self.profile} profile ({counted})"

    @property
    def is_success(self) -> bool:
        """Whether the run can be shown as a success: it is conformant, or what keeps it from that is known."""
        return self.exit_status == 0
