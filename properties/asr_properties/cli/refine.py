"""`refine`: an implementation with all its choices beside the model, state by state, in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, cast

import typer

from asr_model import profiles
from asr_model.lts import Lts
from asr_properties.adapters.loading import embedded, load
from asr_properties.cli.console import console, fail, plain
from asr_properties.cli.event_words import counted
from asr_properties.cli.json_output import JsonFile, begin_json, write_json
from asr_properties.cli.options import Adapter, Profile
from asr_properties.cli.progress import Progress, Quiet, with_progress
from asr_properties.contract.connection import started
from asr_properties.refinement.explored import Explorable
from asr_properties.refinement.never_shown import (
    NOT_REACHED,
    PERHAPS,
    NeverShown,
    edges_of,
    never_shown,
    reason_of_the_reference,
)
from asr_properties.refinement.refinement import Comparison, Departure, Refinement, Taken

DEFAULT_DEPTH = 2
"""Steps from an item in each phase: 15 seconds of processor time."""


def refine(
    adapter: Adapter = None,
    profile: Profile = profiles.DEFAULT,
    depth: Annotated[
        int, typer.Option(min=0, help="So many steps from where it begins are gone through; 0: until nothing is new.")
    ] = DEFAULT_DEPTH,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin with fresh items alone, and not also with one in each phase.")
    ] = False,
    quiet: Quiet = False,
    json_file: JsonFile = None,
) -> None:
    """Compare an implementation with the model state by state: all that it may choose, under all conditions.

    It begins with fresh items and with one in each phase. One step is whatever can be asked for, or time that passes up
    to what is due next. What is shown and the model forbids is told with the shortest path to it; what the model allows
    and is never shown is listed. The implementation is the reference, or one in this process that can be copied
    (`asr_properties.refinement.explored.Explorable`). Exit status: 0 nothing forbidden was shown, 1 something was, 2
    usage, 3 adapter error.
    """
    begin_json(json_file)
    lts = profiles.lts(profile)
    create = load(adapter or embedded(profile), profile=profile)
    first = started(create)
    if not isinstance(first, Explorable):
        fail(
            "refine goes through what can be copied, in this process: the adapter has to have the methods explore, "
            "due_in and likeness of asr_properties.refinement.explored.Explorable, as the reference has them"
        )
    own = first.hello(protocol=1)["profile"]
    if own != profile:
        fail(f"the adapter is of the profile {own!r}: compare it with --profile {own}")
    refinement = Refinement(cast("Any", create), lts.stepper)

    def work(progress: Progress) -> Comparison:
        def told(now: int, known: int, left: int) -> None:
            part = now / depth if depth else 0.0
            progress(part, f"step {now + 1}, {known} places known, {left} to be left", refinement.found.steps)

        return refinement.compare(depth or None, leads=not fresh, told=told)

    found = with_progress("comparing", work, unit="steps", quiet=quiet)
    is_reference = adapter is None
    missing = list(never_shown(found, lts, reason_of_the_reference if is_reference else lambda identifier: None))
    if not quiet:
        _show(found, lts, missing)
        _show_missing(missing)
    for departure in found.departures:
        _show_departure(departure)
    bound = "in any number of steps" if found.is_exhausted else f"within {counted(found.depth, 'step')}"
    console.print(
        f"[bold red]DEPARTS[/] {bound}: {counted(len(found.departures), 'departure')}"
        if found.departures
        else f"[bold green]REFINES[/] the model {bound}"
    )
    write_json(json_file, _record(found, lts, missing))
    raise typer.Exit(1 if found.departures else 0)


def _show(found: Comparison, lts: Lts, missing: Sequence[NeverShown]) -> None:
    all_of_it = "all of them" if found.is_exhausted else f"all within {counted(found.depth, 'step')} of where it begins"
    perhaps = sum(one.why == PERHAPS for one in missing)
    console.print(plain(f"{found.places} places gone through with {found.steps} steps, {all_of_it}"))
    console.print(
        f"compared: {len(found.states)} of {len(lts.states)} states of the model for certain and "
        f"{len(found.left - found.states)} perhaps, {len(found.edges)} of "
        f"{edges_of(lts)} steps between them, {len(found.refusals)} refusals; shown: {len(found.shown)} of "
        f"{len(lts.stepper.efsm.transitions)} transitions, {perhaps} more perhaps"
    )


def _show_missing(missing: Sequence[NeverShown]) -> None:
    """The transitions that were never shown, by the reason; of those out of reach their number is enough."""
    for why in dict.fromkeys(one.why for one in missing):
        alike = [one.transition for one in missing if one.why == why]
        if why == NOT_REACHED:
            console.print(plain(f"{counted(len(alike), 'transition')} out of reach: {why}"))
            continue
        console.print(plain(f"{'perhaps' if why == PERHAPS else 'never'} shown: {why}"))
        for transition in alike:
            console.print(plain(f"  {transition.id}  ({', '.join(transition.requirements)})"), soft_wrap=True)


def _show_departure(departure: Departure) -> None:
    *_, last = departure.path
    rules = ", ".join(departure.requirements)
    console.print()
    console.print(plain(f"after {counted(len(departure.path), 'step')}: {departure.what}  ({rules})"), soft_wrap=True)
    for number, taken in enumerate(departure.path, 1):
        mark = "  <- departs" if taken is last else ""
        console.print(plain(f"  {number:3}. {_words(taken)}{mark}"), soft_wrap=True)
    console.print(plain(f"  allowed: {' | '.join(departure.allowed)}"), soft_wrap=True)


def _words(taken: Taken) -> str:
    conditions = f", while {', '.join(taken.conditions)}" if taken.conditions else ""
    chosen = f"  (chosen {'; '.join(taken.chosen)})" if taken.chosen else ""
    answer = f" {taken.answer}" if taken.answer else ""
    return f"{taken.words}{answer}{conditions}  [{taken.phase}]{chosen}"


def _record(found: Comparison, lts: Lts, missing: Sequence[NeverShown]) -> dict[str, Any]:
    return {
        "format": "asr-conformance refinement",
        "version": 1,
        "profile": lts.stepper.efsm.profile,
        "refines": not found.departures,
        "depth": found.depth,
        "exhausted": found.is_exhausted,
        "places": found.places,
        "steps": found.steps,
        "states": {"compared": len(found.states), "perhaps": len(found.left - found.states), "model": len(lts.states)},
        "edges": {"compared": len(found.edges), "model": edges_of(lts)},
        "refusals": len(found.refusals),
        "shown": dict(sorted(found.shown.items())),
        "never_shown": [
            {"transition": transition.id, "requirements": list(transition.requirements), "why": why}
            for transition, why in missing
        ],
        "departures": [
            {
                "configuration": dict(departure.configuration),
                "steps": [taken._asdict() for taken in departure.path],
                "observed": departure.what,
                "allowed": list(departure.allowed),
                "requirements": list(departure.requirements),
            }
            for departure in found.departures
        ],
    }
