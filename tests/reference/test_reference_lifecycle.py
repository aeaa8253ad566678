"""The lifecycle without faults: the golden traces, what is allowed where, machines, data."""

from __future__ import annotations

import pytest

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
    "reverse_protected": {"planned_failover", "disable_replication"},
    "failed_back": {"commit", "reprotect", "cancel_failover", "disable_replication"},
    "failback_cancel_failed": {"cancel_failover", "disable_replication"},
    "failback_committed": {"reprotect", "disable_replication"},
}
ARGUMENTS = {
    "fail_over": {"recovery_point": "latest", "shut_down_source": False},
    "change_recovery_point": {"recovery_point": "none"},
    "planned_failover": {"recovery_point_type": "crash_consistent"},
}
REACHABLE = {"enable_under_fault": "enabling_failed", "cancel_job": "accepted"}
TO_AZURE = {"initial_replication", "awaiting_first_recovery_point", "protected"}
TO_ON_PREMISES = {"reverse_initial_replication", "reverse_protected"}


def test_golden_trace_a(start):
    driver = start({"app_consistent_minutes": 60}).protect()
    assert driver.do("test_failover")["state"] == "succeeded"
    assert driver.do("clean_up_test_failover")["state"] == "succeeded"
    job = driver.fail_over(shut_down=False)
    assert [task["state"] for task in job["tasks"]] == ["succeeded", "skipped", "succeeded", "succeeded"]
    assert driver.phase == "failed_over"
    driver.do("commit")
    assert driver.phase == "failover_committed"
    driver.do("reprotect")
    driver.wait(3600)
    assert driver.phase == "reverse_protected"
    driver.fail_back()
    assert driver.phase == "failed_back"
    driver.do("cancel_failover")
    assert driver.phase == "reverse_protected"
    assert driver.item["last_planned_failover"] == "succeeded"
    driver.fail_back("app_consistent")
    assert driver.phase == "failed_back"
    driver.wait(21 * 86400)
    assert driver.phase == "failed_back"
    driver.do("reprotect")
    driver.wait(3600)
    assert driver.phase == "protected"


def test_golden_trace_b(start):
    driver = start()
    item = driver.do("enable_replication") and driver.item
    assert item["phase"] == "initial_replication"
    driver.wait(26 * 60)
    assert driver.phase == "awaiting_first_recovery_point"
    driver.wait(30 * 60)
    assert driver.phase == "protected"
    assert driver.fail_over(shut_down=True)["scenario"] == "UnplannedFailover"
    assert driver.item["failover_recovery_point"] is not None
    driver.wait(600)
    job = driver.do("reprotect")
    assert "CommitFailoverTask" in [task["name"] for task in job["tasks"]]
    assert driver.phase == "reverse_initial_replication"
    assert driver.item["profile_instance"] == "InMageRcmFailback"
    driver.wait(1200)
    driver.fail_back()
    assert driver.phase == "failed_back"
    assert driver.item["id"] == item["id"]
    driver.do("disable_replication")
    assert driver.service.item() is None


@pytest.mark.parametrize("phase", ALLOWED)
def test_what_is_listed_is_exact_and_the_rest_is_refused(start, phase: str):
    driver = start(pin=REACHABLE).reach(phase)
    assert set(driver.item["allowed_operations"]) == ALLOWED[phase]
    before = driver.item
    for operation in driver.service.hello(protocol=1)["operations"]:
        if operation not in ALLOWED[phase]:
            assert driver.refused(operation, **ARGUMENTS.get(operation, {})), operation
    assert driver.item == before


@pytest.mark.parametrize("phase", ALLOWED)
def test_direction_of_replication_and_active_site(start, phase: str):
    item = start(pin=REACHABLE).reach(phase).item
    expected = "to_azure" if phase in TO_AZURE else "to_on_premises" if phase in TO_ON_PREMISES else "none"
    assert item["replicating"] == expected
    in_azure = {"failed_over", "failover_committed", "reverse_initial_replication", "reverse_protected"}
    if phase != "failback_cancel_failed":
        assert item["active_site"] == ("azure" if phase in in_azure else "on_premises")


