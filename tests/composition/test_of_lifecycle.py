"""The lifecycle composed: the law of independent items, the stepper, symmetry and Spin all count the same."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr_model.composition.coupling import MULTI_VM_GROUP, Coupling, Joint
from asr_model.composition.of_lifecycle import composed_item
from asr_model.composition.packed import explore
from asr_model.lts import enumerate_lts
from asr_model.profiles import CHARTS, efsm, lts
from asr_model.stepper import Stepper
from composition.in_promela import by_control_location, by_table, counted
from composition.plain import of_stepper
from composition.test_engines import ENGINES

GROUPS = {"independent": None, "group": MULTI_VM_GROUP}


@pytest.mark.parametrize("profile", CHARTS)
def test_independent_items_are_the_product_of_one(profile):
    item = composed_item(lts(profile)).component
    one, moves = (
        len(lts(profile).states),
        len({(e.source, e.target) for e in lts(profile).edges if e.source != e.target}),
    )
    for name, engine in ENGINES.items():
        found = engine(item, 2)
        assert (found.states, found.transitions, found.deadlocks) == (one**2, 2 * moves * one, 0), name
    assert explore(item, 2, symmetric=True).stored == comb(one + 1, 2)


@pytest.mark.long
@pytest.mark.parametrize("profile", CHARTS)
@pytest.mark.parametrize("name", ENGINES)
def test_three_independent_items_are_the_product_of_one(name, profile):
    item = composed_item(lts(profile)).component
    found = ENGINES[name](item, 3)
    assert (found.states, found.transitions) == (item.states**3, 3 * len(item.alone) * item.states**2)
    if name == "symmetry":
        assert found.stored == comb(item.states + 2, 3)


@pytest.mark.parametrize("profile", CHARTS)
@pytest.mark.parametrize("items", [2, 3])
def test_engines_agree_on_a_group(profile, items):
    item = composed_item(lts(profile), MULTI_VM_GROUP).component
    found = [engine(item, items) for name, engine in ENGINES.items() if (name, items) != ("explicit", 3)]
    assert len({(f.states, f.transitions, f.deadlocks, f.visited, tuple(f.together)) for f in found}) == 1
    assert found[0].states < item.states**items


@pytest.mark.long
@pytest.mark.parametrize("profile", CHARTS)
def test_a_group_of_two_is_what_the_stepper_steps(profile):
    assert_the_stepper_agrees(lts(profile).stepper, MULTI_VM_GROUP)


def assert_the_stepper_agrees(stepper, coupling):
    item = composed_item(enumerate_lts(stepper), coupling)
    labels = {event: number for number, events in enumerate(item.labels) for event in events}
    holding = frozenset() if coupling is None else coupling.holding

    class Held(Stepper):
        """Steps where what holds for every member holds."""

        def relevant(self, state, event):
            return super().relevant(state, event) - holding

        def step(self, state, event, surroundings=frozenset()):
            return super().step(state, event, surroundings | holding)

    plain = of_stepper(Held(stepper.efsm), 2, frozenset() if coupling is None else coupling.events, labels)
    for name, engine in ENGINES.items():
        found = engine(item.component, 2)
        assert found.states == len(plain.vectors), name
        assert found.transitions == plain.transitions, name
        assert found.deadlocks == len(plain.deadlocks), name
        assert {s for vector in plain.vectors for s in vector} == {item.lts.states[n] for n in found.visited}, name


#: Without these an item goes nowhere.
FIRST_STEPS = (
    "enable_replication",
    "enabling_succeeds",
    "initial_replication_completes",
    "first_recovery_point_created",
)


@st.composite
def small_lifecycles(draw):
    """A few transitions of the lifecycle, of some of which items take part together."""
    whole = efsm(draw(st.sampled_from(sorted(CHARTS))))
    others = [t for t in whole.transitions if t.event not in FIRST_STEPS]
    kept = draw(st.lists(st.sampled_from(others), min_size=2, max_size=12, unique_by=lambda t: t.id))
    events = sorted({t.event for t in kept} | set(FIRST_STEPS))
    joint = draw(st.lists(st.sampled_from(events), max_size=4, unique=True))
    chosen = [t for t in whole.transitions if t in kept or t.event in FIRST_STEPS]
    coupling = Coupling("drawn", (Joint(tuple(joint), "drawn"),), (), MULTI_VM_GROUP.holding)
    return replace(whole, transitions=tuple(chosen)), coupling


@settings(deadline=None, max_examples=15)
@given(small_lifecycles())
def test_engines_find_what_the_stepper_steps(drawn):
    changed, coupling = drawn
    assert_the_stepper_agrees(Stepper(changed), coupling)


@pytest.mark.parametrize("name", GROUPS)
def test_spin_counts_two_items_as_we_do(name, tmp_path):
    item = composed_item(lts(), GROUPS[name]).component
    ours = ENGINES["symbolic"](item, 2)
    assert counted(by_table(item, 2), tmp_path)[:3] == (ours.states, ours.transitions, 0)


def test_spin_counts_processes_as_we_do(tmp_path):
    item = composed_item(lts()).component
    ours = ENGINES["symbolic"](item, 2)
    assert counted(by_control_location(item, 2), tmp_path)[:3] == (ours.states, ours.transitions, 0)


def test_spin_would_notice_a_move_that_is_missing(tmp_path):
    item = composed_item(lts(), MULTI_VM_GROUP).component
    first = min(item.alone)
    found = counted(by_table(replace(item, alone=item.alone - {first}), 2), tmp_path)
    assert found.transitions != ENGINES["symbolic"](item, 2).transitions


@pytest.mark.long
def test_spin_counts_a_group_of_three_as_we_do(tmp_path):
    item = composed_item(lts(), MULTI_VM_GROUP).component
    ours = ENGINES["symbolic"](item, 3)
    found = counted(by_table(item, 3), tmp_path, level="-O2", table=24, depth=10_000_000)
    assert found[:3] == (ours.states, ours.transitions, 0)
