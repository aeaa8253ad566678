"""`explain` and `requirements`: what a word means, and how each requirement is judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from asr_model import profiles
from asr_model.requirements import CATALOGUE, requirement
from asr_model.requirements.requirement import Requirement
from asr_model.vocabulary import Fault
from asr_properties.arm.service_words import meanings, service_words
from asr_properties.cli.completion import ids, words
from asr_properties.cli.console import console
from asr_properties.cli.json_output import JsonFile, begin_json, write_json
from asr_properties.cli.options import Profile
from asr_properties.cli.rule_texts import judgings, rule_texts
from asr_properties.contract import faults, points
from asr_properties.running.requirement_status import MISSING, NOT_JUDGEABLE
from asr_reports.explain import KINDS, overview
from asr_reports.explain import explain as explanation_of
from asr_reports.rule_words import Judging
from asr_reports.text_layout import heading, items, section


def explain(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[WORD]", autocompletion=words, help=f"{KINDS[0].upper()}{KINDS[1:]}. Without one: what there is."
        ),
    ] = None,
    profile: Profile = profiles.DEFAULT,
) -> None:
    """Tell what a word means: what is allowed where, what leads where, what a property says, and why."""
    if what is None:
        numbered = [f"contract {number}" for number in points.POINTS]
        also = {"Tasks": list(faults.tasks()), "Contract": numbered, "Words of the service": service_words()}
        console.print(overview(profiles.efsm(profile), rule_texts(), also), markup=False)
        return
    if point := points.told(what):
        console.print("\n".join(heading(point)), markup=False)
        return
    if what.strip() in faults.tasks():
        named = ", ".join(faults.tasks()[what.strip()])
        console.print(f"{what.strip()}: a task of a job, which {named} can be for", markup=False)
        return
    found = meanings(what)
    for meaning in found:
        console.print(f"{meaning.word}: {meaning.told}", markup=False)
    ours = dict.fromkeys(meaning.ours for meaning in found if meaning.ours is not None) if found else [what]
    for word in ours:
        if found:
            console.print()
        console.print(explanation_of(profiles.stepper(profile), word, rule_texts(), judgings(profile)), markup=False)
        if (name := word.strip().lower().replace("-", "_")) in set(Fault):
            told = section("What it does", items(faults.told(Fault(name))))
            console.print("\n".join(told).lstrip("\n"), markup=False)


def requirements(
    profile: Profile = profiles.DEFAULT,
    identifier: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", autocompletion=ids, help="Show these in full.")
    ] = None,
    status: Annotated[
        bool,
        typer.Option("--status", help="Show what judges each, or why nothing does. Exit status 1 if one has neither."),
    ] = False,
    json_file: JsonFile = None,
) -> None:
    """Show every requirement, and on what it is judged: the model, runs, recordings. With ids, show these in full."""
    begin_json(json_file)
    known = judgings(profile)
    wanted = [requirement(i.upper()).id for i in identifier or CATALOGUE]
    write_json(json_file, _document(profile, wanted, known))
    if identifier and not status:
        for i in wanted:
            console.print(explanation_of(profiles.stepper(profile), i, rule_texts(), known), markup=False)
        return
    table = Table(box=None, pad_edge=False)
    for title in ("id", "evidence", "judged"):
        table.add_column(title, no_wrap=True)
    table.add_column("by, or why not" if status else "requirement", overflow="fold")
    for i in wanted:
        text = known[i].reason if status else CATALOGUE[i].sentence
        table.add_row(i, CATALOGUE[i].evidence.value, known[i].kind, escape(text))
    console.print(table)
    missing = [i for i in wanted if known[i].kind == MISSING or not known[i].reason]
    never = sum(known[i].kind == NOT_JUDGEABLE for i in wanted)
    judged = len(wanted) - never - len(missing)
    unsettled = f"{len(missing)} without a verdict kind or reason{': ' + ', '.join(missing) if missing else ''}"
    console.print(
        f"{len(wanted)} requirements of the profile {profile}: {judged} judged, {never} not judgeable, {unsettled}"
    )
    if status and missing:
        raise typer.Exit(1)


def _document(profile: str, wanted: list[str], known: Mapping[str, Judging]) -> dict[str, Any]:
    """What `requirements --json` writes."""
    return {
        "format": "asr-conformance requirements",
        "version": 1,
        "profile": profile,
        "requirements": [_row(CATALOGUE[i], known[i]) for i in wanted],
    }


def _row(entry: Requirement, judging: Judging) -> dict[str, Any]:
    return {
        "requirement": entry.id,
        "sentence": entry.sentence,
        "section": entry.section,
        "evidence": entry.evidence.value,
        "checks": [check.value for check in entry.checks],
        "ambiguities": list(entry.ambiguities),
        "note": entry.note,
        "judged": judging.kind,
        "by_or_why_not": judging.reason,
        "properties": list(judging.properties),
        "transitions": list(judging.transitions),
    }
