"""`check`, `explain`, `requirements` and `graph`: what the model itself says."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from asr_model import profiles
from asr_model.efsm import Transition
from asr_model.requirements import CATALOGUE
from asr_properties.cli.console import console, fail, with_progress
from asr_properties.cli.run import Profile
from asr_properties.files import write_whole
from asr_properties.model_checking.load_bearing import LoadBearing, Removal
from asr_properties.model_checking.model_checker import ModelChecker, ModelVerdict
from asr_properties.running.requirement_status import NOT_JUDGEABLE, Status, statuses
from asr_properties.specification.declared import PROPERTIES, properties_of
from asr_properties.specification.rule import EvidenceKind
from asr_reports import plain_text as explanation
from asr_reports.dot import to_dot
from asr_reports.mermaid import to_mermaid
from asr_reports.state_graph import Detail, state_graph
from asr_reports.svg import render_svg


def check(
    profile: Profile = profiles.DEFAULT,
    load_bearing: Annotated[
        bool, typer.Option("--load-bearing", help="Which transitions each property depends on. Takes minutes.")
    ] = False,
) -> None:
    """Judge all properties exhaustively on the model. Exit status 1 if one fails or is never put to the test."""
    begin = time.monotonic()
    lts = profiles.lts(profile)
    if load_bearing:
        _show_load_bearing(LoadBearing(lts, properties_of(profile)))
        return
    transitions = sum(1 for edge in lts.edges if edge.transition is not None)
    refusals = sum(1 for edge in lts.edges if edge.transition is None)
    console.print(
        f"model {profile}: {len(lts.stepper.efsm.phases)} phases, {len(lts.stepper.efsm.transitions)} declared "
        f"transitions; explored {len(lts.states)} states, {transitions} transitions, {refusals} refusals, all of them"
    )
    properties = properties_of(profile)
    failed: list[ModelVerdict] = []
    table = Table(box=None, pad_edge=False)
    for title in ("", "property", "requirements", "states", "steps", "exercised"):
        table.add_column(title, justify="right" if title in ("states", "steps", "exercised") else "left")
    for verdict in ModelChecker(lts).check(properties):
        mark = "[green]holds[/]" if verdict.holds else "[bold red]fails[/]"
        if verdict.counterexample is None and not verdict.exercised:
            mark = "[bold yellow]vacuous[/]"
        judged = verdict.judged
        numbers = (str(n) for n in (verdict.states, verdict.transitions, verdict.exercised))
        table.add_row(mark, judged.name, ", ".join(judged.requirements), *numbers)
        if not verdict.holds:
            failed.append(verdict)
    console.print(table)
    for verdict in failed:
        console.print(f"\n[bold red]{verdict.judged.name}[/]: {escape(verdict.judged.says)}")
        console.print(f"  {escape(verdict.judged.pattern)}")
        for number, edge in enumerate(verdict.counterexample or (), 1):
            faults = f"  (while {', '.join(sorted(edge.surroundings))})" if edge.surroundings else ""
            answer = f" {edge.response}" if edge.response else ""
            phase = lts.states[edge.target].phase
            console.print(escape(f"  {number:3}. {edge.event}{answer}{faults}  [{phase}]"))
    others = sum(1 for p in properties if EvidenceKind.MODEL not in p.evidence)
    console.print(
        f"{'[bold red]FAILED' if failed else '[bold green]all properties hold'}[/]: "
        f"{len(properties) - others - len(failed)} hold, {len(failed)} do not; {others} can be judged on a run or a "
        f"recording only; {time.monotonic() - begin:.1f} s"
    )
    raise typer.Exit(1 if failed else 0)


def _show_load_bearing(carried: LoadBearing) -> None:
    """For every property the transitions without which it breaks or is vacuous, and what no property notices."""
    removals: list[Removal] = []

    def work(progress: Callable[[float, str], None]) -> None:
        transitions = len(carried.lts.stepper.efsm.transitions)
        for removal in carried.removals():
            removals.append(removal)
            progress(len(removals) / transitions, f"{len(removals)} of {transitions} transitions removed")

    with_progress("load-bearing", work)
    untouched = []
    for candidate in carried.properties:
        bearing = [(r.transition, r.effects[candidate.name]) for r in removals if candidate.name in r.effects]
        if not bearing:
            untouched.append(candidate.name)
            continue
        console.print(f"{candidate.name}: depends on {len(bearing)} transitions")
        for transition, effect in bearing:
            console.print(f"  without {transition} it {effect}")
    unnoticed = [removal.transition for removal in removals if not removal.effects]
    console.print(f"\n{len(untouched)} of {len(carried.properties)} properties depend on no single transition:")
    for name in untouched:
        console.print(f"  {name}")
    console.print(
        f"{len(unnoticed)} of {len(removals)} transitions, each alone, can be removed unnoticed on the model:"
    )
    for name in unnoticed:
        console.print(f"  {name}")


def explain(
    what: Annotated[str, typer.Argument(help="A phase, a drill state, an operation, or a requirement such as R38.")],
    profile: Profile = profiles.DEFAULT,
) -> None:
    """Tell in text what is allowed where, what leads where, and why."""
    by_requirement: dict[str, list[tuple[str, str]]] = {}
    for candidate in properties_of(profile):
        for identifier in candidate.requirements:
            by_requirement.setdefault(identifier, []).append((candidate.name, candidate.says))
    console.print(explanation.explain(profiles.stepper(profile), what, by_requirement), markup=False)


class Format(StrEnum):
    """How the state graph is written."""

    SVG = "svg"
    MERMAID = "mermaid"
    DOT = "dot"


_BY_ENDING = {".svg": Format.SVG, ".mmd": Format.MERMAID, ".mermaid": Format.MERMAID, ".dot": Format.DOT}


def graph(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write; else standard output.")] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="Default: by the file's ending, else mermaid.")
    ] = None,
    detail: Annotated[Detail, typer.Option(help="overview folds what is everywhere the same.")] = Detail.OVERVIEW,
    profile: Profile = profiles.DEFAULT,
) -> None:
    """Draw the state graph: SVG (no system Graphviz needed), Mermaid or DOT."""
    if form is None and output is not None and output.suffix.lower() not in _BY_ENDING:
        fail(f"cannot tell the format from {output.name!r}: end it in {', '.join(_BY_ENDING)}, or give --format")
    chosen = form or (_BY_ENDING[output.suffix.lower()] if output is not None else Format.MERMAID)
    drawn = state_graph(profiles.efsm(profile), detail)
    if chosen is Format.MERMAID:
        text = to_mermaid(drawn)
    else:
        text = to_dot(drawn)
        if chosen is Format.SVG:
            text = render_svg(text)
    if output is None:
        print(text, end="" if text.endswith("\n") else "\n")
        return
    write_whole(output, text)
    console.print(f"wrote {output}")


def requirements(
    profile: Profile = profiles.DEFAULT,
    identifier: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Show these in full.")] = None,
    status: Annotated[
        bool, typer.Option("--status", help="How each is judged, or why not. Exit status 1 if one has neither.")
    ] = False,
) -> None:
    """The traceability table: every requirement, how it is judged or why not; with ids, these in full."""
    efsm = profiles.efsm(profile)
    wanted = [i.upper() for i in identifier or CATALOGUE]
    unknown = [i for i in wanted if i not in CATALOGUE]
    if unknown:
        fail(f"there is no requirement {unknown[0]!r}; ids are R01 to R94 and X01 to X22")
    known = {s.requirement: s for s in statuses(efsm, properties_of(profile))}
    shown = [known[i] for i in wanted]
    if identifier and not status:
        for entry in shown:
            _show_in_full(entry, [t for t in efsm.transitions if entry.requirement in t.requirements])
        return
    table = Table(box=None, pad_edge=False)
    for title in ("id", "evidence", "judged"):
        table.add_column(title, no_wrap=True)
    table.add_column("by, or why not" if status else "requirement")
    for entry in shown:
        requirement = CATALOGUE[entry.requirement]
        text = entry.reason if status else requirement.sentence
        table.add_row(entry.requirement, requirement.evidence.value, entry.kind, escape(text))
    console.print(table)
    missing = [entry.requirement for entry in shown if not entry.is_settled]
    never = sum(entry.kind == NOT_JUDGEABLE for entry in shown)
    console.print(
        f"{len(shown)} requirements of the profile {profile}: {len(shown) - never - len(missing)} judged, {never} not "
        f"judgeable, {len(missing)} without a verdict kind or reason{': ' + ', '.join(missing) if missing else ''}"
    )
    if status and missing:
        raise typer.Exit(1)


def _show_in_full(entry: Status, citing: list[Transition]) -> None:
    requirement = CATALOGUE[entry.requirement]
    says = {candidate.name: candidate.says for candidate in PROPERTIES}
    lines = [
        f"{requirement.id} ({requirement.section}; {requirement.evidence.value}): {requirement.sentence}",
        *([f"  note: {requirement.note}"] if requirement.note else []),
        f"  checked by: {'+'.join(check.value for check in requirement.checks)}",
        *([f"  ambiguities: {', '.join(requirement.ambiguities)}"] if requirement.ambiguities else []),
        f"  judged: {entry.kind}" + ("" if entry.properties else f": {entry.reason}"),
        *(f"  property {name}: {says[name]}" for name in entry.properties),
        *(
            f"  transition {t.id}" + (" (taking it puts it to the test)" if t.id in entry.transitions else "")
            for t in citing
        ),
        "",
    ]
    console.print(escape("\n".join(lines)))
