"""A counterexample is replayed on implementations of its own profile only."""

from __future__ import annotations

import pytest

from asr_properties.contract.connection import AdapterError
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.counterexamples.replay import replay
from asr_properties.evidence.actions import request
from asr_properties.reference import create, create_classic


def counterexample(profile: str) -> Counterexample:
    return Counterexample(profile, {}, (request("cancel_failover"),), ("refused",), (None,), ("R76",), (), (), (), "")


def test_another_profile_is_an_adapter_error_that_names_both():
    with pytest.raises(AdapterError, match="'classic', the counterexample of 'modernized'"):
        replay(counterexample("modernized"), create_classic)


@pytest.mark.parametrize(("profile", "factory"), [("modernized", create), ("classic", create_classic)])
def test_its_own_profile_is_replayed(profile, factory):
    assert replay(counterexample(profile), factory).failure is None
