"""What `run` prints of a result: verdicts, coverage, counterexamples, and what went wrong."""

from __future__ import annotations

from rich.table import Table

from asr_model.requirements import CATALOGUE
from asr_properties.cli.console import console, plain, show_command
from asr_properties.contract.connection import AdapterError
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.running.kept_counterexamples import MOST_COUNTEREXAMPLES
from asr_properties.running.requirement_verdicts import Verdict, left_out
from asr_properties.running.run_result import RunResult

_STYLES = {
    Verdict.PASSED: "green",
    Verdict.ASSUMED: "cyan",
    Verdict.FAILED: "bold red",
    Verdict.NOT_EXERCISED: "yellow",
    Verdict.NOT_OBSERVABLE: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
}
_MOST_LEFT = 12


def show_result(result: RunResult, with_counterexamples_of: str, *, show_all: bool, quiet: bool) -> None:
    """Print what a run found out, all but its conclusion.

    with_counterexamples_of: the command that does it again and keeps counterexamples of the ids that follow it.
    show_all: also requirements that do not apply. quiet: only what is wrong.
    """
    if not quiet:
        _show_verdicts(result, show_all)
    for counterexample in result.counterexamples:
        console.print()
        _show_counterexample(counterexample)
    _show_unkept(result, with_counterexamples_of)
    for flaky in result.flaky:
        console.print("\n[bold yellow]warning[/]: a walk that broke no rule was answered differently when done again")
        for line in flaky.lines():
            console.print(plain(line))
    if result.stopped:
        console.print(result.stopped)
    if result.adapter_error is not None:
        _show_adapter_error(result.adapter_error)


def _show_verdicts(result: RunResult, show_all: bool) -> None:
    if result.hello:
        console.print(plain(f"implementation: {result.hello['name']} {result.hello['version']}"))
    console.print(_table(result, show_all))
    if not show_all:
        hidden = sum(1 for v in result.verdicts if v.outcome is Verdict.NOT_APPLICABLE)
        console.print(f"{hidden} requirements only inform or belong to another profile (--all shows them)")
    _show_coverage(result)


def show_conclusion(result: RunResult) -> None:
    """Print the verdict on the whole."""
    if missing := left_out(result.verdicts):
        console.print(f"\nto be judged by every mandatory requirement, the adapter has to offer: {', '.join(missing)}")
    colour = {"CONFORMANT": "bold green", "NON_CONFORMANT": "bold red"}.get(result.overall.value, "bold yellow")
    failures = f", {result.failures} failing walks" if result.failures else ""
    console.print(
        f"\n[{colour}]{result.overall}[/] (seed {result.seed}, {result.steps} steps, {result.items} items{failures})"
    )


def _show_adapter_error(error: AdapterError) -> None:
    console.print(f"\n[bold red]adapter error[/]: {plain(error.what)}")
    console.print(f"  sent: {plain(error.sent)}\n  got:  {plain(error.got)}\n  hint: {plain(error.hint)}")
    for line in error.stderr:
        console.print(f"  stderr: {plain(line)}")


def _table(result: RunResult, show_all: bool) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("id")
    table.add_column("verdict")
    table.add_column("exercised", justify="right")
    table.add_column("requirement, or why there is no verdict")
    for verdict in result.verdicts:
        if verdict.outcome is Verdict.NOT_APPLICABLE and not show_all:
            continue
        text = CATALOGUE[verdict.requirement].sentence
        if verdict.outcome not in (Verdict.PASSED, Verdict.FAILED) or verdict.reason.startswith("flaky"):
            text = f"({verdict.reason}) {text}"
        style = _STYLES[verdict.outcome]
        table.add_row(verdict.requirement, f"[{style}]{verdict}[/]", str(verdict.exercised), plain(text))
    return table


def _show_unkept(result: RunResult, command: str) -> None:
    """Why a requirement failed without a counterexample, and how to get one."""
    shown = {identifier for found in result.counterexamples for identifier in found.requirements}
    failed = [v.requirement for v in result.verdicts if v.outcome is Verdict.FAILED and v.requirement not in shown]
    if failed:
        console.print(
            f"\n{', '.join(failed)} failed too, in walks of which no counterexample was kept: a run keeps "
            f"{MOST_COUNTEREXAMPLES}, one for each requirement that a failure breaks first. To get one:"
        )
        show_command("", f"{command}{','.join(failed)}")


def _show_coverage(result: RunResult) -> None:
    coverage, coverable = result.coverage, result.coverable
    console.print(
        f"covered: phases {len(coverage.phases)}/{len(coverable.phases)}, "
        f"transitions {len(coverage.transitions)}/{len(coverable.transitions)}, "
        f"(phase, operation) pairs {len(coverage.pairs & coverable.pairs)}/{len(coverable.pairs)}, "
        f"states {len(coverage.states)}/{coverable.states}"
    )
    console.print(plain(result.account.line()))
    left = [*result.account.left, *(f"{operation} in {phase}" for phase, operation in result.account.pairs_left)]
    for one in left[:_MOST_LEFT]:
        console.print(plain(f"  left: {one}"))
    if len(left) > _MOST_LEFT:
        console.print(f"  and {len(left) - _MOST_LEFT} more")


def _show_counterexample(counterexample: Counterexample) -> None:
    for line in counterexample.lines():
        console.print(plain(line))
    made = (
        f"; made minimal with {counterexample.steps_spent} steps" if counterexample.complete else "; not made minimal"
    )
    console.print(f"found by: {counterexample.found_by}{made}")
