"""Recovery points: made at intervals, thinned by retention, selected, deleted by commit."""

from __future__ import annotations

from itertools import pairwise

import pytest

from asr_properties.reference.points import Schedule

HOUR = 3600
DAY = 24 * HOUR


def created(driver, kind: str = "crash_consistent") -> list[float]:
    return [point["created"] for point in driver.points if point["kind"] == kind]


def test_points_come_every_interval_newest_first(start):
    driver = start({"crash_consistent_minutes": 10}).protect()
    driver.wait(HOUR)
    times = created(driver)
    assert {newer - older for newer, older in pairwise(times)} == {600}
    assert {point["multi_vm"] for point in driver.points} == {False}


def test_app_consistent_points_are_off_unless_asked(start):
    assert created(start().protect(), "app_consistent") == []
    driver = start({"app_consistent_minutes": 60}).protect()
    driver.wait(5 * HOUR)
    times = created(driver, "app_consistent")
    assert {newer - older for newer, older in pairwise(times)} == {HOUR}


def test_points_of_a_group_are_multi_vm(start):
    assert {point["multi_vm"] for point in start({"multi_vm_group": "web"}).protect().points} == {True}


def test_retention_thins_with_age(start):
    driver = start({"retention_minutes": 15 * 24 * 60}).protect()
    driver.wait(20 * DAY)
    times = created(driver)
    now = times[0]

    def gaps(from_age: float, to_age: float) -> set[float]:
        band = [time for time in times if from_age < now - time < to_age]
        return {newer - older for newer, older in pairwise(band)}

    assert gaps(0, 2 * HOUR) == {300}
    assert gaps(2 * HOUR, DAY) == {HOUR}
    assert gaps(DAY, 7 * DAY) == {2 * HOUR}
    assert gaps(7 * DAY, 15 * DAY) == {4 * HOUR}
    assert now - times[-1] <= 15 * DAY


def test_a_pruned_point_never_comes_back(start):
    driver = start({"app_consistent_minutes": 45, "crash_consistent_minutes": 7}).protect()
    seen: set[str] = set()
    gone: set[str] = set()
    for step in range(60):
        if step % 9 == 0:
            driver.service.inject(fault="replication_unhealthy")
        if step % 9 == 1:
            driver.service.clear(fault="replication_unhealthy")
        driver.wait(5000)
        listed = {point["id"] for point in driver.points}
        gone |= seen - listed
        seen |= listed
        assert not gone & listed
        assert len(listed) == len(driver.points)


def test_many_short_waits_and_one_long_wait_give_the_same_points(start):
    long, short = start().protect(), start().protect()
    long.wait(3 * DAY)
    for _ in range(72):
        short.wait(HOUR)
        assert short.points
    assert long.points == short.points


def test_a_schedule_counts_on_over_breaks():
    schedule = Schedule(300)
    schedule.begin(0)
    schedule.suspend(650)
    schedule.resume(1000)
    schedule.suspend(1100)
    schedule.resume(2000)
    assert sorted(schedule.surviving(2600, DAY)) == [(0, 0), (300, 1), (600, 2), (2300, 3), (2600, 4)]


def test_a_point_holds_what_was_processed_when_it_was_made(start):
    driver = start().protect()
    for _ in range(20):
        driver.wait(100)
        driver.write()
        at = driver.service.replication()["processed"]
        assert all(point["sequence"] <= at for point in driver.points)
    sequences = [point["sequence"] for point in driver.points]
    assert sequences == sorted(sequences, reverse=True)


def test_retention_zero_keeps_no_point_and_only_latest_serves(start):
    driver = start({"retention_minutes": 0, "app_consistent_minutes": 60}).protect()
    driver.wait(DAY)
    assert driver.points == []
    for option in ("latest_processed", "latest_app_consistent", "point-1"):
        assert driver.refused("fail_over", recovery_point=option, shut_down_source=False)
        assert driver.refused("test_failover", recovery_point=option)
    newest = driver.write()
    driver.wait(60)
    driver.fail_over()
    assert driver.phase == "failed_over"
    assert driver.disk("azure") == newest
    assert driver.item["failover_recovery_point"] is not None


def test_latest_takes_all_that_was_received(start):
    driver = start().protect()
    received = driver.write()
    driver.wait(20)
    assert driver.service.replication() == {"sent": received, "processed": 0}
    driver.write()
    count = len(driver.points)
    driver.fail_over()
    assert driver.disk("azure") == received
    assert len(driver.points) == count + 1
    assert driver.points[0]["id"] == driver.item["failover_recovery_point"]


def test_latest_makes_no_point_when_nothing_is_pending(start):
    driver = start().protect()
    before = driver.points
    driver.fail_over()
    assert driver.points == before
    assert driver.item["failover_recovery_point"] == before[0]["id"]


