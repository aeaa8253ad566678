"""The classic profile: the failback is a failover, it needs no planned one and knows no cancel."""

from __future__ import annotations

import pytest

from asr_properties.contract.errors import Refused
from asr_properties.reference import ClassicItem, Fixed, create_classic
from asr_properties.reference.faults import FAILOVER_TASKS, HEALTH_FAULTS

HOUR = 3600
ALLOWED = {
    "enabling_failed": {"disable_replication"},
    "initial_replication": {"disable_replication"},
    "awaiting_first_recovery_point": {"disable_replication"},
    "protected": {"fail_over", "test_failover", "disable_replication"},
    "failover_failed": {"fail_over", "disable_replication"},
    "failover_aborted": {"disable_replication"},
    "failed_over": {"commit", "change_recovery_point", "reprotect", "disable_replication"},
    "failover_committed": {"reprotect", "disable_replication"},
    "reverse_initial_replication": {"disable_replication"},
    "reverse_protected": {"fail_over", "disable_replication"},
    "failed_back": {"commit", "disable_replication"},
    "failback_committed": {"reprotect", "disable_replication"},
}
ARGUMENTS = {
    "fail_over": {"recovery_point": "latest", "shut_down_source": False},
    "change_recovery_point": {"recovery_point": "none"},
    "planned_failover": {"recovery_point_type": "crash_consistent"},
}
REACHABLE = {"enable_under_fault": "enabling_failed", "cancel_job": "accepted"}
IN_AZURE = {"failed_over", "failover_committed", "reverse_initial_replication", "reverse_protected"}
REPLICATING = {
    "initial_replication": "to_azure",
    "awaiting_first_recovery_point": "to_azure",
    "protected": "to_azure",
    "reverse_initial_replication": "to_on_premises",
    "reverse_protected": "to_on_premises",
}


