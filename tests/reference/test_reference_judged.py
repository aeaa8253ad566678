"""What the contract judges and what it leaves free: the sentences on replication, cancelling, faults, drill, points
and data that no other test of the reference reads, in both profiles."""

from __future__ import annotations

import random
from contextlib import suppress
from itertools import pairwise

import pytest

from asr_properties.contract.errors import Refused
from asr_properties.reference import ClassicItem, ReplicatedItem, Varied
from asr_properties.reference.faults import HEALTH_FAULTS

HOUR = 3600
DAY = 24 * HOUR
BOTH = pytest.mark.parametrize("item_class", [ReplicatedItem, ClassicItem], ids=["modernized", "classic"])
SITES = ("on_premises", "azure")


def machines(driver) -> list[dict[str, object]]:
    return [driver.service.machine(site=site) for site in SITES]


# 3. Replication.


@BOTH
@pytest.mark.parametrize(
    "phase", ["initial_replication", "protected", "reverse_initial_replication", "reverse_protected"]
)
@pytest.mark.parametrize("fault", sorted(HEALTH_FAULTS))
def test_a_fault_that_stops_the_flow_does_not_change_the_direction(start, item_class, phase: str, fault: str):
    driver = start(item_class=item_class).reach(phase)
    before = driver.item["replicating"]
    driver.service.inject(fault=fault)
    assert driver.item["replicating"] == before != "none"
    driver.wait(DAY)
    assert driver.item["replicating"] == before


# 5. Cancelling jobs.


@BOTH
@pytest.mark.parametrize("operation", ["commit", "fail_over", "cancel_failover"])
def test_a_job_that_only_refuses_can_be_cancelled_and_nothing_changes(start, item_class, operation: str):
    driver = start(pin={"refusal": "by_job", "cancel_job": "accepted"}, item_class=item_class).protect()
    before = driver.item, driver.points, machines(driver)
    arguments = {"recovery_point": "unknown", "shut_down_source": True} if operation == "fail_over" else {}
    job = driver.begin(operation, **arguments)
    driver.service.cancel_job(job=job)
    assert driver.state(job) == "cancelled"
    assert (driver.item, driver.points, machines(driver)) == before


@BOTH
@pytest.mark.parametrize("operation", ["enable_replication", "fail_over", "disable_replication"])
def test_a_job_that_has_ended_stays_as_it_is(start, item_class, operation: str):
    driver = start(pin={"cancel_job": "accepted"}, item_class=item_class).protect()
    if operation == "fail_over":
        driver.fail_over()
    elif operation == "disable_replication":
        driver.do("disable_replication")
    job = driver.service.jobs()[0]
    before = driver.service.item(), driver.service.job(job=job)
    with pytest.raises(Refused):
        driver.service.cancel_job(job=job)
    assert (driver.service.item(), driver.service.job(job=job)) == before


@BOTH
def test_a_cancelled_resynchronization_leaves_the_phase(start, item_class):
    pins = {"resynchronize": "offered", "cancel_job": "accepted"}
    driver = start(pin=pins, item_class=item_class).protect()
    before = driver.item
    driver.service.cancel_job(job=driver.begin("resynchronize"))
    assert driver.item == before


@BOTH
def test_a_machine_that_an_aborted_failover_left_in_azure_is_not_the_next_lifes(start, item_class):
    pins = {"cancel_job": "accepted", "machines_after_abort": "azure_vm_left_on"}
    driver = start(pin=pins, item_class=item_class).reach("failover_aborted")
    assert driver.power("azure") == "on"
    driver.do("disable_replication")
    driver.protect()
    assert (driver.power("on_premises"), driver.power("azure")) == ("on", "absent")
    assert driver.item["active_site"] == "on_premises"
    assert driver.write() == driver.disk("on_premises")


# 7. Faults.


