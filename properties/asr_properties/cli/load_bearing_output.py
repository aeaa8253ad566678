"""What `check --load-bearing` shows: how many changes of the model its properties refute, and what nobody notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from asr_model.lifecycle.unjudged import reason
from asr_properties.cli.console import console
from asr_properties.cli.progress import Progress, with_progress
from asr_properties.model_checking.load_bearing import Changed, LoadBearing
from asr_properties.model_checking.unnoticed import Part, by_operator, by_requirement, unnoticed


def judge_changes(carried: LoadBearing, every: int, *, quiet: bool) -> list[Changed]:
    """Judge all changes of the model, or each `every`th only, while progress is shown."""
    mutants = carried.mutants[::every]

    def work(progress: Progress) -> list[Changed]:
        changes: list[Changed] = []
        for mutant in mutants:
            changes.append(carried.judge(mutant))
            done = len(changes)
            progress(done / len(mutants), f"{done} of {len(mutants)} changes judged", done)
        return changes

    return with_progress("load-bearing", work, unit="changes", quiet=quiet)


def show_changes(carried: LoadBearing, changes: Sequence[Changed]) -> None:
    """The counts, what each property depends on, and the parts of the model that no property notices."""
    console.print(_kinds(changes))
    console.print(_requirements(carried, changes))
    touched = {name for changed in changes for name in changed.effects}
    idle = [candidate.name for candidate in carried.properties if candidate.name not in touched]
    _show(f"{len(idle)} of {len(carried.properties)} properties notice no change:", idle)
    parts = unnoticed(changes)
    known = {part: reason(part.of, part.text) for part in parts}
    _show(
        f"{len(parts)} parts of the model can be changed unnoticed on the model, with a reason:",
        [f"{part}: {why}" for part, why in known.items() if why],
    )
    _show("and without one:", [str(part) for part, why in known.items() if not why])


def as_json(carried: LoadBearing, changes: Sequence[Changed]) -> dict[str, Any]:
    """What `--json` writes of it."""
    return {
        "changes": [
            {
                "operator": changed.mutant.operator,
                "change": changed.mutant.what,
                "equivalent": changed.equivalent,
                "effects": dict(changed.effects),
            }
            for changed in changes
        ],
        "refuted": dict(by_requirement(changes, carried.properties)),
        "unnoticed": [_part(part) for part in unnoticed(changes)],
    }


def _part(part: Part) -> dict[str, Any]:
    return {"transition": part.of, "part": part.text, "reason": reason(part.of, part.text)}


def _kinds(changes: Sequence[Changed]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("change", "all", "equivalent", "refuted", "never put to the test", "unnoticed"):
        table.add_column(title, justify="left" if title == "change" else "right")
    for operator, count in by_operator(changes).items():
        table.add_row(operator, *map(str, (*count, count.unnoticed)))
    return table


def _requirements(carried: LoadBearing, changes: Sequence[Changed]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("requirement")
    table.add_column("changes refuted", justify="right")
    for rule, count in by_requirement(changes, carried.properties).items():
        table.add_row(rule, str(count))
    return table


def _show(title: str, names: Sequence[str]) -> None:
    console.print(title)
    for name in names:
        console.print(f"  {escape(name)}")
