"""`run` and `replay`: judge an implementation; show a counterexample again."""

from __future__ import annotations

import shlex
import time
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from asr_model import profiles
from asr_model.requirements import CATALOGUE
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
)
from asr_properties.cli.console import console, fail, with_progress
from asr_properties.contract.connection import AdapterError
from asr_properties.counterexamples.counterexample import Counterexample, read_counterexample
from asr_properties.counterexamples.replay import as_pytest, replay
from asr_properties.files import make_folder, write_whole
from asr_properties.running.budget import DEFAULT_BUDGET, Budget
from asr_properties.running.campaign import Campaign, Engine, RunResult
from asr_properties.running.requirement_verdicts import Overall, Verdict, left_out
from asr_properties.running.run_record import record, write_counterexamples, write_report
from asr_properties.session.polling import PATIENCE

DEFAULT_FOLDER = Path("asr-conformance-report")

Adapter = Annotated[
    str | None,
    typer.Option(
        help="What to judge: package.module:factory, stdio:COMMAND or arm:URL; default: the reference implementation.",
        metavar="SPEC",
    ),
]
Profile = Annotated[str, typer.Option(help=f"The lifecycle to judge by: {', '.join(profiles.CHARTS)}.")]

_STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "bold red",
    Verdict.NOT_EXERCISED: "yellow",
    Verdict.NOT_OBSERVABLE: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
}