@BOTH
def test_a_fault_of_a_task_leaves_a_job_alone_that_is_past_it(start, item_class):
    driver = start(item_class=item_class).protect()
    job = driver.begin("fail_over", recovery_point="latest", shut_down_source=False)
    driver.pass_tasks(job, "VmFailover")
    driver.service.inject(fault="failover_fails", task="VmFailover")
    driver.service.wait(job=job)
    assert driver.state(job) == "succeeded"


@BOTH
def test_a_fault_lasts_until_it_is_cleared(start, item_class):
    driver = start(item_class=item_class).protect()
    driver.service.inject(fault="failover_fails")
    for _ in range(3):
        assert driver.fail_over()["state"] == "failed"
        driver.wait(DAY)
    driver.service.clear(fault="failover_fails")
    assert driver.fail_over()["state"] == "succeeded"


@BOTH
@pytest.mark.parametrize("fault", ["failover_fails", *sorted(HEALTH_FAULTS)])
def test_a_new_item_has_no_faults(start, item_class, fault: str):
    driver = start(item_class=item_class)
    driver.service.inject(fault=fault)
    driver.new().protect()
    assert driver.item["health_issues"] == []
    assert driver.fail_over()["state"] == "succeeded"
    assert driver.power("azure") == "on"


@BOTH
@pytest.mark.parametrize("phase", ["protected", "reverse_protected"])
@pytest.mark.parametrize("fault", sorted(HEALTH_FAULTS))
def test_clear_ends_every_effect_of_a_fault(start, item_class, phase: str, fault: str):
    driver = start(pin={"reverse_points": "listed"}, item_class=item_class).reach(phase)
    before = driver.item, machines(driver)
    driver.service.inject(fault=fault)
    driver.wait(2 * HOUR)
    driver.service.clear(fault=fault)
    assert (driver.item, machines(driver)) == before
    cleared = driver.points[0]["created"]
    record = driver.write()
    driver.wait(600)
    assert driver.service.replication() == {"sent": record, "processed": record}
    assert driver.points[0]["created"] > cleared
    assert driver.points[0]["sequence"] == record


@BOTH
@pytest.mark.parametrize("phase", ["protected", "reverse_protected"])
def test_two_faults_at_once_end_one_by_one(start, item_class, phase: str):
    driver = start(item_class=item_class).reach(phase)
    driver.service.inject(fault="appliance_unhealthy")
    driver.service.inject(fault="service_urls_blocked")
    assert len(driver.item["health_issues"]) == 2
    record = driver.write()
    driver.service.clear(fault="appliance_unhealthy")
    driver.wait(HOUR)
    assert len(driver.item["health_issues"]) == 1
    assert driver.service.replication()["sent"] < record
    driver.service.clear(fault="service_urls_blocked")
    driver.wait(600)
    assert driver.item["health_issues"] == []
    assert driver.service.replication()["sent"] == record


@BOTH
@pytest.mark.parametrize("phase", ["failed_over", "reverse_protected"])
def test_production_in_azure_reads_off_while_it_is_off(start, item_class, phase: str):
    driver = start(item_class=item_class).reach(phase)
    written = driver.write()
    driver.service.inject(fault="azure_vm_off")
    assert driver.service.machine(site="azure") == {"power": "off", "sequence": written}
    with pytest.raises(Refused):
        driver.write()
    driver.service.clear(fault="azure_vm_off")
    assert driver.power("azure") == "on"
    assert driver.write() == written + 1


@BOTH
def test_whatever_ails_the_item_failover_to_azure_is_accepted(start, item_class):
    driver = start(item_class=item_class).protect()
    for fault in HEALTH_FAULTS:
        driver.service.inject(fault=fault)
    assert "fail_over" in driver.item["allowed_operations"]
    assert driver.fail_over()["state"] == "succeeded"


# 10. The drill.


