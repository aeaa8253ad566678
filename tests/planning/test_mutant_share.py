"""The share of the mutants of the model that a plan finds, run as a slow service."""

from __future__ import annotations

import pytest

from asr_properties.planning.mutant_share import share_of_mutants
from planning.plans import WALKS, written


@pytest.mark.long
def test_a_longer_plan_finds_more_of_the_same_mutants():
    plans = (written(), written(*WALKS[:1]), written(*WALKS))
    nothing, little, more = (share_of_mutants(plan, 1) for plan in plans)
    assert (nothing.found, nothing.share) == (0, 0.0)
    assert nothing.run == little.run == more.run <= more.judged
    assert 0 <= little.found < more.found < more.run
    assert 0 < more.share < 1
