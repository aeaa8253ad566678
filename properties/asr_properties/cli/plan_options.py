"""What `run` needs of the command line to do a plan, and what it says of its progress."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asr_properties.cli.console import console, fail, plain, show_unwritable

if TYPE_CHECKING:
    from asr_properties.planning.progress import PlanRun

PlanFile = Annotated[
    Path | None,
    typer.Option(
        "--plan",
        help="Do the tests of a plan, which `plan -o FILE` wrote. What was done is kept beside it after each test, and "
        "not done again.",
        metavar="FILE",
        show_default=False,
    ),
]
Machine = Annotated[int, typer.Option(min=1, help="With --plan: the tests of which machine of the plan are done.")]


def refuse_with_plan(*, budget: bool, engine: bool, dry_run: bool, profile: bool) -> None:
    """End the command where the plan and another option say what is to be done."""
    given = {"--budget": budget, "--engine": engine, "--dry-run": dry_run, "--profile": profile}
    if wrong := [name for name, is_given in given.items() if is_given]:
        fail(f"--plan says what is done: leave out {', '.join(wrong)}")


def plan_arguments(plan: Path, machine: int) -> str:
    """The options that do a plan, as they are written."""
    return f"--plan {shlex.quote(str(plan))}" + (f" --machine {machine}" if machine > 1 else "")


def show_progress(run: PlanRun) -> None:
    """Print how far the plan is, over all machines."""
    done, tests = len(run.done_by_all()), run.tests
    mine = f"; {len(run.undone)} left on this machine" if run.undone else ""
    console.print(f"plan: {done} of {tests} tests done{mine}; kept in {plain(run.path)}", soft_wrap=True)
    for problem in run.problems:
        show_unwritable(problem)
