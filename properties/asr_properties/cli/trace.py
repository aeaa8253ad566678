"""`trace`: judge recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from asr_model import profiles
from asr_model.requirements import CATALOGUE
from asr_properties.cli.console import console
from asr_properties.running.verdicts import Overall
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judging import judge
from asr_properties.traces.reading import read_trace
from asr_properties.traces.trace import Trace
from asr_properties.traces.verdicts import Conformance, Divergence, TraceVerdict, conclusion

_COLOURS = {
    Conformance.CONFORMANT: "bold green",
    Conformance.NON_CONFORMANT: "bold red",
    Conformance.INCOMPLETE: "bold yellow",
}


def trace(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="vcrpy cassettes or JSON Lines; without any, the two golden traces."),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="The lifecycle to judge by; default: the one the trace is of.")
    ] = None,
) -> None:
    """Judge recordings: did what happened agree with the documented lifecycle?

    Exit status: 0 conformant, 1 non-conformant, 2 usage, 4 incomplete.
    """
    if profile is not None:
        profiles.efsm(profile)
    verdicts: list[TraceVerdict] = []
    traces = [(path, read_trace(path)) for path in files or golden_traces()]
    for path, read in traces:
        console.print(f"[bold]{escape(str(path))}[/]")
        _show_reading(read)
        found = judge(read, profile)
        for verdict in found:
            _show(verdict)
        if not found:
            console.print("  no item in it: nothing was judged")
        verdicts += found
    outcome = conclusion(verdicts)
    console.print(f"[{_COLOURS[outcome]}]{outcome}[/] ({len(traces)} files, {len(verdicts)} items)")
    raise typer.Exit(Overall(outcome.value).exit_status)


def _show_reading(read: Trace) -> None:
    skipped = ", ".join(f"{count} {kind}" for kind, count in read.skipped.most_common())
    console.print(
        f"  {read.total} {read.unit}s: {read.followed} followed, {read.skipped.total()} skipped"
        f"{f' ({escape(skipped)})' if skipped else ''}"
    )
    for item, place, text in read.remarks:
        console.print(escape(f"  {item}, {read.unit} {place}: {text}"))


def _show(verdict: TraceVerdict) -> None:
    console.print(
        f"  item {escape(verdict.item)}: [{_COLOURS[verdict.conformance]}]{verdict.conformance}[/], "
        f"{verdict.followed} events agree{f'; {escape(verdict.why)}' if verdict.why else ''}"
    )
    for refused in verdict.refused:
        why = ", ".join(refused.requirements) or "left open"
        console.print(escape(f"    refused, rightly: {refused.event} ({why})"))
    for gap in verdict.gaps:
        console.print(escape(f"    gap: {gap}"))
    if verdict.exercised:
        counted = ", ".join(f"{key} {verdict.exercised[key]}" for key in CATALOGUE if verdict.exercised.get(key))
        console.print(f"    exercised (requirement, times): {counted}")
    if verdict.phases:
        console.print(f"    at the end: {', '.join(verdict.phases)}")
    if verdict.divergence is not None:
        _show_divergence(verdict.divergence)


def _show_divergence(divergence: Divergence) -> None:
    event = divergence.event
    console.print(escape(f"    here it departs from the model: event {event.number}, {event.at or 'no time'}: {event}"))
    console.print(escape(f"      seen: {divergence.seen}"))
    for line in divergence.allowed:
        console.print(escape(f"      allowed: {line}"))
    for possible in divergence.before:
        console.print(escape(f"      before: {possible.phase} (allows {', '.join(possible.allows) or 'nothing'})"))
    for key in divergence.requirements:
        rule = CATALOGUE[key]
        console.print(escape(f"      {key} ({rule.section}; {rule.evidence}): {rule.sentence}"))
