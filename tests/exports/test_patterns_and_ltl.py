"""Each pattern in each scope: its monitor and the LTL form that is told of it agree, by Spin, on random machines."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from asr_properties.cli.commands import app
from asr_properties.specification.patterns import Absence, Existence, Precedence, Response, Scope, Universality
from checkers.random_machines import BySpin, broken_by_tlc, holds_by_monitor, random_machine

MACHINES = 250
"""So many random machines are judged for each pattern and scope."""

SCOPES = {
    "globally": Scope(),
    "before": Scope(until="event == 'wait'"),
    "after": Scope(after="event == 'write'"),
    "after until": Scope(after="event == 'write'", until="event == 'wait'"),
}

COMMON = {"name": "candidate", "requirements": ("X02",), "says": "something"}
PATTERNS = {
    "absence": Absence(**COMMON, never="event == 'commit'"),
    "universality": Universality(**COMMON, where="event == 'commit'", always="response == 'accepted'"),
    "existence": Existence(**COMMON, some="event == 'commit'"),
    "response": Response(**COMMON, trigger="event == 'commit'", reaction="response == 'accepted'"),
    "precedence": Precedence(**COMMON, then="event == 'commit'", first="response == 'accepted'"),
}

#: `Existence` is declared for scopes with both ends.
CASES = [(p, s) for p in PATTERNS for s in SCOPES if p != "existence" or s == "after until"]


def both_verdicts(candidate, folder, seed):
    """The monitor's verdicts and Spin's."""
    draw = random.Random(seed)
    names = tuple(p.name for p in candidate.propositions)
    machines = [random_machine(names, draw) for _ in range(MACHINES)]
    spin = BySpin(candidate, machines, folder)
    return [holds_by_monitor(candidate, m) for m in machines], [spin.holds(n) for n in range(MACHINES)]


@pytest.mark.long
@pytest.mark.parametrize(("pattern", "scope"), CASES)
def test_monitor_and_formula_agree_on_random_machines(pattern, scope, tmp_path):
    candidate = replace(PATTERNS[pattern], scope=SCOPES[scope])
    ours, spins = both_verdicts(candidate, tmp_path, f"{pattern} {scope}")
    assert [number for number in range(MACHINES) if ours[number] != spins[number]] == []
    assert {True, False} <= set(ours)  # neither verdict is empty


@pytest.mark.long
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("pattern", ["absence", "precedence"])  # a response is no matter of one step
def test_monitor_and_the_pattern_in_tla_agree_on_random_machines(pattern, scope, tmp_path):
    candidate = replace(PATTERNS[pattern], scope=SCOPES[scope])
    draw = random.Random(f"{pattern} {scope}")
    names = tuple(p.name for p in candidate.propositions)
    machines = [random_machine(names, draw) for _ in range(MACHINES)]
    broken = {number for number, machine in enumerate(machines) if not holds_by_monitor(candidate, machine)}
    assert broken_by_tlc(candidate, machines, tmp_path) == broken
    assert 0 < len(broken) < MACHINES


def test_formulas_read_as_in_the_literature():
    scoped = {name: replace(pattern, scope=SCOPES["after until"]) for name, pattern in PATTERNS.items()}
    assert {name: p.formula.text() for name, p in scoped.items()} == {
        "absence": "G((after & !until) -> (!never W until))",
        "universality": "G((after & !until) -> ((where -> always) W until))",
        "existence": "(!(after & !until) W (after & !until & (!until W (some & !until))))"
        " & G(until -> (!(after & !until) W (after & !until & (!until W (some & !until)))))",
        "response": "G((after & !until) -> ((trigger -> F(reaction | until)) W until))",
        "precedence": "(!(after & !until) W (after & !until & (!then W (first | until))))"
        " & G(until -> (!(after & !until) W (after & !until & (!then W (first | until)))))",
    }


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        (
            "commit_comes_to_an_end",
            "G((event == 'commit' and response == 'accepted' and was_phase in awaiting_commit) -> "
            "F(phase in after_failover or phase in after_failback))",
        ),
        (
            "commit_ends_changing",
            "G((after & !until) -> (!never W until)) where after is [phase == 'failover_committed'], until is "
            "[phase == 'protected'], never is [event == 'change_recovery_point' and response == 'accepted']",
        ),
    ],
)
def test_a_property_is_explained_with_its_formula(name, formula):
    shown = CliRunner().invoke(app, ["explain", name]).stdout
    assert formula in " ".join(shown.split())
