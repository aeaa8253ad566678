"""The reference beside the model: it shows nothing that the model forbids, and what it never shows is listed."""

from __future__ import annotations

import pytest

from asr_model import profiles
from asr_model.efsm import Transition
from asr_model.lts import enumerate_lts
from asr_model.stepper import Stepper
from asr_properties.reference import ClassicItem, ReferenceService, ReplicatedItem
from asr_properties.refinement.explored import Explorable, Explored, Move
from asr_properties.refinement.never_shown import NEVER, NOT_REACHED, never_shown
from asr_properties.refinement.refinement import Refinement
from wrong.implementations import WRONG

NAMED = {wrong.name: wrong for wrong in WRONG}
KINDS = {"modernized": ReplicatedItem, "classic": ClassicItem}

COMMIT_AT_FIRST = Transition(
    id="added", event="commit", variable="phase", source="not_replicated", target="protected", guard="True",
    updates=(), requirements=("R39",), may_refuse="True",
)  # fmt: skip
"""What no implementation does, and a model that is too wide allows."""

WRONG_AT_ONCE = {
    "enabled_in_vain": ("R07", 4, "phase"),
    "kept_points": ("X20", 14, "recovery_points"),
    "source_left_on": ("X16", 18, "on_premises machine"),
    "cancel_refused": ("R61", 28, "cancel_failover was refused"),
}
"""Wrong implementations that are shown by one step from an item in some phase: a rule that they break, after so many
steps of a fresh item, and what tells it."""


def compared(create, stepper, depth, **options):
    return Refinement(create, stepper).compare(depth, **options)


def reference(profile):
    return lambda: ReferenceService(KINDS[profile])


@pytest.mark.parametrize("profile", ["modernized", pytest.param("classic", marks=pytest.mark.long)])
def test_the_reference_shows_nothing_that_the_model_forbids(profile):
    found = compared(reference(profile), profiles.stepper(profile), 1, leads=True)
    assert found.departures == []
    phases = {state.phase for state in found.left}
    assert phases == {state.phase for state in profiles.lts(profile).states}
    assert not found.is_exhausted


@pytest.mark.long
@pytest.mark.parametrize("profile", KINDS)
def test_nor_three_steps_from_an_item_in_each_phase(profile):
    lts = profiles.lts(profile)
    found = compared(reference(profile), lts.stepper, 3, leads=True)
    assert found.departures == []
    assert len(found.shown) > 0.75 * len(lts.stepper.efsm.transitions)


@pytest.mark.long
@pytest.mark.parametrize(("profile", "depth"), [("modernized", 8), ("classic", 2)])
def test_nor_a_few_steps_from_a_fresh_one(profile, depth):
    """Before it is protected the classic one has four times as many choices."""
    assert compared(reference(profile), profiles.stepper(profile), depth).departures == []


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.long) for name in list(WRONG_AT_ONCE)[1:]])
def test_a_wrong_implementation_departs_and_the_path_is_shown(name):
    departs(name)


def test_a_wrong_implementation_departs_at_the_step_that_shows_it():
    departs("enabled_in_vain", depth=0)


def departs(name, depth=1):
    rule, steps, says = WRONG_AT_ONCE[name]
    found = compared(NAMED[name].factory, profiles.stepper("modernized"), depth, leads=True)
    departure = found.departures[0]
    assert rule in departure.requirements
    assert len(departure.path) == steps
    assert says in departure.what
    assert departure.path[0].words == "enable_replication"
    assert departure.allowed


def test_what_a_wider_model_allows_is_listed():
    stepper = Stepper(profiles.efsm("modernized").with_transition(COMMIT_AT_FIRST))
    found = compared(reference("modernized"), stepper, 1)
    why = {one.transition.id: one.why for one in never_shown(found, enumerate_lts(stepper), lambda _: None)}
    assert found.departures == []
    assert why["added"] == NEVER
    assert why["commit: failed_over -> committing_failover"] == NOT_REACHED
    assert "enable_replication: not_replicated -> enabling_replication" not in why


def test_a_reason_that_is_declared_is_told():
    stepper = Stepper(profiles.efsm("modernized").with_transition(COMMIT_AT_FIRST))
    found = compared(reference("modernized"), stepper, 1)
    reasons = {"added": "nobody commits what is not protected"}
    why = {one.transition.id: one.why for one in never_shown(found, enumerate_lts(stepper), reasons.get)}
    assert why["added"] == reasons["added"]


def test_what_the_model_forbids_is_a_departure_with_the_requirement():
    """The model without a transition that the reference takes."""
    efsm = profiles.efsm("modernized").without("enable_replication: not_replicated -> enabling_replication")
    found = compared(reference("modernized"), Stepper(efsm), 1)
    (path,) = {departure.path[-1].words for departure in found.departures}
    assert path == "enable_replication"


def test_a_copy_goes_on_by_itself():
    service = reference("modernized")()
    assert isinstance(service, Explorable)
    stepper = profiles.stepper("modernized")
    enable = next(event for event in stepper.events if event.name == "enable_replication")
    first = Explored(service, stepper, {})
    second = first.copied()
    assert first.likeness == second.likeness
    second.do(Move(enable, frozenset()), [], may_be_late=False)
    assert first.likeness != second.likeness
    assert (first.seen.phase, second.seen.phase) == ("not_replicated", "enabling_replication")


def test_what_has_other_ids_and_another_clock_is_alike():
    first, second = reference("modernized")(), reference("modernized")()
    for service in (first, second):
        service.hello(protocol=1)
    second.new_item(configuration={})
    second.request("enable_replication", {})
    for service in (first, second):
        service.new_item(configuration={})
        service.request("enable_replication", {})
    second.wait(seconds=30)
    assert first.jobs() != second.jobs()
    assert first.likeness() == second.likeness()


def test_what_will_end_otherwise_is_not_alike():
    """A job that can be cancelled, and one that cannot, look the same until somebody asks."""
    stepper = profiles.stepper("modernized")
    enable = Move(next(event for event in stepper.events if event.name == "enable_replication"), frozenset())
    first = Explored(reference("modernized")(), stepper, {})
    ways = list(Refinement(reference("modernized"), stepper)._ways(_place(first), enable))
    works_and_refused_are_alike = 2 * 2  # there is no fault, and either offers resynchronize and cancel_job, or not
    assert len({way.item.likeness for way in ways}) == len(ways) - works_and_refused_are_alike == 12


def _place(item):
    from asr_properties.refinement.refinement import _Place

    return _Place(item, 0, {})
