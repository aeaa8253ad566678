"""`graph`: draw the state graph."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from asr_model import profiles
from asr_properties.cli.console import console, fail, plain
from asr_properties.cli.options import Profile
from asr_properties.files import write_whole
from asr_reports.dot import to_dot
from asr_reports.mermaid import to_mermaid
from asr_reports.state_graph import Detail, state_graph
from asr_reports.svg import render_svg


class Format(StrEnum):
    """How the state graph is written."""

    SVG = "svg"
    MERMAID = "mermaid"
    DOT = "dot"


_BY_ENDING = {".svg": Format.SVG, ".mmd": Format.MERMAID, ".mermaid": Format.MERMAID, ".dot": Format.DOT}


def graph(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write; default: standard output.")
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="Default: by the file's ending, else mermaid.")
    ] = None,
    detail: Annotated[
        Detail, typer.Option(help="overview leaves out what is the same everywhere, and says so.")
    ] = Detail.OVERVIEW,
    profile: Profile = profiles.DEFAULT,
) -> None:
    """Draw the state graph as SVG (no system Graphviz is needed), Mermaid or DOT."""
    if form is None and output is not None and output.suffix.lower() not in _BY_ENDING:
        fail(f"cannot tell the format from {output.name!r}: end it in {', '.join(_BY_ENDING)}, or give --format")
    chosen = form or (_BY_ENDING[output.suffix.lower()] if output is not None else Format.MERMAID)
    drawn = state_graph(profiles.efsm(profile), detail)
    text = to_mermaid(drawn) if chosen is Format.MERMAID else to_dot(drawn)
    if chosen is Format.SVG:
        text = render_svg(text)
    if output is None:
        console.print(text, end="" if text.endswith("\n") else "\n", markup=False, soft_wrap=True)
        return
    write_whole(output, text)
    console.print(f"wrote {plain(output)}")
