"""`suite`: complete test suites of the lifecycle, and what tells its states apart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from asr_model import profiles
from asr_model.deterministic_machine import deterministic_machine
from asr_model.machine import Machine
from asr_model.suites.mealy import Mealy, Word
from asr_model.suites.methods import Method, Suite
from asr_model.suites.methods import suite as suite_of
from asr_model.suites.separating import Separation
from asr_properties.cli.console import console, fail, plain
from asr_properties.cli.event_words import counted
from asr_properties.cli.options import Profile
from asr_properties.exports.suite_document import suite_text
from asr_properties.files import write_whole

MOST_EXTRA = 1
"""More states than the machine has: each makes a suite some thirty times as large, and one has millions of inputs."""


def suite(
    method: Annotated[
        Method | None, typer.Option(help="How the suite is made; default: the sizes of all of them.")
    ] = None,
    extra_states: Annotated[
        int, typer.Option(min=0, max=MOST_EXTRA, help="So many states more than the model an implementation may have.")
    ] = 0,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the machine and the tests as JSON.")
    ] = None,
    families: Annotated[bool, typer.Option("--families", help="Show what tells each state from the others.")] = False,
    profile: Profile = profiles.DEFAULT,
) -> None:
    """Make complete test suites of the lifecycle: they find every implementation that differs and has no more states.

    The machine is deterministic: what the documentation leaves open is resolved (docs/suites.md tells how). Operations
    are inputs that are given in all.
    """
    if output is not None and method is None:
        fail("say with --method which suite is to be written")
    machine = deterministic_machine(Machine(profiles.stepper(profile))).minimised()
    states, steps = len(machine.steps), sum(map(len, machine.steps))
    console.print(
        f"{profile}: {states} states, {len(machine.inputs)} inputs, {steps:,} of {states * len(machine.inputs):,} "
        "steps defined"
    )
    if families:
        _show_families(machine)
    made = [suite_of(machine, each, extra_states) for each in ([method] if method else Method)]
    _show_sizes(made)
    if output is not None:
        write_whole(output, suite_text(profile, machine, made[0]))
        console.print(f"wrote {plain(output)}")


def _show_sizes(made: list[Suite]) -> None:
    table = Table("method", *("tests", "operations", "longest test"), box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for one in made:
        longest = max(map(len, one.tests))
        table.add_row(one.method, f"{len(one.tests):,}", f"{one.operations:,}", f"{longest:,}")
    console.print(table)
    console.print(f"complete for implementations with {counted(made[0].states, 'state')} at most")


def _show_families(machine: Mealy) -> None:
    separation = Separation(machine)
    console.print(f"W, for any two states: {_words(machine, separation.characterizing)}", soft_wrap=True, markup=False)
    for state, word in enumerate(machine.cover):
        came = f"after {_word(machine, word)}" if word else "at the beginning"
        console.print(f"state {state}, {came}", soft_wrap=True, markup=False)
        for name, words in (("Wp", separation.identifying), ("HSI", separation.harmonized)):
            console.print(f"  {name}: {_words(machine, sorted(words[state]))}", soft_wrap=True, markup=False)


def _words(machine: Mealy, words: list[Word] | tuple[Word, ...]) -> str:
    return " | ".join(_word(machine, word) for word in words)


def _word(machine: Mealy, word: Word) -> str:
    return ", ".join(map(str, (machine.inputs[number] for number in word)))
