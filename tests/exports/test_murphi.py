"""Rumur reads the model as we do."""

from __future__ import annotations

import pytest

from asr_model.profiles import CHARTS
from asr_properties.exports.murphi import to_murphi
from checkers import rumur
from checkers.machines import broken, declared


@pytest.mark.long
@pytest.mark.parametrize("profile", CHARTS)
def test_rumur_counts_the_states_and_steps_that_we_count(profile, tmp_path):
    machine = declared(profile)
    assert rumur.counted(to_murphi(machine), tmp_path) == (machine.states, sum(machine.steps))


@pytest.mark.long
def test_rumur_counts_what_a_broken_model_has_more(tmp_path):
    machine = broken("modernized", "failover_needs_no_drill")
    counted = rumur.counted(to_murphi(machine), tmp_path)
    assert counted == (machine.states, sum(machine.steps))
    assert counted.steps > sum(declared("modernized").steps)


def test_rules_read_as_the_declaration():
    lines = to_murphi(declared("modernized")).splitlines()
    at = lines.index('rule "failback_succeeds: failing_back -> failed_back"  -- R51, R85')
    assert lines[at + 1 : at + 6] == [
        "  (phase = failing_back & on_premises = on & !stopping)",
        "==>",
        "  fresh_point := not_needed;",
        "  phase := failed_back;",
        "endrule;",
    ]
