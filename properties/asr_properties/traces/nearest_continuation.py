"""Finds the nearest legal continuation: what would have had to happen before an event for it to agree."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable

from asr_model.blame import why_possible
from asr_model.efsm import Event
from asr_model.lts import Edge, Lts
from asr_model.vocabulary import Answer, Operation
from asr_properties.evidence.observation import NOTHING_SEEN
from asr_properties.oracle.explanation import Explanation
from asr_properties.oracle.matching import Matcher
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent
from asr_properties.traces.health import surroundings_told
from asr_properties.traces.jobs_elsewhere import begins
from asr_properties.traces.trace_verdicts import Continuation

Goal = Callable[[int], bool]

MOST_OPERATIONS = 2
"""With more operations than these between two events nothing is explained any more."""


def nearest_continuation(
    lts: Lts, before: Iterable[Explanation], event: TraceEvent, request: Event | None
) -> Continuation | None:
    """The fewest steps of the model from a state in `before` to one that agrees with `event`; None if there are none.

    A way through a new life of the item, or through a resynchronization (while one runs a list is free), is only taken
    where every other one asks for more than two operations.

    Where the item names a job that runs, and nobody is seen to ask for it, the way ends with what begins such a job.
    It has no step where the event agrees with a state in `before`, but not with what came earlier. Of a job only its
    end is searched for, from states in which it may run. For a list of recovery points nothing is searched for.

    request: the event as one of the model, if it is a request.
    """
    if isinstance(event, ItemSeen) and event.points is not None:
        return None
    starts = [e.state for e in before if not isinstance(event, JobSeen) or e.job == event.job]
    numbers = list(dict.fromkeys(lts.number[state] for state in starts if state in lts.number))
    match event:
        case ItemSeen(scenario_elsewhere=str(scenario)):
            agrees = _agreeing(lts, event)
            path = _in_one_life(lts, numbers, over=lambda edge: begins(lts, edge, scenario) and agrees(edge.target))
        case ItemSeen():
            path = _in_one_life(lts, numbers, at=_agreeing(lts, event))
        case Requested() if request is not None:
            path = _in_one_life(lts, numbers, at=_answering(lts, request, event.answer))
        case JobSeen():
            path = _shortest(
                lts, numbers, over=lambda edge: edge.transition is not None and edge.transition.ends == event.state
            )
        case _:
            return None
    if path is None:
        return None
    if not path:
        phase = next(lts.states[n].phase for n in numbers)
        return Continuation(start=phase, steps=(), end=phase)
    operations = [edge for edge in path if edge.event.is_operation]
    return Continuation(
        operations=tuple(edge.event.name for edge in operations),
        requirements=_asked_by(lts, operations[0]) if len(operations) == 1 else (),
        start=lts.states[path[0].source].phase,
        steps=tuple(_in_words(edge) for edge in path),
        end=lts.states[path[-1].target].phase,
    )


def _asked_by(lts: Lts, operation: Edge) -> tuple[str, ...]:
    """What says that the operation is asked for, the most telling first."""
    return why_possible(lts.stepper, lts.states[operation.source], operation.event.name)


def _agreeing(lts: Lts, event: ItemSeen) -> Goal:
    matcher = Matcher(lts.stepper)
    seen = NOTHING_SEEN.with_item(event.observation)
    is_idle = "current_job" in event.observation.model_fields_set and event.observation.current_job is None
    holds = surroundings_told(lts.stepper.efsm.profile, event.observation.health)
    return lambda number: (
        not (is_idle and lts.states[number].resynchronizing) and matcher.agrees(lts.states[number], seen, holds)
    )


def _answering(lts: Lts, request: Event, answer: Answer | None) -> Goal:
    return lambda number: any(edge.event == request and edge.response is answer for edge in lts.outgoing[number])


def _never(_: object) -> bool:
    return False


def _in_one_life(
    lts: Lts, starts: list[int], *, at: Goal = _never, over: Callable[[Edge], bool] = _never
) -> list[Edge] | None:
    in_one = _shortest(lts, starts, at=at, over=over, without=(Operation.DISABLE_REPLICATION, Operation.RESYNCHRONIZE))
    is_short = in_one is not None and sum(edge.event.is_operation for edge in in_one) <= MOST_OPERATIONS
    return in_one if is_short else _shortest(lts, starts, at=at, over=over)


def _shortest(
    lts: Lts,
    starts: list[int],
    *,
    at: Goal = _never,
    over: Callable[[Edge], bool] = _never,
    without: Collection[str] = (),
) -> list[Edge] | None:
    """The fewest steps from any of `starts` that end in a state that `at` accepts, or in a step that `over` accepts.

    without: operations that are not asked for.
    """
    came: dict[int, Edge | None] = dict.fromkeys(starts)
    if any(at(start) for start in starts):
        return []
    todo = deque(starts)
    while todo:
        here = todo.popleft()
        for edge in lts.outgoing[here]:
            if edge.transition is None or edge.event.name in without:
                continue
            if over(edge) or (edge.target not in came and at(edge.target)):
                return [*_way(came, here), edge]
            if edge.target not in came:
                came[edge.target] = edge
                todo.append(edge.target)
    return None


def _way(came: dict[int, Edge | None], here: int) -> list[Edge]:
    path: list[Edge] = []
    while (edge := came[here]) is not None:
        path.append(edge)
        here = edge.source
    return path[::-1]


def _in_words(edge: Edge) -> str:
    holds = f" (while {', '.join(sorted(edge.surroundings))})" if edge.surroundings else ""
    return f"{edge.event}{' accepted' if edge.event.is_operation else ''}{holds}"
