"""Every kind of picture that `graph` and `make reports` draw, as DOT."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import architecture_picture
from asr_model import profiles
from asr_reports import sequence, state_path
from asr_reports.dot import to_dot
from asr_reports.marks import counted, way_of
from asr_reports.state_graph import Detail, state_graph
from asr_reports.views import View, around, part
from asr_reports.walk import Walk
from asr_reports.walk_steps import drawn_steps
from make_reports import ROOT
from reports.hostile import hostile
from reports.records import failing
from reports.records import shown as as_shown

MODEL = profiles.efsm("modernized")


def walk() -> Walk:
    """A counterexample of a run that failed."""
    return as_shown(failing()).counterexamples[0].walk


def hostile_walk() -> Walk:
    """One whose texts are as bad as an implementation can make them."""
    return as_shown(hostile(failing())).counterexamples[0].walk


def long_walk(steps: int) -> Walk:
    """One of so many steps."""
    found = walk()
    return replace(found, steps=tuple(found.steps[number % 6] for number in range(steps)))


def _part(profile: str, view: View, detail: Detail) -> str:
    return to_dot(part(state_graph(profiles.efsm(profile), detail), view))


def _around(profile: str, name: str, steps: int) -> str:
    return to_dot(around(state_graph(profiles.efsm(profile), Detail.FULL), name, steps))


def _heat() -> str:
    return to_dot(state_graph(MODEL), counted(MODEL, as_shown(failing()).covered.times))


def _way() -> str:
    return to_dot(state_graph(MODEL), way_of(state_graph(MODEL), walk()))


def _path(of: Callable[[], Walk]) -> str:
    return state_path.to_dot(state_graph(MODEL), drawn_steps(of()))


def _sequence(of: Callable[[], Walk]) -> str:
    return sequence.to_dot(drawn_steps(of()))


PICTURES: Mapping[str, Callable[[], str]] = {
    **{
        f"{profile} {view} {detail}": partial(_part, profile, view, detail)
        for profile in profiles.CHARTS
        for view in View
        for detail in Detail
    },
    **{
        f"{profile} around {name}": partial(_around, profile, name, 1)
        for profile in profiles.CHARTS
        for name in (*profiles.efsm(profile).phases, *profiles.efsm(profile).drills)
    },
    "two steps around failed_over": partial(_around, "modernized", "failed_over", 2),
    "heat": _heat,
    "the way of a counterexample": _way,
    "path": partial(_path, walk),
    "path with hostile texts": partial(_path, hostile_walk),
    "path of sixty steps": partial(_path, partial(long_walk, 60)),
    "sequence": partial(_sequence, walk),
    "sequence with hostile texts": partial(_sequence, hostile_walk),
    "sequence of sixty steps": partial(_sequence, partial(long_walk, 60)),
    "architecture": partial(architecture_picture.to_dot, ROOT),
}
