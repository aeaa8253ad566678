"""`$filter`: of jobs what Azure PowerShell asks for, of anything else nothing; what is not understood is refused."""

from __future__ import annotations

import pytest

from arm.test_served_inputs import HOUR
from arm.test_server import FAILOVER, Caller, caller, item, vault
from asr_properties.arm.tokens import OWN
from asr_properties.server.vault_clock import stamp


@pytest.fixture(scope="module")
def ask() -> Caller:
    """Two items of two fabrics: enabled at 0 h, one failed over at 4 h; that job fails."""
    asking = caller()
    asking.protect()
    asking.control("inject", "vm-1", {"fault": "failover_fails"})
    asking("POST", f"{item()}/unplannedFailover", FAILOVER)
    asking.control("wait", "vm-1", {"seconds": HOUR})
    return asking


def listed(ask: Caller, text: str) -> list[str]:
    status, answer = ask("GET", f"{vault()}/replicationJobs", **{"$filter": text})
    assert status == 200, answer
    return [body["properties"]["scenarioName"] for body in answer["value"]]


BOTH = ["UnplannedFailover", "EnableDr"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("JobStatus eq 'Failed'", ["UnplannedFailover"]),
        ("jobStatus eq 'succeeded'", ["EnableDr"]),
        ("JobStatus eq 'InProgress'", []),
        ("( JobStatus eq 'Failed' or JobStatus eq 'Succeeded' )", BOTH),
        (f"StartTime eq '{stamp(HOUR)}'", ["UnplannedFailover"]),
        (f"EndTime eq '{stamp(HOUR)}'", ["EnableDr"]),
        (f"StartTime eq '{stamp(0)}' and EndTime eq '{stamp(4 * HOUR)}'", BOTH),
        ("StartTime eq '2026-01-01T01:00:00.0000000Z'", ["UnplannedFailover"]),
        ("StartTime eq '2026-01-01T01:00:00'", ["UnplannedFailover"]),
        (f"StartTime eq '{stamp(0)}' and ( JobStatus eq 'Failed' )", ["UnplannedFailover"]),
        (f"EndTime eq '{stamp(HOUR)}' and JobStatus eq 'Failed'", []),
        ("AffectedObjectTypes eq 'ProtectionEntity'", BOTH),
        ("AffectedObjectTypes eq 'RecoveryPlan'", []),
        ("FabricId eq 'F'", BOTH),
        (f"FabricId eq '{vault()}/replicationFabrics/f'", BOTH),
        ("FabricId eq 'it''s another'", []),
    ],
)
def test_jobs_are_filtered(ask: Caller, text: str, expected: list[str]) -> None:
    assert listed(ask, text) == expected


def test_jobs_are_filtered_by_their_name(ask: Caller) -> None:
    name = ask("GET", f"{vault()}/replicationJobs")[1]["value"][1]["name"]
    assert listed(ask, f"JobName eq '{name}'") == ["EnableDr"]
    assert listed(ask, "JobName eq 'unknown'") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "JobStatus",
        "JobStatus eq",
        "JobStatus eq Failed",
        "JobStatus eq 'Failed",
        "JobStatus ne 'Failed'",
        "JobStatus eq 'Done'",
        "JobStatus eq 'Failed' or JobStatus eq 'Succeeded'",
        "JobStatus eq 'Failed' JobStatus eq 'Succeeded'",
        "JobStatus eq 'Failed' and",
        "( JobStatus eq 'Failed'",
        "( JobStatus eq 'Failed' and JobStatus eq 'Succeeded' )",
        "()",
        ")",
        "startTime ge 2025-11-22T00:00:00Z",
        "StartTime eq 'yesterday'",
        "Colour eq 'red'",
        "JobOutputType eq 'Json'",
        "(" * 5000,
        "JobStatus eq 'Failed'; drop",
    ],
)
def test_a_filter_that_is_not_understood_is_refused(ask: Caller, text: str) -> None:
    status, answer = ask("GET", f"{vault()}/replicationJobs", **{"$filter": text})
    assert (status, answer["error"]["code"]) == (400, "BadRequest")
    assert answer["error"]["details"][0]["code"] == f"{OWN}InvalidFilter"


@pytest.mark.parametrize(
    "path",
    [
        f"{vault()}/replicationProtectedItems",
        item("").rstrip("/"),
        item(),
        f"{item()}/recoveryPoints",
        f"{vault()}/replicationJobs/x",
    ],
)
@pytest.mark.parametrize("option", ["$filter", "$top", "skipToken"])
def test_options_that_are_not_known_are_never_passed_over(ask: Caller, path: str, option: str) -> None:
    status, answer = ask("GET", path, **{option.lower(): "JobStatus eq 'Failed'"})
    assert (status, option.lower() in answer["error"]["message"].lower()) == (400, True)
