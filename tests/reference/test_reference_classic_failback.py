"""The failback of the classic profile: a failover that nothing reverts, with what it brings over and what it leaves."""

from __future__ import annotations

import pytest

from asr_properties.contract.errors import Refused
from asr_properties.reference.faults import FAILOVER_TASKS, HEALTH_FAULTS

HOUR = 3600


def begin_failback(driver, point: str = "latest", shut_down: bool = True) -> str:
    return driver.begin("fail_over", recovery_point=point, shut_down_source=shut_down)


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
