"""What `run` prints of a result: verdicts, coverage, counterexamples, and what went wrong."""

from __future__ import annotations

from asr_properties.cli.console import console, plain, show_command, show_traceback
from asr_properties.cli.verdict_table import STYLES, verdict_table
from asr_properties.contract.connection import AdapterError
from asr_properties.contract.methods import REQUESTABLE
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.running.kept_counterexamples import MOST_COUNTEREXAMPLES
from asr_properties.running.known_deviations import told_of_known
from asr_properties.running.requirement_verdicts import Verdict, left_out
from asr_properties.running.run_result import RunResult

_MOST_LEFT = 12
_NAMED = (Verdict.PASSED, Verdict.ASSUMED, Verdict.FAILED)
"""Verdicts whose requirements are named; of the others the conclusion tells what has to be offered or tried."""


def show_result(result: RunResult, with_counterexamples_of: str, *, show_all: bool, quiet: bool) -> None:
    """Print what a run found out, all but its conclusion: first what decided, as an adapter that failed.

    with_counterexamples_of: the command that does it again and keeps counterexamples of the ids that follow it.
    show_all: also requirements that do not apply. quiet: only what is wrong.
    """
    if result.hello and not quiet:
        console.print(plain(f"implementation: {result.hello['name']} {result.hello['version']}"))
    if result.adapter_error is not None:
        _show_adapter_error(result.adapter_error)
    if not quiet:
        if show_all or not (result.adapter_error is not None or offers_little(result)):
            _show_table(result, show_all)
        else:
            _show_outcomes(result)
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


def offers_little(result: RunResult) -> bool:
    """Whether most of the table would say that the adapter does not offer something."""
    return len(result.operations) < len(REQUESTABLE) / 2


def _show_table(result: RunResult, show_all: bool) -> None:
    console.print(verdict_table(result.verdicts, show_all=show_all))
    if not show_all:
        hidden = sum(1 for v in result.verdicts if v.outcome is Verdict.NOT_APPLICABLE)
        console.print(f"{hidden} requirements only inform or belong to another profile (--all shows each for itself)")
    _show_coverage(result)


def _show_outcomes(result: RunResult) -> None:
    """Which requirements have which verdict, in a line each: where most have the same for the same reason."""
    if not result.steps:
        console.print("nothing was judged")
        return
    offered = ", ".join(result.operations) or "none"
    console.print(f"offered: {len(result.operations)} of {len(REQUESTABLE)} operations: {offered}")
    for outcome in Verdict:
        ids = [v.requirement for v in result.verdicts if v.outcome is outcome]
        told = f": {', '.join(ids)}" if outcome in _NAMED else ""
        if ids and outcome is not Verdict.NOT_APPLICABLE:
            console.print(f"[{STYLES[outcome]}]{outcome}[/] ({len(ids)}){told}")
    console.print("--all shows each requirement, and why it has its verdict")


def show_conclusion(result: RunResult) -> None:
    """Print the verdict on the whole."""
    if result.steps and (missing := left_out(result.verdicts)):
        console.print(f"\nto be judged by every mandatory requirement, the adapter has to offer: {', '.join(missing)}")
    for line in told_of_known(result):
        console.print(f"[yellow]{plain(line)}[/]")
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
    if console.debug and error.__cause__ is not None:
        show_traceback(error.__cause__)


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
