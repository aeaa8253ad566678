"""The public `RuleBasedStateMachine`: subclassed, run and failing in the usual way."""

from __future__ import annotations

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from asr_properties.generation.lifecycle_machine import LifecycleMachine
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
