"""`replay`: show a counterexample again, or write it as a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from asr_model import profiles
from asr_properties.adapters.loading import embedded, load
from asr_properties.adapters.options import ArmOptions, UnknownAdapter
from asr_properties.cli.arm_options import AllowFailoverOf, Settings, patience_for
from asr_properties.cli.console import console, fail, plain, show_command
from asr_properties.cli.json_output import JsonFile, begin_json, write_json
from asr_properties.contract.connection import AdapterError
from asr_properties.contract.text import shown
from asr_properties.counterexamples.counterexample import Counterexample, read_counterexample
from asr_properties.counterexamples.pytest_file import as_pytest
from asr_properties.counterexamples.replay import Replay
from asr_properties.counterexamples.replay import replay as perform_again
from asr_properties.files import write_whole
from asr_properties.running.requirement_verdicts import Overall


def replay(
    counterexample: Annotated[Path, typer.Argument(help="A counterexample that `run` wrote.")],
    adapter: Annotated[
        str | None,
        typer.Option(
            help="What to judge; may be left out only if it was found with the reference implementation. What a file "
            "names is never run.",
            metavar="SPEC",
        ),
    ] = None,
    emit_pytest: Annotated[
        Path | None, typer.Option(help="Write it as a standalone pytest file, and do not run it.", metavar="FILE")
    ] = None,
    allow_failover_of: AllowFailoverOf = None,
    arm_settings: Settings = None,
    json_file: JsonFile = None,
) -> None:
    """Show a counterexample again, or write it as a test.

    Exit status: 0 every step agrees with the model, 1 the implementation still breaks the rule, 2 usage, 3 adapter or
    infrastructure error.
    """
    begin_json(json_file)
    stored = read_counterexample(counterexample)
    spec = adapter or _reference_of(stored, counterexample)
    factory = load(
        spec, arm=ArmOptions(allow_failover_of, arm_settings, profile=stored.profile), profile=stored.profile
    )
    if emit_pytest is not None:
        write_whole(emit_pytest, as_pytest([stored], spec))
        console.print(f"wrote {plain(emit_pytest)}")
        return
    try:
        again = perform_again(stored, factory, patience_for(spec))
    except AdapterError as error:
        fail(f"adapter error: {error}", Overall.ADAPTER_ERROR.exit_status)
    command = replace(stored, adapter=spec).replay_command(str(counterexample))
    _show(again, stored, command)
    write_json(json_file, _document(again, spec, command))
    raise typer.Exit(0 if again.failure is None else 1)


def _document(again: Replay, spec: str, command: str) -> dict[str, Any]:
    """What `--json` writes."""
    failure = again.failure
    return {
        "format": "asr-conformance replay",
        "version": 1,
        "agrees": failure is None,
        "adapter": spec,
        "command": command,
        "steps": [
            {**step.action.to_json(), "answer": step.answer, "phase": step.shown_phase, "shown": step.now.in_words}
            for step in again.steps
        ],
        "requirements": [] if failure is None else list(failure.blamed),
        "properties": [] if failure is None else [broken.name for broken in failure.broken],
        "observed": "" if failure is None else failure.what,
        "values": [] if failure is None else list(failure.values),
        "allowed": [] if failure is None else list(failure.allowed),
        "before": [] if failure is None else list(failure.last_agreed),
    }


def _reference_of(stored: Counterexample, path: Path) -> str:
    """The SPEC of the embedded reference, if the counterexample was found with it: a file from somebody else must not
    decide what is run here."""
    if stored.adapter not in _references():
        found = f"was found with the adapter {shown(stored.adapter)}" if stored.adapter else "names no adapter"
        fail(f"{path} {found}, and what a file names is not run unasked: name what to judge, --adapter SPEC")
    return stored.adapter


def _references() -> Iterator[str]:
    for profile in profiles.CHARTS:
        with suppress(UnknownAdapter):
            yield embedded(profile)


def _show(again: Replay, stored: Counterexample, command: str) -> None:
    """Print what was done, and how it failed: as `run` prints a counterexample."""
    if again.failure is not None:
        *lines, _ = again.failure.told._replace(replay=command).lines()
        for line in lines:
            console.print(plain(line))
        show_command("replay: ", command)
        return
    width = max(len(str(step.action)) for step in again.steps)
    for number, step in enumerate(again.steps, 1):
        phase = f"  [{step.shown_phase}]" if step.shown_phase else ""
        console.print(plain(f"{number:3}. {step.action!s:{width}}  {step.answer}{phase}"))
    console.print("[bold green]every step agrees with the model[/]")
