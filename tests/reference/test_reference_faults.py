"""Faults: what fails, what it leaves, and that everything works again."""

from __future__ import annotations

import pytest

from asr_properties.reference.faults import (
    CANCEL_FAILOVER_TASKS,
    FAILOVER_TASKS,
    HEALTH_FAULTS,
    PLANNED_FAILOVER_TASKS,
    TEST_FAILOVER_TASKS,
)

STOPS_FORWARD = set(HEALTH_FAULTS) - {"azure_vm_off", "datastore_unreachable"}


def test_a_failed_shutdown_does_not_stop_the_failover(start):
    driver = start().protect()
    driver.service.inject(fault="source_shutdown_fails")
    job = driver.fail_over(shut_down=True)
    assert job["state"] == "succeeded"
    assert {task["name"]: task["state"] for task in job["tasks"]}["VmShutdownVmOnPrimary"] == "failed"
    assert driver.phase == "failed_over"
    assert driver.power("on_premises") == "on"


@pytest.mark.parametrize("outcome", ["failover_failed", "protected"])
@pytest.mark.parametrize("task", FAILOVER_TASKS)
def test_a_failed_failover_leaves_the_site_and_can_be_retried(start, task: str, outcome: str):
    driver = start(pin={"failed_failover": outcome}).protect()
    driver.service.inject(fault="failover_fails", task=task)
    job = driver.fail_over()
    assert job["state"] == "failed"
    assert job["errors"]
    assert driver.phase == outcome
    assert driver.item["active_site"] == "on_premises"
    assert driver.power("azure") == "absent"
    for operation in ("commit", "reprotect"):
        assert driver.refused(operation)
    driver.service.clear(fault="failover_fails")
    assert driver.fail_over("latest_processed")["state"] == "succeeded"
    assert driver.phase == "failed_over"


@pytest.mark.parametrize(("outcome", "power"), [("stays_off", "off"), ("turned_on", "on")])
def test_a_source_that_was_shut_down_for_a_failed_failover(start, outcome: str, power: str):
    driver = start(pin={"source_after_failed_failover": outcome}).protect()
    driver.service.inject(fault="failover_fails", task="VmFailover")
    driver.fail_over()
    assert driver.power("on_premises") == power


def test_points_are_made_again_after_a_failed_failover_that_reads_protected(start):
    driver = start(pin={"failed_failover": "protected"}).protect()
    driver.service.inject(fault="failover_fails")
    driver.fail_over(shut_down=False)
    newest = driver.points[0]["created"]
    record = driver.write()
    driver.wait(900)
    assert driver.points[0]["created"] > newest
    assert driver.points[0]["sequence"] == record


@pytest.mark.parametrize("task", TEST_FAILOVER_TASKS)
def test_a_failed_drill_awaits_cleanup(start, task: str):
    driver = start().protect()
    driver.service.inject(fault="failover_fails", task=task)
    assert driver.do("test_failover")["state"] == "failed"
    assert driver.item["drill"] == "drill_awaiting_cleanup"
    driver.do("clean_up_test_failover")
    assert driver.item["drill"] == "no_drill"


@pytest.mark.parametrize("task", PLANNED_FAILOVER_TASKS)
def test_a_failed_planned_failover_is_reverted_by_the_service(start, task: str):
    driver = start().reach_reverse_protected()
    newest = driver.write()
    driver.service.inject(fault="planned_failover_fails", task=task)
    job = driver.begin("planned_failover", recovery_point_type="crash_consistent")
    driver.service.wait(job=job)
    assert driver.state(job) == "failed"
    assert driver.tasks(job)[task] == "failed"
    assert driver.phase == "reverting_failback"
    assert driver.item["last_planned_failover"] == "failed"
    revert = driver.item["current_job"]
    assert driver.service.jobs()[0] == revert
    assert driver.service.job(job=revert)["scenario"] == "CancelFailover"
    driver.service.wait(job=revert)
    assert driver.phase == "reverse_protected"
    assert driver.power("azure") == "on"
    assert driver.power("on_premises") == "off"
    assert driver.disk("azure") == newest
    driver.service.clear(fault="planned_failover_fails")
    driver.fail_back()
    assert driver.phase == "failed_back"


