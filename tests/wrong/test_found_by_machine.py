"""The state machine finds deliberately wrong implementations, and shows each with its fewest steps.

A sample here, as a user runs it; `make test-long` looks for all of them.
"""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor

import pytest
from hypothesis import settings

from asr_properties.generation.lifecycle_machine import LifecycleMachine
from asr_properties.generation.told_failure import RequirementBroken
from asr_properties.running.engines import Engine
from wrong.implementations import WRONG
from wrong.table import look_for

SECONDS = 30
"""In which a failure is found and made minimal, in process."""

SAMPLE = (
    "cancellable_failover",
    "kept_points",
    "resumed_replication",
    "source_left_on",
    "committed_in_vain",
    "cancel_refused",
    "drill_deletes_points",
    "silent_item",
    "aborted_in_azure",
    "classic_shutdown_afterwards",
    "failback_loses_the_last_record",
    "appliance_ill_for_good",
)
NEARLY_ALL = 0.95
"""This part of all wrong implementations the machine alone must find within a run's default budget."""


@pytest.mark.parametrize("name", SAMPLE)
def test_one_of_the_sample_is_found_under_plain_pytest(name):
    wrong = next(wrong for wrong in WRONG if wrong.name == name)
    body = {"implementation": staticmethod(wrong.factory), "profile": wrong.profile}
    test = type("Mine", (LifecycleMachine,), body).TestCase
    test.settings = settings(derandomize=True, database=None, max_examples=300)
    begin = time.monotonic()
    with pytest.raises(RequirementBroken) as caught:
        test("runTest").runTest()
    assert time.monotonic() - begin < SECONDS
    found = caught.value
    assert found.blamed[0] == wrong.requirements[0]
    assert f"breaks {found.blamed[0]} (" in str(found)
    assert any(f"state.{found.invariant}()" in note for note in found.__notes__)
    assert len(found.steps) < 30


@pytest.mark.long
def test_nearly_all_are_found_by_the_machine_alone():
    with ProcessPoolExecutor() as pool:
        missed = [name for name in pool.map(_missed, range(len(WRONG)), chunksize=4) if name]
    assert len(missed) <= len(WRONG) * (1 - NEARLY_ALL), missed


def _missed(number: int) -> str:
    """The name of a wrong implementation if the machine does not find it."""
    wrong = WRONG[number]
    return "" if look_for(wrong, Engine.HYPOTHESIS).steps is not None else wrong.name
