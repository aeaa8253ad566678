"""Dates are those of the item's clock, whoever looked and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from arm.test_served_inputs import BACK, HOUR, body, in_reverse
from arm.test_server import ENABLE, FAILOVER, Caller, caller, item, vault
from asr_properties.server.vault_clock import BEGINNING

NO_TIME = "0001-01-01T00:00:00"
PLANNED = body("InMageRcmFailback", recoveryPointType="CrashConsistent")


def at(text: str) -> timedelta:
    return datetime.fromisoformat(text) - BEGINNING


def jobs(ask: Caller) -> dict[str, dict[str, Any]]:
    """Scenario -> properties of its newest job."""
    bodies = [body["properties"] for body in ask("GET", f"{vault()}/replicationJobs")[1]["value"]]
    return {properties["scenarioName"]: properties for properties in reversed(bodies)}


def wait(ask: Caller, hours: float) -> None:
    ask.control("wait", "vm-1", {"seconds": hours * HOUR})


@pytest.fixture
def ask() -> Caller:
    return caller(cancel_job="accepted")


def test_jobs_that_nobody_looked_at_have_their_own_dates(ask: Caller) -> None:
    ask.protect()
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    wait(ask, 1)
    ask("POST", f"{item()}/reProtect", body("InMageRcm", **BACK))
    wait(ask, 5)
    shown = jobs(ask)
    begins = {scenario: at(job["startTime"]) for scenario, job in shown.items()}
    assert begins == {
        "EnableDr": timedelta(0),
        "UnplannedFailover": timedelta(hours=4),
        "SwitchReplicationGroupProtection": timedelta(hours=5),
    }
    for job in shown.values():
        assert timedelta(0) < at(job["endTime"]) - at(job["startTime"]) < timedelta(hours=1)


def test_the_status_of_an_operation_has_the_dates_of_its_job(ask: Caller) -> None:
    ask.protect()
    job = ask("GET", f"{vault()}/replicationJobs")[1]["value"][0]
    status = ask("GET", f"{vault()}/replicationOperationStatus/{job['name']}")[1]
    assert [status[key] for key in ("startTime", "endTime")] == [job["properties"][k] for k in ("startTime", "endTime")]
    assert at(status["endTime"]) < timedelta(hours=1)


def test_tasks_follow_each_other(ask: Caller) -> None:
    ask.protect()
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    ask.control("wait", "vm-1", {"seconds": 120})
    running = jobs(ask)["UnplannedFailover"]
    assert [task["state"] for task in running["tasks"]] == ["Succeeded", "InProgress", "NotStarted", "NotStarted"]
    assert [task["endTime"] == NO_TIME for task in running["tasks"]] == [False, True, True, True]
    assert [task["startTime"] == NO_TIME for task in running["tasks"]] == [False, False, True, True]
    wait(ask, 5)
    job = jobs(ask)["UnplannedFailover"]
    assert job["tasks"][0]["startTime"] == job["startTime"]
    assert job["tasks"][-1]["endTime"] == job["endTime"]
    for task, after in zip(job["tasks"], job["tasks"][1:], strict=False):
        assert at(task["startTime"]) < at(task["endTime"]) == at(after["startTime"])


def test_a_skipped_task_has_no_times(ask: Caller) -> None:
    ask.protect()
    ask("POST", f"{item()}/unplannedFailover", body("InMageRcm", performShutdown="false"))
    wait(ask, 1)
    skipped = next(task for task in jobs(ask)["UnplannedFailover"]["tasks"] if task["stateDescription"] == "Skipped")
    assert (skipped["startTime"], skipped["endTime"]) == (NO_TIME, NO_TIME)


def test_errors_have_the_instant_and_the_task_of_their_failure(ask: Caller) -> None:
    """F4: every error names the task that failed."""
    ask.protect()
    ask.control("inject", "vm-1", {"fault": "failover_fails", "task": "VmFailover"})
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    wait(ask, 5)
    job = jobs(ask)["UnplannedFailover"]
    failed = next(task for task in job["tasks"] if task["state"] == "Failed")
    assert {error["taskId"] for error in job["errors"]} == {"VmFailover"} == {failed["taskId"]}
    assert {error["creationTime"] for error in job["errors"]} == {failed["endTime"]} == {job["endTime"]}


def test_each_error_names_the_task_that_had_failed_then(ask: Caller) -> None:
    ask.protect()
    for fault in ("source_shutdown_fails", "failover_fails"):
        ask.control("inject", "vm-1", {"fault": fault})
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    wait(ask, 1)
    errors = jobs(ask)["UnplannedFailover"]["errors"]
    assert [error["taskId"] for error in errors] == ["VmShutdownVmOnPrimary", "VmFailover"]
    assert at(errors[0]["creationTime"]) < at(errors[1]["creationTime"])


def test_an_automatic_revert_begins_when_the_planned_failover_failed(ask: Caller) -> None:
    """Its begin decides over the order of jobs: the user's next job begins later."""
    ask.protect()
    in_reverse(ask)
    ask.control("inject", "vm-1", {"fault": "planned_failover_fails", "task": "VmFailover"})
    ask("POST", f"{item()}/plannedFailover", PLANNED)
    wait(ask, 3)
    ask.control("clear", "vm-1", {"fault": "planned_failover_fails"})
    assert ask("POST", f"{item()}/plannedFailover", PLANNED)[0] == 202
    wait(ask, 3)
    bodies = [one["properties"] for one in ask("GET", f"{vault()}/replicationJobs")[1]["value"]]
    named = [(one["scenarioName"], one["state"]) for one in bodies[:3]]
    assert named == [("PlannedFailover", "Succeeded"), ("CancelFailover", "Succeeded"), ("PlannedFailover", "Failed")]
    assert bodies[1]["startTime"] == bodies[2]["endTime"] < bodies[0]["startTime"]
    assert sorted(bodies, key=lambda one: one["startTime"], reverse=True) == bodies


