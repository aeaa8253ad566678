"""An implementation whose jobs take no time, such as a test double, is judged by what it does all the same."""

from __future__ import annotations

import pytest

from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, wait
from asr_properties.generation.scenarios import REPROTECT
from asr_properties.reference import Fixed, ReferenceService
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.own_choices import PASSES_UNSEEN
from asr_properties.running.requirement_verdicts import Overall
from asr_properties.session.nonconformance import NonConformance
from relations.allowed_variants import NoTime, ProtectedInNoTime
from walks import CANCEL, DAY, FAIL_BACK, FAILED_BACK, PROTECTED, REVERSE, begins, fail_over, perform
from wrong import implementations as wrong

WALKS = {
    wrong.EmptyMachine: ("R17", (*PROTECTED, WRITE, wait(DAY), fail_over("latest"), WAIT_FOR_JOB)),
    wrong.AnyAppPoint: ("R21", (*PROTECTED, wait(DAY), fail_over("latest_app_consistent"), WAIT_FOR_JOB)),
    wrong.SourceLeftOn: ("X16", (*PROTECTED, fail_over("latest"), WAIT_FOR_JOB, *REPROTECT)),
    wrong.LossyFailback: ("R47", FAILED_BACK),
    wrong.LossyCancel: ("R66", (*REVERSE, WRITE, wait(DAY), *FAIL_BACK, WAIT_FOR_JOB, *CANCEL)),
    wrong.KeptChanges: ("R69", (*FAILED_BACK, WRITE, *CANCEL)),
    wrong.NeedsShutdown: (
        "R24",
        (*PROTECTED, begins("source_shutdown_fails"), fail_over("latest", shut_down=True), WAIT_FOR_JOB),
    ),
}
CONFIGURATION = {"app_consistent_minutes": 60}


@pytest.mark.parametrize("kind", WALKS, ids=lambda kind: kind.__name__)
def test_what_is_wrong_shows_by_its_effect(kind):
    requirement, with_waits = WALKS[kind]
    walk = tuple(action for action in with_waits if action != WAIT_FOR_JOB)  # there is nothing to wait for
    in_no_time = type(kind.__name__, (kind, NoTime), {"__slots__": ("shown",)})
    perform(ReferenceService(NoTime, Fixed()), walk, CONFIGURATION)
    with pytest.raises(NonConformance) as failure:
        perform(ReferenceService(in_no_time, Fixed()), walk, CONFIGURATION)
    assert requirement in failure.value.requirements


@pytest.mark.long
@pytest.mark.parametrize("kind", [NoTime, ProtectedInNoTime])
def test_it_is_conformant_when_it_is_right(kind):
    """What can only be asked for while a job runs is told as its own choice."""
    result = Campaign(
        lambda: ReferenceService(kind), profile="modernized", budget=Budget.parse("20000steps"), seed=5
    ).run()
    assert result.overall is Overall.CONFORMANT
    assert PASSES_UNSEEN in result.account.not_offered.values()
