"""`export`: the model in the languages of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from asr_model import profiles
from asr_properties.cli.console import console, fail, plain
from asr_properties.cli.options import Profile
from asr_properties.exports.formats import FORMATS
from asr_properties.exports.machine import Machine
from asr_properties.files import write_whole
from asr_properties.specification.declared import properties_of


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write; default: standard output.")
    ] = None,
    profile: Profile = profiles.DEFAULT,
) -> None:
    """Write the model for another tool, which can read it, draw it, and judge it by itself (docs/exports.md)."""
    if form not in FORMATS:
        fail(f"unknown format {form!r}; there is {', '.join(FORMATS)}")
    files = FORMATS[form].files(Machine(profiles.lts(profile)), properties_of(profile), output)
    if output is None:
        text = next(iter(files.values()))
        console.print(text, end="" if text.endswith("\n") else "\n", markup=False, soft_wrap=True)
        return
    for path, text in files.items():
        write_whole(path, text)
        console.print(f"wrote {plain(path)}")
