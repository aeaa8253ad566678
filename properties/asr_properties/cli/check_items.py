"""`check --items`: several items at once, independent or coupled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from asr_model import profiles
from asr_model.composition.component import Vector
from asr_model.composition.coupling import MULTI_VM_GROUP
from asr_model.composition.explored import GIBIBYTE, Bound, Engine, EngineMissing, Explored, TooLarge
from asr_model.composition.of_lifecycle import ComposedItem, composed_item
from asr_properties.cli.console import console, fail
from asr_properties.cli.json_output import write_json
from asr_properties.cli.progress import Progress, with_progress
from asr_properties.model_checking.product import ModelVerdict
from asr_properties.model_checking.several_items import (
    Outcome,
    ProductVerdict,
    carried_over,
    explore_items,
    on_the_product,
)
from asr_properties.specification.declared import properties_of
from asr_reports.guards_in_words import event_in_words

FAILED, TRUNCATED = 1, 4
_STYLES: Final = {
    Outcome.HOLDS: "green",
    Outcome.FAILS: "bold red",
    Outcome.TRUNCATED: "bold yellow",
    Outcome.VACUOUS: "bold yellow",
}


@dataclass(frozen=True)
class Asked:
    """What is to be explored. memory: in GiB."""

    items: int
    grouped: bool
    engine: Engine
    most_states: int | None
    memory: float

    @property
    def bound(self) -> Bound:
        """How far it may go."""
        return Bound(int(self.memory * GIBIBYTE), self.most_states)


def check_items(profile: str, asked: Asked, *, quiet: bool, json_file: Path | None) -> int:
    """Judge what can be judged on several items; the exit status."""
    if asked.engine is Engine.SYMBOLIC and asked.most_states is not None:
        fail(
            "--max-states bounds the states that are held, and symbolic holds none: take --memory, or another --engine"
        )
    lts, properties = profiles.lts(profile), properties_of(profile)
    item = composed_item(lts, MULTI_VM_GROUP if asked.grouped else None)
    begin = time.monotonic()

    def work(progress: Progress) -> Explored:
        return explore_items(item.component, asked.items, asked.engine, asked.bound, lambda n: progress(0.0, "", n))

    try:
        explored = with_progress(
            "exploring", work, unit="nodes" if asked.engine is Engine.SYMBOLIC else "states", quiet=quiet
        )
    except EngineMissing as missing:
        fail(str(missing))
    except TooLarge as large:
        fail(f"{large}; --engine symbolic has no such bound")
    took = time.monotonic() - begin
    on_product, on_one = on_the_product(item, explored, properties), carried_over(item, explored, properties)
    whole = explored.truncated is None
    if not quiet:
        _show_what_is_composed(profile, asked, item)
        _show_size(explored, took)
        console.print(_table(on_product, on_one, explored, item))
    broken = [verdict for verdict in on_product if verdict.outcome is Outcome.FAILS]
    paths = [_path(item, verdict, asked.bound) for verdict in broken]
    for verdict, path in zip(broken, paths, strict=True):
        _show_broken(item, verdict, path)
    wrong = [v.name for v in on_product if v.outcome in (Outcome.FAILS, Outcome.VACUOUS)]
    wrong += [v.judged.name for v in on_one if v.counterexample is not None or (whole and not v.holds)]
    _show_conclusion(wrong, explored, len(on_product) + len(on_one))
    write_json(
        json_file,
        {
            "format": "asr-conformance check items",
            "version": 1,
            "profile": profile,
            "items": asked.items,
            "coupling": item.coupling and item.coupling.name,
            "engine": explored.engine,
            "states": explored.states,
            "transitions": explored.transitions,
            "stored": explored.stored,
            "depth": explored.depth,
            "deadlocks": explored.deadlocks,
            "memory": explored.memory,
            "truncated": explored.truncated,
            "holds": not wrong and whole,
            "product": [
                {
                    "property": verdict.name,
                    "says": verdict.says,
                    "because": verdict.because,
                    "outcome": verdict.outcome,
                    "where": verdict.vector and _phases(item, verdict.vector),
                    "counterexample": path,
                }
                for verdict, path in _with_paths(on_product, broken, paths)
            ],
            "one_item": {
                "states": len(explored.visited),
                "properties": [{"property": v.judged.name, "outcome": _outcome_of_one(v, explored)} for v in on_one],
            },
        },
    )
    return FAILED if wrong else 0 if whole else TRUNCATED


def _with_paths(
    verdicts: list[ProductVerdict], broken: list[ProductVerdict], paths: list[list[dict[str, Any]] | None]
) -> Iterator[tuple[ProductVerdict, list[dict[str, Any]] | None]]:
    known = {verdict.name: path for verdict, path in zip(broken, paths, strict=True)}
    return ((verdict, known.get(verdict.name)) for verdict in verdicts)


def _outcome_of_one(verdict: ModelVerdict, explored: Explored) -> Outcome:
    if verdict.counterexample is not None:
        return Outcome.FAILS
    if explored.truncated is not None:
        return Outcome.TRUNCATED
    return Outcome.HOLDS if verdict.holds else Outcome.VACUOUS


def _phases(item: ComposedItem, vector: Vector) -> list[str]:
    return [state.phase for state in item.states_of(vector)]


def _path(item: ComposedItem, verdict: ProductVerdict, bound: Bound) -> list[dict[str, Any]] | None:
    """The fewest steps to where a rule is broken; None where they could not be found within the bound."""
    assert verdict.vector is not None
    try:
        from asr_model.composition.path import shortest_path

        stages = shortest_path(item.component, verdict.vector, bound)
    except (ImportError, TooLarge):
        return None
    if stages is None:
        return None
    found = []
    for stage in stages:
        edges = {member: item.edge(step, stage.label) for member, step in stage.steps}
        found.append(
            {
                "items": [member + 1 for member in edges],
                "event": event_in_words(next(iter(edges.values())).event),
                "surroundings": [sorted(edge.surroundings) for edge in edges.values()],
                "phases": _phases(item, stage.after),
            }
        )
    return found


def _show_what_is_composed(profile: str, asked: Asked, item: ComposedItem) -> None:
    component = item.component
    how = "independent" if item.coupling is None else f"a {item.coupling.name}"
    joint = "" if item.coupling is None else f", {len(component.joint)} kinds of joint steps"
    console.print(
        f"{asked.items} items of {profile}, {how}: each {component.states} states, {len(component.alone)} moves of its "
        f"own{joint}"
    )
    for one in () if item.coupling is None else item.coupling.joint:
        console.print(escape(f"  joint: {', '.join(one.events)}"), soft_wrap=True)
        console.print(escape(f"         {one.because}"), soft_wrap=True)


def _show_size(explored: Explored, took: float) -> None:
    stored = "" if explored.stored is None else f", {explored.stored:,} held"
    depth = "" if explored.depth is None else f", {explored.depth} deep"
    transitions = _number(explored.transitions)
    console.print(
        f"{explored.engine}: {_number(explored.states)} states{stored}, {transitions} transitions{depth}; "
        f"{took:.1f} s, {explored.memory / 2**20:,.0f} MiB"
    )


def _number(count: int) -> str:
    return f"{count:,}" if count < 10**18 else f"{Decimal(count):.3e}"


def _table(
    on_product: list[ProductVerdict], on_one: list[ModelVerdict], explored: Explored, item: ComposedItem
) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for verdict in on_product:
        mark = f"[{_STYLES[verdict.outcome]}]{verdict.outcome}[/]"
        table.add_row(mark, verdict.name, escape(f"{verdict.says} ({verdict.because})"))
    for outcome in Outcome:
        these = [v.judged.name for v in on_one if _outcome_of_one(v, explored) is outcome]
        if these:
            named = "" if outcome is Outcome.HOLDS or outcome is Outcome.TRUNCATED else f": {', '.join(these)}"
            on_what = f"on the {len(explored.visited)} of {len(item.lts.states)} states that an item comes into{named}"
            rules = f"{len(these)} of one item"
            table.add_row(f"[{_STYLES[outcome]}]{outcome}[/]", rules, escape(on_what))
    return table


def _show_broken(item: ComposedItem, verdict: ProductVerdict, path: list[dict[str, Any]] | None) -> None:
    console.print(f"\n[bold red]{verdict.name}[/]: {escape(verdict.says)}")
    if path is None:
        assert verdict.vector is not None
        where = ", ".join(_phases(item, verdict.vector))
        console.print(escape(f"  broken in [{where}]; the way there was not found within --memory and --max-states"))
    for number, stage in enumerate(path or (), 1):
        who = "all" if len(stage["items"]) > 1 else f"item {stage['items'][0]}"
        wrong = sorted({name for names in stage["surroundings"] for name in names})
        faults = f"  (while {', '.join(wrong)})" if wrong else ""
        phases = ", ".join(stage["phases"])
        console.print(escape(f"  {number:3}. {who}: {stage['event']}{faults}  [{phases}]"))


def _show_conclusion(wrong: list[str], explored: Explored, judged: int) -> None:
    if wrong:
        console.print(f"[bold red]FAILED[/]: {len(wrong)} of {judged} do not hold: {', '.join(wrong)}")
    elif explored.truncated is not None:
        console.print(f"[bold yellow]TRUNCATED[/]: {explored.truncated}; nothing wrong was seen, which is no pass")
    else:
        console.print(f"[bold green]all hold[/]: {judged} properties")
