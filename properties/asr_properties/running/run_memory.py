"""What a session has seen, so that a later one goes on with it: runs of one plan add up to one verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from asr_model.efsm import Event
from asr_model.forbidden import Try
from asr_model.lts import Lts
from asr_properties.contract.messages import Many
from asr_properties.counterexamples.counterexample import counterexample_of
from asr_properties.counterexamples.stored import Count, KnownRequirement, Stored, StoredCounterexample
from asr_properties.running.kept_counterexamples import KeptCounterexamples
from asr_properties.running.run_result import RunResult
from asr_properties.session.session import Session


class StoredTry(Stored):
    """What was asked for in a phase, and how often."""

    phase: str
    operation: str
    arguments: dict[str, str | bool]
    times: Count


class StoredFailure(Stored):
    """A requirement that failed. doubt: what makes the blame less than certain. steps: after how many it first did."""

    requirement: KnownRequirement
    doubt: str
    steps: Count


class RunMemory(Stored):
    """All that verdicts, coverage and the account of a run are made of; each part adds up over sessions.

    states: numbers of states of the labelled transition system. told_tasks, hid_tasks: how many jobs named their tasks,
    and how many did not.
    """

    steps: Count
    items: Count
    states: Many[Count]
    taken: dict[str, Count]
    exercised: dict[str, Count]
    witnessed: dict[str, Count]
    pairs: Many[Annotated[Many[str], Field(min_length=2, max_length=2)]]
    asked: Many[StoredTry]
    declined: Many[StoredTry]
    granted: Many[StoredTry]
    told_tasks: Count
    hid_tasks: Count
    failures: Count
    failed: Many[StoredFailure]
    counterexamples: Many[StoredCounterexample]

    @classmethod
    def of(cls, session: Session, lts: Lts, result: RunResult, kept: KeptCounterexamples) -> RunMemory:
        """What a session has seen so far."""
        tries, told = session.tries, session.observer.told_tasks
        data = {
            "steps": session.performed,
            "items": session.items,
            "states": sorted(lts.number[state] for state in session.states),
            "taken": dict(session.oracle.taken),
            "exercised": dict(session.monitors.exercised),
            "witnessed": dict(session.witnessed),
            "pairs": sorted(map(list, tries.pairs)),
            "asked": _stored(tries.asked),
            "declined": _stored(tries.declined),
            "granted": _stored(tries.granted),
            "told_tasks": told[True],
            "hid_tasks": told[False],
            "failures": result.failures,
            "failed": [
                {"requirement": each, "doubt": doubt, "steps": result.first_failures.get(each, session.performed)}
                for each, doubt in kept.blamed.items()
            ],
            "counterexamples": [found.to_json() for found in result.counterexamples],
        }
        return cls.model_validate(data)

    def add_to(self, session: Session, lts: Lts, kept: KeptCounterexamples) -> None:
        """Let a session that has ended have seen this as well."""
        session.performed += self.steps
        session.items += self.items
        session.states |= {lts.states[number] for number in self.states}
        session.oracle.taken.update(self.taken)
        session.monitors.exercised.update(self.exercised)
        session.witnessed.update(self.witnessed)
        session.tries.pairs |= {(pair[0], pair[1]) for pair in self.pairs}
        for counts, stored in (
            (session.tries.asked, self.asked),
            (session.tries.declined, self.declined),
            (session.tries.granted, self.granted),
        ):
            counts.update(_tries(stored))
        session.observer.told_tasks[True] += self.told_tasks
        session.observer.told_tasks[False] += self.hid_tasks
        kept.join(
            self.failures,
            {one.requirement: (one.doubt, one.steps) for one in self.failed},
            [counterexample_of(one) for one in self.counterexamples],
        )


def _stored(counts: Mapping[Try, int]) -> list[dict[str, Any]]:
    return [
        {"phase": phase, "operation": str(event.name), "arguments": dict(event.arguments), "times": times}
        for (phase, event), times in sorted(counts.items(), key=str)
        if times
    ]


def _tries(stored: list[StoredTry]) -> Counter[Try]:
    return Counter({(one.phase, Event(one.operation, tuple(one.arguments.items()))): one.times for one in stored})
