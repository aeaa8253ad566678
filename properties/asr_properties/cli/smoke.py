"""`smoke`: is the adapter in order, before anybody blames the implementation behind it?"""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

import typer
from rich.markup import escape

from asr_model import profiles
from asr_properties.adapters.loading import embedded, load
from asr_properties.cli.arm_options import is_real
from asr_properties.cli.console import INFRASTRUCTURE, console, fail, show_traceback
from asr_properties.cli.json_output import JsonFile, begin_json, write_json
from asr_properties.cli.options import Adapter
from asr_properties.cli.progress import Quiet
from asr_properties.cli.project_settings import NoConfig, project_settings
from asr_properties.smoke import CheckOutcome, Finding
from asr_properties.smoke import smoke as try_all

_STYLES = {
    CheckOutcome.OK: "green",
    CheckOutcome.ADVICE: "yellow",
    CheckOutcome.FAILED: "bold red",
    CheckOutcome.NOT_OFFERED: "dim",
}
_WIDTH = max(map(len, CheckOutcome)) + 1


def smoke(
    adapter: Adapter = None,
    profile: Annotated[
        str | None,
        typer.Option(
            help="The profile whose reference implementation is tried, if no adapter is named; default: "
            f"{profiles.DEFAULT}.",
            show_default=False,
        ),
    ] = None,
    no_config: NoConfig = False,
    quiet: Quiet = False,
    json_file: JsonFile = None,
) -> None:
    """Tell whether the adapter itself is in order: methods, parameters, order of calls, forgetting, determinism.

    Exit status: 0 in order, 3 not in order, 2 usage.
    """
    begin_json(json_file)
    project = project_settings(no_config)
    adapter, profile = project.choose("adapter", adapter, None), project.choose("profile", profile, profiles.DEFAULT)
    if adapter is not None and is_real(adapter):
        fail("smoke does not act on a real service: `run --dry-run` shows what a run would do there")
    factory = load(embedded(profile) if adapter is None else adapter, profile=profile)
    findings: list[Finding] = []
    if not quiet:
        project.show()
        console.print(f"{'outcome':<{_WIDTH}} check")
    try:
        for finding in try_all(factory):
            findings.append(finding)
            if not quiet:
                _show(finding)
    finally:  # also what was found until somebody interrupts it
        failed = [finding for finding in findings if finding.outcome is CheckOutcome.FAILED]
        _explain(failed, "[bold red]failed[/]")
        _explain([finding for finding in findings if finding.outcome is CheckOutcome.ADVICE], "[yellow]advice[/]")
    counted = {outcome: sum(finding.outcome is outcome for finding in findings) for outcome in CheckOutcome}
    counts = ", ".join(f"{n} {outcome}" for outcome, n in counted.items() if n or outcome is not CheckOutcome.ADVICE)
    verdict = "[bold red]the adapter is not in order[/]" if failed else "[bold green]the adapter is in order[/]"
    console.print(f"\n{verdict}: {counts}")
    found = {"in_order": not failed, "findings": [_told(finding) for finding in findings]}
    write_json(json_file, {"format": "asr-conformance smoke", "version": 1, **found})
    raise typer.Exit(INFRASTRUCTURE if failed else 0)


def _told(finding: Finding) -> dict[str, Any]:
    """A finding as data: all but the exception itself, which `got` tells of."""
    return {each.name: getattr(finding, each.name) for each in fields(finding) if each.name != "raised"}


def _show(finding: Finding) -> None:
    why = f" ({finding.hint})" if finding.outcome is CheckOutcome.NOT_OFFERED else ""
    outcome = f"[{_STYLES[finding.outcome]}]{finding.outcome:<{_WIDTH}}[/]"
    console.print(f"{outcome} {escape(finding.check + why)}")


def _explain(failed: list[Finding], mark: str) -> None:
    """What is wrong, or should be otherwise; checks that found the same are told together."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for finding in failed:
        found.setdefault((finding.sent, finding.expected, finding.got, finding.hint), []).append(finding)
    for texts, findings in found.items():
        console.print()
        for finding in findings:
            console.print(f"{mark}: {escape(finding.check)}")
        for name, text in zip(("sent", "expected", "got", "hint"), texts, strict=True):
            console.print(escape(f"  {name + ':':<10}{text}"))
        if console.debug and findings[0].raised is not None:
            show_traceback(findings[0].raised)
        if findings[-1].stops:
            console.print("  nothing else was tried: it would fail in the same way")
