"""The options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

from asr_model import profiles

Adapter = Annotated[
    str | None,
    typer.Option(
        help="What to judge: package.module:factory, stdio:COMMAND, arm:URL or model (the chart itself); default: the "
        "reference implementation.",
        metavar="SPEC",
    ),
]
Profile = Annotated[str, typer.Option(help=f"The lifecycle to judge by: {', '.join(profiles.CHARTS)}.")]
