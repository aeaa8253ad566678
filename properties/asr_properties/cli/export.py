"""`export`: the model in the languages of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from asr_model import profiles
from asr_properties.cli.console import console, fail, plain
from asr_properties.cli.options import Profile
from asr_properties.exports.formats import FORMATS, UnfitName
from asr_properties.exports.machine import Machine
from asr_properties.files import write_whole
from asr_properties.specification.declared import properties_of

_KINDS = ", ".join(f"{name} (for {form.read_by})" for name, form in FORMATS.items())


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of: {_KINDS}.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write; default: standard output.")
    ] = None,
    profile: Profile = profiles.DEFAULT,
) -> None:
    """Write the model for another tool, which can read it, draw it, and judge it by itself (docs/exports.md)."""
    if form not in FORMATS:
        fail(f"unknown format {form!r}; there is {', '.join(FORMATS)}")
    chosen, machine, properties = FORMATS[form], Machine(profiles.lts(profile)), properties_of(profile)
    if output is None:
        text = chosen.text(machine, properties)
        console.print(text, end="" if text.endswith("\n") else "\n", markup=False, soft_wrap=True)
        return
    try:
        files = chosen.files(machine, properties, output)
    except UnfitName as error:
        fail(str(error))
    for path, written in files.items():
        write_whole(path, written)
        console.print(f"wrote {plain(path)}")
