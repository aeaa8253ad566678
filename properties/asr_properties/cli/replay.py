"""`replay`: show a counterexample again, or write it as a test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from asr_model import profiles
from asr_properties.adapters.loading import embedded, load
from asr_properties.adapters.options import ArmOptions
from asr_properties.cli.arm_options import AllowFailoverOf, Settings, patience_for
from asr_properties.cli.console import console, fail
from asr_properties.contract.connection import AdapterError
from asr_properties.counterexamples.counterexample import read_counterexample
from asr_properties.counterexamples.replay import Replay, as_pytest
from asr_properties.counterexamples.replay import replay as perform_again
from asr_properties.files import write_whole
from asr_properties.running.requirement_verdicts import Overall


def replay(
    counterexample: Annotated[Path, typer.Argument(help="A counterexample that `run` wrote.")],
    adapter: Annotated[
        str | None, typer.Option(help="What to judge; default: where it was found.", metavar="SPEC")
    ] = None,
    emit_pytest: Annotated[
        Path | None, typer.Option(help="Write it as a standalone pytest file, and do not run it.", metavar="FILE")
    ] = None,
    allow_failover_of: AllowFailoverOf = None,
    arm_settings: Settings = None,
) -> None:
    """Show a counterexample again, or write it as a test.

    Exit status: 0 every step agrees with the model, 1 the implementation still breaks the rule, 2 usage, 3 adapter or
    infrastructure error.
    """
    stored = read_counterexample(counterexample)
    profiles.efsm(stored.profile)
    spec = adapter or stored.adapter or embedded(stored.profile)
    factory = load(spec, arm=ArmOptions(allow_failover_of, arm_settings, profile=stored.profile))
    if emit_pytest is not None:
        write_whole(emit_pytest, as_pytest([stored], spec))
        console.print(f"wrote {emit_pytest}")
        return
    try:
        shown = perform_again(stored, factory, patience_for(spec))
    except AdapterError as error:
        fail(f"adapter error: {error}", Overall.ADAPTER_ERROR.exit_status)
    _show(shown)
    raise typer.Exit(0 if shown.failure is None else 1)


def _show(shown: Replay) -> None:
    for number, step in enumerate(shown.steps, 1):
        phase = f"  [{step.shown_phase}]" if step.shown_phase else ""
        console.print(escape(f"{number:3}. {step.action}  {step.answer}{phase}"))
    if shown.failure is None:
        console.print("[bold green]every step agrees with the model[/]")
        return
    what = shown.failure.what.removeprefix("broken: ")
    console.print(f"[bold red]broken[/]: {', '.join(shown.failure.requirements)}: {escape(what)}")
    for line in shown.failure.allowed:
        console.print(f"  allowed: {escape(line)}")
