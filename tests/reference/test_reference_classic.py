"""The classic profile: what is offered where, commit and reprotect; the failback has a file of its own."""

from __future__ import annotations

import pytest

from asr_properties.reference import ClassicItem, Fixed, create_classic

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
