"""Spin reads the model as we do: it counts the same, and judges every property the same, on broken models too."""

from __future__ import annotations

import pytest

from asr_model.profiles import CHARTS
from asr_properties.exports.promela import in_linear_time, to_promela
from asr_properties.specification.declared import properties_of
from checkers import spin
from checkers.judging import holds_by_spin, on_model
from checkers.machines import EVERY_BREAK, broken, declared, rule

#: These are judged at once; the others take a few seconds each.
HOLDS_SOON, BREAKS_SOON = ("modernized", "failover_comes_to_an_end"), ("modernized", "revert_restores_what_was_there")


def soon(cases, one):
    """The cases, all but one of them long."""
    return [pytest.param(*case, marks=[] if case == one else pytest.mark.long) for case in cases]


@pytest.mark.parametrize("profile", ["modernized", pytest.param("classic", marks=pytest.mark.long)])
def test_spin_counts_the_states_and_steps_that_we_count(profile, tmp_path):
    machine = declared(profile)
    counted = spin.counted(to_promela(machine, properties_of(profile)), tmp_path)
    assert counted == (machine.states, sum(machine.steps), 0)


@pytest.mark.parametrize(
    ("profile", "name"),
    soon([(profile, p.name) for profile in CHARTS for p in on_model(properties_of(profile))], HOLDS_SOON),
)
def test_a_property_holds_by_spin(profile, name, tmp_path):
    assert holds_by_spin(declared(profile), rule(profile, name), tmp_path)


@pytest.mark.parametrize(("profile", "name"), soon(EVERY_BREAK, BREAKS_SOON))
def test_spin_refutes_what_a_broken_model_breaks(profile, name, tmp_path):
    assert not holds_by_spin(broken(profile, name), rule(profile, name), tmp_path)


@pytest.mark.parametrize("profile", CHARTS)
def test_what_linear_time_cannot_say_is_named_in_the_file(profile):
    left = {p.name for p in set(on_model(properties_of(profile))) - set(in_linear_time(properties_of(profile)))}
    assert left == {"protection_can_always_be_regained", "no_dead_end"}
    text = to_promela(declared(profile), properties_of(profile))
    assert all(f"/* {name}: AG E" in text for name in left)


def test_guards_and_citations_can_be_read():
    lines = [line.strip() for line in to_promela(declared("modernized"), ()).splitlines()]
    at = lines.index("/* failback_succeeds: failing_back -> failed_back   R51, R85 */")
    assert lines[at + 1] == ":: phase == failing_back && on_premises == on && !stopping ->"
    assert lines[at + 2] == "remember(); event = failback_succeeds; fresh_point = not_needed; phase = failed_back"
