"""The walks written down for the optional controls put to the test whatever is judged by them, in both profiles."""

from __future__ import annotations

import pytest

from asr_model.profiles import stepper
from asr_properties.generation.settings_scenarios import of_controls
from asr_properties.reference import ClassicItem, ReferenceService, ReplicatedItem, Varied
from asr_properties.specification.relations.all_relations import RELATIONS
from walks import begin

CONTROLS = {"settings", "disks", "sites"}


@pytest.mark.parametrize(
    ("item", "profile"), [(ReplicatedItem, "modernized"), (ClassicItem, "classic")], ids=["modernized", "classic"]
)
def test_every_relation_of_these_controls_is_put_to_the_test(item: type[ReplicatedItem], profile: str) -> None:
    exercised: set[str] = set()
    for configuration, actions in of_controls(stepper(profile), CONTROLS):
        session = begin(ReferenceService(item, Varied()))
        session.begin(configuration)
        for action in actions:
            session.perform(action)
        session.settle()
        exercised |= {name for name, count in session.monitors.exercised.items() if count}
    wanted = {each.name for each in RELATIONS if CONTROLS & set(each.needs)}
    assert wanted - exercised == set()
