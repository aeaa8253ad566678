"""The requirement named first is the one whose sentence was broken: each rule of blame, on a walk that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from asr_model.blame import of_a_word
from asr_model.profiles import stepper
from asr_properties.contract.errors import Refused
from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, request, wait
from asr_properties.reference import Fixed, ReferenceService, ReplicatedItem
from asr_properties.reference.jobs import Job, Step
from asr_properties.session.nonconformance import MOST_REQUIREMENTS, NonConformance
from walks import (
    ABORTED,
    CANCEL_THE_JOB,
    COMMITTED,
    DRILL,
    FAILED_BACK,
    FAILED_OVER,
    HOUR,
    PLANNED,
    PROTECTED,
    begins,
    fail_over,
    perform,
)
from wrong import implementations as wrong

# A word too many or too few in a list.

WORDS = (
    ("modernized", "failed_over", "cancel_failover", ("R76", "R77", "X02")),
    ("modernized", "changing_recovery_point", "cancel_failover", ("R76", "R77", "X02")),
    ("modernized", "committing_failover", "cancel_failover", ("R76", "R77", "X02")),
    ("classic", "committing_failback", "cancel_failover", ("R75", "X02")),
    ("modernized", "enabling_failed", "fail_over", ("R07", "X02")),
    ("modernized", "failed_back", "change_recovery_point", ("X04", "X02")),
    ("modernized", "failover_committed", "commit", ("X03", "R41", "X02")),
    ("modernized", "failover_failed", "commit", ("X18", "X02")),
    ("modernized", "failover_aborted", "fail_over", ("R34", "X02")),
    ("modernized", "failing_back", "cancel_failover", ("X02",)),
    ("modernized", "failed_over", "commit", ("X03", "R39")),
    ("modernized", "failed_back", "cancel_failover", ("X04", "R61")),
    ("modernized", "failback_committed", "reprotect", ("R86",)),
    ("classic", "failed_back", "commit", ("X17",)),
    ("modernized", "protected", "fail_over", ("R15",)),
    ("modernized", "reverse_initial_replication", "disable_replication", ("X12",)),
)


@pytest.mark.parametrize(("profile", "phase", "operation", "blamed"), WORDS)
def test_a_listed_word_is_blamed_on_the_rule_about_that_operation_there(profile, phase, operation, blamed):
    assert of_a_word(stepper(profile), phase, "no_drill", operation) == blamed


def test_while_a_drill_awaits_its_cleanup_every_other_word_breaks_x15():
    assert of_a_word(stepper(), "protected", "drill_awaiting_cleanup", "commit") == ("X15", "X02")
    assert of_a_word(stepper(), "protected", "drill_awaiting_cleanup", "clean_up_test_failover") == ("X14",)


# What happens.


class CancelsFailover(ReplicatedItem):
    """A finished failover to Azure can be cancelled; that turns the machine in Azure off."""

    __slots__ = ()

    def cancel_failover(self, arguments: Mapping[str, Any]) -> Job:
        if self.phase != "failed_over":
            return super().cancel_failover(arguments)
        return self.start_job("cancel_failover", (Step("CancelFailover", 60, lambda job: self.azure.turn_off()),))

    def can_cancel_failover(self) -> bool:
        return self.phase == "failed_over" or super().can_cancel_failover()


class Restless(ReplicatedItem):
    """Two hours after it came to `place`, the item does `does` by itself."""

    __slots__ = ("due",)

    place = does = ""
    arguments: Mapping[str, Any] = {}

    def observation(self) -> dict[str, Any] | None:
        if self.phase == self.place and not hasattr(self, "due"):
            self.due = self.clock.now + 7200
            self.clock.after(7200, lambda: getattr(self, self.does)(self.arguments))
        return super().observation()


class FailsOver(Restless):
    """It fails over."""

    __slots__ = ()
    place, does, arguments = "protected", "fail_over", {"recovery_point": "latest", "shut_down_source": False}


class Reprotects(Restless):
    """It reprotects to on-premises."""

    __slots__ = ()
    place, does = "failover_committed", "reprotect"


class ReprotectsBack(Restless):
    """It reprotects to Azure."""

    __slots__ = ()
    place, does = "failed_back", "reprotect"


class Commits(Restless):
    """It commits."""

    __slots__ = ()
    place, does = "failed_over", "commit"


class CancelsItself(Restless):
    """It cancels its failback."""

    __slots__ = ()
    place, does = "failed_back", "cancel_failover"


HAPPENINGS = (
    (wrong.AbortBackToProtected, ABORTED, "R34"),
    (CancelsFailover, (*FAILED_OVER, request("cancel_failover"), WAIT_FOR_JOB), "R76"),
    (FailsOver, (*PROTECTED, wait(3 * HOUR)), "R15"),
    (Reprotects, (*COMMITTED, wait(3 * HOUR)), "R93"),
    (ReprotectsBack, (*FAILED_BACK, wait(3 * HOUR)), "R86"),
    (Commits, (*FAILED_OVER, wait(3 * HOUR)), "R39"),
    (CancelsItself, (*FAILED_BACK, wait(3 * HOUR)), "R61"),
)


@pytest.mark.parametrize(("item", "actions", "first"), HAPPENINGS, ids=lambda value: getattr(value, "__name__", None))
def test_what_happens_is_blamed_on_its_cause_or_on_the_rule_that_it_is_asked_for(item, actions, first):
    failure = failing(item, actions)
    assert failure.blamed[0] == first
    assert len(failure.blamed) <= MOST_REQUIREMENTS


class StoppedMeanwhile(ReplicatedItem):
    """The machine in Azure stops while a cleanup that can only be refused is pending."""

    __slots__ = ()

    def refuse(self, operation: str, refusal: Refused) -> Job:
        self.clock.after(1, self.azure.turn_off)
        return self.refuse_by_job(operation, str(refusal))


def test_a_departure_elsewhere_is_not_that_of_an_operation_that_is_being_refused():
    cleanup = (*FAILED_OVER, request("clean_up_test_failover"), Action("wait", seconds=2))
    failure = failing(StoppedMeanwhile, cleanup)
    assert failure.blamed == ("R36",)


def test_what_time_brings_in_a_phase_is_nothing_that_an_operation_there_changes():
    """A resynchronize that is being refused leaves the item in its phase, in which points are made in any case."""
    commit = (*FAILED_OVER, request("resynchronize"), request("commit"), WAIT_FOR_JOB)
    assert failing(wrong.KeptPoints, commit, {"refusal": "by_job"}).blamed[0] == "R40"


def test_what_an_operation_comes_to_where_it_fails_does_not_show_that_it_was_accepted():
    """A failover that fails leads to where it began, and so does an abort that is one of R34's: only that was done."""
    again = (*PROTECTED, fail_over(), fail_over(), CANCEL_THE_JOB, WAIT_FOR_JOB)
    free = {"refusal": "by_job", "cancel_job": "accepted", "cancelled_failover_ends": "at_once"}
    assert failing(wrong.AbortBackToProtected, again, free).blamed[0] == "R34"


