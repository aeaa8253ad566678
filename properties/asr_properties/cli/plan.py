"""`plan`: choose and order the tests for a slow system."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from asr_model import profiles
from asr_properties.cli.console import console, plain, show_command
from asr_properties.cli.json_output import JsonFile, begin_json, write_json
from asr_properties.cli.options import Profile
from asr_properties.cli.plan_output import plan_lines, share_lines
from asr_properties.cli.progress import Progress, Quiet, with_progress
from asr_properties.files import write_whole
from asr_properties.planning.durations import durations_of
from asr_properties.planning.making import make_plan
from asr_properties.planning.mutant_share import share_of_mutants
from asr_properties.planning.plan_document import MOST_MACHINES, Plan
from asr_properties.running.budget import Budget, InvalidBudget

DEFAULT = "8h"


def plan(
    budget: Annotated[str, typer.Option(help="How long each machine may be used: 90min, 8h or 72h.")] = DEFAULT,
    machines: Annotated[
        int, typer.Option(min=1, max=MOST_MACHINES, help="How many machines are tested side by side.")
    ] = 1,
    profile: Profile = profiles.DEFAULT,
    durations: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Your own minutes instead of those recorded: a JSON object, operation -> minutes (`refused`: until a "
            "refusal is known), or what a run of a plan has kept beside it.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where the plan goes, for `run --plan FILE`.")
    ] = None,
    mutants: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Measure how many mutants the plan finds, by so many of each operator; takes minutes.",
            show_default=False,
        ),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Name all that each test buys, and all that is left.")
    ] = False,
    quiet: Quiet = False,
    json_file: JsonFile = None,
) -> None:
    """Choose and order tests for a system that is slow: what does a night buy, and what does it leave out?

    Walks are rehearsed on the reference implementation, and cost what operations took on the real service. Always the
    test comes next that adds most per minute. Nothing is sent anywhere. Exit status: 0 planned, 2 usage.
    """
    begin_json(json_file)
    minutes = _minutes(budget)
    profiles.efsm(profile)
    known = durations_of(durations)
    command = _command_line(budget, machines, profile, durations)

    def work(progress: Progress) -> Plan:
        return make_plan(
            profile=profile, budget=minutes, machines=machines, durations=known, command=command, progress=progress
        )

    made = with_progress("planning", work, unit="candidates", quiet=quiet)
    if not quiet:
        for line in plan_lines(made, show_all=show_all):
            console.print(plain(line))
    document = made.to_json()
    if mutants is not None:
        share = with_progress(
            "measuring", lambda progress: share_of_mutants(made, mutants, progress), unit="mutants", quiet=quiet
        )
        console.print("")
        for line in share_lines(share):
            console.print(plain(line))
        document["mutants"] = share._asdict()
    if output is not None:
        write_whole(output, json.dumps(made.to_json(), indent=2) + "\n")
        console.print(f"\nwrote {plain(output)}; to do it, and to go on with it:")
        show_command("  ", f"asr-conformance run --adapter SPEC --plan {shlex.quote(str(output))}")
    write_json(json_file, document)


def _minutes(budget: str) -> float:
    limit = Budget.parse(budget)
    if limit.seconds is None:
        raise InvalidBudget(f"{budget!r} is no budget of a plan: write 90min or 8h")
    return limit.seconds / 60


def _command_line(budget: str, machines: int, profile: str, durations: Path | None) -> str:
    options = f" --machines {machines}" if machines > 1 else ""
    options += f" --profile {profile}" if profile != profiles.DEFAULT else ""
    options += f" --durations {shlex.quote(str(durations))}" if durations is not None else ""
    return f"asr-conformance plan --budget {shlex.quote(budget)}{options}"
