"""The options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

from asr_model import profiles
from asr_model.requirements import requirement
from asr_properties.cli.completion import profile_names
from asr_properties.cli.console import fail

Adapter = Annotated[
    str | None,
    typer.Option(
        help="What to judge: package.module:factory, stdio:COMMAND, arm:URL or model (the chart itself); default: the "
        "reference implementation.",
        metavar="SPEC",
    ),
]
Profile = Annotated[
    str, typer.Option(help=f"The lifecycle to judge by: {', '.join(profiles.CHARTS)}.", autocompletion=profile_names)
]
ProjectProfile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        help=f"The lifecycle to judge by: {', '.join(profiles.CHARTS)}; default: {profiles.DEFAULT}.",
        autocompletion=profile_names,
        show_default=False,
    ),
]
"""The same, for commands that read the project's settings."""


def requirements_in(option: str, ids: str | None) -> list[str]:
    """The requirements in a list with commas, each once; none where the option was not given.

    Raises:
        UnknownRequirement: there is no such requirement.
    """
    if ids is None:
        return []
    found = [part.strip().upper() for part in ids.split(",") if part.strip()]
    if not found:
        fail(f"{option} names no requirement; expected ids with commas, such as R38,R66")
    return [requirement(key).id for key in dict.fromkeys(found)]