class Alternating(Fixed):
    """Whether reprotect is offered before a commit it answers differently from one look to the next."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def choose(self, name: str) -> str:
        if not name.startswith("reprotect_of_uncommitted"):
            return super().choose(name)
        self.asked += 1
        return ("offered", "not_offered")[self.asked // 2 % 2]


def begin_failback(driver, point: str = "latest", shut_down: bool = True) -> str:
    return driver.begin("fail_over", recovery_point=point, shut_down_source=shut_down)


# What is offered and listed.


def test_hello_tells_the_profile_and_the_operations_that_it_always_refuses():
    hello = create_classic().hello(protocol=1)
    assert hello["profile"] == "classic"
    assert {"planned_failover", "cancel_failover"} < set(hello["operations"])
    assert len(hello["operations"]) == 11


@pytest.mark.parametrize("phase", ALLOWED)
def test_what_is_listed_is_exact_and_the_rest_is_refused(classic, phase: str):
    driver = classic(pin=REACHABLE).reach(phase)
    assert set(driver.item["allowed_operations"]) == ALLOWED[phase]
    before = driver.item
    for operation in driver.service.hello(protocol=1)["operations"]:
        if operation not in ALLOWED[phase]:
            assert driver.refused(operation, **ARGUMENTS.get(operation, {})), operation
    assert driver.item == before


@pytest.mark.parametrize("phase", ALLOWED)
def test_site_direction_instance_and_no_planned_failover(classic, phase: str):
    item = classic(pin=REACHABLE).reach(phase).item
    assert item["replicating"] == REPLICATING.get(phase, "none")
    assert item["active_site"] == ("azure" if phase in IN_AZURE else "on_premises")
    reverse = phase.startswith("reverse") or phase in ("failed_back", "failback_committed")
    assert item["profile_instance"] == ("InMage" if reverse else "InMageAzureV2")
    assert item["last_planned_failover"] is None


@pytest.mark.parametrize("way", ["at_once", "by_job"])
@pytest.mark.parametrize("operation", ["planned_failover", "cancel_failover"])
@pytest.mark.parametrize("phase", ["protected", "failed_over", "reverse_protected", "failed_back"])
def test_there_is_neither_planned_failover_nor_cancel(classic, phase: str, operation: str, way: str):
    driver = classic(pin={"refusal": way}).reach(phase)
    before = driver.item
    arguments = ARGUMENTS.get(operation, {})
    if way == "at_once":
        assert driver.refused(operation, **arguments)
    else:
        assert driver.do(operation, **arguments)["state"] == "failed"
    assert driver.item == before


def test_a_full_cycle_keeps_the_id_and_ends_protected(classic):
    driver = classic().protect()
    item = driver.item["id"]
    driver.fail_over()
    driver.do("commit")
    driver.do("reprotect")
    assert driver.power("on_premises") == "off"
    driver.wait(HOUR)
    assert driver.phase == "reverse_protected"
    driver.fail_back()
    assert driver.phase == "failed_back"
    driver.do("commit")
    assert driver.phase == "failback_committed"
    driver.do("reprotect")
    driver.wait(HOUR)
    assert driver.phase == "protected"
    assert driver.item["id"] == item
    assert driver.item["profile_instance"] == "InMageAzureV2"


@pytest.mark.parametrize("phase", ALLOWED)
def test_disable_from_every_steady_phase_and_a_new_life(classic, phase: str):
    driver = classic(pin=REACHABLE).reach(phase)
    old = driver.item["id"]
    driver.do("disable_replication")
    assert driver.service.item() is None
    driver.protect()
    assert driver.item["id"] != old
    assert (driver.power("on_premises"), driver.power("azure")) == ("on", "absent")


# The failback.


def test_a_failback_is_an_unplanned_failover_that_leaves_azure_for_on_premises(classic):
    driver = classic().reach("reverse_protected")
    job = begin_failback(driver)
    assert driver.phase == "failing_back"
    assert driver.item["allowed_operations"] == []
    assert driver.refused("disable_replication")
    assert driver.service.job(job=job)["scenario"] == "UnplannedFailover"
    driver.pass_tasks(job, "VmShutdownVmOnPrimary")
    assert (driver.power("azure"), driver.power("on_premises")) == ("off", "off")
    driver.service.wait(job=job)
    assert driver.state(job) == "succeeded"
    assert driver.phase == "failed_back"
    assert (driver.power("azure"), driver.power("on_premises")) == ("off", "on")
    written = driver.write()
    assert driver.disk("on_premises") == written
    assert driver.disk("azure") < written


@pytest.mark.parametrize(("outcome", "power"), [("left_on", "on"), ("turned_off", "off")])
@pytest.mark.parametrize("asked", [False, True])
def test_azure_may_stay_on_when_it_was_not_shut_down(classic, outcome: str, power: str, asked: bool):
    driver = classic(pin={"azure_vm_after_failback": outcome}).reach("reverse_protected")
    driver.service.inject(fault="source_shutdown_fails")
    job = begin_failback(driver, shut_down=asked)
    driver.service.wait(job=job)
    assert driver.tasks(job)["VmShutdownVmOnPrimary"] == ("failed" if asked else "skipped")
    assert driver.phase == "failed_back"
    assert driver.power("azure") == power
    assert driver.item["active_site"] == "on_premises"


def test_latest_brings_over_what_was_received_at_the_trigger(classic):
    driver = classic().reach("reverse_protected")
    received = driver.write()
    driver.wait(20)
    assert driver.service.replication()["sent"] == received
    lost = driver.write()
    driver.fail_back()
    assert driver.disk("on_premises") == received
    assert driver.disk("azure") == lost
    assert driver.write() > lost


@pytest.mark.parametrize("outcome", ["left_behind", "brought_over"])
@pytest.mark.parametrize("shut_down", [True, False])
@pytest.mark.parametrize("phase", ["protected", "reverse_protected"])
def test_the_last_changes_may_come_along_after_a_shutdown(classic, phase: str, outcome: str, shut_down: bool):
    driver = classic(pin={"changes_before_the_shutdown": outcome}).reach(phase)
    newest = driver.write()
    driver.fail_over(shut_down=shut_down)
    target = "azure" if phase == "protected" else "on_premises"
    assert driver.disk(target) == (newest if shut_down and outcome == "brought_over" else 0)


@pytest.mark.parametrize("phase", ["protected", "reverse_protected"])
def test_what_could_not_be_sent_before_a_shutdown_does_not_come_along(classic, phase: str):
    driver = classic(pin={"changes_before_the_shutdown": "brought_over"}).reach(phase)
    driver.service.inject(fault="service_urls_blocked")
    driver.write()
    driver.fail_over(shut_down=True)
    assert driver.disk("azure" if phase == "protected" else "on_premises") == 0


@pytest.mark.parametrize("option", ["latest_processed", "latest_app_consistent", "oldest of the list"])
@pytest.mark.parametrize("outcome", ["accepted", "refused"])
def test_failback_to_a_listed_point_is_open(classic, option: str, outcome: str):
    pins = {"failback_to_a_listed_point": outcome, "reverse_points": "listed"}
    driver = classic(pin=pins).reach("reverse_protected")
    driver.wait(2 * HOUR)
    driver.write()
    driver.wait(600)
    listed = driver.points
    if option == "oldest of the list":
        point, option = listed[-1], listed[-1]["id"]
    else:
        point = next(p for p in listed if option == "latest_processed" or p["kind"] == "app_consistent")
    if outcome == "refused":
        assert driver.refused("fail_over", recovery_point=option, shut_down_source=True)
        assert driver.phase == "reverse_protected"
    else:
        driver.fail_over(option)
        assert driver.phase == "failed_back"
        assert driver.disk("on_premises") == point["sequence"]
        assert driver.points == listed


@pytest.mark.parametrize("shown", ["hidden", "listed"])
def test_an_unknown_point_is_refused_and_without_a_list_only_latest_serves(classic, shown: str):
    driver = classic(pin={"reverse_points": shown}).protect()
    forward = driver.points[0]["id"]
    driver.fail_over()
    driver.do("reprotect")
    driver.wait(2 * HOUR)
    options = ["unknown", forward] if shown == "listed" else ["unknown", forward, "latest_processed"]
    for option in options:
        assert driver.refused("fail_over", recovery_point=option, shut_down_source=True)
    assert driver.phase == "reverse_protected"
    driver.fail_over("latest")
    assert driver.phase == "failed_back"


def test_the_failback_policy_is_fixed(classic):
    configuration = {"app_consistent_minutes": 0, "retention_minutes": 0}
    driver = classic(configuration, pin={"reverse_points": "listed"}).reach("reverse_protected")
    driver.wait(48 * HOUR)
    ages = [driver.points[0]["created"] - point["created"] for point in driver.points]
    assert {point["kind"] for point in driver.points} == {"crash_consistent", "app_consistent"}
    assert 22 * HOUR < max(ages) <= 24 * HOUR


# A failback that fails or is cancelled.


@pytest.mark.parametrize("task", FAILOVER_TASKS)
def test_a_failed_failback_leaves_azure_active_and_can_be_retried(classic, task: str):
    driver = classic().reach("reverse_protected")
    newest = driver.write()
    driver.service.inject(fault="failover_fails", task=task)
    job = driver.fail_back()
    assert job["state"] == "failed"
    assert job["errors"]
    assert driver.phase == "reverse_protected"
    assert driver.item["current_job"] is None
    assert driver.item["active_site"] == "azure"
    assert driver.item["replicating"] == "to_on_premises"
    assert (driver.power("azure"), driver.power("on_premises")) == ("on", "off")
    assert driver.disk("azure") == newest
    assert len(driver.service.jobs()) == 4, "no job of the service's own"
    driver.service.clear(fault="failover_fails")
    driver.wait(600)
    assert driver.service.replication()["processed"] == newest
    driver.fail_back()
    assert driver.phase == "failed_back"
    assert driver.disk("on_premises") == newest


@pytest.mark.parametrize("outcome", ["works", "refused", "fails"])
@pytest.mark.parametrize("fault", sorted(HEALTH_FAULTS))
def test_failback_under_a_health_fault_is_open(classic, fault: str, outcome: str):
    driver = classic(pin={"failback_under_fault": outcome}).reach("reverse_protected")
    driver.service.inject(fault=fault)
    if outcome == "refused":
        assert driver.refused("fail_over", recovery_point="latest", shut_down_source=True)
    else:
        assert (driver.fail_back()["state"] == "succeeded") == (outcome == "works")
    assert driver.phase == ("failed_back" if outcome == "works" else "reverse_protected")
    driver.service.clear(fault=fault)
    if outcome != "works":
        assert driver.power("azure") == "on"
        driver.fail_back()
    assert driver.phase == "failed_back"


@pytest.mark.parametrize("last", FAILOVER_TASKS[:3])
def test_a_cancelled_failback_is_where_it_began(classic, last: str):
    driver = classic(pin={"cancel_job": "accepted"}).reach("reverse_protected")
    newest = driver.write()
    before = driver.item
    job = begin_failback(driver)
    driver.pass_tasks(job, last)
    driver.service.cancel_job(job=job)
    assert driver.state(job) == "cancelled"
    assert driver.item == before
    assert (driver.power("azure"), driver.power("on_premises")) == ("on", "off")
    assert driver.disk("azure") == newest
    driver.wait(HOUR)
    driver.fail_back()
    assert driver.disk("on_premises") == newest


def test_cancelling_a_failback_may_be_refused(classic):
    driver = classic().reach("reverse_protected")
    job = begin_failback(driver)
    with pytest.raises(Refused):
        driver.service.cancel_job(job=job)
    driver.service.wait(job=job)
    assert driver.phase == "failed_back"


def test_a_cancelled_failover_to_azure_is_aborted_for_good(classic):
    driver = classic(pin={"cancel_job": "accepted"}).reach("failover_aborted")
    driver.wait(24 * HOUR)
    assert driver.phase == "failover_aborted"


def test_a_planned_failovers_faults_concern_no_job_of_this_profile(classic):
    driver = classic().reach("reverse_protected")
    for fault in ("planned_failover_fails", "cancel_fails"):
        driver.service.inject(fault=fault)
    driver.fail_back()
    assert driver.phase == "failed_back"


# Commit and reprotect.


@pytest.mark.parametrize(
    ("before", "after"), [("failed_over", "failover_committed"), ("failed_back", "failback_committed")]
)
def test_a_commit_is_called_as_the_service_calls_it(classic, before: str, after: str):
    driver = classic().reach(before)
    assert driver.do("commit")["scenario"] == "FinalizeFailback"
    assert driver.phase == after


def test_committing_a_failback_removes_azure(classic):
    driver = classic().reach("failed_back")
    assert driver.power("azure") == "off"
    driver.do("commit")
    assert driver.power("azure") == "absent"


@pytest.mark.parametrize("outcome", ["offered", "not_offered"])
@pytest.mark.parametrize(
    ("phase", "choice", "after"),
    [
        ("failed_over", "reprotect_of_uncommitted_failover", "reverse_protected"),
        ("failed_back", "reprotect_of_uncommitted_failback", "protected"),
    ],
)
def test_reprotect_before_the_commit_is_open(classic, phase: str, choice: str, after: str, outcome: str):
    driver = classic(pin={choice: outcome})
    if phase == "failed_back":
        driver.reach("reverse_protected").fail_back()
    else:
        driver.reach(phase)
    offered = outcome == "offered"
    assert ("reprotect" in driver.item["allowed_operations"]) == offered
    if not offered:
        assert driver.refused("reprotect")
        driver.do("commit")
        assert "reprotect" in driver.item["allowed_operations"]
    job = driver.begin("reprotect")
    driver.pass_tasks(job, "CommitFailoverTask")
    assert driver.power("azure") == ("on" if phase == "failed_over" else "absent")
    driver.service.wait(job=job)
    driver.wait(HOUR)
    assert driver.phase == after


@pytest.mark.parametrize("phase", ["failed_over", "failed_back"])
def test_whether_reprotect_is_offered_before_the_commit_stays_so_within_a_life(classic, phase: str):
    driver = classic(freedom=Alternating()).reach("reverse_protected")
    if phase == "failed_back":
        driver.fail_back()
    else:
        driver.do("disable_replication")
        driver.reach("failed_over")
    offered = []
    for seconds in (0, 60, 86400):
        driver.wait(seconds)
        offered.append("reprotect" in driver.item["allowed_operations"])
        assert driver.refused("planned_failover", recovery_point_type="crash_consistent")
    assert len(set(offered)) == 1


@pytest.mark.parametrize("outcome", ["at_once", "takes_minutes"])
@pytest.mark.parametrize("phase", ["failed_over", "failover_committed", "failback_committed"])
def test_reprotect_may_be_refused_until_the_agent_has_registered(classic, phase: str, outcome: str):
    driver = classic(pin={"agent_registration": outcome})
    driver.reach("reverse_protected" if phase == "failback_committed" else "protected")
    driver.fail_over()
    if phase.endswith("committed"):
        driver.do("commit")
    assert "reprotect" in driver.item["allowed_operations"]
    if outcome == "takes_minutes":
        assert driver.refused("reprotect")
        assert driver.phase == phase
        driver.wait(15 * 60)
    assert driver.do("reprotect")["state"] == "succeeded"


# Wrong implementations are made of it like of the modernized one.


def test_one_behaviour_can_be_wrong(classic):
    class KeepsAzure(ClassicItem):
        def remove_azure_vm(self) -> None:
            pass

    assert classic(item_class=KeepsAzure).reach("failback_committed").power("azure") == "off"
