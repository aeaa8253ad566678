"""The page of recordings: a timeline for each item, stepped through as a counterexample is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace

from markupsafe import Markup

from asr_model.efsm import Efsm
from asr_model.requirements import CATALOGUE
from asr_reports.html import LARGEST
from asr_reports.html.lifecycle_map import drawing, told
from asr_reports.html.page import render
from asr_reports.judged_recordings import JudgedItem, JudgedRecordings
from asr_reports.judged_run import Covered


def to_html(found: JudgedRecordings, efsm_of: Callable[[str], Efsm], default: str) -> str:
    """The page, of at most `LARGEST` bytes: where timelines do not fit, each is cut at its end.

    efsm_of: gives the lifecycle of a profile. The graph is that of the profile that most items have; default: where
    none has one.
    """
    known = Counter(item.profile for item in found.items if item.profile is not None)
    efsm = efsm_of(known.most_common(1)[0][0] if known else default)
    most = max((len(item.walk.steps) for item in found.items), default=0)
    while True:
        text = _page(_cut(found, most), efsm)
        if len(text.encode()) <= LARGEST or most == 0:
            return text
        most = most * 2 // 3


def _page(found: JudgedRecordings, efsm: Efsm) -> str:
    walks = [item.walk for item in found.items if item.walk.steps]
    data = {**told(efsm, Covered()), "counted": False, "walks": list(map(asdict, walks))}
    return render(
        "recordings.html.j2",
        "report.js",
        found=found,
        walks=walks,
        data=data,
        profile=efsm.profile,
        map=Markup(drawing(efsm, None)),
        catalogue=CATALOGUE,
    )


def _cut(found: JudgedRecordings, most: int) -> JudgedRecordings:
    recordings = [replace(one, items=tuple(_shorter(item, most) for item in one.items)) for one in found.recordings]
    return replace(found, recordings=tuple(recordings))


def _shorter(item: JudgedItem, most: int) -> JudgedItem:
    """An item with so many steps: those before it departs, or the first."""
    steps = item.walk.steps
    if len(steps) <= most:
        return item
    end = next((number for number, step in enumerate(steps, 1) if step.departs), most)
    kept = steps[max(0, end - most) : max(end, most)]
    return replace(item, walk=replace(item.walk, steps=kept), left_out=item.left_out + len(steps) - len(kept))
