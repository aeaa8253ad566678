"""`smoke`: is the adapter in order, before anybody blames the implementation behind it?"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from asr_model import profiles
from asr_properties.adapters.loading import embedded, load
from asr_properties.cli.console import INFRASTRUCTURE, console
from asr_properties.cli.run import Adapter
from asr_properties.smoke import Finding, Outcome
from asr_properties.smoke import smoke as try_all

_STYLES = {Outcome.OK: "green", Outcome.FAILED: "bold red", Outcome.NOT_OFFERED: "dim"}


def smoke(
    adapter: Adapter = None,
    profile: Annotated[str, typer.Option(help="Whose reference implementation, if no adapter is named.")] = (
        profiles.DEFAULT
    ),
) -> None:
    """Try the adapter itself: every method, good and bad parameters, order of calls, forgetting, determinism.

    Exit status: 0 in order, 3 not in order, 2 usage.
    """
    findings = list(try_all(load(embedded(profile) if adapter is None else adapter)))
    console.print(_table(findings))
    failed = [finding for finding in findings if finding.outcome is Outcome.FAILED]
    for finding in failed:
        console.print(f"\n[bold red]failed[/]: {escape(finding.check)}")
        for name in ("sent", "expected", "got", "hint"):
            if text := getattr(finding, name):
                console.print(escape(f"  {name + ':':<10}{text}"))
    counts = ", ".join(f"{sum(f.outcome is outcome for f in findings)} {outcome}" for outcome in Outcome)
    verdict = "[bold red]the adapter is not in order[/]" if failed else "[bold green]the adapter is in order[/]"
    console.print(f"\n{verdict}: {counts}")
    raise typer.Exit(INFRASTRUCTURE if failed else 0)


def _table(findings: list[Finding]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("check")
    table.add_column("outcome")
    for finding in findings:
        why = f" ({finding.hint})" if finding.outcome is Outcome.NOT_OFFERED else ""
        table.add_row(escape(finding.check), f"[{_STYLES[finding.outcome]}]{finding.outcome}[/]{escape(why)}")
    return table
