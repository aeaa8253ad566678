"""What was done of a plan: one file for each machine, beside the plan, written after every test.

A test that has come to its end is not done again. What sessions have seen adds up, over all machines.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from asr_model.profiles import lts
from asr_model.vocabulary import Operation
from asr_properties.contract.connection import first_misfit
from asr_properties.contract.messages import Many
from asr_properties.counterexamples.stored import Stored
from asr_properties.files import Unreadable, Unwritable, read_json, write_whole
from asr_properties.planning.plan_document import InvalidPlan, Minutes, Plan, Positive
from asr_properties.running.given_walks import GivenWalk
from asr_properties.running.run_memory import RunMemory

FORMAT: Final = "asr-conformance plan progress"
VERSION: Final = 1

LONGEST_PROGRESS: Final = 256 << 20


class DoneTest(Stored):
    """A test that came to its end. minutes: how long it took by the clock on the wall, here."""

    number: Positive
    minutes: Minutes


class Took(Stored):
    """How long an operation took, in real time, with what followed until the next one was asked for."""

    operation: Literal[tuple(map(str, Operation))]  # type: ignore[valid-type]
    minutes: Minutes


class Progress(Stored):
    """The whole file. plan: the digest of the plan. adapter: the SPEC of what is judged. seen: by each session. took:
    empty where a virtual clock is moved."""

    format: Literal["asr-conformance plan progress"]
    version: Literal[1]
    plan: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    adapter: str
    machine: Positive
    done: Many[DoneTest]
    took: Many[Took]
    seen: Many[RunMemory]


class PlanRun:
    """The tests of one machine that are left, for a campaign, and what it keeps of them.

    Attributes:
        problems: why something that was done could not be kept, or read again; mostly there is none.
    """

    def __init__(self, plan: Plan, path: Path, adapter: str, machine: int) -> None:
        """Begin with what was done already. path: of the plan.

        Raises:
            InvalidPlan: the plan has no such machine, or what was done is of another plan or adapter, or damaged.
            Unwritable: what will be done could not be kept.
        """
        if not 1 <= machine <= plan.machines:
            raise InvalidPlan(f"there is no machine {machine}: the plan is for {plan.machines}")
        self._plan, self._path, self._adapter, self._machine = plan, path, adapter, machine
        self._digest = plan.digest
        mine = self._read(self.path)
        self.done: list[DoneTest] = [] if mine is None else list(mine.done)
        self._took: list[Took] = [] if mine is None else list(mine.took)
        self._seen: list[RunMemory] = [] if mine is None else list(mine.seen)
        self._now: RunMemory | None = None
        self._begun = time.monotonic()
        self.problems: dict[str, None] = {}
        self.done_by_all()  # what cannot be read is told now
        self._write()

    @property
    def path(self) -> Path:
        """Where this machine keeps what it has done."""
        return progress_path(self._path, self._machine)

    @property
    def tests(self) -> int:
        """How many tests the plan has, for all machines."""
        return len(self._plan.tests)

    @property
    def undone(self) -> list[int]:
        """The numbers of the tests of this machine that are left."""
        known = {one.number for one in self.done}
        return [test.number for test in self._plan.tests if test.machine == self._machine and test.number not in known]

    @property
    def steps_left(self) -> int:
        """More actions than the tests that are left can take."""
        undone = set(self.undone)
        return 1 + sum(len(test.steps) + 4 for test in self._plan.tests if test.number in undone)  # settling takes 3

    def left(self) -> list[GivenWalk]:
        """The tests of this machine that are left, in their order."""
        undone = set(self.undone)
        self._begun = time.monotonic()
        return [
            GivenWalk(test.number, test.configuration, tuple(step.action for step in test.steps))
            for test in self._plan.tests
            if test.number in undone
        ]

    def keep(self, memory: RunMemory, done: int | None) -> None:
        """Keep what this session has seen. done: the test that has just come to its end, if one has."""
        self._now = memory if memory.items else None  # one that did nothing tells nothing
        if done is not None:
            now = time.monotonic()
            self.done.append(DoneTest(number=done, minutes=round((now - self._begun) / 60, 4)))
            self._begun = now
        try:
            self._write()
        except Unwritable as error:  # it is judged all the same, and done again where it was not kept
            self.problems[str(error)] = None

    def took(self, operation: str, minutes: float) -> None:
        """An operation took so long; kept with the test that it is part of."""
        self._took.append(Took(operation=operation, minutes=round(minutes, 4)))

    def earlier(self) -> list[RunMemory]:
        """What other sessions have seen, of this machine and of others."""
        found = list(self._seen)
        try:
            for other in self._others():
                found += other.seen
        except InvalidPlan as error:
            self.problems[str(error)] = None
        return found

    def done_by_all(self) -> set[int]:
        """The numbers of the tests that came to their end, on any machine."""
        others = {test.number for other in self._others() for test in other.done}
        return others | {test.number for test in self.done}

    def _others(self) -> Iterator[Progress]:
        """What other machines have done so far."""
        for machine in range(1, self._plan.machines + 1):
            if machine != self._machine and (found := self._read(progress_path(self._path, machine))) is not None:
                yield found

    def _read(self, path: Path) -> Progress | None:
        if not path.exists():
            return None
        try:
            found = progress_from_json(read_json(path, LONGEST_PROGRESS))
        except Unreadable as error:
            raise InvalidPlan(str(error)) from None
        except InvalidPlan as error:
            raise InvalidPlan(f"{path}: {error}") from None
        if found.plan != self._digest:
            raise InvalidPlan(f"{path}: what was done of another plan; remove it to begin anew")
        if found.adapter != self._adapter:
            raise InvalidPlan(f"{path}: done on {found.adapter}, not on {self._adapter}; remove it to begin anew")
        states = len(lts(self._plan.profile).states)
        if any(number >= states for memory in found.seen for number in memory.states):
            raise InvalidPlan(f"{path}: done with another version of the model; remove it to begin anew")
        return found

    def _write(self) -> None:
        document: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "plan": self._digest,
            "adapter": self._adapter,
            "machine": self._machine,
            "done": [one.model_dump() for one in self.done],
            "took": [one.model_dump() for one in self._took],
            "seen": [one.model_dump() for one in [*self._seen, *([] if self._now is None else [self._now])]],
        }
        write_whole(self.path, json.dumps(document) + "\n")


def progress_from_json(data: Any) -> Progress:
    """The progress that a JSON document is.

    Raises:
        InvalidPlan: it is none.
    """
    try:
        return Progress.model_validate(data)
    except (ValidationError, RecursionError) as error:
        told = first_misfit(error) if isinstance(error, ValidationError) else "nested too deeply"
        raise InvalidPlan(f"no progress of a plan: {told}") from None


def progress_path(plan: Path, machine: int) -> Path:
    """Where a machine keeps what it has done of the plan in a file."""
    return plan.with_name(f"{re.sub('[.]json$', '', plan.name)}.progress-{machine}.json")