@pytest.mark.parametrize("phase", ALLOWED)
def test_disable_from_every_steady_phase_and_a_new_life(start, phase: str):
    driver = start(pin={**REACHABLE, "enable_under_fault": "enabling_failed"}).reach(phase)
    old = driver.item["id"]
    job = driver.begin("disable_replication")
    assert driver.phase == "disabling_replication"
    driver.service.wait(job=job)
    assert driver.service.item() is None
    assert driver.points == []
    driver.wait(86400)
    assert driver.service.item() is None
    driver.protect()
    assert driver.item["id"] != old
    assert driver.power("on_premises") == "on"
    assert driver.power("azure") == "absent"


@pytest.mark.parametrize(
    ("before", "operation", "phase"),
    [
        (None, "enable_replication", "enabling_replication"),
        ("protected", "fail_over", "failing_over"),
        ("failed_over", "commit", "committing_failover"),
        ("failed_over", "reprotect", "reprotecting_to_on_premises"),
        ("reverse_protected", "planned_failover", "failing_back"),
        ("failed_back", "cancel_failover", "cancelling_failback"),
        ("failed_back", "commit", "committing_failback"),
        ("failed_back", "reprotect", "reprotecting_to_azure"),
        ("protected", "disable_replication", "disabling_replication"),
    ],
)
def test_transitional_phases_list_nothing(start, before: str | None, operation: str, phase: str):
    driver = start() if before is None else start().reach(before)
    job = driver.begin(operation, **ARGUMENTS.get(operation, {}))
    assert driver.phase == phase
    assert driver.item["allowed_operations"] == []
    assert driver.item["current_job"] == job
    assert driver.refused("disable_replication")


def test_a_failover_turns_azure_on_after_the_source_was_shut_down(start):
    driver = start().protect()
    job = driver.begin("fail_over", recovery_point="latest", shut_down_source=True)
    assert driver.item["replicating"] == "none"
    driver.pass_tasks(job, "VmShutdownVmOnPrimary")
    assert driver.power("on_premises") == "off"
    assert driver.power("azure") == "absent"
    driver.service.wait(job=job)
    assert driver.power("azure") == "on"
    assert driver.item["active_site"] == "azure"


def test_without_the_shutdown_option_the_source_stays_on(start):
    driver = start().reach_failed_over(shut_down=False)
    assert driver.power("on_premises") == "on"


@pytest.mark.parametrize("configuration", [{"operating_system": "linux"}, {"dhcp": False}, {"boot_drivers": False}])
def test_the_extra_step_takes_eight_to_ten_minutes(start, configuration: dict[str, object]):
    def seconds(**configuration: object) -> float:
        driver = start(configuration).protect()
        driver.wait(301)
        job = driver.begin("fail_over", recovery_point="latest", shut_down_source=False)
        passed = 0
        while driver.state(job) == "in_progress":
            driver.wait(10)
            passed += 10
        return passed

    assert 480 <= seconds(**configuration) - seconds() <= 600


def test_reprotect_turns_on_premises_off(start):
    driver = start().reach_failed_over(shut_down=False)
    driver.do("reprotect")
    assert driver.power("on_premises") == "off"


def test_planned_failover_shuts_azure_down_before_on_premises_starts(start):
    driver = start().reach_reverse_protected()
    job = driver.begin("planned_failover", recovery_point_type="crash_consistent")
    driver.pass_tasks(job, "VmFailover")
    assert driver.power("azure") == "off"
    assert driver.power("on_premises") == "off"
    driver.service.wait(job=job)
    assert driver.power("on_premises") == "on"
    assert driver.power("azure") == "off"
    assert driver.item["last_planned_failover"] == "succeeded"