@BOTH
@pytest.mark.parametrize("end", ["succeeded", "failed"])
def test_a_drill_leaves_everything_alone_whatever_happens_meanwhile(start, item_class, end: str):
    driver = start({"app_consistent_minutes": 60}, item_class=item_class).protect()
    undisturbed = start({"app_consistent_minutes": 60}, item_class=item_class).protect()
    if end == "failed":
        driver.service.inject(fault="failover_fails")
    job = driver.begin("test_failover", recovery_point="latest_processed")
    for one in (driver, undisturbed):
        one.wait(200)
        assert one.write() == one.disk("on_premises")
        one.wait(2 * HOUR)
    assert driver.state(job) == end
    assert driver.item["drill"] == "drill_awaiting_cleanup"
    assert machines(driver) == machines(undisturbed)
    assert driver.service.replication() == undisturbed.service.replication()

    def without_ids(points):
        return [{name: value for name, value in point.items() if name != "id"} for point in points]

    assert without_ids(driver.points) == without_ids(undisturbed.points)
    driver.do("clean_up_test_failover")
    assert driver.item["drill"] == "no_drill"
    assert driver.phase == "protected"
    assert machines(driver) == machines(undisturbed)


@BOTH
@pytest.mark.parametrize("configuration", [{"operating_system": "linux"}, {"dhcp": False}, {"boot_drivers": False}])
@pytest.mark.parametrize("operation", ["test_failover", "fail_over"])
def test_the_extra_step_shows_in_drills_and_failovers_alike(start, item_class, operation: str, configuration):
    def seconds(configuration) -> int:
        driver = start(configuration, item_class=item_class).protect()
        arguments = {"recovery_point": "latest", "shut_down_source": False} if operation == "fail_over" else {}
        job = driver.begin(operation, **arguments)
        passed = 0
        while driver.state(job) == "in_progress":
            driver.wait(10)
            passed += 10
        return passed

    assert 480 <= seconds(configuration) - seconds({}) <= 600


# 11. Points.


@BOTH
@pytest.mark.parametrize("outcome", ["accepted", "refused"])
def test_changing_to_the_point_in_use_when_it_is_not_listed_any_more(start, item_class, outcome: str):
    pins = {"change_to_an_unlisted_point_in_use": outcome, "points_without_replication": "pruned"}
    driver = start({"retention_minutes": 60}, pin=pins, item_class=item_class).reach_failed_over()
    in_use, data = driver.item["failover_recovery_point"], driver.disk("azure")
    driver.write()
    driver.wait(2 * HOUR)
    assert driver.points == []
    if outcome == "refused":
        assert driver.refused("change_recovery_point", recovery_point=in_use)
        return
    driver.do("change_recovery_point", recovery_point=in_use)
    assert driver.phase == "failed_over"
    assert driver.item["failover_recovery_point"] == in_use
    assert driver.disk("azure") == data


@BOTH
def test_the_kinds_of_points_are_thinned_separately(start, item_class):
    driver = start({"app_consistent_minutes": 20, "retention_minutes": 2880}, item_class=item_class).protect()
    driver.wait(3 * DAY)
    newest = driver.points[0]["created"]
    for kind, all_kept in (("crash_consistent", 300), ("app_consistent", 1200)):
        times = [point["created"] for point in driver.points if point["kind"] == kind]
        for youngest, oldest, gap in ((0, 2 * HOUR, all_kept), (2 * HOUR, DAY, HOUR), (DAY, 2 * DAY, 2 * HOUR)):
            band = [time for time in times if youngest < newest - time < oldest]
            assert {newer - older for newer, older in pairwise(band)} == {gap}
        assert newest - times[-1] <= 2 * DAY


@BOTH
@pytest.mark.parametrize("option", ["latest_processed", "latest_app_consistent"])
def test_an_option_that_pruning_has_left_without_a_point_is_refused(start, item_class, option: str):
    driver = start({"retention_minutes": 30, "app_consistent_minutes": 20}, item_class=item_class).protect()
    driver.wait(HOUR)
    driver.service.inject(fault="service_urls_blocked")
    driver.wait(HOUR)
    assert driver.points == []
    assert driver.refused("fail_over", recovery_point=option, shut_down_source=False)
    assert driver.refused("test_failover", recovery_point=option)
    assert driver.fail_over("latest")["state"] == "succeeded"


