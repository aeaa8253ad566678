"""TLC reads the model as we do: it counts the same, and judges every property the same, on broken models too."""

from __future__ import annotations

import pytest

from asr_model.profiles import CHARTS
from asr_properties.exports.tla import MODULE, in_tla, tla_name, to_cfg, to_tla
from asr_properties.specification.declared import properties_of
from asr_properties.specification.rule import EvidenceKind
from checkers import tlc
from checkers.judging import refuted, right, together
from checkers.machines import EVERY_BREAK, broken, declared, rule


@pytest.mark.long
@pytest.mark.parametrize("profile", CHARTS)
def test_tlc_counts_the_states_and_steps_that_we_count(profile, tmp_path):
    machine, properties = declared(profile), properties_of(profile)
    counted = tlc.counted(to_tla(machine, properties), to_cfg(machine, properties), tmp_path)
    assert counted == (machine.states, sum(machine.steps), frozenset())


@pytest.mark.long
@pytest.mark.parametrize("profile", CHARTS)
def test_every_property_holds_by_tlc(profile, tmp_path):
    machine = declared(profile)
    groups = together(machine, properties_of(profile))
    assert [refuted(machine, group, tmp_path) for group in groups] == [right(group) for group in groups]


@pytest.mark.long
@pytest.mark.parametrize(("profile", "name"), [c for c in EVERY_BREAK if in_tla((rule(*c),))])
def test_tlc_refutes_what_a_broken_model_breaks_and_nothing_beside_it(profile, name, tmp_path):
    machine, judged = broken(profile, name), rule(profile, name)
    assert refuted(machine, [judged], tmp_path) == right([judged]) ^ {tla_name(judged)}
    group = next(g for g in together(machine, properties_of(profile)) if judged in g)
    if others := [candidate for candidate in group if candidate is not judged]:
        assert refuted(machine, others, tmp_path) == set()


@pytest.mark.parametrize("profile", CHARTS)
def test_what_tlc_cannot_be_asked_is_named_in_the_module(profile):
    on_model = {p for p in properties_of(profile) if EvidenceKind.MODEL in p.evidence}
    left = {p.name for p in on_model - set(in_tla(properties_of(profile)))}
    assert left == {"protection_can_always_be_regained"}
    text = to_tla(declared(profile), properties_of(profile))
    assert all(f"\\* {name}: AG EF" in text for name in left)


def test_actions_read_as_the_declaration():
    machine = declared("modernized")
    lines = to_tla(machine, ()).splitlines()
    assert lines[0] == f"---- MODULE {MODULE} ----"
    at = lines.index("failback_succeeds ==")
    assert lines[at + 1 : at + 7] == [
        "    \\* failback_succeeds: failing_back -> failed_back   R51, R85",
        '    \\/ /\\ phase = "failing_back"',
        '       /\\ on_premises = "on"',
        "       /\\ ~stopping",
        '       /\\ fresh_point\' = "not_needed"',
        '       /\\ phase\' = "failed_back"',
    ]
