"""What `check --prove` shows: what is proved of counters of any size, and the trace of whatever is refuted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from rich.markup import escape
from rich.table import Table

from asr_model.counters import EXTENSION, PROPERTIES
from asr_model.lts import Lts
from asr_properties.cli.console import console, fail, plain
from asr_properties.proving.extended import Moment
from asr_properties.proving.induction import DEEPEST, MOST_K, Outcome, Proof, ProverMissing, prove, require_prover
from asr_reports.guards_in_words import event_in_words

_STYLES = {Outcome.PROVED: "green", Outcome.REFUTED: "bold red", Outcome.UNKNOWN: "bold yellow"}


def check_prover() -> None:
    """Fail at once where z3 is missing."""
    try:
        require_prover()
    except ProverMissing as missing:
        fail(str(missing))


def prove_all(lts: Lts) -> list[Proof]:
    """Judge every property of the counters."""
    return list(prove(lts, PROPERTIES, deepest=DEEPEST))


def show_proofs(proofs: Sequence[Proof], *, quiet: bool) -> None:
    """A table of all, and how each was refuted that is."""
    if not quiet:
        table = Table(box=None, pad_edge=False)
        for title in ("", "for all sizes", "requirements", "how"):
            table.add_column(title, no_wrap=title == "for all sizes")
        for proof in proofs:
            mark = f"[{_STYLES[proof.outcome]}]{proof.outcome}[/]"
            table.add_row(mark, proof.judged.name, ", ".join(proof.judged.requirements), _how(proof))
        console.print()
        console.print(table)
    for proof in proofs:
        if proof.outcome is Outcome.REFUTED:
            _show_refuted(proof)
    outcomes = [proof.outcome for proof in proofs]
    counted = ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in Outcome)
    console.print(f"for counters of any size: {counted}")


def as_json(proofs: Sequence[Proof]) -> list[dict[str, Any]]:
    """What `--json` writes of it."""
    return [
        {
            "property": proof.judged.name,
            "says": proof.judged.says,
            "always": proof.judged.always,
            "requirements": list(proof.judged.requirements),
            "outcome": proof.outcome,
            "k": proof.k,
            "trace": [
                {
                    "move": moment.move,
                    "surroundings": sorted(moment.surroundings),
                    "phase": moment.state.phase,
                    "counters": _counters(moment),
                }
                for moment in proof.trace
            ],
        }
        for proof in proofs
    ]


def _how(proof: Proof) -> str:
    match proof.outcome:
        case Outcome.PROVED:
            return f"by {proof.k}-induction"
        case Outcome.REFUTED:
            return f"in {len(proof.trace) - 1} steps"
    return f"no {MOST_K}-induction, and no way that breaks it in {DEEPEST} steps"


def _show_refuted(proof: Proof) -> None:
    console.print(f"\n[bold red]{proof.judged.name}[/]: {escape(proof.judged.says)}")
    console.print(plain(f"  always {proof.judged.always}"), soft_wrap=True)
    for number, (before, after) in enumerate(pairwise(proof.trace), 1):
        had, has = _counters(before), _counters(after)
        changed = [f"{name} = {value}" for name, value in has.items() if value != had[name]]
        words = after.move.replace("_", " ") if after.event is None else event_in_words(after.event)
        faults = f"  (while {', '.join(sorted(after.surroundings))})" if after.surroundings else ""
        told = f"  {'; '.join(changed)}" if changed else ""
        console.print(plain(f"  {number:3}. {words}{faults}  [{after.state.phase}]{told}"), soft_wrap=True)


def _counters(moment: Moment) -> dict[str, int]:
    return {counter.name: value for counter, value in zip(EXTENSION.counters, moment.counters, strict=True)}
