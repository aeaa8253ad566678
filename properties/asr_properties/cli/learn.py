"""`learn`: the machine that an implementation is, and how it differs from the model."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from asr_model import profiles
from asr_properties.adapters.loading import embedded, load
from asr_properties.cli.arm_options import is_real
from asr_properties.cli.console import console, fail, plain
from asr_properties.cli.event_words import counted
from asr_properties.cli.options import Adapter, Profile
from asr_properties.cli.progress import Progress, Quiet, with_progress
from asr_properties.contract.connection import Connection, started
from asr_properties.files import write_whole
from asr_properties.learning.abstract_model import AbstractModel
from asr_properties.learning.abstraction import AbstractItem, inputs
from asr_properties.learning.comparison import Comparison, Difference, compare
from asr_properties.learning.learner import Algorithm, LearnedMachine, LearnerMissing, Nondeterministic, OutOfBudget
from asr_properties.learning.learner import learn as learn_machine
from asr_properties.learning.picture import to_dot
from asr_properties.session.polling import PATIENCE
from asr_reports.guards_in_words import event_in_words
from asr_reports.svg import render_svg

DIFFERS, INCOMPLETE = 1, 4
MOST_INPUTS = 20_000
"""So many inputs are asked by default: twenty times what the reference takes."""
_ENDINGS = (".svg", ".dot")


def learn(
    adapter: Adapter = None,
    profile: Profile = profiles.DEFAULT,
    algorithm: Annotated[Algorithm, typer.Option(help="How questions are chosen.")] = Algorithm.KV,
    extra_states: Annotated[
        int,
        typer.Option(
            min=0, max=2, help="So many states more than were found are looked for. Each takes 22 times as long."
        ),
    ] = 0,
    most: Annotated[int, typer.Option("--inputs", min=1, help="How many inputs may be asked.")] = MOST_INPUTS,
    patience: Annotated[
        float, typer.Option(min=0, help="Seconds a wait takes at most, where the implementation has no clock to move.")
    ] = PATIENCE,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Draw the learned machine: FILE.svg or FILE.dot."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the machine and the differences.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Learn the machine that an implementation is, and show exactly where it differs from the model.

    One input is an operation with nothing wrong, waited for until the item is at rest; one output is how it was
    answered and what is shown then. Exit status: 0 agrees, 1 differs, 2 usage, 3 adapter error, 4 nothing certain was
    learned: the same inputs were answered differently, or more would have to be asked.
    """
    stepper = profiles.stepper(profile)
    if adapter is not None and is_real(adapter):
        fail("learn does not act on a real service: it would take it through every step many times")
    if output is not None and output.suffix.lower() not in _ENDINGS:
        fail(f"cannot tell the format from {output.name!r}: end it in {', '.join(_ENDINGS)}")
    model, asked = AbstractModel(stepper), inputs(stepper.efsm)
    connection = Connection(started(load(adapter or embedded(profile), profile=profile)))
    if connection.hello.profile != profile:
        own = connection.hello.profile
        fail(f"the adapter is of the profile {own!r}: learn it with --profile {own}")

    def work(progress: Progress) -> LearnedMachine:
        return learn_machine(
            AbstractItem(connection, stepper.efsm, patience),
            asked,
            first=model.walks(asked),
            algorithm=algorithm,
            extra_states=extra_states,
            most=most,
            told=lambda inputs: progress(inputs / most, "", inputs),
        )

    try:
        machine = with_progress("learning", work, unit="inputs", quiet=quiet)
    except LearnerMissing as missing:
        fail(str(missing))
    except Nondeterministic as found:
        _show_nondeterminism(found)
        raise typer.Exit(INCOMPLETE) from None
    except OutOfBudget:
        console.print(f"nothing certain was learned with {most} inputs: --inputs allows more")
        raise typer.Exit(INCOMPLETE) from None
    connection.bye()
    comparison = compare(machine, model, profiles.lts(profile))
    _show(comparison, connection)
    if output is not None:
        dot = to_dot(comparison)
        write_whole(output, render_svg(dot) if output.suffix.lower() == ".svg" else dot)
        console.print(f"wrote {plain(output)}")
    if file is not None:
        write_whole(file, json.dumps(_record(comparison, profile), indent=2) + "\n")
        console.print(f"wrote {plain(file)}")
    console.print("[bold red]DIFFERS[/]" if comparison.differences else "[bold green]AGREES[/]")
    raise typer.Exit(DIFFERS if comparison.differences else 0)


