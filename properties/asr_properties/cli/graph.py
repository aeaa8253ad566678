"""`graph`: draw the state graph or a part of it, a counterexample, or what a run went through."""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from asr_model import profiles
from asr_model.efsm import Efsm
from asr_properties.cli.completion import profile_names
from asr_properties.cli.console import console, fail, plain
from asr_properties.files import write_whole
from asr_reports import mermaid, sequence, state_path
from asr_reports.dot import to_dot
from asr_reports.marks import NO_MARKS, Marks, way_of
from asr_reports.state_graph import Detail, StateGraph, state_graph
from asr_reports.svg import render_png, render_svg
from asr_reports.views import TooMany, View, around, check_size, part
from asr_reports.walk import Walk
from asr_reports.walk_steps import drawn_steps


class Highlighted(NamedTuple):
    """What a file has to show: how often a run went where, or a walk; and the profile that it is of."""

    marks: Marks = NO_MARKS
    walk: Walk | None = None
    profile: str | None = None


class Format(StrEnum):
    """How a picture is written."""

    SVG = "svg"
    PNG = "png"
    MERMAID = "mermaid"
    DOT = "dot"


class Shown(StrEnum):
    """What a picture shows: a part of the lifecycle, or a counterexample in one of two ways."""

    WHOLE = View.WHOLE.value
    TO_AZURE = View.TO_AZURE.value
    TO_ON_PREMISES = View.TO_ON_PREMISES.value
    DRILL = View.DRILL.value
    PATH = "path"
    SEQUENCE = "sequence"


_BY_ENDING = {
    ".svg": Format.SVG,
    ".png": Format.PNG,
    ".mmd": Format.MERMAID,
    ".mermaid": Format.MERMAID,
    ".dot": Format.DOT,
}
_MOST_STEPS_AROUND = 20


def graph(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file to write; default: standard output.")
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="Default: as FILE ends (.svg, .png, .mmd, .dot), else mermaid.")
    ] = None,
    view: Annotated[
        Shown, typer.Option(help="A part of the lifecycle; or the counterexample that --highlight names.")
    ] = Shown.WHOLE,
    phase: Annotated[
        str | None, typer.Option("--around", metavar="PHASE", help="What leads to a phase or drill state, and from it.")
    ] = None,
    within: Annotated[int, typer.Option(min=1, max=_MOST_STEPS_AROUND, help="How many steps around the phase.")] = 1,
    highlight: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A run (record.json or its folder): how often it went where. A counterexample: the way it went.",
        ),
    ] = None,
    steps: Annotated[
        str | None, typer.Option(metavar="FROM-TO", help="Of a path or sequence these steps only, such as 1-60.")
    ] = None,
    detail: Annotated[
        Detail | None,
        typer.Option(
            help="overview leaves out what is the same everywhere, and says so; full leaves out nothing. Default: "
            "overview, but full around a phase."
        ),
    ] = None,
    dark: Annotated[
        bool, typer.Option("--dark", help="A PNG for a dark page; an SVG is light or dark by itself.")
    ] = False,
    profile: Annotated[
        str | None,
        typer.Option(
            help=f"The lifecycle: {', '.join(profiles.CHARTS)}; default: that of the highlighted file, else "
            f"{profiles.DEFAULT}.",
            autocompletion=profile_names,
        ),
    ] = None,
) -> None:
    """Draw the lifecycle or a part of it, what was gone through, or a counterexample.

    SVG and PNG (no system Graphviz is needed), Mermaid, DOT.
    """
    chosen = _format(form, output)
    if dark and chosen is not Format.PNG:
        fail("--dark is for a PNG: an SVG is light or dark as its reader's page is")
    marked, walk, of = _highlighted(highlight)
    if profile is not None and of is not None and profile != of:
        fail(f"{highlight} is of the {of} profile, not of {profile}")
    efsm = profiles.efsm(profile or of or profiles.DEFAULT)
    try:
        if view in (Shown.PATH, Shown.SEQUENCE):
            dot, text = _of_walk(efsm, view, walk, steps)
        else:
            drawn = _part(efsm, View(view.value), phase, within, detail)
            marks = way_of(drawn, walk) if walk is not None else marked
            dot, text = to_dot(drawn, marks), mermaid.to_mermaid(drawn, marks)
    except TooMany as error:
        fail(str(error))
    _write(output, chosen, dot, text, dark=dark)


def _format(form: Format | None, output: Path | None) -> Format:
    if form is None and output is not None and output.suffix.lower() not in _BY_ENDING:
        fail(f"cannot tell the format from {output.name!r}: end it in {', '.join(_BY_ENDING)}, or give --format")
    return form or (_BY_ENDING[output.suffix.lower()] if output is not None else Format.MERMAID)


def _highlighted(path: Path | None) -> Highlighted:
    if path is None:
        return Highlighted()
    from asr_properties.cli.highlighted import highlighted  # a third of the time, and most pictures need none

    return highlighted(path)


def _part(efsm: Efsm, view: View, phase: str | None, within: int, detail: Detail | None) -> StateGraph:
    if phase is None:
        return check_size(part(state_graph(efsm, detail or Detail.OVERVIEW), view))
    if view is not View.WHOLE:
        fail("--around and --view are two ways to narrow the picture: give one of them")
    name = phase.strip().lower().replace(" ", "_").replace("-", "_")
    if name not in (*efsm.phases, *efsm.drills):
        fail(f"no phase or drill state {phase!r}; there is {', '.join((*efsm.phases, *efsm.drills))}")
    return check_size(around(state_graph(efsm, detail or Detail.FULL), name, within))


def _of_walk(efsm: Efsm, view: Shown, walk: Walk | None, steps: str | None) -> tuple[str, str]:
    """A counterexample in DOT and in Mermaid."""
    if walk is None:
        fail(f"--view {view} shows a counterexample: name it, --highlight FILE")
    drawn = drawn_steps(walk, _numbers(steps, len(walk.steps)))
    if view is Shown.SEQUENCE:
        return sequence.to_dot(drawn), sequence.to_mermaid(drawn)
    lifecycle = state_graph(efsm)
    return state_path.to_dot(lifecycle, drawn), state_path.to_mermaid(lifecycle, drawn)


def _numbers(steps: str | None, there: int) -> tuple[int, int] | None:
    if steps is None:
        return None
    found = re.fullmatch(r"\s*([0-9]{1,9})\s*-\s*([0-9]{1,9})\s*", steps)
    if found is None or not 1 <= int(found[1]) <= min(int(found[2]), there):
        fail(f"--steps {steps!r}: expected FROM-TO, such as 1-60; there are {there} steps")
    return int(found[1]), int(found[2])


def _write(output: Path | None, form: Format, dot: str, text: str, *, dark: bool) -> None:
    content: str | bytes = text
    if form is Format.DOT:
        content = dot
    elif form is Format.SVG:
        content = render_svg(dot)
    elif form is Format.PNG:
        content = render_png(dot, dark=dark)
    if output is not None:
        write_whole(output, content)
        console.print(f"wrote {plain(output)}")
    elif isinstance(content, str):
        console.print(content, end="" if content.endswith("\n") else "\n", markup=False, soft_wrap=True)
    elif sys.stdout.isatty():
        fail("a PNG is nothing for a terminal: name a file, -o FILE.png")
    else:
        sys.stdout.buffer.write(content)
