"""What happened in one life of an item means nothing in the next."""

from __future__ import annotations

from asr_properties.reference import Fixed, ReferenceService
from walks import DISABLE, FAIL_BACK, FAILED_BACK, REVERSE, begins, perform


def test_a_failback_that_fails_goes_back_to_the_disks_of_its_own_life():
    """The disks that a failback of the former life made are there before this one: its revert leaves them."""
    fails = (begins("planned_failover_fails", "VmPrepareForFailover"), *FAIL_BACK, *FAIL_BACK[1:])
    session = perform(
        ReferenceService(freedom=Fixed({})), (*FAILED_BACK, *DISABLE, *REVERSE, *fails), {"iscsi_disks": 2}
    )
    assert session.oracle.phase == "reverse_protected"
    assert "revert_succeeds: reverting_failback -> reverse_protected" in session.oracle.taken