def test_failing_prerequisites_may_leave_the_phase(start):
    driver = start(pin={"failed_prerequisites_of_planned_failover": "leave_the_phase"}).reach_reverse_protected()
    before = driver.item
    driver.service.inject(fault="planned_failover_fails", task="VmPfoPrerequisitesCheck")
    assert driver.fail_back()["state"] == "failed"
    assert driver.item == before


@pytest.mark.parametrize("task", CANCEL_FAILOVER_TASKS)
def test_a_revert_that_fails_calls_for_a_manual_cancel(start, task: str):
    driver = start().reach_reverse_protected()
    driver.service.inject(fault="planned_failover_fails", task="VmFoStartVmOnSecondary")
    driver.service.inject(fault="cancel_fails", task=task)
    job = driver.begin("planned_failover", recovery_point_type="crash_consistent")
    driver.service.wait(job=job)
    driver.service.wait(job=driver.item["current_job"])
    assert driver.phase == "failback_cancel_failed"
    assert driver.item["health_issues"]
    assert any("manually" in error["message"] for error in driver.service.job(job=job)["errors"])
    assert driver.do("cancel_failover")["state"] == "failed"
    assert driver.phase == "failback_cancel_failed"
    driver.service.clear(fault="cancel_fails")
    assert driver.do("cancel_failover")["state"] == "succeeded"
    assert driver.phase == "reverse_protected"
    assert driver.item["health_issues"] == []
    assert driver.power("azure") == "on"


@pytest.mark.parametrize("outcome", ["failback_cancel_failed", "failed_back"])
@pytest.mark.parametrize("task", CANCEL_FAILOVER_TASKS)
def test_a_manual_cancel_that_fails_can_be_retried(start, task: str, outcome: str):
    driver = start(pin={"failed_cancel_from_failed_back": outcome}).reach_failed_back()
    written = driver.write()
    driver.service.inject(fault="cancel_fails", task=task)
    assert driver.do("cancel_failover")["state"] == "failed"
    untouched = task in CANCEL_FAILOVER_TASKS[:2]
    assert driver.phase == (outcome if untouched else "failback_cancel_failed")
    if driver.phase == "failed_back":
        assert driver.disk("on_premises") == written
        assert driver.power("on_premises") == "on"
    driver.service.clear(fault="cancel_fails")
    assert driver.do("cancel_failover")["state"] == "succeeded"
    assert driver.phase == "reverse_protected"
    assert driver.disk("on_premises") < written


@pytest.mark.parametrize("place", ["main_task", "first_task", "last_task"])
def test_a_fault_without_a_task_fails_the_job_somewhere(start, place: str):
    driver = start(pin={"fault_without_task": place}).protect()
    driver.service.inject(fault="failover_fails")
    assert driver.fail_over()["state"] == "failed"


def test_a_fault_that_comes_late_still_counts_and_one_cleared_in_time_does_not(start):
    driver = start().protect()
    job = driver.begin("fail_over", recovery_point="latest", shut_down_source=False)
    driver.pass_tasks(job, "VmFailover")
    driver.service.inject(fault="failover_fails")
    driver.service.wait(job=job)
    assert driver.state(job) == "failed"
    job = driver.begin("fail_over", recovery_point="latest", shut_down_source=False)
    driver.wait(30)
    driver.service.clear(fault="failover_fails")
    driver.service.wait(job=job)
    assert driver.state(job) == "succeeded"


@pytest.mark.parametrize("fault", sorted(STOPS_FORWARD))
def test_while_a_health_fault_lasts_no_data_flows_but_failover_is_possible(start, fault: str):
    driver = start().protect()
    record = driver.write()
    driver.wait(120)
    driver.service.inject(fault=fault)
    driver.service.inject(fault=fault)
    assert driver.item["health"] == "critical"
    assert driver.item["replicating"] == "to_azure"
    driver.write()
    newest = driver.points[0]
    driver.wait(3600)
    assert driver.points[0] == newest
    assert driver.service.replication()["sent"] == record
    assert "fail_over" in driver.item["allowed_operations"]
    driver.service.clear(fault=fault)
    driver.service.clear(fault=fault)
    assert driver.item["health_issues"] == []
    driver.wait(600)
    assert driver.points[0]["created"] > newest["created"]
    assert driver.service.replication()["processed"] == record + 1
    driver.service.inject(fault=fault)
    assert driver.fail_over()["state"] == "succeeded"


