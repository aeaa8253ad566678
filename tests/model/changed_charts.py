"""Charts with one mistake each, as somebody who edits a part might make it; and the requirement that it breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from statemachine.transition_list import TransitionList

from asr_model.lifecycle.chart import Events, Lifecycle, Part, States, cite, events, replicated_item
from asr_model.lifecycle.modernized import PARTS, Modernized
from asr_model.lifecycle.parts.committing import committing_the_failback, committing_the_failover
from asr_model.lifecycle.parts.drill import drill
from asr_model.lifecycle.parts.recovery_points import recovery_points
from asr_model.lifecycle.phases import DRILLS, MODERNIZED
from asr_model.lifecycle.phrases import (
    CANCELLING,
    FAILOVER_FAULT,
    GOING_ON,
    IDLE,
    cancellation,
    choosing_a_point,
    failure,
    stoppable,
    success,
)


@dataclass(frozen=True)
class Mistake:
    """A part that takes the place of another one. what: is wrong with it. breaks: the requirement named first."""

    what: str
    of: Part
    part: Part
    breaks: str

    @property
    def chart(self) -> type[Lifecycle]:
        """The modernized lifecycle with this mistake."""
        parts = tuple(self.part if part is self.of else part for part in PARTS)
        drills = (self.part if drill is self.of else drill,)

        class Changed(Lifecycle):
            profile, phases, drill_states = Modernized.profile, MODERNIZED, DRILLS
            surroundings, effects = Modernized.surroundings, Modernized.effects
            refusals = Modernized.refusals
            item = replicated_item(MODERNIZED, DRILLS, lifecycle=parts, drills=drills)

        return Changed


def _committing(commit_succeeds: Callable[[States], TransitionList], *, again: bool = False) -> Part:
    def part(s: States) -> Events:
        commit = cite(s.failed_over.to(s.committing_failover), "R39")
        if again:
            commit |= cite(s.failover_committed.to(s.committing_failover), "R39")
        return events(
            commit=commit,
            commit_succeeds=commit_succeeds(s),
            cancel_job=cite(stoppable(s.committing_failover), "R41", may_refuse="True"),
            job_is_cancelled=cancellation(s.committing_failover.to(s.failed_over, cond=CANCELLING, on="stop"), "R25"),
        )

    return part


def _committed(s: States) -> TransitionList:
    return success(s.committing_failover.to(s.failover_committed, cond=GOING_ON, on="delete_points"), "R41")


def _drill(s: States) -> Events:
    return events(
        test_failover=choosing_a_point((s.no_drill,), s.drill_running, "phase == 'protected'", (), above_all=("X13",)),
        drill_succeeds=success(s.drill_running.to(s.no_drill, cond=GOING_ON), "X13"),
        drill_fails=failure(s.drill_running.to(s.drill_awaiting_cleanup, cond=FAILOVER_FAULT), "X14"),
        clean_up_test_failover=cite(s.drill_awaiting_cleanup.to(s.cleaning_up_drill), "X14"),
        cleanup_succeeds=success(s.cleaning_up_drill.to(s.no_drill, cond=GOING_ON), "X14"),
        cancel_job=cite(stoppable(s.drill_running, s.cleaning_up_drill), "X14", may_refuse="True"),
        job_is_cancelled=cancellation(
            s.drill_running.to(s.drill_awaiting_cleanup, cond=CANCELLING, on="stop")
            | s.cleaning_up_drill.to(s.drill_awaiting_cleanup, cond=CANCELLING, on="stop"),
            "X14",
        ),
    )


def _points(s: States) -> Events:
    return {
        **recovery_points(s),
        "fail_over": cite(s.failover_aborted.to(s.failing_over, cond=IDLE, on="plan_shutdown"), "R15"),
    }


def _failback(s: States) -> Events:
    return events(
        commit=cite(s.failed_back.to(s.committing_failback), "X17"),
        commit_succeeds=success(s.committing_failback.to(s.failback_committed, cond=GOING_ON), "X17"),
        cancel_job=cite(stoppable(s.committing_failback), "R41", may_refuse="True"),
        job_is_cancelled=cancellation(s.committing_failback.to(s.failed_back, cond=CANCELLING, on="stop"), "R25"),
    )


MISTAKES = {
    "commit_keeps_points": Mistake(
        "commit drops the effect that deletes the points",
        committing_the_failover,
        _committing(lambda s: success(s.committing_failover.to(s.failover_committed, cond=GOING_ON), "R41")),
        "R40",
    ),
    "commit_leads_back": Mistake(
        "commit leads back to the failover that it was to commit",
        committing_the_failover,
        _committing(
            lambda s: success(s.committing_failover.to(s.failed_over, cond=GOING_ON, on="delete_points"), "R41")
        ),
        "R41",
    ),
    "committed_twice": Mistake(
        "a committed failover is not refused another commit",
        committing_the_failover,
        _committing(_committed, again=True),
        "X03",
    ),
    "drill_ends_by_itself": Mistake(
        "a drill that succeeds leads to no drill, without any cleanup", drill, _drill, "X14"
    ),
    "aborted_fails_over_again": Mistake(
        "an aborted failover is not refused another failover", recovery_points, _points, "R34"
    ),
    "azure_is_left": Mistake(
        "commit of a failback drops the effect that removes the machine in Azure",
        committing_the_failback,
        _failback,
        "X17",
    ),
}