def test_the_last_failover_is_dated_by_its_begin(ask: Caller) -> None:
    """Recorded in 2023: `lastSuccessfulFailoverTime` is the operation's `startTime`."""
    ask.protect()
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    seen = set()
    for _ in range(3):
        wait(ask, 5)
        seen.add(ask("GET", item())[1]["properties"]["lastSuccessfulFailoverTime"])
    assert seen == {jobs(ask)["UnplannedFailover"]["startTime"]}


def test_the_last_planned_failover_is_dated_by_its_begin(ask: Caller) -> None:
    ask.protect()
    in_reverse(ask)
    details = ask("GET", item())[1]["properties"]["providerSpecificDetails"]
    assert "lastPlannedFailoverStartTime" not in details
    ask("POST", f"{item()}/plannedFailover", PLANNED)
    wait(ask, 5)
    details = ask("GET", item())[1]["properties"]["providerSpecificDetails"]
    assert details["lastPlannedFailoverStartTime"] == jobs(ask)["PlannedFailover"]["startTime"]


def created(ask: Caller) -> dict[str, timedelta]:
    errors = ask("GET", item())[1]["properties"]["healthErrors"]
    return {error["errorCode"]: at(error["creationTimeUtc"]) for error in errors}


def test_a_health_error_is_dated_by_the_instant_it_came_up(ask: Caller) -> None:
    ask.protect()
    ask.control("inject", "vm-1", {"fault": "appliance_unhealthy"})
    wait(ask, 1)
    ask.control("inject", "vm-1", {"fault": "replication_unhealthy"})
    wait(ask, 1)
    came_up = {"appliance_unhealthy": timedelta(hours=4), "replication_unhealthy": timedelta(hours=5)}
    assert created(ask) == came_up
    wait(ask, 1)
    assert created(ask) == came_up
    ask.control("clear", "vm-1", {"fault": "appliance_unhealthy"})
    wait(ask, 1)
    ask.control("inject", "vm-1", {"fault": "appliance_unhealthy"})
    assert created(ask) == came_up | {"appliance_unhealthy": timedelta(hours=8)}


def test_a_health_error_that_a_job_left_is_dated_by_its_end(ask: Caller) -> None:
    ask.protect()
    ask.control("inject", "vm-1", {"fault": "failover_fails"})
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    wait(ask, 5)
    ended = at(jobs(ask)["UnplannedFailover"]["endTime"])
    assert created(ask) == {"78037": ended}  # F5
    assert timedelta(hours=4) < ended < timedelta(hours=5)


def test_cancelling_is_dated_by_when_it_was_asked_for(ask: Caller) -> None:
    ask("PUT", item(), {"properties": ENABLE})
    ask.control("wait", "vm-1", {"seconds": 60})
    (job,) = ask("GET", f"{vault()}/replicationJobs")[1]["value"]
    assert ask("POST", f"{vault()}/replicationJobs/{job['name']}/cancel")[0] == 202
    operation = ask.headers["Azure-AsyncOperation"].rpartition("/")[2].partition("?")[0]
    wait(ask, 1)
    status = ask("GET", f"{vault()}/replicationOperationStatus/{operation}")[1]
    assert (status["status"], at(status["startTime"])) == ("Succeeded", timedelta(seconds=60))


def test_the_age_of_the_newest_point_is_told_as_of_just_now_and_stands_still_after_a_failover(ask: Caller) -> None:
    """As recorded: received, calculated, and the seconds between; the last calculation was before the failover."""
    ask.protect()
    ask.control("wait", "vm-1", {"seconds": 100})

    def age() -> tuple[timedelta, int]:
        details = ask("GET", item())[1]["properties"]["providerSpecificDetails"]
        received, calculated = at(details["lastRecoveryPointReceived"]), at(details["lastRpoCalculatedTime"])
        assert round((calculated - received).total_seconds()) == details["lastRpoInSeconds"]
        return calculated, details["lastRpoInSeconds"]

    calculated, seconds = age()
    assert calculated == timedelta(hours=4, seconds=100)
    assert 0 < seconds < 300
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    for _ in range(2):
        wait(ask, 5)
        assert age()[0] == calculated


def test_the_newest_point_is_shown_after_the_commit_though_nobody_looked_before() -> None:
    """Facts 1.1, S7."""
    ask = caller(points_after_commit="none")
    ask("PUT", item(), {"properties": ENABLE})
    wait(ask, 4)
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    wait(ask, 1)
    ask("POST", f"{item()}/failoverCommit")
    wait(ask, 1)
    properties = ask("GET", item())[1]["properties"]
    assert properties["protectionState"] == "UnplannedFailoverCommitted"
    assert ask("GET", f"{item()}/recoveryPoints")[1]["value"] == []
    assert properties["providerSpecificDetails"]["lastRecoveryPointId"] is not None
    assert properties["providerSpecificDetails"]["lastRpoInSeconds"] >= 0
