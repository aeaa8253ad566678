"""What `arm:` needs of the command line: its options, and the dry run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from asr_properties.adapters.loading import is_arm
from asr_properties.adapters.options import UnknownAdapter
from asr_properties.cli.console import console, fail
from asr_properties.cli.progress import with_progress
from asr_properties.running.budget import Budget
from asr_properties.running.engines import Engine
from asr_properties.session.polling import PATIENCE

AllowFailoverOf = Annotated[
    str | None,
    typer.Option(
        help="With arm: and a real service: repeats the name of the item that may be failed over.", metavar="NAME"
    ),
]
Settings = Annotated[
    Path | None,
    typer.Option(help="With arm: and a real service: a JSON file with the ids of its site.", metavar="FILE"),
]
CallTimeout = Annotated[
    float, typer.Option(min=0.1, help="With arm: seconds that one exchange with the service may take.")
]
HomeHours = Annotated[
    float | None,
    typer.Option(
        min=0,
        help="With arm: and a real service: hours that it may take, after each walk, to fail the item back and disable "
        "its replication; default: 6.",
        show_default=False,
    ),
]
Repeat = Annotated[
    bool | None,
    typer.Option(
        "--repeat/--no-repeat",
        help="Whether a walk that fails is done again, to leave out steps and to see whether it is flaky; default: not "
        "on a real service.",
        show_default=False,
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="With arm: show what would be done, and how long it takes; send nothing.")
]


REAL_PATIENCE = 86_400.0
"""Seconds that a wait takes at most on a real service: all that is due is due within a day (contract, Time)."""


def is_real(adapter: str) -> bool:
    """Whether a SPEC names a service beyond this machine, where each step takes real time, of real machines.

    Raises:
        UnknownAdapter: it is an `arm:` that names nothing.
    """
    if not is_arm(adapter):
        return False
    from asr_properties.adapters.arm.target import read_target

    return not read_target(adapter).loopback


def patience_for(adapter: str, wanted: float | None = None) -> float:
    """Seconds that a wait takes at most: what is wanted, or what suits the implementation that a SPEC names."""
    if wanted is not None:
        return wanted
    return REAL_PATIENCE if is_real(adapter) else PATIENCE


def dry_run(adapter: str, allow: str | None, profile: str, budget: Budget, engine: Engine, seed: int) -> None:
    """Print what a run would do to its target; nothing is sent to it."""
    if not is_arm(adapter):
        fail("--dry-run is for arm: adapters; for others there is nothing at stake")
    if budget.steps is None:
        fail("--dry-run foresees a budget in steps only, such as --budget 200steps")
    from asr_properties.adapters.arm.target import permit, read_target
    from asr_properties.cli.arm_dry_run import plan

    target = read_target(adapter)
    console.print(escape(f"target: {target.origin}"))
    console.print(escape(f"item:   {target.address if target.named else 'a fresh name for each walk'}"))
    try:
        permit(target, allow)
        console.print("allowed: yes")
    except UnknownAdapter as error:
        console.print(escape(f"allowed: no: {error}"))
    foreseen = with_progress(
        "planning",
        lambda progress: plan(profile=profile, budget=budget, engine=engine, seed=seed, progress=progress),
        unit="steps",
    )
    for line in foreseen.lines():
        console.print(escape(line))
    console.print("nothing was sent")
