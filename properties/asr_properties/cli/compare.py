"""`compare`: recorded runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from asr_model.requirements import CATALOGUE
from asr_properties.cli.console import console, plain
from asr_properties.cli.json_output import JsonFile, begin_json, write_json
from asr_properties.cli.report import read_run
from asr_reports.comparison import Compared, Comparison, words
from asr_reports.comparison import compare as compared

_STYLES = {"PASSED": "green", "FAILED": "bold red", "ASSUMED": "cyan", "NOT_APPLICABLE": "dim"}


def compare(
    records: Annotated[
        list[Path], typer.Argument(metavar="RECORD RECORD...", help="What `run` wrote: files or folders.")
    ],
    show_all: Annotated[bool, typer.Option("--all", help="Also show requirements of which all say the same.")] = False,
    json_file: JsonFile = None,
) -> None:
    """Put recorded runs side by side, requirement by requirement, and hold them against the first.

    Exit status: 0 none shows less than the first, 1 one does (a regression), 2 usage, or no records of one profile.
    """
    begin_json(json_file)
    found = compared([read_run(path) for path in records])
    for number, (path, run) in enumerate(zip(records, found.runs, strict=True), 1):
        more = ", no longer conformant" if number - 1 in found.less else ""
        console.print(plain(f"{number}: {path}: {run.headline}{more}"))
    rows = [one for one in found.requirements if show_all or one.differs]
    if rows:
        console.print(_table(rows, len(records)))
    alike = len(found.requirements) - sum(one.differs for one in found.requirements)
    console.print(f"{alike} of {len(found.requirements)} requirements have the same verdict in all")
    if found.regressions:
        console.print(f"[bold red]{found.regressions} regressions[/]: a later record shows less than the first")
    else:
        console.print("[bold green]no regression[/]: no record shows less than the first")
    write_json(json_file, _document(records, found))
    raise typer.Exit(1 if found.regressions else 0)


def _table(rows: list[Compared], records: int) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("id")
    for number in range(1, records + 1):
        table.add_column(str(number))
    table.add_column("requirement")
    for one in rows:
        cells = [
            f"[{_STYLES.get(verdict.outcome if verdict else '', 'yellow')}]{words(verdict)}[/]"
            + (" [bold red]worse[/]" if number in one.worse else "")
            for number, verdict in enumerate(one.verdicts)
        ]
        table.add_row(one.id, *cells, plain(CATALOGUE[one.id].sentence))
    return table


def _document(records: list[Path], found: Comparison) -> dict[str, Any]:
    """What `--json` writes."""
    return {
        "format": "asr-conformance comparison",
        "version": 1,
        "profile": found.runs[0].profile,
        "records": [
            {"file": str(path), "implementation": run.implementation, "verdict": run.verdict}
            for path, run in zip(records, found.runs, strict=True)
        ],
        "requirements": [
            {
                "requirement": one.id,
                "outcomes": [None if verdict is None else words(verdict) for verdict in one.verdicts],
                "worse": [number + 1 for number in one.worse],
            }
            for one in found.requirements
        ],
        "no_longer_conformant": [number + 1 for number in found.less],
        "regressions": found.regressions,
    }
