"""`mutants`: measure the suite itself, by mistakes in the model that a run has to find."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from asr_model import profiles
from asr_model.mutants.mutant import Mutant, Operator
from asr_properties.cli.console import INFRASTRUCTURE, console, plain
from asr_properties.cli.options import Profile
from asr_properties.cli.progress import Progress, Quiet, with_progress
from asr_properties.mutation.judging import Judged, Settings
from asr_properties.mutation.mutation_record import Keeper
from asr_properties.mutation.scoring import Score, judge_all, overall, sample, scores
from asr_properties.running.budget import DEFAULT_BUDGET, Budget

SAMPLE = 10
"""So many mutants of each operator are judged by default: in minutes, where all of them take hours."""


def mutants(
    profile: Profile = profiles.DEFAULT,
    size: Annotated[
        int, typer.Option("--sample", min=1, help="How many mutants of each operator are judged, drawn by the seed.")
    ] = SAMPLE,
    every: Annotated[bool, typer.Option("--all", help="Judge every mutant. Takes hours.")] = False,
    operator: Annotated[
        list[Operator] | None, typer.Option(help="Only mutants of this operator; may be given several times.")
    ] = None,
    budget: Annotated[str, typer.Option(help="How long each run may look for its mutant.")] = DEFAULT_BUDGET,
    only_decide: Annotated[
        bool, typer.Option("--only-decide", help="Only tell which mutants are equivalent; run none.")
    ] = False,
    run_equivalent: Annotated[
        bool, typer.Option("--run-equivalent", help="Also run those that are equivalent: none of them may be found.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Draws the sample, and is the seed of each run.")] = 0,
    processes: Annotated[
        int, typer.Option("-n", "--processes", min=1, help="How many mutants are judged side by side.")
    ] = os.cpu_count() or 1,
    walks: Annotated[
        bool, typer.Option("--walks", help="Show for each survivor the steps of the shortest walk that shows it.")
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Keep all results in this file; what it has is not done again."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Measure the suite: how many mistakes in the model does a run find?

    Each mutant is the model with one mistake, run as an implementation. Whether anybody could tell it from the model is
    decided, not guessed: one that is equivalent counts for nothing. Exit status: 0 judged, 2 usage, 3 an equivalent
    mutant was found, or one could not be run.
    """
    profiles.efsm(profile)
    settings = Settings(profile, None if only_decide else str(Budget.parse(budget)), seed, run_equivalent)
    chosen = sample(profile, None if every else size, seed, operator or ())
    keeper = Keeper(file, settings)
    keeper.write()  # before anything is judged: what cannot be written is told now
    todo = [mutant for mutant in chosen if not _is_known(keeper.judged.get(mutant.name), settings)]

    def work(progress: Progress) -> None:
        judged = 0

        def done(one: Judged) -> None:
            nonlocal judged
            judged += 1
            keeper.keep(one)
            progress(judged / len(todo), f"{judged} of {len(todo)} mutants", judged)

        judge_all(settings, todo, processes, done)

    try:
        if todo:
            with_progress("judging", work, unit="mutants", quiet=quiet)
    except KeyboardInterrupt:
        console.print(_kept(keeper, chosen, file))
        raise
    finally:
        keeper.write()
    judged = [keeper.judged[mutant.name] for mutant in chosen]
    _show(profile, judged, seed, walks=walks)
    if file is not None:
        console.print(f"wrote {plain(file)}")
    raise typer.Exit(INFRASTRUCTURE if any(is_wrong(one) for one in judged) else 0)


def _is_known(one: Judged | None, settings: Settings) -> bool:
    """Whether nothing is left to find out about a mutant."""
    return one is not None and (
        one.found is not None or (one.equivalent and not settings.runs_equivalent) or settings.budget is None
    )


def is_wrong(one: Judged) -> bool:
    """Whether a result says that something is wrong with the mutants themselves, or with what decides on them."""
    return bool(one.error) or (one.equivalent and bool(one.found))


def _kept(keeper: Keeper, chosen: list[Mutant], file: Path | None) -> str:
    known = sum(mutant.name in keeper.judged for mutant in chosen)
    where = f"; {plain(file)} has them, and the same command goes on" if file is not None else ""
    return f"{known} of {len(chosen)} mutants judged{where}"


def _show(profile: str, judged: list[Judged], seed: int, *, walks: bool) -> None:
    of_operators = list(scores(profile, judged))
    console.print(_table(of_operators))
    survivors = [one for one in judged if one.found is False and not one.equivalent and not one.error]
    if survivors:
        console.print(f"\n{len(survivors)} survived; after each, the shortest walk that shows it:")
    for one in survivors:
        _show_survivor(one, walks=walks)
    for one in judged:
        if one.error:
            console.print(f"[bold red]could not be run[/]: {plain(one.name)}: {plain(one.error)}")
        elif is_wrong(one):
            console.print(f"[bold red]equivalent, and found all the same[/]: {plain(one.name)}: {one.requirement}")
    total = overall(of_operators)
    there_are = sum(score.mutants for score in of_operators)
    if total is not None:
        how = "all of them" if len(judged) == there_are else "each operator by the number of its mutants"
        console.print(
            f"\nscore {total:.1%} of the mutants that can be told from the model ({len(judged)} of {there_are} judged, "
            f"{how}; seed {seed})"
        )


def _table(of_operators: list[Score]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("operator", "mutants", "judged", "equivalent", "run", "found", "score", "median steps"):
        table.add_column(title, justify="left" if title == "operator" else "right")
    for score in of_operators:
        numbers = map(str, (score.mutants, score.judged, score.equivalent, score.run, score.found))
        part = "" if score.score is None else f"{score.score:.0%}"
        steps = "" if score.steps is None else f"{score.steps:g}"
        table.add_row(score.operator, *numbers, part, steps)
    return table


def _show_survivor(one: Judged, *, walks: bool) -> None:
    assert one.walk is not None
    console.print(escape(f"  {one.name}"), soft_wrap=True)
    steps = one.walk.told
    for number, step in enumerate(steps if walks else steps[-2:], 1 if walks else max(len(steps) - 1, 1)):
        console.print(plain(f"    {number:3}. {step}"), soft_wrap=True)
    console.print(plain(f"         {one.walk.differs}; allowed: {' | '.join(one.walk.allowed)}"), soft_wrap=True)