def test_latest_processed_uses_the_newest_point_and_makes_none(start):
    driver = start().protect()
    driver.write()
    driver.wait(20)
    before = driver.points
    driver.fail_over("latest_processed")
    assert driver.points == before
    assert driver.item["failover_recovery_point"] == before[0]["id"]
    assert driver.disk("azure") == before[0]["sequence"]


def test_latest_app_consistent_uses_the_newest_of_its_kind(start):
    driver = start({"app_consistent_minutes": 60}).protect()
    driver.wait(3 * HOUR)
    newest = next(point for point in driver.points if point["kind"] == "app_consistent")
    driver.fail_over("latest_app_consistent")
    assert driver.item["failover_recovery_point"] == newest["id"]


def test_without_app_consistent_points_that_option_is_refused(start):
    driver = start().protect()
    assert driver.refused("fail_over", recovery_point="latest_app_consistent", shut_down_source=True)
    assert driver.phase == "protected"


def test_custom_takes_the_point_named(start):
    driver = start().protect()
    driver.wait(HOUR)
    driver.write()
    driver.wait(HOUR)
    oldest = driver.points[-1]
    driver.fail_over(oldest["id"])
    assert driver.item["failover_recovery_point"] == oldest["id"]
    assert driver.disk("azure") == oldest["sequence"] == 0


def test_the_whole_set_stays_until_commit(start):
    driver = start().protect()
    driver.wait(5 * HOUR)
    driver.fail_over()
    listed = driver.points
    driver.wait(10 * DAY)
    assert driver.points == listed


def test_changing_the_recovery_point(start):
    driver = start().protect()
    driver.wait(HOUR)
    driver.write()
    driver.wait(HOUR)
    driver.fail_over()
    listed = driver.points
    driver.write()
    job = driver.begin("change_recovery_point", recovery_point=listed[-1]["id"])
    assert driver.phase == "changing_recovery_point"
    driver.service.wait(job=job)
    assert driver.phase == "failed_over"
    assert driver.disk("azure") == listed[-1]["sequence"]
    assert driver.item["failover_recovery_point"] == listed[-1]["id"]
    assert driver.points == listed
    driver.do("change_recovery_point", recovery_point=listed[-1]["id"])
    assert driver.power("azure") == "on"
    for word in ("latest", "latest_processed", "nonsense"):
        assert driver.refused("change_recovery_point", recovery_point=word)


@pytest.mark.parametrize("left", ["committed_one", "none"])
@pytest.mark.parametrize("operation", ["commit", "reprotect"])
def test_commit_deletes_the_other_points(start, operation: str, left: str):
    driver = start(pin={"points_after_commit": left}).reach_failed_over()
    chosen = driver.item["failover_recovery_point"]
    job = driver.begin(operation)
    if operation == "reprotect":
        driver.pass_tasks(job, "CommitFailoverTask")
    else:
        driver.service.wait(job=job)
        assert driver.item["failover_recovery_point"] == chosen
    assert [point["id"] for point in driver.points] == ([chosen] if left == "committed_one" else [])


@pytest.mark.parametrize("shown", ["hidden", "listed"])
def test_no_point_of_the_committed_life_is_listed_in_reverse(start, shown: str):
    driver = start(pin={"reverse_points": shown}).protect()
    old = {point["id"] for point in driver.points}
    driver.fail_over()
    driver.do("reprotect")
    driver.wait(2 * HOUR)
    new = {point["id"] for point in driver.points}
    assert bool(new) == (shown == "listed")
    assert not new & old
    driver.fail_back()
    driver.do("reprotect")
    assert driver.points == []
    driver.wait(HOUR)
    assert driver.points
    assert not {point["id"] for point in driver.points} & (old | new)


def test_app_consistent_failback_takes_an_older_point(start):
    driver = start({"app_consistent_minutes": 60}).reach_reverse_protected()
    driver.wait(HOUR)
    driver.write()
    driver.fail_back("app_consistent")
    assert driver.disk("on_premises") == 0
    assert driver.disk("azure") == 1
    driver.do("cancel_failover")
    assert driver.disk("azure") == 1


def test_a_point_made_out_of_turn_goes_when_points_are_thinned(start):
    driver = start(pin={"failed_failover": "protected", "fault_without_task": "last_task"}).protect()
    driver.write()
    driver.wait(20)
    driver.service.inject(fault="failover_fails")
    driver.fail_over()
    driver.service.clear(fault="failover_fails")
    made = driver.points[0]["id"]
    driver.wait(HOUR)
    assert made in {point["id"] for point in driver.points}
    driver.wait(2 * HOUR)
    assert made not in {point["id"] for point in driver.points}