def run(
    adapter: Adapter = None,
    profile: Profile = profiles.DEFAULT,
    budget: Annotated[str, typer.Option(help="500steps, 60s, 5min or 2h.")] = DEFAULT_BUDGET,
    engine: Annotated[Engine, typer.Option(help="How walks are made.")] = Engine.ALL,
    seed: Annotated[int | None, typer.Option(help="Repeats a run; drawn and printed if not given.")] = None,
    report: Annotated[Path | None, typer.Option(help="Folder for the run record and counterexamples.")] = None,
    drills_exclude: Annotated[
        bool, typer.Option(help="Whether a drill that awaits its cleanup must exclude everything else (X15, A12).")
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
    emit_pytest: Annotated[
        Path | None, typer.Option(help="Write the counterexamples as a standalone pytest file.", metavar="FILE")
    ] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Show every requirement, also what is not judged.")] = False,
    allow_failover_of: AllowFailoverOf = None,
    arm_settings: Settings = None,
    call_timeout: CallTimeout = 30.0,
    home_hours: HomeHours = None,
    dry: DryRun = False,
) -> None:
    """Judge an implementation: is it conformant, and if not, what is the shortest way to see it?

    Without arguments, the embedded reference implementation. Exit status: 0 conformant, 1 non-conformant, 2 usage,
    3 adapter or infrastructure error, 4 incomplete.
    """
    limit = Budget.parse(budget)
    profiles.efsm(profile)
    spec = adapter or embedded(profile)
    if dry:
        dry_run(spec, allow_failover_of, profile, limit, engine, 0 if seed is None else seed)
        return
    factory = load(spec, arm=ArmOptions(allow_failover_of, arm_settings, call_timeout, profile, home_hours))
    real = is_real(spec)
    if report is not None:
        make_folder(report)
    drawn = SystemRandom().randrange(10**6) if seed is None else seed
    named = escape(shlex.quote(spec))
    options = f" --engine {engine}" if engine is not Engine.ALL else ""
    options += "" if drills_exclude else " --no-drills-exclude"
    options += f" --patience {patience:g}" if patience is not None else ""
    console.print(f"asr-conformance run --adapter {named} --profile {profile} --budget {limit} --seed {drawn}{options}")
    started, begin = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    campaign: list[Campaign] = []

    def work(progress: object) -> None:
        campaign.append(
            Campaign(
                factory,
                profile=profile,
                budget=limit,
                engine=engine,
                seed=drawn,
                adapter=spec,
                drills_exclude=drills_exclude,
                patience=patience if patience is not None else REAL_PATIENCE if real else PATIENCE,
                repeats=not real if repeat is None else repeat,
                progress=progress,  # type: ignore[arg-type]
            )
        )
        campaign[0].run()

    with_progress("judging", work)
    result = campaign[0].result
    data = record(result, started=started, seconds=time.monotonic() - begin)
    paths = write_report(report, result, data) if report else write_counterexamples(DEFAULT_FOLDER, result)
    _show(result, paths, show_all)
    if emit_pytest is not None and result.counterexamples:
        write_whole(emit_pytest, as_pytest(result.counterexamples, spec))
        console.print(f"wrote {emit_pytest}, {len(result.counterexamples)} tests")
    elif emit_pytest is not None:
        console.print(f"no counterexample, so {emit_pytest} was not written")
    raise typer.Exit(result.overall.exit_status)


def _show(result: RunResult, paths: list[Path], show_all: bool) -> None:
    if result.hello:
        console.print(escape(f"implementation: {result.hello['name']} {result.hello['version']}"))
    console.print(_table(result, show_all))
    if not show_all:
        hidden = sum(1 for v in result.verdicts if v.outcome is Verdict.NOT_APPLICABLE)
        console.print(f"{hidden} requirements only inform or belong to another profile (--all shows them)")
    _show_coverage(result)
    for counterexample, path in zip(result.counterexamples, paths, strict=False):
        console.print()
        show_counterexample(counterexample, path)
    for flaky in result.flaky:
        console.print("\n[bold yellow]warning[/]: a walk that broke no rule was answered differently when done again")
        for line in flaky.lines():
            console.print(escape(line))
    if result.stopped:
        console.print(result.stopped)
    if result.adapter_error is not None:
        error = result.adapter_error
        console.print(f"\n[bold red]adapter error[/]: {escape(error.what)}")
        console.print(f"  sent: {escape(error.sent)}\n  got:  {escape(error.got)}\n  hint: {escape(error.hint)}")
        for line in error.stderr:
            console.print(f"  stderr: {escape(line)}")
    if missing := left_out(result.verdicts):
        console.print(f"\nto be judged by every mandatory requirement, the adapter has to offer: {', '.join(missing)}")
    colour = {"CONFORMANT": "bold green", "NON_CONFORMANT": "bold red"}.get(result.overall.value, "bold yellow")
    failures = f", {result.failures} failing walks" if result.failures else ""
    console.print(
        f"\n[{colour}]{result.overall}[/] (seed {result.seed}, {result.steps} steps, {result.items} items{failures})"
    )


def _table(result: RunResult, show_all: bool) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("id")
    table.add_column("verdict")
    table.add_column("exercised", justify="right")
    table.add_column("requirement, or why there is no verdict")
    for verdict in result.verdicts:
        if verdict.outcome is Verdict.NOT_APPLICABLE and not show_all:
            continue
        text = CATALOGUE[verdict.requirement].sentence
        if verdict.outcome not in (Verdict.PASSED, Verdict.FAILED) or verdict.reason.startswith("flaky"):
            text = f"({verdict.reason}) {text}"
        style = _STYLES[verdict.outcome]
        table.add_row(verdict.requirement, f"[{style}]{verdict.outcome}[/]", str(verdict.exercised), escape(text))
    return table


def _show_coverage(result: RunResult) -> None:
    coverage, coverable = result.coverage, result.coverable
    assert coverable is not None
    console.print(
        f"covered: phases {len(coverage.phases)}/{len(coverable.phases)}, "
        f"transitions {len(coverage.transitions)}/{len(coverable.transitions)}, "
        f"(phase, operation) pairs {len(coverage.pairs & coverable.pairs)}/{len(coverable.pairs)}, "
        f"states {len(coverage.states)}/{coverable.states}"
    )
    missed = sorted(coverable.transitions - coverage.transitions)
    if missed and len(missed) <= 12:
        console.print("not taken for certain: " + "; ".join(missed))


def show_counterexample(counterexample: Counterexample, path: Path) -> None:
    """Print a counterexample and the commands that show it again."""
    for line in counterexample.lines():
        console.print(escape(line))
    made = (
        f"; made minimal with {counterexample.steps_spent} steps" if counterexample.complete else "; not made minimal"
    )
    console.print(f"found by: {counterexample.found_by}{made}")
    console.print(f"replay:   {counterexample.replay_command(str(path))}")
    console.print(f"as a test: {counterexample.replay_command(str(path))} --emit-pytest test_counterexample.py")


def replay_command(
    counterexample: Annotated[Path, typer.Argument(help="A counterexample that `run` wrote.")],
    adapter: Annotated[
        str | None, typer.Option(help="What to judge; default: where it was found.", metavar="SPEC")
    ] = None,
    emit_pytest: Annotated[
        Path | None, typer.Option(help="Write a standalone pytest file instead.", metavar="FILE")
    ] = None,
    allow_failover_of: AllowFailoverOf = None,
    arm_settings: Settings = None,
) -> None:
    """Show a counterexample again. Exit status 1 if the implementation still breaks the rule, 0 if it does not."""
    stored = read_counterexample(counterexample)
    profiles.efsm(stored.profile)
    spec = adapter or stored.adapter or embedded(stored.profile)
    factory = load(spec, arm=ArmOptions(allow_failover_of, arm_settings, profile=stored.profile))
    if emit_pytest is not None:
        write_whole(emit_pytest, as_pytest([stored], spec))
        console.print(f"wrote {emit_pytest}")
        return
    try:
        shown = replay(stored, factory, REAL_PATIENCE if is_real(spec) else PATIENCE)
    except AdapterError as error:
        fail(f"adapter error: {error}", Overall.ADAPTER_ERROR.exit_status)
    for number, step in enumerate(shown.steps, 1):
        phase = f"  [{step.shown_phase}]" if step.shown_phase else ""
        console.print(escape(f"{number:3}. {step.action}  {step.answer}{phase}"))
    if shown.failure is None:
        console.print("[bold green]every step agrees with the model[/]")
        return
    console.print(f"[bold red]broken[/]: {', '.join(shown.failure.requirements)}: {escape(shown.failure.what)}")
    for line in shown.failure.allowed:
        console.print(f"  allowed: {escape(line)}")
    raise typer.Exit(1)