@pytest.mark.parametrize("waited", [0, 26 * 60])
def test_initial_replication_and_the_first_point_stall_and_go_on(start, waited: float):
    driver = start()
    driver.do("enable_replication")
    driver.wait(waited)
    phase = driver.phase
    driver.service.inject(fault="service_urls_blocked")
    driver.wait(5 * 86400)
    assert driver.phase == phase
    driver.service.clear(fault="service_urls_blocked")
    driver.wait(45 * 60)
    assert driver.phase == "protected"


@pytest.mark.parametrize("fault", sorted(HEALTH_FAULTS))
def test_in_reverse_every_health_fault_stops_the_flow(start, fault: str):
    driver = start().reach_failed_over()
    driver.do("reprotect")
    driver.service.inject(fault=fault)
    driver.wait(86400)
    assert driver.phase == "reverse_initial_replication"
    driver.service.clear(fault=fault)
    driver.wait(1200)
    assert driver.phase == "reverse_protected"


@pytest.mark.parametrize(
    ("outcome", "phase"),
    [
        ("works", "initial_replication"),
        ("enabling_failed", "enabling_failed"),
        ("not_replicated", "not_replicated"),
        ("refused", "not_replicated"),
    ],
)
def test_enabling_under_a_fault(start, outcome: str, phase: str):
    driver = start(pin={"enable_under_fault": outcome})
    driver.service.inject(fault="appliance_unhealthy")
    if outcome == "refused":
        assert driver.refused("enable_replication")
    else:
        assert (driver.do("enable_replication")["state"] == "succeeded") == (outcome == "works")
    assert driver.phase == phase
    driver.service.clear(fault="appliance_unhealthy")
    if phase == "enabling_failed":
        driver.do("disable_replication")
    if phase != "initial_replication":
        driver.do("enable_replication")
    driver.wait(3600)
    assert driver.phase == "protected"


@pytest.mark.parametrize("before", ["failed_over", "failover_committed", "failed_back", "failback_committed"])
@pytest.mark.parametrize("outcome", ["works", "refused", "fails_before_commit", "fails_after_commit"])
def test_reprotect_under_a_fault(start, before: str, outcome: str):
    driver = start(pin={"reprotect_under_fault": outcome}).reach(before)
    driver.service.inject(fault="datastore_unreachable")
    forward = before in ("failed_over", "failover_committed")
    if outcome == "refused":
        assert driver.refused("reprotect")
    else:
        driver.do("reprotect")
    expected = {
        "works": "reverse_initial_replication" if forward else "initial_replication",
        "refused": before,
        "fails_before_commit": before,
        "fails_after_commit": "failover_committed" if forward else "failback_committed",
    }[outcome]
    assert driver.phase == expected
    driver.service.clear(fault="datastore_unreachable")
    if outcome != "works":
        driver.do("reprotect")
    driver.wait(3600)
    assert driver.phase == ("reverse_protected" if forward else "protected")


@pytest.mark.parametrize("outcome", ["works", "refused", "prerequisites_fail", "fails"])
def test_planned_failover_under_a_fault(start, outcome: str):
    driver = start(pin={"planned_failover_under_fault": outcome}).reach_reverse_protected()
    driver.service.inject(fault="replication_unhealthy")
    if outcome == "refused":
        assert driver.refused("planned_failover", recovery_point_type="crash_consistent")
    else:
        assert (driver.fail_back()["state"] == "succeeded") == (outcome == "works")
    if outcome == "fails":
        assert driver.phase == "reverting_failback"
        driver.service.wait(job=driver.item["current_job"])
    assert driver.phase == ("failed_back" if outcome == "works" else "reverse_protected")
    driver.service.clear(fault="replication_unhealthy")
    if outcome != "works":
        driver.fail_back()
    assert driver.phase == "failed_back"


def test_without_a_visible_datastore_reprotect_to_on_premises_is_refused(start):
    driver = start({"datastore_visible": False}).reach_failed_over()
    assert driver.refused("reprotect")
    assert driver.phase == "failed_over"
