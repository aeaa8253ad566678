"""An explanation of all that was seen of an item: a model state, and what the known jobs are taken to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from asr_model.efsm import Efsm, Event
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import JobEnd
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.step import NOTHING_AGREED, Agreed
from asr_properties.evidence.unknown import UNKNOWN

NO_DRILL = "no_drill"

SERVICE_JOB = "?"
"""The id of a job that the service started by itself and that was not seen yet."""


class Refusing(NamedTuple):
    """An operation that is being refused by letting its job fail (contract 1).

    or_without_effect: or accepted without effect, by a job that succeeds.
    """

    job: str
    event: Event
    requirements: tuple[str, ...]
    or_without_effect: bool = False


class Explanation(NamedTuple):
    """One way to explain all that was seen.

    job: the running job; ended: jobs that have ended and how, None where that is free; refusing: operations whose
    refusal is still to be seen; origin: the state at rest in which the running job was asked for.
    """

    state: State
    job: str | None = None
    ended: tuple[tuple[str, JobEnd | None], ...] = ()
    refusing: tuple[Refusing, ...] = ()
    origin: State | None = None

    def refuses(self, job: str) -> bool:
        """Whether the operation that started this job is being refused."""
        return any(refusing.job == job for refusing in self.refusing)


def agreed_by(efsm: Efsm, explanations: Iterable[Explanation]) -> Agreed:
    """What all explanations agree on."""
    explanations = tuple(explanations)
    states = [explanation.state for explanation in explanations]
    refused = [{refusing.job for refusing in explanation.refusing} for explanation in explanations]
    phases = {state.phase for state in states}
    sites = {efsm.phases[phase].serving for phase in phases}
    return Agreed(
        phase=phases.pop() if len(phases) == 1 else None,
        site=sites.pop() if len(sites) == 1 else None,
        drill=any(state.drill != NO_DRILL for state in states),
        resynchronizing=any(state.resynchronizing for state in states),
        failback_failed=any(state.failback_failed for state in states),
        refused=frozenset(set.intersection(*refused)) if any(refused) else NOTHING_AGREED.refused,
    )


def add(belief: dict[Explanation, frozenset[str]], explanation: Explanation, way: frozenset[str]) -> None:
    belief[explanation] = belief[explanation] & way if explanation in belief else way


def transitional_phases(stepper: Stepper) -> dict[str, frozenset[str]]:
    """The phases that an operation leads to."""
    shown: dict[str, set[str]] = {}
    for transition in stepper.efsm.transitions:
        if transition.variable == "phase" and transition.target != transition.source:
            shown.setdefault(transition.event, set()).add(transition.target)
    return {event: frozenset(phases) for event, phases in shown.items()}


def started(
    explanation: Explanation, state: State, job: str, cancelled: str | None, origin: State | None
) -> Explanation:
    if cancelled is not None:
        return explanation._replace(state=state, origin=origin)
    ended = explanation.ended
    if explanation.job is not None:
        ended = (*ended, (explanation.job, None))
    return explanation._replace(state=state, job=job, ended=ended[-3:], origin=origin)


def ended(explanation: Explanation, state: State, ends: tuple[JobEnd, ...]) -> Explanation:
    job, ended = explanation.job, explanation.ended
    for end in ends:
        ended = (*ended, (job or SERVICE_JOB, end))
        job = SERVICE_JOB
    if ends and state.phase != "reverting_failback":
        job = None
    origin = None if ends else explanation.origin
    return explanation._replace(state=state, job=job, ended=ended[-3:], origin=origin)


def service_jobs(explanation: Explanation) -> int:
    return sum(1 for job, _ in explanation.ended if job == SERVICE_JOB) + (explanation.job == SERVICE_JOB)


def with_service_jobs(explanation: Explanation, jobs: Sequence[str]) -> Iterator[Explanation]:
    """The explanation with its nameless jobs named, in every way in which `jobs`, oldest first, can be them.

    Jobs that are left over are the service's own and change nothing (contract 8).
    """
    for chosen in combinations(jobs, service_jobs(explanation)):
        names = iter(chosen)
        ended = tuple((next(names) if job == SERVICE_JOB else job, end) for job, end in explanation.ended)
        job = next(names) if explanation.job == SERVICE_JOB else explanation.job
        yield explanation._replace(ended=ended, job=job)


def with_job(explanation: Explanation, job: str, state: str) -> Explanation | None:
    """The explanation, if a job in this state fits into it."""
    for refusing in explanation.refusing:
        if refusing.job == job:
            if state == "in_progress":
                return explanation
            if state == JobEnd.SUCCEEDED and not refusing.or_without_effect:
                return None
            left = tuple(r for r in explanation.refusing if r is not refusing)
            return explanation._replace(refusing=left, ended=(*explanation.ended, (job, JobEnd(state)))[-3:])
    if explanation.job == job:
        return explanation if state == "in_progress" else None
    if (
        explanation.job == SERVICE_JOB
        and state == "in_progress"
        and not any(job == known for known, _ in explanation.ended)
    ):
        return explanation._replace(job=job)
    for known, end in explanation.ended:
        if known == job:
            return explanation if end is None or end == state else None
    return explanation


def with_current_job(explanation: Explanation, seen: Observation) -> Explanation | None:
    """The explanation, if the job that the item shows fits into it."""
    shown = seen.current_job
    if shown is UNKNOWN:
        return explanation
    if explanation.job == SERVICE_JOB and shown is not None:
        return explanation._replace(job=shown)
    if any(refusing.job == shown for refusing in explanation.refusing):
        return explanation
    return explanation if explanation.job == shown else None


def job_words(explanation: Explanation, job: str) -> str:
    if explanation.job == job:
        return f"the job still runs, with the item in {explanation.state.phase}"
    ends = [str(end or "in any way") for known, end in explanation.ended if known == job]
    if not ends:
        return "the job does not succeed"
    return f"the job has ended ({ends[0]}), with the item in {explanation.state.phase}"
