"""A plan as one JSON document: it is written whole, and checked when it is read, since a file from elsewhere is data.

The schema is published as `docs/plan.schema.json`, which `make reports` writes.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from asr_properties.contract.connection import first_misfit
from asr_properties.contract.messages import Many, Profile
from asr_properties.counterexamples.stored import MOST_STEPS, KnownRequirement, Stored, StoredAction
from asr_properties.counterexamples.stored import StoredConfiguration as Configuration
from asr_properties.files import Unreadable, read_json

FORMAT: Final = "asr-conformance plan"
VERSION: Final = 1

LONGEST_PLAN: Final = 32 << 20
"""Bytes. A plan of a week has a hundredth of it."""

MOST_MACHINES: Final = 1000

Minutes = Annotated[float, Field(ge=0, le=1e7, allow_inf_nan=False)]
Pair = Annotated[Many[str], Field(min_length=2, max_length=2)]
Positive = Annotated[int, Field(ge=1, lt=2**31)]


class InvalidPlan(ValueError):
    """A file is no plan, or none that can be done; the message says what is wrong with it."""


class PlannedDuration(Stored):
    """How long an operation was taken to last. known: whether that was recorded or told; else it is assumed."""

    minutes: Minutes
    source: str
    known: bool


class PutToTheTest(Stored):
    """Declared transitions by their ids, (phase, operation) pairs, and requirements."""

    transitions: Many[str]
    pairs: Many[Pair]
    requirements: Many[KnownRequirement]


class PlannedTest(Stored):
    """A walk on a fresh item. machine: which one does it. begins, minutes: when, after the machine's first test, and
    how long it takes, the way home included. first: what it puts to the test before any other does."""

    number: Positive
    machine: Positive
    begins: Minutes
    minutes: Minutes
    configuration: Configuration
    steps: Annotated[Many[StoredAction], Field(min_length=1, max_length=MOST_STEPS)]
    first: PutToTheTest


class LeftOut(Stored):
    """What no test puts to the test, each with why."""

    transitions: dict[str, str]
    pairs: Many[Pair]
    requirements: dict[str, str]


class Plan(Stored):
    """The whole file. budget: minutes of each machine. coverable: how many transitions, pairs and requirements there
    are. at_least: the part of what the best choice from the same candidates can come to; null where there is none.
    command: what made it."""

    format: Literal["asr-conformance plan"]
    version: Literal[1]
    command: str
    profile: Profile
    budget: Minutes
    machines: Annotated[int, Field(ge=1, le=MOST_MACHINES)]
    durations: dict[str, PlannedDuration]
    tests: Many[PlannedTest]
    left_out: LeftOut
    coverable: dict[str, Annotated[int, Field(ge=0, lt=2**31)]]
    at_least: Annotated[float, Field(ge=0, le=1)] | None

    @property
    def digest(self) -> str:
        """Tells one plan from another, whatever becomes of the file."""
        return sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The plan as plain data."""
        data = self.model_dump(exclude={"tests"})
        tests = []
        for test in self.tests:
            steps = [step.action.to_json() for step in test.steps]
            tests.append({**test.model_dump(exclude={"steps"}), "steps": steps})
        return {**data, "tests": tests}


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of a plan, as it is published."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**draft, **Plan.model_json_schema(), "title": f"{FORMAT}, version {VERSION}"}


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises:
        InvalidPlan: the file is missing, too long, no JSON, or no plan.
    """
    try:
        return plan_from_json(read_json(path, LONGEST_PLAN))
    except Unreadable as error:
        raise InvalidPlan(str(error)) from None
    except InvalidPlan as error:
        raise InvalidPlan(f"{path}: {error}") from None


def plan_from_json(data: Any) -> Plan:
    """The plan that a JSON document is.

    Raises:
        InvalidPlan: it is none, or of another version.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InvalidPlan(f"no plan; it says no format {FORMAT!r}")
    if data.get("version") != VERSION:
        raise InvalidPlan(f"a plan of version {data.get('version')!r}; this program reads {VERSION}")
    try:
        plan = Plan.model_validate(data)
    except (ValidationError, RecursionError) as error:
        told = first_misfit(error) if isinstance(error, ValidationError) else "nested too deeply"
        raise InvalidPlan(f"damaged: {told}") from None
    if [test.number for test in plan.tests] != list(range(1, len(plan.tests) + 1)):
        raise InvalidPlan("damaged: its tests are not numbered from 1")
    if any(test.machine > plan.machines for test in plan.tests):
        raise InvalidPlan(f"damaged: a test is for a machine that is none of {plan.machines}")
    return plan
