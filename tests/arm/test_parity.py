"""Over ARM, the suite says the same as in process, of wrong implementations too.

Not among them, since ARM has no word for what they break: which point *latest processed* and *latest app-consistent*
select (ARM's single-item failover knows ids only, so the adapter selects), the order of lists, and `new_item`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from arm.serving import served
from arm.within import within
from asr_model.requirements import CATALOGUE
from asr_properties.adapters.loading import load
from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, wait
from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine
from asr_properties.running.requirement_verdicts import RequirementVerdict, Verdict
from today import OfToday
from walks import (
    ABORTED,
    CANCELLED,
    CLEAN_UP,
    COMMIT,
    COMMITTED,
    DISABLE,
    FAILED,
    HOUR,
    IN_DRILL,
    REPROTECT,
    REVERT_FAILS,
    fail_over,
)
from wrong import implementations as wrong
from wrong.walks import WALKS, judged, serving


def test_there_are_at_least_twenty() -> None:
    assert len(WALKS) >= 20


@pytest.mark.parametrize("item", WALKS, ids=lambda item: item.__name__)
def test_a_wrong_implementation_is_found_over_arm_as_in_process(item: type[ReplicatedItem]) -> None:
    in_process = judged(serving(item), WALKS[item])
    assert in_process
    assert judged(within(serving(item)), WALKS[item]) == in_process


RIGHT = {
    "revert fails": REVERT_FAILS,
    "failover aborted": ABORTED,
    "failover failed": FAILED,
    "drill": (*IN_DRILL, *CLEAN_UP),
    "committed": COMMITTED,
    "failback cancelled": CANCELLED,
}


@pytest.mark.parametrize("actions", RIGHT.values(), ids=RIGHT)
def test_the_right_implementation_passes_over_arm(actions: tuple[Action, ...]) -> None:
    assert judged(within(serving(ReplicatedItem)), actions) == ()


@pytest.mark.parametrize(
    "item", [wrong.ShutdownAfterwards, wrong.NoMorePoints, wrong.SourceLeftOn], ids=lambda i: i.__name__
)
def test_a_wrong_implementation_is_found_over_http(item: type[ReplicatedItem]) -> None:
    with served(serving(item)) as url:
        assert judged(load(f"arm:{url}"), WALKS[item]) == judged(serving(item), WALKS[item])


CLASSIC = (
    *(*COMMITTED, wait(HOUR), *REPROTECT, WRITE, wait(HOUR)),
    *(fail_over(), WAIT_FOR_JOB, *COMMIT, wait(HOUR), *REPROTECT, *DISABLE),
)


def test_the_classic_cycle_passes_over_arm() -> None:
    def classic() -> ReferenceService:
        return ReferenceService(item_class=ClassicItem, freedom=Fixed())

    assert judged(classic, CLASSIC) == ()
    assert judged(within(classic), CLASSIC) == ()


def shown_by_all(result: Any) -> list[RequirementVerdict]:
    """The verdicts that a run can reach through any adapter."""
    return [v for v in result.verdicts if not CATALOGUE[v.requirement].only_arm_shows_it]


def test_a_run_over_http_gives_the_verdicts_of_a_run_in_process() -> None:
    def run(factory: Callable[[], Any]) -> Any:
        budget = Budget(steps=60)
        return Campaign(factory, profile="modernized", budget=budget, engine=Engine.TOUR, seed=5).run()

    def today() -> ReferenceService:
        return OfToday(ReplicatedItem, Fixed({"cancel_job": "accepted"}))

    with served(today) as url:
        over_http = run(load(f"arm:{url}"))
    in_process = run(today)
    assert over_http.adapter_error is None
    assert shown_by_all(over_http) == shown_by_all(in_process)
    assert {v.requirement: v.outcome for v in over_http.verdicts}["X09"] is Verdict.PASSED
    assert over_http.coverage == in_process.coverage