def _show_nondeterminism(found: Nondeterministic) -> None:
    console.print("[bold yellow]NONDETERMINISTIC[/]: the same inputs were answered differently")
    for number, event in enumerate(found.asked, 1):
        console.print(plain(f"  {number:3}. {event_in_words(event)}"))
    for when, output in (("first", found.first), ("then", found.then)):
        console.print(plain(f"  {when}: {output}: {output.look}"))
    differing = [
        f"{field} {first or 'nothing'} and {then or 'nothing'}"
        for field, first, then in zip(found.first.look._fields, found.first.look, found.then.look, strict=True)
        if first != then
    ]
    if differing:
        console.print(plain(f"  differing: {'; '.join(differing)}"))


def _show(comparison: Comparison, connection: Connection) -> None:
    machine = comparison.machine
    console.print(
        plain(
            f"{connection.hello.name} {connection.hello.version}: {len(machine.steps)} states and "
            f"{len(machine.inputs)} inputs, learned with {machine.asked} inputs asked; right if it has "
            f"{machine.states_checked} states at most"
        )
    )
    unreached = f", {comparison.unreached} could not be compared" if comparison.unreached else ""
    console.print(
        f"{comparison.agreeing} of {len(machine.steps) * len(machine.inputs)} steps agree with the model, "
        f"{len(comparison.differences)} do not{unreached}"
    )
    for alike in _alike(comparison.differences):
        for line in told(alike[0], also=len(alike) - 1):
            console.print(plain(line), soft_wrap=True)
    if comparison.declined:
        console.print("refused, where that is open:")
        for phase, event in comparison.declined:
            console.print(plain(f"  {event} in {phase}"))


def _alike(differences: Iterable[Difference]) -> list[list[Difference]]:
    """The differences that are the same step of the model, those shown by the fewest inputs first."""
    groups: dict[tuple[object, ...], list[Difference]] = {}
    for one in differences:
        step = (one.kind, one.phase, one.step.name, one.output.look.phase, one.fields or one.allowed)
        groups.setdefault(step, []).append(one)
    return list(groups.values())


def told(difference: Difference, *, also: int) -> list[str]:
    """A difference for people: the shortest inputs that show it, what came, and what is allowed. also: so many more
    steps of the machine differ alike, from other states or with other arguments."""
    *before, last = map(event_in_words, difference.asked)
    way = f"after {', '.join(before)}" if before else "at the beginning"
    should = "; ".join(difference.fields) or f"allowed: {' | '.join(difference.allowed)}"
    rules = ", ".join(difference.requirements[:3])
    more = f"; so {counted(also, 'step')} more, from other states or with other arguments" if also else ""
    return [f"{difference.kind}: {last} {difference.output}", f"  {way}", f"  {should}  ({rules}){more}"]


def _record(comparison: Comparison, profile: str) -> dict[str, Any]:
    machine = comparison.machine
    return {
        "format": "asr-conformance learned machine",
        "version": 1,
        "profile": profile,
        "inputs": [str(event) for event in machine.inputs],
        "asked": machine.asked,
        "states_checked": machine.states_checked,
        "states": [
            {
                "reached_by": [str(event) for event in prefix],
                "steps": [
                    {"input": str(event), "answer": output.answer, "shows": output.look._asdict(), "to": target}
                    for event, (output, target) in zip(machine.inputs, steps, strict=True)
                ],
            }
            for prefix, steps in zip(machine.prefixes, machine.steps, strict=True)
        ],
        "agreeing": comparison.agreeing,
        "not_compared": comparison.unreached,
        "declined": [{"phase": phase, "input": event} for phase, event in comparison.declined],
        "differences": [
            {
                "kind": found.kind.value,
                "phase": found.phase,
                "state": found.state,
                "to": found.target,
                "asked": [str(event) for event in found.asked],
                "answer": found.output.answer,
                "shows": found.output.look._asdict(),
                "allowed": list(found.allowed),
                "fields": list(found.fields),
                "requirements": list(found.requirements),
            }
            for found in comparison.differences
        ],
    }
