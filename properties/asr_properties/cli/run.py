"""`run`: judge an implementation."""

from __future__ import annotations

import shlex
import time
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import Annotated

import typer

from asr_model import profiles
from asr_properties.adapters.loading import embedded, load
from asr_properties.adapters.options import ArmOptions
from asr_properties.cli.arm_options import (
    REAL_PATIENCE,
    AllowFailoverOf,
    CallTimeout,
    DryRun,
    HomeHours,
    Repeat,
    Settings,
    dry_run,
    is_real,
    patience_for,
)
from asr_properties.cli.completion import ids
from asr_properties.cli.console import show_command
from asr_properties.cli.json_output import JsonFile, begin_json, write_json
from asr_properties.cli.options import Adapter, ProjectProfile, requirements_in
from asr_properties.cli.plan_options import Machine, PlanFile, plan_arguments, refuse_with_plan, show_progress
from asr_properties.cli.progress import Progress, Quiet, with_progress
from asr_properties.cli.project_settings import KEPT_RUNS, NoConfig, project_settings
from asr_properties.cli.report import Format
from asr_properties.cli.run_files import Formats, KeepRuns, NoReport, Report, RunFiles, emit
from asr_properties.cli.run_output import show_conclusion, show_result
from asr_properties.cli.signals import undisturbed
from asr_properties.planning.plan_document import read_plan
from asr_properties.planning.progress import PlanRun
from asr_properties.running.budget import DEFAULT_BUDGET, Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.earlier_walks import database_in
from asr_properties.running.engines import Engine
from asr_properties.running.known_deviations import mark_known
from asr_properties.running.run_record import record
from asr_properties.running.run_result import RunResult
from asr_properties.session.polling import PATIENCE

MOST_SEEDS = 10**6


