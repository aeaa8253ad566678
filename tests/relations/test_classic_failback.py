"""What Classic's failback brings over is measured by what can be known of its points."""

from __future__ import annotations

from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, request, wait
from asr_properties.generation.scenarios import COMMIT, HOUR, PROTECT, fail_over
from asr_properties.reference import ClassicItem, Fixed, ReferenceService
from walks import CANCEL_THE_JOB, DAY, begins, ends, perform


class ToldUntilThen(ClassicItem):
    """Tells how far the replication to Azure came until that to on-premises begins, and of no point what it holds."""

    __slots__ = ("came_to",)

    def replicated(self):
        if self.replication is not None or not hasattr(self, "came_to"):
            self.came_to = super().replicated()
        return self.came_to

    def recovery_points(self):
        return [{**point, "sequence": None} for point in super().recovery_points()]


def test_points_towards_on_premises_hold_what_azure_held_not_what_azure_had_received():
    """The failover went to a point that is older than the record; both reprotect and the first point were missed."""
    to_an_old_point = (*PROTECT, WRITE, wait(2 * HOUR), fail_over("listed", pick=25), WAIT_FOR_JOB, *COMMIT)
    and_back = (request("reprotect"), wait(DAY), fail_over("latest_processed"), WAIT_FOR_JOB)
    implementation = ReferenceService(ToldUntilThen, Fixed({"reverse_points": "listed"}))
    session = perform(implementation, (*to_an_old_point, *and_back))
    assert session.oracle.phase == "failed_back"
    assert session.monitors.exercised["failback_to_latest_processed_brings_its_data"] == 1


def test_a_failed_failback_whose_azure_was_never_seen_on_again_is_no_measure_for_a_later_cycle():
    over = (fail_over("latest"), WAIT_FOR_JOB, *COMMIT, request("reprotect"), wait(DAY))
    in_vain = (WRITE, fail_over("latest"), begins("azure_vm_off"), CANCEL_THE_JOB, wait(HOUR))
    and_back = (fail_over("latest"), WAIT_FOR_JOB, ends("azure_vm_off"), *COMMIT, request("reprotect"), wait(DAY))
    implementation = ReferenceService(ClassicItem, Fixed({"cancel_job": "accepted"}))
    session = perform(implementation, (*PROTECT, *over, *in_vain, *and_back, WRITE, wait(HOUR), *over))
    assert session.oracle.phase == "reverse_protected"
