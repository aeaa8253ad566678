"""`trace`: judge recordings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from asr_model import profiles
from asr_model.requirements import CATALOGUE, requirement
from asr_model.vocabulary import Answer
from asr_properties.cli.console import console, fail, plain
from asr_properties.running.requirement_verdicts import Overall
from asr_properties.traces.events import ItemSeen, Requested, TraceError
from asr_properties.traces.formats import read_joined
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import (
    Conformance,
    Continuation,
    Divergence,
    RefusedRequest,
    TraceVerdict,
    conclusion,
)

_MOST_REMARKS = 20
_MOST_AT_END = 8

_COLOURS = {
    Conformance.CONFORMANT: "bold green",
    Conformance.NON_CONFORMANT: "bold red",
    Conformance.INCOMPLETE: "bold yellow",
}


def trace(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="vcrpy cassettes, Azure PowerShell session records, HAR or JSON Lines; without any, the two golden "
            "traces.",
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            help="The lifecycle to judge by, for items that do not tell theirs; items of another one are not judged."
        ),
    ] = None,
    require: Annotated[
        str | None,
        typer.Option(
            metavar="ID,ID",
            help="Requirements that a recording must have put to the test; without, the verdict is incomplete.",
        ),
    ] = None,
    timeline: Annotated[
        bool, typer.Option("--timeline", help="Show all events of each item: time, place, and what was asked or seen.")
    ] = False,
    join: Annotated[
        bool, typer.Option("--join", help="The same item in several files is one history, ordered by time.")
    ] = False,
) -> None:
    """Judge recordings: did what happened agree with the documented lifecycle?

    Exit status: 0 conformant, 1 non-conformant, 2 usage, or a file that cannot be read, 4 incomplete.
    """
    if profile is not None:
        profiles.efsm(profile)
    required = _required(require)
    verdicts: list[TraceVerdict] = []
    paths = files or golden_traces()
    histories = [paths] if join else [[path] for path in paths]
    unread: list[TraceError] = []
    for together in histories:
        path = ", ".join(map(str, together))
        try:
            read = read_joined(together)
            found = judge(read, profile)
        except TraceError as error:
            if len(histories) == 1:
                raise
            console.print(plain(f"{path}: not read: {error}"))
            unread.append(error)
            continue
        console.print(f"[bold]{plain(path)}[/]")
        _show_reading(read, found)
        for verdict in found:
            _show(verdict, read.unit)
            if timeline:
                _show_timeline(read, verdict.item)
        if not found:
            console.print("  no item in it: nothing was judged")
        verdicts += found
    outcome = conclusion(verdicts)
    missing = [key for key in required if not any(verdict.exercised.get(key) for verdict in verdicts)]
    for key in missing:
        console.print(
            plain(f"required and never exercised: {key} ({CATALOGUE[key].section}): {CATALOGUE[key].sentence}")
        )
    if missing and outcome is Conformance.CONFORMANT:
        outcome = Conformance.INCOMPLETE
    unread_too = f", {len(unread)} not read" if unread else ""
    console.print(f"[{_COLOURS[outcome]}]{outcome}[/] ({len(paths)} files{unread_too}, {len(verdicts)} items)")
    if unread and outcome is not Conformance.NON_CONFORMANT:
        raise unread[0]
    raise typer.Exit(Overall(outcome.value).exit_status)


def _required(ids: str | None) -> list[str]:
    """The ids in a list with commas.

    Raises:
        UnknownRequirement: there is no such requirement.
    """
    if ids is None:
        return []
    found = [part.strip().upper() for part in ids.split(",") if part.strip()]
    if not found:
        fail("--require names no requirement; expected ids with commas, such as R38,R66")
    return [requirement(key).id for key in dict.fromkeys(found)]


def _show_reading(read: Trace, verdicts: list[TraceVerdict]) -> None:
    if read.total is None:
        console.print(f"  {sum(verdict.events for verdict in verdicts)} events")
    else:
        skipped = ", ".join(f"{count} {kind}" for kind, count in read.skipped.most_common())
        count = read.skipped.total()
        console.print(
            f"  {read.total} {read.unit}s: {read.total - count} followed, {count} skipped"
            f"{f' ({plain(skipped)})' if skipped else ''}"
        )
    first = 1
    for file, last in read.parts:
        console.print(plain(f"  {read.unit}s {first} to {last}: {file}"))
        first = last + 1
    for gap in read.gaps:
        console.print(plain(f"  gap: {gap}"))
    for item, place, text in read.remarks[:_MOST_REMARKS]:
        console.print(plain(f"  {item}, {read.unit} {place}: {text}"))
    more = len(read.remarks) - _MOST_REMARKS + sum(read.more_remarks.values())
    if more > 0:
        console.print(f"  ... and {more} more remarks")


def _show(verdict: TraceVerdict, unit: str) -> None:
    by = f" by the {verdict.profile} profile" if verdict.profile else ""
    why = f"; {plain(verdict.why)}" if verdict.why else ""
    coloured = f"[{_COLOURS[verdict.conformance]}]{verdict.conformance}[/]"
    console.print(f"  item {plain(verdict.item)}: {coloured}{by}, {verdict.followed} events agree{why}")
    for refused in verdict.refused:
        console.print(plain(f"    {unit} {refused.event.number}: {_refusal(refused)}"))
    if verdict.refusals > len(verdict.refused):
        console.print(f"    ... and {verdict.refusals - len(verdict.refused)} more refusals")
    for gap in verdict.gaps:
        console.print(plain(f"    gap: {gap}"))
    if verdict.exercised:
        counted = ", ".join(f"{key} {verdict.exercised[key]}" for key in CATALOGUE if verdict.exercised.get(key))
        console.print(f"    exercised (requirement, times): {counted}")
    if verdict.phases:
        one_of = "one of " if len(verdict.phases) > 1 else ""
        told = ", ".join(verdict.phases) if len(verdict.phases) <= _MOST_AT_END else f"{len(verdict.phases)} phases"
        console.print(f"    phase at the end: {one_of}{told}")
    if verdict.divergence is not None:
        is_certain = verdict.conformance is Conformance.NON_CONFORMANT
        _show_divergence(verdict.divergence, "departs" if is_certain else "may depart", unit)


def _show_timeline(read: Trace, item: str) -> None:
    console.print("    timeline:")
    for event in read.events:
        if event.item == item:
            at = "no time" if event.at is None else str(event.at)
            job = f" (job {event.job})" if isinstance(event, Requested) and event.job else ""
            console.print(plain(f"      {at}  {read.unit} {event.number}: {event}{job}"))


def _refusal(refused: RefusedRequest) -> str:
    event = refused.event
    was = "refused" if event.answer is Answer.REFUSED else "accepted, and refused by the failure of its job"
    if refused.requirements:
        return f"{event.call} was {was}, as the model requires ({', '.join(refused.requirements)})"
    return f"{event.call} was {was}, which the model allows (no rule requires it for certain)"


def _show_divergence(divergence: Divergence, departs: str, unit: str) -> None:
    event = divergence.event
    at = f", at {event.at}" if event.at else ""
    console.print(plain(f"    here it {departs} from the model: {unit} {event.number}{at}: {event}"))
    is_property = divergence.seen.startswith("broken: ")
    console.print(plain(f"      {'' if is_property else 'seen: '}{divergence.seen.removeprefix('saw ')}"))
    for line in _few(divergence.allowed, _MOST_ALLOWED):
        console.print(plain(f"      allowed: {line}"))
    for line in _possible_before(divergence):
        console.print(plain(f"      possible before: {line}"))
    console.print(plain(f"      nearest legal continuation: {_continuation(divergence.nearest)}"))
    for key in divergence.requirements[:_MOST_RULES]:
        rule = CATALOGUE[key]
        console.print(plain(f"      {key} ({rule.section}; {rule.evidence}): {rule.sentence}"))
    if more := divergence.requirements[_MOST_RULES:]:
        console.print(plain(f"      and, less telling: {', '.join(more)}"))


_MOST_PHASES, _MOST_ALLOWED, _MOST_RULES = 3, 6, 6
"""How many of each are told of a divergence, so that one fits on a screen."""


def _few(lines: Sequence[str], most: int) -> list[str]:
    return [*lines[:most], *([f"... or one of {len(lines) - most} others"] if len(lines) > most else [])]


def _possible_before(divergence: Divergence) -> list[str]:
    """Where the item could have been: the phase that it shows, if it could; else some of those that were possible."""
    event = divergence.event
    shown = event.observation.phase if isinstance(event, ItemSeen) else None
    told = [one for one in divergence.before if one.phase == shown] or list(divergence.before)
    lines = [f"{one.phase} (allows {', '.join(one.allows) or 'nothing'})" for one in told]
    if len(told) == 1 < len(divergence.before):
        lines[0] += f", or one of {len(divergence.before) - 1} other phases"
    return _few(lines, _MOST_PHASES)


def _continuation(nearest: Continuation | None) -> str:
    if nearest is None:
        return "none, as no steps of the model lead to what was seen"
    if not nearest.steps:
        return "no step is missing; the event agrees with where the item is, but not with what was recorded earlier"
    return f"{', then '.join(nearest.steps)} (from {nearest.start} to {nearest.end})"
