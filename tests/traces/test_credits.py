"""A requirement is credited only where the recording holds what shows it.

One whole recording, from which one kind of evidence is removed at a time: the requirements that it showed are no longer
credited, and all the others are."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_BACK, FAILED_OVER, ITEM, PROTECTED, REVERSE_PROTECTED, VAULT, ask, interaction, look
from traces.changes import read_interactions
from traces.formats import at

Entry = dict[str, Any]
COMMITTED = ("UnplannedFailoverCommitted", "InMageRcm", "Recovery", ["SwitchProtection", "DisableProtection"])
REPLICATING_BACK = ("InitialReplicationInProgress", "InMageRcmFailback", "Primary", ["DisableProtection"])
INITIAL = ("InitialReplicationInProgress", "InMageRcm", "Primary", ["DisableProtection"])
TASKS = {
    "UnplannedFailover": ("VmUfoPrerequisitesCheck", "VmShutdownVmOnPrimary", "VmFailover", "VmFoStartVmOnSecondary"),
    "PlannedFailover": ("VmPfoPrerequisitesCheck", "VmPrepareForFailover", "VmFailover", "VmFoStartVmOnSecondary"),
    "CancelFailover": ("CancelFailoverRecovery", "CancelFailoverPrimary", "StartVmOnPrimary"),
}


def job(name: str, scenario: str) -> Entry:
    """A job that has succeeded, with its tasks."""
    tasks = [{"taskId": task, "name": task, "state": "Succeeded"} for task in TASKS.get(scenario, ())]
    told = {"state": "Succeeded", "scenarioName": scenario, "tasks": tasks}
    return interaction("GET", f"{VAULT}/replicationJobs/{name}", answer={"name": name, "properties": told})


def points(*names: str) -> Entry:
    listed = [{"name": n, "properties": {"recoveryPointTime": f"2023-08-26T02:00:0{i}Z"}} for i, n in enumerate(names)]
    return interaction("GET", f"{ITEM}/recoveryPoints", answer={"value": listed})


def uses(shape: Any, point: str) -> Entry:
    return look(shape, failoverRecoveryPointId=f"/recoveryPoints/{point}")


def planned_failover(name: str) -> Entry:
    return ask("plannedFailover", name, instanceType="InMageRcmFailback", recoveryPointType="CrashConsistent")


ENABLE: Entry = interaction(
    "PUT", ITEM, 202, body={"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm"}}}, starts="j0"
)
FORWARD = {"instanceType": "InMageRcm", "performShutdown": "true"}

WHOLE: tuple[Entry, ...] = (
    interaction("GET", ITEM, 404),
    ENABLE,
    job("j0", "EnableDr"),
    look(INITIAL),
    look(PROTECTED),
    points("a", "b"),
    ask("failoverCommit", status=409),
    ask("unplannedFailover", "j1", **FORWARD, recoveryPointId="/recoveryPoints/b"),
    job("j1", "UnplannedFailover"),
    uses(FAILED_OVER, "b"),
    ask("applyRecoveryPoint", "j2", instanceType="InMageRcm", recoveryPointId="/recoveryPoints/a"),
    job("j2", "ApplyRecoveryPoint"),
    uses(FAILED_OVER, "a"),
    ask("failoverCancel", status=409),
    ask("failoverCommit", "j3"),
    job("j3", "CommitFailover"),
    uses(COMMITTED, "a"),
    points("a"),
    ask("applyRecoveryPoint", status=409, instanceType="InMageRcm", recoveryPointId="/recoveryPoints/b"),
    ask("reProtect", "j4", instanceType="InMageRcm"),
    job("j4", "SwitchReplicationGroupProtection"),
    look(REPLICATING_BACK),
    look(REVERSE_PROTECTED),
    planned_failover("j5"),
    job("j5", "PlannedFailover"),
    look(FAILED_BACK),
    ask("failoverCancel", "j6"),
    job("j6", "CancelFailover"),
    look(REVERSE_PROTECTED),
    planned_failover("j7"),
    job("j7", "PlannedFailover"),
    look(FAILED_BACK),
)


def is_job(entry: Entry) -> bool:
    return "/replicationJobs/" in entry["request"]["uri"]


def is_points(entry: Entry) -> bool:
    return "/recoveryPoints" in entry["request"]["uri"]


def is_request(entry: Entry) -> bool:
    return bool(entry["request"]["method"] != "GET")


def is_look(entry: Entry) -> bool:
    return not (is_job(entry) or is_points(entry) or is_request(entry))


def is_refusal(entry: Entry) -> bool:
    return bool(entry["response"]["status"]["code"] == 409)


def asks(action: str) -> Callable[[Entry], bool]:
    return lambda entry: is_request(entry) and f"/{action}?" in entry["request"]["uri"]


def verdict(*entries: Entry) -> TraceVerdict:
    """The verdict on these entries, each at its time in the whole recording."""
    (found,) = judge(read_interactions(entries))
    return found


TIMED = [at(n * 60, entry) for n, entry in enumerate(WHOLE)]
COMMIT = next(n for n, entry in enumerate(WHOLE) if asks("failoverCommit")(entry) and not is_refusal(entry))


def without(removed: Callable[[Entry], bool], *, since: int = 0, until: int | None = None) -> TraceVerdict:
    """The verdict on the recording without the entries that are of a kind, from some place to another."""
    places = range(since, len(TIMED) if until is None else until)
    return verdict(*[entry for n, entry in enumerate(TIMED) if not (n in places and removed(entry))])


@pytest.fixture(scope="module")
def credited() -> set[str]:
    found = verdict(*TIMED)
    assert found.conformance is Conformance.CONFORMANT, found.why
    return set(found.exercised)


def test_the_whole_recording_shows_these(credited: set[str]) -> None:
    of_the_article = {
        *("R07", "R10", "R15", "R16", "R22", "R23", "R25", "R37", "R38", "R39", "R40", "R41", "R43", "R49", "R50"),
        *("R51", "R59", "R60", "R61", "R65", "R70", "R71", "R72", "R74", "R76", "R77", "R85", "R92", "R93", "R94"),
    }
    assert credited == of_the_article | {"X01", "X02", "X03", "X04", "X05", "X07", "X09", "X12", "X21"}


OF_TASKS = {"R23", "R49", "R50", "R71"}
OF_CANCEL = {"R59", "R60", "R61", "R65", "R70", "R71", "R72", "R74", "X07"}


@pytest.mark.parametrize(
    ("kind", "since", "lost"),
    [
        (is_job, 0, {*OF_TASKS, "R25", "R37", "X09"}),
        (is_look, 0, {"R22", "R40", "R51", "R85", "X01", "X04", "X05", "X12"}),
        (is_points, 0, {"R40"}),
        (is_points, COMMIT, {"R40"}),
        (is_refusal, 0, {"R76", "R77", "X02"}),
        (lambda entry: is_refusal(entry) or is_look(entry) or is_points(entry), COMMIT,
         {"R38", "R40", "R51", "R85", "X01", "X04", "X05"}),
    ],
    ids=["jobs", "looks", "points", "points after the commit", "refusals", "all looks and refusals after the commit"],
)  # fmt: skip
def test_without_one_kind_of_evidence(
    credited: set[str], kind: Callable[[Entry], bool], since: int, lost: set[str]
) -> None:
    found = without(kind, since=since)
    assert found.conformance is Conformance.CONFORMANT, found.why
    assert credited - set(found.exercised) == lost
    assert set(found.exercised) <= credited


def test_without_the_tasks_of_all_jobs(credited: set[str]) -> None:
    found = verdict(*[without_tasks(entry) for entry in TIMED])
    assert credited - set(found.exercised) == OF_TASKS


def test_nothing_of_a_cancel_before_there_is_one(credited: set[str]) -> None:
    """A planned failover may have been run for the first time (R60)."""
    first = next(n for n, entry in enumerate(WHOLE) if asks("failoverCancel")(entry) and not is_refusal(entry))
    assert credited - set(verdict(*TIMED[:first]).exercised) == OF_CANCEL


def test_nothing_of_a_commit_whose_end_is_not_known(credited: set[str]) -> None:
    begun, ended = (set(verdict(*TIMED[: COMMIT + more]).exercised) for more in (1, 2))
    assert ended - begun == {"R39", "R41"}
    assert not {"R38", "R40"} & ended


@pytest.mark.parametrize(
    ("shape", "request_", "scenario", "not_shown"),
    [
        (PROTECTED, ask("unplannedFailover", "j", **FORWARD), "UnplannedFailover", {"R15", "R16", "R23", "X21"}),
        (FAILED_OVER, ask("failoverCommit", "j"), "CommitFailover", {"R38", "R39", "R40", "R41", "X21"}),
        (FAILED_BACK, ask("failoverCancel", "j"), "CancelFailover", {*OF_CANCEL, "X21"}),
        (REVERSE_PROTECTED, planned_failover("j"), "PlannedFailover", {"R43", "R49", "R50", "R51", "R94", "X21"}),
    ],
)
def test_a_job_that_failed_and_left_the_item_as_it_was_shows_nothing(
    shape: Any, request_: Entry, scenario: str, not_shown: set[str]
) -> None:
    """That is a refusal, or something went wrong: neither shows what the operation does (contract 1)."""
    failed = without_tasks(job("j", scenario))
    failed["response"]["body"]["string"] = failed["response"]["body"]["string"].replace("Succeeded", "Failed")
    found = verdict(look(shape), request_, failed, look(shape))
    assert found.divergence is None
    assert not not_shown & set(found.exercised)


def test_what_was_asked_for_is_not_credited_where_it_was_not_recorded() -> None:
    """A body that is missing asks for nothing that is known, not for the latest point (R16)."""
    asked = ask("unplannedFailover", "j", **FORWARD)
    done = (job("j", "UnplannedFailover"), look(FAILED_OVER))
    assert "R16" in verdict(look(PROTECTED), asked, *done).exercised
    asked["request"]["body"] = None
    found = verdict(look(PROTECTED), asked, *done)
    assert (found.conformance, "R16" in found.exercised) == (Conformance.CONFORMANT, False)


@pytest.mark.parametrize("shape", [PROTECTED, FAILED_OVER, COMMITTED, REVERSE_PROTECTED, FAILED_BACK])
def test_a_look_alone_shows_what_is_listed_and_where_it_is_active(shape: Any) -> None:
    """What an operation does is not shown by its name in a list."""
    found = verdict(look(shape))
    assert set(found.exercised) <= {"R38", "R51", "R85", "X03", "X04", "X05", "X12"}


def test_a_missing_word_is_blamed_on_what_speaks_of_lists() -> None:
    """A resynchronization, while which the list is free, is no reason (X02)."""
    found = verdict(look(PROTECTED), look((*PROTECTED[:3], ["UnplannedFailover", "TestFailover"])))
    assert found.divergence is not None
    assert found.divergence.requirements[0] == "X12"


def without_tasks(entry: Entry) -> Entry:
    if not is_job(entry):
        return entry
    changed: Entry = json.loads(json.dumps(entry))
    answer = json.loads(changed["response"]["body"]["string"])
    answer["properties"]["tasks"] = []
    changed["response"]["body"]["string"] = json.dumps(answer)
    return changed
