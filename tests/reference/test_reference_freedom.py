"""What the contract leaves open: every allowed outcome occurs, and the choice is deterministic."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from asr_properties.contract.errors import Refused
from asr_properties.reference import CHOICES, Fixed, Varied

ACCEPTED = {"cancel_job": "accepted"}


def test_a_request_may_be_refused_by_a_job_that_does_not_count(start):
    driver = start(pin={"refusal": "by_job"}).protect()
    before = driver.item
    job = driver.begin("commit")
    assert driver.item == before
    assert driver.service.jobs()[0] == job
    running = driver.begin("fail_over", recovery_point="latest", shut_down_source=False)
    assert driver.item["current_job"] == running
    driver.service.wait(job=job)
    assert driver.service.job(job=job)["state"] == "failed"
    assert driver.service.job(job=job)["errors"]
    driver.service.wait(job=running)
    assert driver.phase == "failed_over"


def test_a_refusing_job_without_an_item(start):
    driver = start(pin={"refusal": "by_job"})
    assert driver.do("disable_replication")["state"] == "failed"
    assert driver.service.item() is None


def test_a_job_that_ended_cannot_be_cancelled(start):
    driver = start(pin=ACCEPTED)
    driver.do("enable_replication")
    with pytest.raises(Refused):
        driver.service.cancel_job(job=driver.service.jobs()[0])
    assert driver.phase == "initial_replication"


def test_cancelling_may_be_refused(start):
    driver = start()
    job = driver.begin("enable_replication")
    assert driver.service.job(job=job)["may_cancel"] is False
    with pytest.raises(Refused):
        driver.service.cancel_job(job=job)
    driver.service.wait(job=job)
    assert driver.state(job) == "succeeded"


@pytest.mark.parametrize("ends", ["at_once", "after_a_while"])
def test_a_cancelled_failover_is_aborted_for_good(start, ends: str):
    driver = start(pin={**ACCEPTED, "cancelled_failover_ends": ends}).protect()
    job = driver.begin("fail_over", recovery_point="latest", shut_down_source=True)
    driver.wait(100)
    driver.service.cancel_job(job=job)
    assert driver.phase == ("failover_aborted" if ends == "at_once" else "failing_over")
    driver.service.wait(job=job)
    assert driver.state(job) == "cancelled"
    assert driver.phase == "failover_aborted"
    driver.wait(86400)
    assert driver.item["replicating"] == "none"
    assert driver.item["allowed_operations"] == ["disable_replication"]


@pytest.mark.parametrize(
    ("outcome", "on_premises", "azure"),
    [("left_as_they_are", "off", "absent"), ("source_turned_on", "on", "absent"), ("azure_vm_left_on", "off", "on")],
)
def test_machines_after_an_aborted_failover(start, outcome: str, on_premises: str, azure: str):
    driver = start(pin={**ACCEPTED, "machines_after_abort": outcome}).protect()
    job = driver.begin("fail_over", recovery_point="latest", shut_down_source=True)
    driver.pass_tasks(job, "VmShutdownVmOnPrimary")
    driver.service.cancel_job(job=job)
    driver.service.wait(job=job)
    assert driver.item["active_site"] == "on_premises"
    assert (driver.power("on_premises"), driver.power("azure")) == (on_premises, azure)


@pytest.mark.parametrize(
    ("before", "operation", "arguments", "after"),
    [
        (None, "enable_replication", {}, "not_replicated"),
        ("failed_over", "commit", {}, "failed_over"),
        ("failed_over", "reprotect", {}, "failed_over"),
        ("reverse_protected", "planned_failover", {"recovery_point_type": "crash_consistent"}, "reverting_failback"),
        ("failed_back", "cancel_failover", {}, "failback_cancel_failed"),
        ("failed_back", "commit", {}, "failed_back"),
        ("failed_back", "reprotect", {}, "failed_back"),
        ("initial_replication", "disable_replication", {}, "initial_replication"),
        ("protected", "disable_replication", {}, "protected"),
    ],
)
def test_cancelling_other_jobs(start, before: str | None, operation: str, arguments: dict[str, str], after: str):
    driver = start(pin=ACCEPTED) if before is None else start(pin=ACCEPTED).reach(before)
    machines = [driver.service.machine(site=site) for site in ("on_premises", "azure")]
    job = driver.begin(operation, **arguments)
    driver.service.cancel_job(job=job)
    assert driver.state(job) == "cancelled"
    assert driver.phase == after
    if before == after:
        assert machines == [driver.service.machine(site=site) for site in ("on_premises", "azure")]


@pytest.mark.parametrize(
    ("before", "after"), [("failed_over", "failover_committed"), ("failed_back", "failback_committed")]
)
def test_cancelling_a_reprotect_after_its_commit_task(start, before: str, after: str):
    driver = start(pin=ACCEPTED).reach(before)
    job = driver.begin("reprotect")
    driver.pass_tasks(job, "CommitFailoverTask")
    driver.service.cancel_job(job=job)
    assert driver.phase == after
    driver.do("reprotect")
    driver.wait(3600)
    assert driver.phase in ("protected", "reverse_protected")


def test_cancelling_a_change_of_the_point_leaves_the_data(start):
    driver = start(pin=ACCEPTED).reach_failed_over()
    written = driver.write()
    job = driver.begin("change_recovery_point", recovery_point=driver.points[-1]["id"])
    driver.wait(60)
    assert driver.power("azure") == "off"
    driver.service.cancel_job(job=job)
    assert driver.phase == "failed_over"
    assert driver.power("azure") == "on"
    assert driver.disk("azure") == written


def test_cancelling_a_drill_or_its_cleanup_leaves_it_awaiting_cleanup(start):
    driver = start(pin=ACCEPTED).protect()
    for operation in ("test_failover", "clean_up_test_failover"):
        driver.service.cancel_job(job=driver.begin(operation))
        assert driver.item["drill"] == "drill_awaiting_cleanup"
        assert driver.phase == "protected"


def test_cancelling_the_automatic_revert(start):
    driver = start(pin=ACCEPTED).reach_reverse_protected()
    job = driver.begin("planned_failover", recovery_point_type="crash_consistent")
    driver.service.cancel_job(job=job)
    driver.service.cancel_job(job=driver.item["current_job"])
    assert driver.phase == "failback_cancel_failed"
    assert driver.service.job(job=job)["errors"]
    assert driver.do("cancel_failover")["state"] == "succeeded"
    assert driver.phase == "reverse_protected"


def test_initial_replication_goes_on_after_a_cancelled_disable(start):
    driver = start(pin=ACCEPTED)
    driver.do("enable_replication")
    driver.service.cancel_job(job=driver.begin("disable_replication"))
    assert driver.item["replicating"] == "to_azure"
    driver.wait(3600)
    assert driver.phase == "protected"


@pytest.mark.parametrize("outcome", ["refused", "accepted"])
@pytest.mark.parametrize("seconds", [10, 500, 800, 1200])
def test_cancel_failover_while_the_planned_failover_runs(start, outcome: str, seconds: float):
    driver = start(pin={"cancel_failover_while_failing_back": outcome}).reach_reverse_protected()
    newest = driver.write()
    job = driver.begin("planned_failover", recovery_point_type="crash_consistent")
    driver.wait(seconds)
    if outcome == "refused":
        assert driver.refused("cancel_failover")
        assert driver.phase == "failing_back"
        return
    cancel = driver.begin("cancel_failover")
    assert driver.state(job) == "cancelled"
    assert driver.phase == "cancelling_failback"
    assert driver.item["current_job"] == cancel
    driver.service.wait(job=cancel)
    assert driver.phase == "reverse_protected"
    assert (driver.power("azure"), driver.power("on_premises")) == ("on", "off")
    assert driver.disk("azure") == newest


@pytest.mark.parametrize("during", ["usual_operations", "nothing"])
def test_resynchronize_when_offered(start, during: str):
    driver = start(pin={"resynchronize": "offered", "during_resynchronize": during}).protect()
    assert "resynchronize" in driver.item["allowed_operations"]
    job = driver.begin("resynchronize")
    assert driver.phase == "protected"
    assert driver.item["current_job"] == job
    if during == "nothing":
        assert driver.item["allowed_operations"] == []
        assert driver.refused("disable_replication")
        driver.service.wait(job=job)
        assert driver.state(job) == "succeeded"
    else:
        driver.do("test_failover")
        assert driver.state(job) == "cancelled"
        assert driver.item["drill"] == "drill_awaiting_cleanup"


def test_resynchronize_when_not_offered(start):
    driver = start().protect()
    assert "resynchronize" not in driver.item["allowed_operations"]
    assert driver.refused("resynchronize")


@pytest.mark.parametrize("outcome", ["accepted", "refused"])
def test_app_consistent_failback_without_such_a_point(start, outcome: str):
    driver = start(pin={"planned_failover_without_app_consistent_point": outcome}).reach_reverse_protected()
    old = driver.write()
    driver.wait(600)
    if outcome == "refused":
        assert driver.refused("planned_failover", recovery_point_type="app_consistent")
        return
    job = driver.begin("planned_failover", recovery_point_type="app_consistent")
    driver.write()
    driver.service.wait(job=job)
    assert driver.phase == "failed_back"
    assert driver.disk("on_premises") == old


def test_a_pinned_choice_must_exist():
    with pytest.raises(ValueError, match="no choice"):
        Fixed({"weather": "rain"})
    with pytest.raises(ValueError, match="no option"):
        Fixed({"refusal": "never"})


@pytest.mark.parametrize("name", CHOICES)
def test_varied_takes_every_option_about_as_often_as_it_is_given(name: str):
    varied = Varied()
    taken: Counter[str] = Counter()
    for varied.calls in range(4000):
        taken[varied.choose(name)] += 1
    for option in set(CHOICES[name]):
        share = CHOICES[name].count(option) / len(CHOICES[name])
        assert 0.8 * share < taken[option] / 4000 < 1.2 * share


def test_the_reference_is_independent_of_the_formal_model():
    script = (
        "import sys, asr_properties.reference\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "assert loaded.isdisjoint({'asr_model', 'hypothesis', 'statemachine', 'networkx'})"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONPATH": ":".join(p for p in sys.path if p)})


@pytest.mark.parametrize("way", ["cancelled", "failed"])
def test_an_enable_that_comes_to_nothing_leaves_the_machines_of_the_life_before(start, way: str):
    driver = start(pin={**ACCEPTED, "enable_under_fault": "not_replicated"}).reach_failed_over()
    driver.do("disable_replication")
    machines = [driver.service.machine(site=site) for site in ("on_premises", "azure")]
    assert [machine["power"] for machine in machines] == ["off", "on"]
    if way == "failed":
        driver.service.inject(fault="appliance_unhealthy")
    job = driver.begin("enable_replication")
    assert (driver.power("on_premises"), driver.power("azure")) == ("on", "absent")
    if way == "cancelled":
        driver.service.cancel_job(job=job)
    driver.service.wait(job=job)
    assert driver.phase == "not_replicated"
    assert machines == [driver.service.machine(site=site) for site in ("on_premises", "azure")]