@pytest.mark.parametrize(
    ("item", "actions"),
    [
        (wrong.RefusedFailbackShutsDown, (*FAILED_OVER, PLANNED)),
        (
            wrong.RefusedDrillPrunes,
            (*PROTECTED, wait(5 * HOUR), request("test_failover", recovery_point="latest_app_consistent")),
        ),
    ],
)
def test_a_refusal_with_a_side_effect_is_blamed_on_x02_and_not_on_the_operation(item, actions):
    """Its job still runs, and nothing of the operation but that effect is seen: it was not begun."""
    assert failing(item, actions, {"refusal": "by_job"}, app_consistent_minutes=0).blamed[0] == "X02"


def failing(
    item: type[ReplicatedItem],
    actions: tuple[Action, ...],
    free: Mapping[str, str] = {"cancel_job": "accepted"},
    app_consistent_minutes: int = 20,
) -> NonConformance:
    with pytest.raises(NonConformance) as failure:
        perform(ReferenceService(item, Fixed(free)), actions, {"app_consistent_minutes": app_consistent_minutes})
    return failure.value


def test_what_is_begun_though_it_must_be_refused_is_blamed_on_what_refuses_it():
    """Its job might still only refuse. But the item shows the phase of the operation, and a point that it makes."""
    walk = (*FAILED_OVER, request("reprotect"), WAIT_FOR_JOB)
    early = request("planned_failover", recovery_point_type="app_consistent")
    with pytest.raises(NonConformance) as failure:
        perform(
            ReferenceService(wrong.EarlyFailback, Fixed({"reverse_points": "listed"})),
            (*walk, early, WAIT_FOR_JOB, wait(HOUR)),
        )
    assert failure.value.blamed[0] == "R94"


class FailedFailoverLeavesAzureOn(ReplicatedItem):
    """A failover that fails leaves a machine in Azure, and that runs."""

    __slots__ = ()

    def failover_fails(self, job: Job) -> None:
        super().failover_fails(job)
        self.build_azure_vm(job)
        self.azure.turn_on()


class DrillHoldsReplication(ReplicatedItem):
    """While there is a drill nothing is received."""

    __slots__ = ()

    def drill_disturbs(self) -> None:
        assert self.replication is not None
        self.replication.flow.hold(self.clock.now)


OTHER_CAUSES = (
    (FailedFailoverLeavesAzureOn, (*PROTECTED, begins("failover_fails"), fail_over(), WAIT_FOR_JOB), "X18"),
    (DrillHoldsReplication, (*PROTECTED, *DRILL, WRITE, wait(HOUR)), "X13"),
)


@pytest.mark.parametrize(("item", "walk", "blamed"), OTHER_CAUSES)
def test_what_a_failed_job_or_a_drill_leaves_behind_is_blamed_on_the_rule_that_forbids_it(item, walk, blamed):
    assert failing(item, walk).blamed[0] == blamed