# 12. Data.


@BOTH
@pytest.mark.parametrize("phase", ["protected", "reverse_protected"])
def test_a_record_is_received_in_ten_minutes_and_in_a_point_in_an_hour(start, item_class, phase: str):
    draw = random.Random(3)
    driver = start({"crash_consistent_minutes": 40}, pin={"reverse_points": "listed"}, item_class=item_class)
    driver.reach(phase)
    for _ in range(20):
        driver.wait(draw.randrange(HOUR))
        record = driver.write()
        driver.wait(600)
        assert driver.service.replication()["sent"] >= record
        driver.wait(HOUR - 600)
        assert driver.points[0]["sequence"] >= record


def test_a_record_discarded_by_a_cancel_gives_its_number_to_no_other(start):
    driver = start().reach_failed_back()
    given = [driver.write() for _ in range(3)]
    driver.do("cancel_failover")
    given.append(driver.write())
    driver.wait(HOUR)
    driver.fail_back()
    given.append(driver.write())
    assert len(set(given)) == len(given)
    assert given == sorted(given)


MOVING = frozenset(
    {"failing_over", "changing_recovery_point", "failing_back", "reverting_failback", "cancelling_failback"}
)


@BOTH
def test_the_newest_record_at_the_active_site_is_the_last_its_guest_wrote(start, item_class):
    """Beside the moves of failover and change, only the guest's own writing changes these disks."""
    draw = random.Random(11)
    driver = start(freedom=Varied(), item_class=item_class)
    looked = 0
    for _ in range(6000):
        before = driver.service.item()
        disks = {site: driver.disk(site) for site in SITES}
        listed = ["enable_replication"] if before is None else before["allowed_operations"]
        kind = draw.random()
        wrote = None
        if kind < 0.4 and listed:
            operation = draw.choice(listed)
            arguments = {
                "fail_over": {"recovery_point": "latest", "shut_down_source": draw.random() < 0.5},
                "change_recovery_point": {"recovery_point": before and before["failover_recovery_point"]},
                "planned_failover": {"recovery_point_type": "crash_consistent"},
            }.get(operation, {})
            driver.refused(operation, **arguments)
        elif kind < 0.6:
            with suppress(Refused):
                wrote = driver.write()
        elif kind < 0.65:
            driver.service.inject(fault=draw.choice(["failover_fails", *HEALTH_FAULTS]))
        elif kind < 0.75:
            driver.service.clear(fault=draw.choice(["failover_fails", *HEALTH_FAULTS]))
        else:
            driver.wait(draw.choice([30, 900, 7200]))
        after = driver.service.item()
        if before is None or after is None or before["phase"] in MOVING:
            continue
        site = before["active_site"]
        assert after["active_site"] == site
        assert driver.disk(site) == (disks[site] if wrote is None else wrote)
        looked += 1
    assert looked > 1000


@BOTH
def test_a_new_item_starts_with_no_data_and_no_points(start, item_class):
    driver = start(item_class=item_class).reach_failed_over()
    driver.write()
    driver.new()
    assert machines(driver) == [{"power": "on", "sequence": 0}, {"power": "absent", "sequence": None}]
    assert driver.service.replication() == {"sent": 0, "processed": 0}
    assert (driver.service.item(), driver.points, driver.service.jobs()) == (None, [], [])


@BOTH
def test_jobs_are_listed_newest_first_refusals_and_all(start, item_class):
    driver = start(pin={"refusal": "by_job"}, item_class=item_class).protect()
    begun = [*reversed(driver.service.jobs())]
    begun.extend(driver.begin(operation) for operation in ("commit", "cancel_failover", "test_failover", "reprotect"))
    assert driver.service.jobs() == begun[::-1]