def test_planned_failover_loses_nothing(start):
    driver = start().reach_reverse_protected()
    job = driver.begin("planned_failover", recovery_point_type="crash_consistent")
    driver.wait(400)
    newest = driver.write()
    driver.service.wait(job=job)
    assert driver.disk("on_premises") == newest


@pytest.mark.parametrize("operation", ["commit", "reprotect"])
def test_committing_a_failback_removes_azure_and_the_way_back(start, operation: str):
    driver = start().reach_failed_back()
    driver.do(operation)
    assert driver.power("azure") == "absent"
    assert "cancel_failover" not in driver.item["allowed_operations"]
    assert driver.refused("cancel_failover")


def test_cancel_discards_what_on_premises_wrote_and_keeps_azures_data(start):
    driver = start().reach_reverse_protected()
    kept = driver.write()
    driver.fail_back()
    discarded = driver.write()
    driver.do("cancel_failover")
    assert driver.phase == "reverse_protected"
    assert driver.disk("azure") == kept
    assert driver.disk("on_premises") == kept
    assert driver.power("on_premises") == "off"
    assert driver.power("azure") == "on"
    assert driver.item["replicating"] == "to_on_premises"
    assert driver.write() > discarded


def test_cancel_and_planned_failover_may_alternate(start):
    driver = start().reach_reverse_protected()
    for _ in range(3):
        newest = driver.write()
        driver.fail_back()
        assert driver.disk("on_premises") == newest
        driver.write()
        driver.do("cancel_failover")
        assert driver.phase == "reverse_protected"


def test_cancel_tasks_come_in_order(start):
    driver = start().reach_failed_back()
    names = [task["name"] for task in driver.do("cancel_failover")["tasks"]]
    assert (
        names.index("CancelFailoverRecovery") < names.index("CancelFailoverPrimary") < names.index("StartVmOnPrimary")
    )


def test_records_are_sent_processed_and_in_a_point(start):
    driver = start().protect()
    record = driver.write()
    assert driver.service.replication()["sent"] < record
    driver.wait(600)
    assert driver.service.replication() == {"sent": record, "processed": record}
    driver.wait(600)
    assert driver.points[0]["sequence"] == record


def test_the_data_of_a_full_cycle_is_that_of_the_active_site(start):
    driver = start().protect()
    driver.write()
    driver.wait(600)
    driver.fail_over()
    driver.write()
    driver.do("reprotect")
    driver.wait(3600)
    newest = driver.write()
    driver.fail_back()
    assert driver.disk("on_premises") == newest
    driver.do("reprotect")
    driver.wait(3600)
    assert driver.phase == "protected"
    assert driver.item["profile_instance"] == "InMageRcm"
    assert driver.item["last_planned_failover"] is None
    assert driver.points[-1]["sequence"] == newest


def test_a_drill_leaves_production_alone_and_ends_by_cleanup_only(start):
    driver = start().protect()
    driver.write()
    driver.wait(600)
    before = driver.item, driver.service.machine(site="on_premises"), driver.service.machine(site="azure")
    listed = driver.points
    job = driver.begin("test_failover", recovery_point=listed[-1]["id"])
    assert driver.item["drill"] == "drill_running"
    assert driver.item["allowed_operations"] == []
    assert driver.points == listed
    driver.service.wait(job=job)
    assert driver.item["drill"] == "drill_awaiting_cleanup"
    assert driver.item["phase"] == "protected"
    assert driver.item["allowed_operations"] == ["clean_up_test_failover"]
    for operation in ("fail_over", "test_failover", "disable_replication"):
        assert driver.refused(operation, **ARGUMENTS.get(operation, {}))
    driver.wait(86400)
    assert driver.item["drill"] == "drill_awaiting_cleanup"
    job = driver.begin("clean_up_test_failover")
    assert driver.item["drill"] == "cleaning_up_drill"
    driver.service.wait(job=job)
    after = driver.item, driver.service.machine(site="on_premises"), driver.service.machine(site="azure")
    assert after == before
