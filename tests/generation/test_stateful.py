"""The public `RuleBasedStateMachine`: subclassed, run and failing in the usual way."""

from __future__ import annotations

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from asr_model.vocabulary import Fault, Operation
from asr_properties.generation.action_choice import Chooser
from asr_properties.generation.configurations import VALUES
from asr_properties.generation.lifecycle_machine import LifecycleMachine
from asr_properties.generation.random_walks import chooser_of
from asr_properties.session.nonconformance import NonConformance
from wrong import implementations

QUICK = settings(max_examples=30, stateful_step_count=40, deadline=None, database=None)


def test_the_reference_passes_under_hypothesis_itself():
    run_state_machine_as_test(seed(1)(LifecycleMachine), settings=QUICK)


def test_a_subclass_judges_another_implementation():
    class Wrong(LifecycleMachine):
        implementation = staticmethod(implementations.resumed_replication)

    hard = settings(QUICK, max_examples=2000, stateful_step_count=40, phases=[Phase.generate])
    with pytest.raises(NonConformance) as failure:
        run_state_machine_as_test(seed(1)(Wrong), settings=hard)
    assert "R34" in failure.value.requirements


def test_it_is_a_unittest_too():
    assert LifecycleMachine.TestCase("runTest")


def test_choices_decoded_from_bytes_cover_every_kind_of_request():
    import random

    chooser = Chooser(random.Random(1).randrange)
    asked = {chooser.any_request().name for _ in range(500)}
    assert asked == set(Operation) - {Operation.CANCEL_JOB}
    assert {chooser.one_of(tuple(Fault)) for _ in range(500)} == set(Fault)
    assert chooser_of(bytes([7])).one_of("abc") == "abc"[7 % 3]


def test_drawn_configurations_take_every_value_and_are_mostly_plain():
    import random

    draw = Chooser(random.Random(1).randrange).configuration
    drawn = [draw() for _ in range(3000)]
    taken = {(key, value) for configuration in drawn for key, value in configuration.items()}
    assert taken == {(key, value) for key, values in VALUES.items() for value in values}
    assert sum(len(configuration) <= 1 for configuration in drawn) > len(drawn) / 2
    assert any(len(configuration) == 3 for configuration in drawn)


def test_app_consistent_points_come_more_often_than_they_are_pruned():
    import random

    draw = Chooser(random.Random(2).randrange).configuration
    for configuration in (draw() for _ in range(3000)):
        if "app_consistent_minutes" in configuration:
            assert configuration["app_consistent_minutes"] < configuration.get("retention_minutes", 4320)
