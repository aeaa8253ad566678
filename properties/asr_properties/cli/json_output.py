"""`--json FILE`: what a command concludes, as JSON beside what is for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from asr_properties.cli.console import console, show_unwritable
from asr_properties.files import Unwritable, write_whole

if TYPE_CHECKING:
    from asr_properties.adapters.secrets import Secrets

STDOUT: Final = Path("-")

JsonFile = Annotated[
    Path | None,
    typer.Option(
        "--json",
        metavar="FILE|-",
        help="Also write all of it as JSON. `-`: to stdout, and what is for people to stderr.",
    ),
]


def begin_json(path: Path | None) -> None:
    """Where JSON goes to stdout, what is for people goes to stderr from now on."""
    if path == STDOUT:
        console.stderr = True


def write_json(path: Path | None, data: dict[str, Any]) -> None:
    """Write what a command concluded, without secrets; what can't be written is told, and changes no verdict.

    path: None where no JSON was asked for.
    """
    if path is None:
        return
    from asr_properties.adapters.secrets import Secrets  # the contract takes 0.1 s, which `explain` does without

    text = json.dumps(scrubbed(data, Secrets()), indent=2)
    if path == STDOUT:
        console.stderr, before = False, console.stderr
        console.print(text, markup=False, soft_wrap=True)
        console.stderr = before
        return
    try:
        write_whole(path, f"{text}\n")
    except Unwritable as error:
        show_unwritable(str(error))


def scrubbed(data: Any, secrets: Secrets) -> Any:
    """The same data with every text, but for the keys, without secrets."""
    if isinstance(data, str):
        return secrets.scrub(data)
    if isinstance(data, dict):
        return {key: scrubbed(value, secrets) for key, value in data.items()}
    return [scrubbed(value, secrets) for value in data] if isinstance(data, list | tuple) else data
