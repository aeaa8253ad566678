"""What the API says of an operation beside its job: judged by X08 and X09, or not to be followed by the SDK at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from arm.within import Straight
from asr_properties.adapters.arm.adapter import ArmAdapter
from asr_properties.adapters.arm.target import read_target
from asr_properties.contract.connection import AdapterError
from asr_properties.reference import Fixed, ReferenceService
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine
from asr_properties.running.requirement_verdicts import Overall, Verdict
from asr_properties.running.run_result import RunResult
from asr_properties.server.application import answerer
from asr_properties.server.replies import Reply, Request
from asr_properties.server.slots import Vaults
from walks import ABORTED
from wrong.walks import judged

Change = Callable[[Request, Reply], Reply]


def changed(change: Change) -> Callable[[], ArmAdapter]:
    """Makes adapters of a server whose replies are changed."""

    def make() -> ArmAdapter:
        freedom = Fixed({"cancel_job": "accepted"})
        served = answerer(Vaults(lambda: ReferenceService(freedom=freedom)), "under test")
        http = Straight(lambda request: change(request, served(request)))
        return ArmAdapter(read_target("arm:http://127.0.0.1:1"), http=http, rest=lambda seconds: None)

    return make


def run(change: Change = lambda request, reply: reply) -> RunResult:
    """A run over ARM."""
    budget = Budget(steps=60)
    return Campaign(changed(change), profile="modernized", budget=budget, engine=Engine.TOUR, seed=5).run()


def verdicts(result: RunResult) -> dict[str, Any]:
    return {v.requirement: v.outcome for v in result.verdicts}


def test_operations_that_are_their_jobs_pass() -> None:
    result = run()
    assert result.adapter_error is None
    assert verdicts(result)["X09"] is Verdict.PASSED
    assert verdicts(result)["X08"] is Verdict.NOT_EXERCISED


def with_warning(request: Request, reply: Reply) -> Reply:
    if isinstance(reply.body, dict) and reply.body.get("status") == "Succeeded":
        warning = {"code": "asr-conformance:warning", "message": "another name was taken", "details": None}
        return reply._replace(body={**reply.body, "error": warning})
    return reply


def test_success_with_a_warning_is_success() -> None:
    result = run(with_warning)
    assert result.adapter_error is None
    assert result.counterexamples == []
    assert verdicts(result)["X08"] is Verdict.PASSED


def with_an_id_of_its_own(request: Request, reply: Reply) -> Reply:
    if "x-ms-request-id" not in reply.headers:
        return reply
    named = reply.headers["Azure-AsyncOperation"]
    status, _, version = named.partition("?")
    return reply._replace(headers={**reply.headers, "Azure-AsyncOperation": f"{status}-operation?{version}"})


def test_an_operation_with_an_id_of_its_own_breaks_x09() -> None:
    result = run(with_an_id_of_its_own)
    assert result.overall is Overall.NON_CONFORMANT
    assert verdicts(result)["X09"] is Verdict.FAILED
    assert len(result.counterexamples[0].actions) == 1


def with_another_scenario(request: Request, reply: Reply) -> Reply:
    properties = reply.body.get("properties") if isinstance(reply.body, dict) else None
    if isinstance(properties, dict) and properties.get("scenarioName") == "EnableDr":
        return reply._replace(body={**reply.body, "properties": {**properties, "scenarioName": "CommitFailover"}})
    return reply


def test_a_job_with_the_scenario_of_another_operation_breaks_x09() -> None:
    assert verdicts(run(with_another_scenario))["X09"] is Verdict.FAILED


def spelt(word: str, other: str) -> Change:
    def change(request: Request, reply: Reply) -> Reply:
        if isinstance(reply.body, dict) and reply.body.get("status") == word:
            return reply._replace(body={**reply.body, "status": other})
        return reply

    return change


@pytest.mark.parametrize(
    ("word", "other"), [("Canceled", "Cancelled"), ("Canceled", "InProgress"), ("Succeeded", "Failed")]
)
def test_an_operation_that_the_sdk_would_not_follow_to_its_end_is_an_adapter_error(word: str, other: str) -> None:
    with pytest.raises(AdapterError, match="Succeeded, Failed and Canceled only") as error:
        judged(changed(spelt(word, other)), ABORTED)
    assert repr(other) in str(error.value)
    assert judged(changed(lambda request, reply: reply), ABORTED) == ()
