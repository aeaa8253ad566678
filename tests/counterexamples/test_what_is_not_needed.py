"""A counterexample has no step that is not needed, and no rule about such a step is to blame."""

from __future__ import annotations

import pytest

from asr_model.profiles import lts
from asr_properties.counterexamples.minimise import Minimiser
from asr_properties.evidence.actions import WRITE, wait
from asr_properties.reference import ReferenceService
from asr_properties.reference.freedom import Fixed
from asr_properties.session.nonconformance import NonConformance
from walks import CANCEL_THE_JOB, FAIL_BACK, FAILED_OVER, HOUR, REPROTECT, begin, perform
from wrong import implementations as wrong

REVERTED = (*FAILED_OVER, *REPROTECT, *FAIL_BACK[:1], CANCEL_THE_JOB, wait(HOUR))


def test_what_is_seen_just_as_well_without_a_revert_is_not_blamed_on_it() -> None:
    """Nothing is received towards on-premises, be it after the service's own revert (R79) or before any (R94)."""
    never_sends_back = ReferenceService(wrong.NeverSendsBack, Fixed({"cancel_job": "accepted"}))
    with pytest.raises(NonConformance) as failure:
        perform(never_sends_back, (*REVERTED, WRITE, wait(HOUR)))
    assert failure.value.blamed[0] == "R79"
    minimal = Minimiser(begin(never_sends_back), lts("modernized")).minimise({}, failure.value)
    assert minimal is not None
    assert minimal.failure.blamed == ("R94",)
    assert "planned_failover" not in [action.name for action in minimal.actions]
