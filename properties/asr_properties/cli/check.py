"""`check`: judge all properties on the model."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from asr_model import profiles
from asr_model.lts import Edge, Lts
from asr_properties.cli.console import console
from asr_properties.cli.json_output import JsonFile, begin_json, write_json
from asr_properties.cli.load_bearing_output import as_json, judge_changes, show_changes
from asr_properties.cli.options import Profile
from asr_properties.cli.progress import Quiet
from asr_properties.model_checking.load_bearing import LoadBearing
from asr_properties.model_checking.model_checker import ModelChecker
from asr_properties.model_checking.product import ModelVerdict
from asr_properties.specification.declared import properties_of
from asr_properties.specification.rule import EvidenceKind
from asr_reports.guards_in_words import event_in_words

INCOMPLETE = 4
_NUMBERS = ("states", "steps", "exercised")
_ROOM_FOR_NUMBERS = 110
"""Columns that a terminal must have for them: names of properties are told whole, to be copied."""
_STYLES = {"holds": "green", "fails": "bold red", "vacuous": "bold yellow"}


def check(
    profile: Profile = profiles.DEFAULT,
    load_bearing: Annotated[
        bool,
        typer.Option(
            "--load-bearing",
            help="Change one transition, condition or update of the model after the other, and show how many changes "
            "the properties of each requirement refute, and which nobody notices. Takes 15 minutes.",
        ),
    ] = False,
    every: Annotated[
        int, typer.Option(min=1, metavar="N", help="With --load-bearing: judge each Nth change only.")
    ] = 1,
    prove: Annotated[
        bool,
        typer.Option(
            "--prove",
            help="Also prove what holds of records, recovery points and retries, however many (extra `prove`).",
        ),
    ] = False,
    quiet: Quiet = False,
    json_file: JsonFile = None,
) -> None:
    """Judge every property on everything that the model can do.

    The table shows how many states and steps of the model and the property's monitor were gone through, and how many
    of the steps put the property to the test; a property that none does is vacuous. For one that fails, the shortest
    path is shown. Exit status: 0 all hold, 1 one fails, is vacuous or is refuted, 2 usage, 4 one is neither proved nor
    refuted.
    """
    begin_json(json_file)
    if prove:
        from asr_properties.cli import prove_output

        prove_output.check_prover()
    begin = time.monotonic()
    lts = profiles.lts(profile)
    properties = properties_of(profile)
    if load_bearing:
        carried = LoadBearing(lts, properties)
        changes = judge_changes(carried, every, quiet=quiet)
        show_changes(carried, changes)
        write_json(json_file, _document(lts) | {"load_bearing": as_json(carried, changes)})
        return
    verdicts = list(ModelChecker(lts).check(properties))
    if not quiet:
        _show_size(profile, lts)
        console.print(_table(verdicts))
    failed = [verdict for verdict in verdicts if not verdict.holds]
    for verdict in failed:
        _show_failed(verdict, lts)
    others = sum(EvidenceKind.MODEL not in p.evidence for p in properties)
    console.print(
        f"{'[bold red]FAILED' if failed else '[bold green]all properties hold'}[/]: "
        f"{len(properties) - others - len(failed)} hold, {len(failed)} do not; {others} can be judged on a run or a "
        f"recording only; {time.monotonic() - begin:.1f} s"
    )
    judged = [_verdict(verdict, lts) for verdict in verdicts]
    document = _document(lts) | {"holds": not failed, "properties": judged, "judged_elsewhere": others}
    outcomes: set[str] = set()
    if prove:
        proofs = prove_output.prove_all(lts)
        prove_output.show_proofs(proofs, quiet=quiet)
        document["for_all_sizes"] = prove_output.as_json(proofs)
        outcomes = {proof.outcome for proof in proofs}
    write_json(json_file, document)
    raise typer.Exit(1 if failed or "refuted" in outcomes else INCOMPLETE if "unknown" in outcomes else 0)


def _document(lts: Lts) -> dict[str, Any]:
    """The beginning of what `--json` writes."""
    edges = list(lts.edges)
    taken = sum(edge.transition is not None for edge in edges)
    return {
        "format": "asr-conformance check",
        "version": 1,
        "profile": lts.stepper.efsm.profile,
        "states": len(lts.states),
        "transitions": taken,
        "refusals": len(edges) - taken,
    }


def _verdict(verdict: ModelVerdict, lts: Lts) -> dict[str, Any]:
    path = verdict.counterexample
    return {
        "property": verdict.judged.name,
        "says": verdict.judged.says,
        "requirements": list(verdict.judged.requirements),
        "outcome": _outcome(verdict),
        "states": verdict.states,
        "steps": verdict.transitions,
        "exercised": verdict.exercised,
        "counterexample": None if path is None else [_step(edge, lts) for edge in path],
    }


def _outcome(verdict: ModelVerdict) -> str:
    return "holds" if verdict.holds else "vacuous" if verdict.counterexample is None else "fails"


def _step(edge: Edge, lts: Lts) -> dict[str, Any]:
    return {
        "event": event_in_words(edge.event),
        "answer": edge.response,
        "surroundings": sorted(edge.surroundings),
        "phase": lts.states[edge.target].phase,
    }


def _show_size(profile: str, lts: Lts) -> None:
    edges = list(lts.edges)
    transitions = sum(edge.transition is not None for edge in edges)
    console.print(
        f"model {profile}: {len(lts.stepper.efsm.phases)} phases, {len(lts.stepper.efsm.transitions)} declared "
        f"transitions; explored {len(lts.states)} states, {transitions} transitions, {len(edges) - transitions} "
        "refusals, all of them"
    )


def _table(verdicts: Iterable[ModelVerdict]) -> Table:
    table = Table(box=None, pad_edge=False)
    numbers = _NUMBERS if console.width >= _ROOM_FOR_NUMBERS else ()
    for title in ("", "property", "requirements", *numbers):
        table.add_column(title, justify="right" if title in numbers else "left", no_wrap=title == "property")
    for verdict in verdicts:
        outcome = _outcome(verdict)
        mark = f"[{_STYLES[outcome]}]{outcome}[/]"
        counted = map(str, (verdict.states, verdict.transitions, verdict.exercised) if numbers else ())
        table.add_row(mark, verdict.judged.name, ", ".join(verdict.judged.requirements), *counted)
    return table


def _show_failed(verdict: ModelVerdict, lts: Lts) -> None:
    """The property in words, and the shortest path on which it fails."""
    console.print(f"\n[bold red]{verdict.judged.name}[/]: {escape(verdict.judged.says)}")
    console.print(f"  {escape(verdict.judged.pattern)}")
    for number, edge in enumerate(verdict.counterexample or (), 1):
        faults = f"  (while {', '.join(sorted(edge.surroundings))})" if edge.surroundings else ""
        answer = f" {edge.response}" if edge.response else ""
        phase = lts.states[edge.target].phase
        console.print(escape(f"  {number:3}. {event_in_words(edge.event)}{answer}{faults}  [{phase}]"))
