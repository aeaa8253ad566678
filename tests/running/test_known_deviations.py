"""Known deviations change no verdict: they decide whether what failed, or was not shown, counts for the exit status."""

from __future__ import annotations

import pytest

from asr_model import profiles
from asr_properties.contract.connection import AdapterError
from asr_properties.generation.coverage import Coverable
from asr_properties.running.accounting import Account
from asr_properties.running.known_deviations import mark_known, stale, told_of_known
from asr_properties.running.requirement_verdicts import Overall, RequirementVerdict, Verdict
from asr_properties.running.run_result import RunResult

PASSED, FAILED, MISSED = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_EXERCISED


def judged(outcomes, known, **others):
    """A run with these outcomes, R40 and R41 among them, of which these are known."""
    result = RunResult("modernized", 1, "1steps", "all", "", Coverable.of(profiles.lts("modernized")), **others)
    outcomes = {"R40": PASSED, "R41": PASSED, **outcomes}
    result.verdicts = [RequirementVerdict(name, outcome, 1) for name, outcome in outcomes.items()]
    result.overall = result.overall_by(result.verdicts)
    mark_known(result, dict.fromkeys(known, "it is so"))
    return result


@pytest.mark.parametrize(
    ("outcomes", "known", "overall", "status"),
    [
        ({}, (), Overall.CONFORMANT, 0),
        ({"R40": FAILED}, (), Overall.NON_CONFORMANT, 1),
        ({"R40": FAILED}, ("R40",), Overall.NON_CONFORMANT, 0),
        ({"R40": FAILED}, ("R41",), Overall.NON_CONFORMANT, 1),
        ({"R40": FAILED, "R41": FAILED}, ("R40",), Overall.NON_CONFORMANT, 1),
        ({"R40": FAILED, "R41": FAILED}, ("R40", "R41"), Overall.NON_CONFORMANT, 0),
        ({"R40": FAILED, "R41": MISSED}, ("R40",), Overall.NON_CONFORMANT, 4),
        ({"R40": FAILED, "R41": MISSED}, ("R40", "R41"), Overall.NON_CONFORMANT, 0),
        ({"R41": MISSED}, (), Overall.INCOMPLETE, 4),
        ({"R41": MISSED}, ("R41",), Overall.INCOMPLETE, 0),
        ({}, ("R40",), Overall.CONFORMANT, 0),
    ],
)
def test_the_exit_status_is_that_of_what_is_not_known(outcomes, known, overall, status):
    result = judged(outcomes, known)
    assert result.overall is overall
    assert result.beyond_what_is_known.exit_status == status
    assert [v.outcome for v in result.verdicts] == [v.outcome for v in judged(outcomes, ()).verdicts]


def test_nothing_else_is_forgiven():
    failed = {"outcomes": {"R40": FAILED}, "known": ("R40",)}
    assert judged(**failed, account=Account(left=("x",))).beyond_what_is_known is Overall.INCOMPLETE
    assert judged(**failed, stopped="interrupted").beyond_what_is_known is Overall.INCOMPLETE
    error = AdapterError("it died", sent="", got="", hint="")
    assert judged(**failed, adapter_error=error).beyond_what_is_known is Overall.ADAPTER_ERROR


def test_what_is_said_of_them():
    assert list(told_of_known(judged({"R40": FAILED}, ()))) == []
    assert list(told_of_known(judged({}, ("R40",)))) == ["warning: R40 is met: take it out of the known deviations"]
    assert list(told_of_known(judged({"R40": FAILED}, ("R40",)))) == [
        "known deviation: R40: it is so",
        "every failure is a known deviation: exit status 0",
    ]
    assert list(told_of_known(judged({"R40": FAILED, "R41": FAILED}, ("R40",)))) == [
        "known deviation: R40: it is so",
        "not known: R41: exit status 1",
    ]
    assert list(told_of_known(judged({"R41": MISSED}, ("R41",)))) == [
        "some that were not exercised are known deviations: exit status 0"
    ]


def test_stale_is_what_passed_alone():
    verdicts = judged({"R40": MISSED, "R41": PASSED, "R38": FAILED}, ("R38", "R40", "R41")).verdicts
    assert stale(verdicts) == ["R41"]
