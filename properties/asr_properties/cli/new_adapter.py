"""`new-adapter`: begin an adapter from a starter kit."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from asr_properties.cli.console import console, plain
from asr_properties.kits.copying import KITS, copy_kit


def new_adapter(
    language: Annotated[str, typer.Option(help=f"The language to write it in: {', '.join(KITS)}.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write to, new or empty.")] = Path(
        "my-asr-adapter"
    ),
) -> None:
    """Write a small working adapter to begin with, and its instructions."""
    for path in copy_kit(language, output):
        console.print(plain(f"wrote {path}"))
    build, start = KITS[language]
    console.print("\nIt works as it is. Read its README.md, and try it:")
    console.print(plain(f"  cd {shlex.quote(str(output))}"))
    if build:
        console.print(plain(f"  {build}"))
    for command in ("smoke", "run"):
        console.print(plain(f"  asr-conformance {command} --adapter 'stdio:{start}'"))
