"""What a word of the service's API means in ours, for people who have it from a portal, a log or a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from asr_properties.arm import tokens


class Meaning(NamedTuple):
    """A meaning of a word. word: as the service writes it; told: where it stands and what it means; ours: the word of
    the lifecycle that it stands for; None where there is none."""

    word: str
    told: str
    ours: str | None = None


def meanings(word: str) -> list[Meaning]:
    """What a word of the service means, in each place where it stands. Capitals and blanks around it do not count."""
    wanted = word.strip().lower()
    return [meaning for meaning in _all() if meaning.word.lower() == wanted]


def service_words() -> tuple[str, ...]:
    """The words that have a meaning here, but for the protectionStates, which the lifecycle itself declares."""
    return tuple(dict.fromkeys(meaning.word for meaning in _all()))


def _all() -> Iterator[Meaning]:
    for token, operation in tokens.OPERATION_OF_TOKEN.items():
        yield Meaning(token, f"in allowedOperations, the operation {operation}", operation)
    for operation, (method, action) in tokens.ACTION_OF.items():
        if action:
            yield Meaning(action, f"{method} on it at an item's address asks for {operation}", operation)
    for operation, scenarios in tokens.SCENARIOS_OF.items():
        for scenario in sorted(scenarios):
            yield Meaning(scenario, f"scenarioName of a job of {operation}", operation)
    for state, description in tokens.DESCRIPTIONS.items():
        yield Meaning(description, f"protectionStateDescription of {state}", state)
    for token, drill in tokens.DRILL_OF_TOKEN.items():
        yield Meaning(token, f"testFailoverState, the drill state {drill}", drill)
    for token, job in tokens.JOB_STATE_OF_TOKEN.items():
        yield Meaning(token, f"state of a job or of an operation: {job.replace('_', ' ')}")
