"""The page of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from markupsafe import Markup

from asr_model.efsm import Efsm
from asr_reports.html import LARGEST
from asr_reports.html.lifecycle_map import drawing, told
from asr_reports.html.page import render
from asr_reports.judged_run import Colour, JudgedRequirement, JudgedRun

ADVICE: Mapping[str, str] = {
    "NOT_EXERCISED": "No step of this run put it to the test: a longer budget may; what is left to try is below.",
    "NOT_OBSERVABLE": "The adapter does not show it, or the implementation never does it: the reason tells which.",
    "ASSUMED": "Only a consequence can be tried; no run shows more.",
}
"""What to do about a verdict that is no pass and no failure."""

_ORDER = ("FAILED", "NOT_EXERCISED", "NOT_OBSERVABLE", "ASSUMED", "PASSED", "NOT_APPLICABLE")


def to_html(run: JudgedRun, efsm: Efsm) -> str:
    """The page, of at most `LARGEST` bytes: where counterexamples do not fit, the last ones are left out."""
    kept = list(run.counterexamples)
    while True:
        text = _page(run, efsm, len(kept))
        if len(text.encode()) <= LARGEST or not kept:
            return text
        del kept[len(kept) * LARGEST // (len(text.encode()) + 1) :]
        kept = kept[: max(0, len(kept) - 1)]


def _page(run: JudgedRun, efsm: Efsm, kept: int) -> str:
    shown = run.counterexamples[:kept]
    rows = [
        replace(one, counterexamples=tuple(n for n in one.counterexamples if n <= kept)) for one in run.requirements
    ]
    walks = [found.walk for found in shown]
    data = {**told(efsm, run.covered), "counted": True, "walks": list(map(asdict, walks))}
    return render(
        "run.html.j2",
        "report.js",
        run=run,
        requirements=sorted(rows, key=_urgency),
        counterexamples=shown,
        walks=walks,
        left_out=len(run.counterexamples) - kept,
        data=data,
        map=Markup(drawing(efsm, run.covered)),
        statuses=list(run.counts),
        sections=_each(one.section for one in run.requirements),
        grades=_each(one.evidence for one in run.requirements),
        unseen=_unseen(run.requirements),
        not_taken=_by_reason(run.covered.not_taken),
        advice=ADVICE,
    )


def _urgency(one: JudgedRequirement) -> tuple[bool, bool, int]:
    """What comes first in the table: what failed, then what keeps the run from being conformant."""
    return one.outcome != "FAILED", not one.is_open, _ORDER.index(one.outcome)


def _unseen(rows: Sequence[JudgedRequirement]) -> dict[str, list[JudgedRequirement]]:
    """What was not shown, those that keep the run from being conformant first."""
    found: dict[str, list[JudgedRequirement]] = {}
    for one in sorted(rows, key=lambda row: not row.is_open):
        if one.colour is not Colour.PASSED and one.outcome in ADVICE:
            found.setdefault(one.outcome, []).append(one)
    return {outcome: found[outcome] for outcome in ADVICE if outcome in found}


def _by_reason(not_taken: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, reason in not_taken.items():
        found.setdefault(reason or "left to try: a longer budget may take them", []).append(name)
    return found


def _each(values: Any) -> list[str]:
    return list(dict.fromkeys(values))
