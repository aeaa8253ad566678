"""What recurs in the parts of a lifecycle: guards, how jobs end, the ways to choose a recovery point."""

from __future__ import annotations

from functools import partial

from statemachine import State
from statemachine.transition_list import TransitionList

from asr_model.lifecycle.chart import any_of, cite, staying
from asr_model.vocabulary import JobEnd

IDLE = "drill == 'no_drill'"
GOING_ON = "not stopping"
CANCELLING = "stopping"
#: Impaired surroundings may make these jobs fail, their own faults do (contract 7, A16).
FAILOVER_FAULT = f"(failover_faulty or impaired) and {GOING_ON}"
FAILBACK_FAULT = f"(planned_failover_faulty or impaired) and {GOING_ON}"
CANCEL_FAULT = f"(cancel_faulty or impaired) and {GOING_ON}"
IMPAIRED = f"impaired and {GOING_ON}"

success = partial(cite, ends=JobEnd.SUCCEEDED)
failure = partial(cite, ends=JobEnd.FAILED)
cancellation = partial(cite, ends=JobEnd.CANCELLED)

#: How a recovery point is chosen, what it takes, and where each way comes from (facts 3.3, A20).
OPTIONS = (
    ("recovery_point == 'latest'", ("R16", "R17", "R18")),
    ("recovery_point == 'latest_processed' and points != 'none'", ("R16", "R19", "R20")),
    ("recovery_point == 'latest_app_consistent' and points == 'app'", ("R16", "R21")),
    ("recovery_point == 'listed' and points != 'none'", ("R16", "R22")),
)


def stoppable(*phases: State, cond: str = "True") -> TransitionList:
    """`cancel_job` on the job that runs in each of `phases`: once accepted, the job ends cancelled after a while."""
    return staying(*phases, cond=f"{cond} and job == 'running'", on="ask_to_stop")


def choosing_a_point(
    sources: tuple[State, ...],
    target: State,
    guard: str,
    on: tuple[str, ...],
    *requirements: str,
    above_all: tuple[str, ...] = (),
) -> TransitionList:
    """A transition for each of `OPTIONS`, so that each cites its own rule: after `above_all`, before the others."""
    return any_of(
        cite(
            source.to(target, cond=f"{option} and {guard}", on=[*on, "end_resynchronizing"]),
            *(*above_all, *ids, *requirements),
            may_refuse="resynchronizing",
        )
        for source in sources
        for option, ids in OPTIONS
    )
