"""Flakiness: an implementation answers differently when the same walk is repeated from a fresh item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

from asr_properties.counterexamples.stored import StoredFlakiness, StoredStep
from asr_properties.evidence.step import Agreed, Step
from asr_properties.evidence.unknown import UNKNOWN, alike, known
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session

MAY_OUTLIVE = "what was done before this item may matter, which new_item must forget (X22)"
"""A cause that is not certain."""


class Walk(NamedTuple):
    """What was done on one fresh item, and what each step showed. failure: how it failed at its end, if it did."""

    configuration: Mapping[str, Any]
    steps: tuple[Step, ...]
    failure: NonConformance | None = None


@dataclass(frozen=True)
class Flakiness:
    """Two runs of the same walk that differ.

    first, second: the steps of each run; both have the same actions. at: the number, from 1, of the first step in which
    they differ. difference: what differs there. cause: what is known of the reason.
    """

    configuration: Mapping[str, Any]
    first: tuple[Step, ...]
    second: tuple[Step, ...]
    at: int
    difference: str
    cause: str

    def to_json(self) -> dict[str, Any]:
        """Both traces as plain data."""
        return {
            "configuration": dict(self.configuration),
            "at": self.at,
            "difference": self.difference,
            "cause": self.cause,
            "first": [_as_json(step) for step in self.first],
            "second": [_as_json(step) for step in self.second],
        }

    @property
    def reason(self) -> str:
        """The difference in one line, as the reason for a verdict."""
        return f"flaky: the same walk was answered differently when it was repeated (step {self.at}: {self.difference})"

    def lines(self) -> list[str]:
        """Both traces side by side, for a person to read."""
        shown = [f"configuration: {', '.join(f'{k}={v}' for k, v in self.configuration.items())}"]
        lines = shown if self.configuration else []
        pairs = list(zip_longest(self.first, self.second))
        width = max(len(str((a or b).action)) for a, b in pairs)
        left = max(len(_short(a)) for a, _ in pairs)
        lines.append(f"     {'':{width}}  {'first time':{left}}  second time")
        for number, (a, b) in enumerate(pairs, 1):
            mark = "  <- differs" if number == self.at else ""
            lines.append(f"{number:3}. {(a or b).action!s:{width}}  {_short(a):{left}}  {_short(b)}{mark}")
        lines.append(f"step {self.at}: {self.difference}")
        lines.append(self.cause)
        return lines


def flakiness_of(stored: StoredFlakiness) -> Flakiness:
    """The flakiness that `to_json` wrote."""
    first, second = (tuple(map(_step_of, steps)) for steps in (stored.first, stored.second))
    return Flakiness(stored.configuration, first, second, stored.at, stored.difference, stored.cause)


def again(session: Session, walk: Walk) -> Walk:
    """Repeat the actions of a walk on a fresh item.

    Raises:
        AdapterError: the adapter is at fault.
    """
    try:
        session.begin(walk.configuration)
        for step in walk.steps:
            session.perform(step.action)
    except NonConformance as failure:
        return Walk(walk.configuration, failure.steps, failure)
    return Walk(walk.configuration, tuple(session.steps))


def difference(first: Walk, second: Walk) -> tuple[int, str] | None:
    """The first step in which two runs of a walk differ, as its number and how it differs; None if none does."""
    for number, (a, b) in enumerate(zip(first.steps, second.steps, strict=False), 1):
        if told := "; ".join(_differences(a, b)):
            return number, told
    if (first.failure is None) == (second.failure is None) and len(first.steps) == len(second.steps):
        return None
    broken = first.failure or second.failure
    if broken is None:
        return None
    which = "the first" if second.failure is None or len(first.steps) < len(second.steps) else "the second"
    return min(len(first.steps), len(second.steps)), f"only {which} time: {broken.what}"


def fails_again(first: Walk, run: Walk) -> bool:
    """Whether a walk that failed breaks the same rule at the same step again, whatever it showed on the way: recovery
    points may be made on the grid of a clock that goes on (contract, Time)."""
    if first.failure is None or run.failure is None or len(first.steps) != len(run.steps):
        return False
    return first.failure.blamed[:1] == run.failure.blamed[:1]


def _differences(a: Step, b: Step) -> Iterator[str]:
    """How two runs of a step differ. Ids, sequence numbers and reasons are opaque and may differ."""
    if _kind(a.answer) != _kind(b.answer):
        yield f"answered {a.answer!r}, then {b.answer!r}"
    if a.now.points is UNKNOWN or b.now.points is UNKNOWN:  # nothing was looked at
        return
    for name in _COMPARED:
        was, now = getattr(a.now, name), getattr(b.now, name)
        if not alike(was, now):
            yield f"{name} {_word(was)}, then {_word(now)}"
    first, second = known(a.now.current_job), known(b.now.current_job)
    if (first is None) != (second is None):
        yield f"current_job {_word(first)}, then {_word(second)}"


_COMPARED = (
    "phase", "drill", "serving", "replicating", "allowed", "points", "other_points", "on_premises", "azure", "instance",
    "has_issues", "job_has_errors",
)  # fmt: skip


def _kind(answer: str) -> str:
    return answer.split(" ", 1)[0]


def _word(value: object) -> str:
    return ", ".join(sorted(value)) or "nothing" if isinstance(value, frozenset) else str(value)


def _short(step: Step | None) -> str:
    return "(not done)" if step is None else f"{step.answer}{f'  [{step.shown_phase}]' if step.shown_phase else ''}"


def _as_json(step: Step) -> dict[str, Any]:
    return {**step.action.to_json(), "answer": step.answer, "phase": step.shown_phase}


def _step_of(stored: StoredStep) -> Step:
    return Step(stored.do, action=stored.action, answer=stored.answer, agreed=Agreed(phase=stored.phase))


def compared(first: Walk, runs: Sequence[Walk]) -> Flakiness | None:
    """The flakiness that further runs of a walk show, with what they tell about its cause; None if all are alike, or
    fail again."""
    different = [
        (run, found) for run in runs if not fails_again(first, run) and (found := difference(first, run)) is not None
    ]
    if not different:
        return None
    second, (at, told) = different[0]
    alike = len(different) == len(runs) and all(difference(second, run) is None for run in runs)
    cause = (
        f"{len(runs)} further runs agree with each other: {MAY_OUTLIVE}"
        if alike and len(runs) > 1
        else "the answers differ from run to run: something other than what was done decides them"
    )
    return Flakiness(first.configuration, first.steps, second.steps, at, told, cause)