def run(
    adapter: Adapter = None,
    profile: ProjectProfile = None,
    budget: Annotated[
        str | None,
        typer.Option(
            help=f"How long to try: 500steps, 60s, 5min or 2h; default: {DEFAULT_BUDGET}.", show_default=False
        ),
    ] = None,
    engine: Annotated[
        Engine,
        typer.Option(
            help="How walks are made: a tour of the transitions, by Hypothesis, or both in turn; suite: every input in "
            "every state (docs/suites.md)."
        ),
    ] = Engine.ALL,
    seed: Annotated[int | None, typer.Option(help="A number that repeats a run; default: drawn, and printed.")] = None,
    report: Report = None,
    no_report: NoReport = False,
    formats: Formats = None,
    keep_runs: KeepRuns = None,
    no_config: NoConfig = False,
    drills_exclude: Annotated[
        bool, typer.Option(help="Whether no other operation may be accepted while a drill awaits its cleanup (X15).")
    ] = True,
    patience: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="Seconds a wait takes at most, where the implementation has no clock to move; default: "
            f"{PATIENCE:g}, on a real service {REAL_PATIENCE:g}.",
            show_default=False,
        ),
    ] = None,
    repeat: Repeat = None,
    first: Annotated[bool, typer.Option("-x", help="End at the first failing walk, as --max-failures 1 does.")] = False,
    max_failures: Annotated[
        int | None, typer.Option(min=1, help="End after so many failing walks.", show_default=False)
    ] = None,
    until_complete: Annotated[
        bool | None,
        typer.Option(
            help="Whether to end, whatever is left of the budget, once everything mandatory was exercised and nothing "
            "that can be covered is left; default: on a real service.",
            show_default=False,
        ),
    ] = None,
    emit_pytest: Annotated[
        Path | None, typer.Option(help="A pytest file to write, with a test for each counterexample.", metavar="FILE")
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Show every requirement, also those that nothing is judged by.")
    ] = False,
    database: Annotated[
        bool, typer.Option(help="Whether failing walks are kept in the report's folder, and tried first next time.")
    ] = True,
    counterexample_of: Annotated[
        str | None,
        typer.Option(
            metavar="ID,ID",
            autocompletion=ids,
            help="Requirements a counterexample of which is kept if they fail, however many others are.",
        ),
    ] = None,
    allow_failover_of: AllowFailoverOf = None,
    arm_settings: Settings = None,
    call_timeout: CallTimeout = 30.0,
    home_hours: HomeHours = None,
    dry: DryRun = False,
    plan: PlanFile = None,
    machine: Machine = 1,
    quiet: Quiet = False,
    json_file: JsonFile = None,
) -> None:
    """Judge an implementation: is it conformant, and if not, what is the shortest way to see it?

    Without arguments it judges the embedded reference implementation, or what `asr-conformance.toml` or
    `pyproject.toml` in this folder says. Exit status: 0 conformant, or every failure is a known deviation;
    1 non-conformant, 2 usage, 3 adapter or infrastructure error, 4 incomplete.
    """
    begin_json(json_file)
    planned = None if plan is None else read_plan(plan)
    if planned is not None:
        other_profile = profile not in (None, planned.profile)
        other_engine = engine is not Engine.ALL
        refuse_with_plan(budget=budget is not None, engine=other_engine, dry_run=dry, profile=other_profile)
        profile = planned.profile
    project = project_settings(no_config)
    known = project.known_deviations(adapter)
    adapter, profile = project.choose("adapter", adapter, None), project.choose("profile", profile, profiles.DEFAULT)
    limit = Budget.parse(project.choose("budget", budget, DEFAULT_BUDGET))
    seed = project.choose("seed", seed, None)
    profiles.efsm(profile)
    spec = adapter or embedded(profile)
    if dry:
        dry_run(spec, allow_failover_of, profile, limit, engine, 0 if seed is None else seed)
        return
    factory = load(
        spec, arm=ArmOptions(allow_failover_of, arm_settings, call_timeout, profile, home_hours), profile=profile
    )
    given = None if planned is None or plan is None else PlanRun(planned, plan, spec, machine)
    limit = limit if given is None else Budget(steps=given.steps_left)
    drawn = SystemRandom().randrange(MOST_SEEDS) if seed is None else seed
    most = 1 if first else max_failures
    begun, begin = datetime.now(UTC), time.monotonic()
    files = RunFiles(
        report,
        no_report,
        begun,
        drawn,
        formats=[Format(form) for form in project.choose("formats", formats, [])],
        keep_runs=project.choose("keep_runs", keep_runs, KEPT_RUNS),
    )
    files.warn_if_unwritable()
    wanted = requirements_in("--counterexample-of", counterexample_of)
    made_by = f"--budget {limit}" if plan is None else plan_arguments(plan, machine)
    line = _command_line(
        spec, profile, made_by, drawn, engine, drills_exclude, patience, database, most, until_complete
    )
    line += " --no-report" if no_report else ""
    again = f"{line} --counterexample-of "  # and ids
    line += f" --counterexample-of {','.join(wanted)}" if wanted else ""
    if not quiet:
        project.show()
        show_command("", line)

    def judge(progress: Progress) -> RunResult:
        return Campaign(
            factory,
            profile=profile,
            budget=limit,
            engine=engine,
            seed=drawn,
            adapter=spec,
            drills_exclude=drills_exclude,
            patience=patience_for(spec, patience),
            repeats=not is_real(spec) if repeat is None else repeat,
            progress=progress,
            max_failures=most,
            until_complete=is_real(spec) if until_complete is None else until_complete,
            wanted=wanted,
            database=database_in(files.kept) if database and files.kept is not None and given is None else None,
            given=given,
        ).run()

    result = with_progress("judging", judge, unit="steps", quiet=quiet)
    mark_known(result, known)
    seconds = time.monotonic() - begin
    with undisturbed(when=result.stopped == "interrupted"):
        # Shown before anything is written: a full disk must not hide a verdict.
        show_result(result, again, show_all=show_all, quiet=quiet)
        data = record(result, started=begun.isoformat(timespec="seconds"), seconds=seconds, command=line)
        files.write(result, data)
        emit(emit_pytest, result, spec)
        show_conclusion(result)
        if given is not None:
            show_progress(given)
        write_json(json_file, data)
    raise typer.Exit(result.beyond_what_is_known.exit_status)


def _command_line(
    spec: str,
    profile: str,
    walks: str,
    seed: int,
    engine: Engine,
    drills_exclude: bool,
    patience: float | None,
    database: bool,
    max_failures: int | None,
    until_complete: bool | None,
) -> str:
    """The command that does this run again. walks: the options that say which walks are done."""
    options = f" --engine {engine}" if engine is not Engine.ALL else ""
    options += "" if drills_exclude else " --no-drills-exclude"
    options += f" --patience {patience:g}" if patience is not None else ""
    options += "" if database else " --no-database"
    options += f" --max-failures {max_failures}" if max_failures is not None else ""
    options += "" if until_complete is None else f" --{'' if until_complete else 'no-'}until-complete"
    named = shlex.quote(spec)
    return f"asr-conformance run --adapter {named} --profile {profile} {walks} --seed {seed}{options}"
