"""The face: what it offers, what it refuses to be called with, and that it forgets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asr_properties.contract.errors import InvalidParameters, InvalidRequest, NotOffered, Refused
from asr_properties.reference import Fixed, ReferenceService, create
from wrong.implementations import EndlessFailover

METHODS = {
    "request": {"operation": "commit", "arguments": {}},
    "job": {"job": "job-1"},
    "jobs": {},
    "cancel_job": {"job": "job-1"},
    "item": {},
    "recovery_points": {},
    "wait": {"seconds": 1},
    "write": {},
    "replication": {},
    "machine": {"site": "azure"},
    "inject": {"fault": "cancel_fails"},
    "clear": {"fault": "cancel_fails"},
}


def test_hello_offers_everything():
    hello = create().hello(protocol=1)
    assert hello["protocol"] == 1
    assert hello["profile"] == "modernized"
    assert set(hello["controls"]) == {"clock", "workload", "machines", "faults", "settings", "disks", "sites"}
    assert len(hello["fields"]) == 12
    assert len(hello["configuration"]) == 11
    assert len(hello["operations"]) == 11
    assert "cancel_job" not in hello["operations"]
    json.dumps(hello)


@pytest.mark.parametrize("protocol", [0, 2, "1", None, True])
def test_another_protocol_does_not_fit(protocol: Any):
    with pytest.raises(InvalidParameters):
        create().hello(protocol=protocol)


@pytest.mark.parametrize("method", [*METHODS, "new_item", "bye"])
def test_nothing_is_called_before_hello(method: str):
    parameters = {"configuration": {}} if method == "new_item" else METHODS.get(method, {})
    with pytest.raises(InvalidRequest):
        getattr(create(), method)(**parameters)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_but_bye_is_called_before_the_first_new_item(method: str):
    service = create()
    service.hello(protocol=1)
    with pytest.raises(InvalidRequest):
        getattr(service, method)(**METHODS[method])
    service.bye()


@pytest.mark.parametrize(
    "configuration",
    [
        {"unknown": 1},
        {"crash_consistent_minutes": 0},
        {"crash_consistent_minutes": "5"},
        {"app_consistent_minutes": -1},
        {"retention_minutes": True},
        {"retention_minutes": float("nan")},
        {"operating_system": "beos"},
        {"dhcp": 1},
        {"iscsi_disks": 1.5},
        {"multi_vm_group": 3},
        None,
    ],
)
def test_a_configuration_that_does_not_fit(configuration: Any):
    service = create()
    service.hello(protocol=1)
    with pytest.raises(InvalidParameters):
        service.new_item(configuration=configuration)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("fail_over", {}),
        ("fail_over", {"recovery_point": "latest"}),
        ("fail_over", {"recovery_point": 1, "shut_down_source": True}),
        ("fail_over", {"recovery_point": "latest", "shut_down_source": "yes"}),
        ("fail_over", {"recovery_point": "latest", "shut_down_source": True, "more": 1}),
        ("change_recovery_point", {}),
        ("planned_failover", {}),
        ("planned_failover", {"recovery_point_type": "latest"}),
        ("test_failover", {"recovery_point": None}),
        ("commit", {"now": True}),
        ("commit", None),
        (7, {}),
    ],
)
def test_arguments_that_do_not_fit(start, operation: Any, arguments: Any):
    with pytest.raises(InvalidParameters):
        start().service.request(operation=operation, arguments=arguments)


def test_unknown_names(start):
    service = start().service
    with pytest.raises(NotOffered):
        service.request(operation="cancel_job", arguments={})
    with pytest.raises(NotOffered):
        service.inject(fault="flood")
    with pytest.raises(NotOffered):
        service.clear(fault="flood")
    for call in (service.job, service.cancel_job, service.wait):
        with pytest.raises(InvalidParameters):
            call(job="job-999")
    with pytest.raises(InvalidParameters):
        service.machine(site="moon")


@pytest.mark.parametrize(
    ("fault", "task"),
    [
        ("source_shutdown_fails", "VmFailover"),
        ("failover_fails", "VmPfoPrerequisitesCheck"),
        ("cancel_fails", "VmFailover"),
        ("appliance_unhealthy", "VmFailover"),
    ],
)
def test_a_task_that_the_faults_job_does_not_have(start, fault: str, task: str):
    with pytest.raises(InvalidParameters):
        start().service.inject(fault=fault, task=task)


@pytest.mark.parametrize("parameters", [{}, {"seconds": -1}, {"seconds": "1"}, {"seconds": float("inf")}])
def test_waits_that_do_not_fit(start, parameters: Any):
    with pytest.raises(InvalidParameters):
        start().service.wait(**parameters)


def test_wait_takes_not_both(start):
    driver = start()
    job = driver.begin("enable_replication")
    with pytest.raises(InvalidParameters):
        driver.service.wait(job=job, seconds=1)


def test_a_fresh_machine_is_on_and_not_replicated(start):
    driver = start()
    assert driver.service.item() is None
    assert driver.points == []
    assert driver.service.jobs() == []
    assert driver.service.machine(site="on_premises") == {"power": "on", "sequence": 0}
    assert driver.service.machine(site="azure") == {"power": "absent", "sequence": None}
    assert driver.write() == 1


def test_new_item_forgets_all_but_never_reuses_ids(start):
    driver = start().reach_failed_over()
    driver.service.inject(fault="azure_vm_off")
    ids = {driver.item["id"], *driver.service.jobs(), *(point["id"] for point in driver.points)}
    old_job = driver.service.jobs()[0]
    driver.new()
    assert driver.service.item() is None
    assert driver.service.jobs() == []
    with pytest.raises(InvalidParameters):
        driver.service.job(job=old_job)
    driver.protect()
    assert driver.item["health_issues"] == []
    assert ids.isdisjoint({driver.item["id"], *driver.service.jobs(), *(point["id"] for point in driver.points)})


def test_jobs_are_listed_newest_first(start):
    driver = start()
    first = driver.begin("enable_replication")
    driver.service.wait(job=first)
    second = driver.begin("disable_replication")
    assert driver.service.jobs() == [second, first]
    assert driver.item["current_job"] == second


def test_waiting_for_a_job_ends_after_a_day_though_it_still_runs(start):
    driver = start(item_class=EndlessFailover)
    driver.do("enable_replication")
    driver.wait(6 * 3600)
    job = driver.begin("fail_over", recovery_point="latest", shut_down_source=False)
    before = driver.service.now()
    driver.service.wait(job=job)
    assert driver.state(job) == "in_progress"
    assert driver.service.now() == before + 86_400


def test_waiting_for_a_job_ends_at_its_end(start):
    driver = start()
    job = driver.begin("enable_replication")
    driver.wait(27 * 60 - 1)
    assert driver.state(job) == "in_progress"
    driver.service.wait(job=job)
    assert driver.state(job) == "succeeded"
    driver.service.wait(job=job)
    driver.wait(25 * 60 - 1)
    assert driver.phase == "initial_replication"
    driver.wait(1)
    assert driver.phase == "awaiting_first_recovery_point"


def test_results_are_plain_and_not_shared(start):
    driver = start().protect()
    driver.item["allowed_operations"].clear()
    driver.points.clear()
    json.dumps([driver.item, driver.points, driver.service.job(job=driver.service.jobs()[0])])
    assert driver.item["allowed_operations"]
    assert driver.points


def test_after_bye_only_hello_follows():
    service = ReferenceService(freedom=Fixed())
    service.hello(protocol=1)
    service.new_item(configuration={})
    service.bye()
    with pytest.raises(InvalidRequest):
        service.item()
    service.hello(protocol=1)


def test_writing_is_refused_when_the_active_machine_is_off(start):
    driver = start().reach_failed_over()
    driver.write()
    driver.service.inject(fault="azure_vm_off")
    assert driver.power("azure") == "off"
    with pytest.raises(Refused):
        driver.service.write()
    driver.service.clear(fault="azure_vm_off")
    driver.write()
