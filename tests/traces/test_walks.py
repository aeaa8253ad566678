"""No false alarm: whatever the model does, recorded with gaps, is conformant."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from asr_model import profiles
from asr_model.listed_operations import listed
from asr_model.lts import Edge
from asr_model.state import State
from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.messages import Item
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance


class Recorder:
    """Walks the model at random and records what a client sees: some looks, some ends of jobs, every request."""

    def __init__(self, seed: int, profile: str) -> None:
        self._lts = profiles.lts(profile)
        self._random = random.Random(seed)
        self.events: list[TraceEvent] = []
        self._failing: list[str] = []
        self._job: str | None = None
        self._count = 0

    def walk(self, steps: int) -> list[TraceEvent]:
        # A resynchronization that nobody is seen to ask for is taken for none where anything else explains a request.
        begins = [number for number, state in enumerate(self._lts.states) if not state.resynchronizing]
        here = self._random.choice(begins) if self._random.random() < 0.5 else 0
        busy = not self._lts.stepper.efsm.phases[self._lts.states[here].phase].steady
        self._job = "from before" if busy else None
        for _ in range(steps):
            edge = self._random.choice(self._lts.outgoing[here])
            if edge.event.is_operation:
                self._request(edge)
            elif edge.transition is not None and edge.transition.ends is not None:
                if self._job is not None and self._random.random() < 0.5:
                    self._saw_job(self._job, str(edge.transition.ends))
                self._job = None
            here = edge.target
            if self._random.random() < 0.4:
                self._look(self._lts.states[here])
            while self._failing and self._random.random() < 0.5:
                self._saw_job(self._failing.pop(), self._random.choice(["failed", "cancelled"]))
        for job in self._failing:
            self._saw_job(job, "failed")
        return self.events

    def _request(self, edge: Edge) -> None:
        operation = Operation(edge.event.name)
        arguments = dict(edge.event.arguments)
        job: str | None = None
        answer = Answer.REFUSED if edge.transition is None else Answer.ACCEPTED
        if operation is Operation.CANCEL_JOB:
            arguments["job"] = self._job or "none that is known"
            if answer is Answer.ACCEPTED and (self._job is None or arguments["job"] == "ended"):
                self._job = arguments["job"] = "of the service"
        else:
            if answer is Answer.ACCEPTED:
                job = self._job = self._new_job()
            elif self._may_fail_later(operation, arguments) and self._random.random() < 0.3:
                answer, job = Answer.ACCEPTED, self._new_job()
                self._failing.append(job)
            if arguments.get("recovery_point") in ("listed", "in_use", "unknown"):
                arguments["recovery_point"] = f"point {self._count}"
        told = tuple(arguments.items())
        self._add(
            Requested(item="a", operation=operation, arguments=told, answer=answer, job=job, number=self._number())
        )

    def _may_fail_later(self, operation: Operation, arguments: dict[str, str | bool]) -> bool:
        """Not a failover or drill with the id of a point: if its job fails, a recording does not tell whether the
        point was unknown or the failover began, and the judgement takes it to have begun."""
        names_a_point = arguments.get("recovery_point") in ("listed", "unknown")
        return not names_a_point or operation is Operation.CHANGE_RECOVERY_POINT

    def _look(self, state: State) -> None:
        facts = self._lts.stepper.efsm.phases[state.phase]
        shown: dict[str, object] = {"phase": state.phase, "drill": state.drill, "profile_instance": facts.instance}
        if facts.serving is not None:
            shown["active_site"] = str(facts.serving)
        if not state.resynchronizing:
            shown["allowed_operations"] = sorted(map(str, listed(self._lts.stepper, state).all))
        if facts.replicating is not None:
            shown["replicating"] = str(facts.replicating)
        if self._random.random() < 0.5:
            shown["health"] = self._random.choice(["normal", "critical"])
        kept = {name: value for name, value in shown.items() if self._random.random() < 0.8}
        self._add(ItemSeen(item="a", observation=Item.model_validate(kept), number=self._number()))

    def _saw_job(self, job: str, state: str) -> None:
        self._add(JobSeen(item="a", job=job, state=state, number=self._number()))

    def _new_job(self) -> str:
        self._count += 1
        return f"job {self._count}"

    def _number(self) -> int:
        return len(self.events) + 1

    def _add(self, event: TraceEvent) -> None:
        self.events.append(event)


def with_oddities(events: list[TraceEvent], chance: random.Random) -> Iterator[TraceEvent]:
    """The events with answers and ids of jobs that are missing, and with requests and polls that come again."""
    failing = {event.job for event in events if isinstance(event, JobSeen) and event.state != "succeeded"}
    for event in events:
        match event:
            case Requested() if chance.random() < 0.1:
                yield replace(event, answer=None, job=None)
            case Requested() if event.job not in failing and chance.random() < 0.2:
                yield replace(event, job=None)
            case Requested(job=str()) | JobSeen() if chance.random() < 0.3:
                yield event
                yield replace(event, state="in_progress") if isinstance(event, JobSeen) else event
            case _:
                yield event


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40), st.sampled_from(sorted(profiles.CHARTS)))
def test_nor_where_answers_are_missing_and_much_comes_twice(seed: int, steps: int, profile: str) -> None:
    events = tuple(with_oddities(Recorder(seed, profile).walk(steps), random.Random(seed)))
    for verdict in judge(Trace(source=f"walk {seed}", profile=profile, events=events)):
        assert verdict.conformance is not Conformance.NON_CONFORMANT, (verdict.why, list(map(str, events)))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40), st.sampled_from(sorted(profiles.CHARTS)))
def test_what_the_model_does_is_never_wrong(seed: int, steps: int, profile: str) -> None:
    events = tuple(Recorder(seed, profile).walk(steps))
    for verdict in judge(Trace(source=f"walk {seed}", profile=profile, events=events)):
        assert verdict.conformance is not Conformance.NON_CONFORMANT, (verdict.why, list(map(str, events)))
