"""Configurations that are drawn: mostly plain, every value among them, and all of them valid."""

from __future__ import annotations

import random

from asr_properties.generation.action_choice import Chooser
from asr_properties.generation.configurations import VALUES


def test_drawn_configurations_take_every_value_and_are_mostly_plain():
    draw = Chooser(random.Random(1).randrange).configuration
    drawn = [draw() for _ in range(3000)]
    taken = {(key, str(value)) for configuration in drawn for key, value in configuration.items()}
    assert taken == {(key, str(value)) for key, values in VALUES.items() for value in values}
    assert sum(len(configuration) <= 1 for configuration in drawn) > len(drawn) / 2
    assert any(len(configuration) == 3 for configuration in drawn)


def test_app_consistent_points_come_more_often_than_they_are_pruned():
    draw = Chooser(random.Random(2).randrange).configuration
    for configuration in (draw() for _ in range(3000)):
        if "app_consistent_minutes" in configuration:
            assert configuration["app_consistent_minutes"] < configuration.get("retention_minutes", 4320)
