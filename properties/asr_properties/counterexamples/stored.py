"""The schema of a stored counterexample: what a file may hold, checked before anything is done with it.

A file from elsewhere is data. It is read within bounds (LONGEST_FILE), each value has its declared type, and
each request is one that the model has an event for. Nothing that it names is loaded or run.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from asr_model import profiles
from asr_model.requirements import CATALOGUE
from asr_model.vocabulary import ARGUMENTS, Operation
from asr_properties.contract.configuration import has_endless_lists
from asr_properties.contract.connection import first_misfit
from asr_properties.contract.messages import Many, Profile
from asr_properties.contract.methods import Configuration
from asr_properties.contract.surroundings import Changes
from asr_properties.evidence.actions import APPLIANCES, NAMES, NO_POINT, OPTION_WORDS, Action, Kind
from asr_properties.files import Unreadable, read_json

FORMAT: Final = "asr-conformance counterexample"
VERSION: Final = 2
READABLE: Final = (1, 2)
"""Version 1 did not have what a step showed."""

LONGEST_FILE: Final = 4 << 20
"""Bytes. A flaky counterexample of 200 steps, which holds three traces, has a fortieth of it."""

MOST_STEPS: Final = 10_000
LONGEST_WAIT: Final = 366 * 86_400.0
"""Seconds of one step. Walks wait for weeks at most: retention ends after 15 days (facts 3.1)."""


class InvalidCounterexample(ValueError):
    """A file is no counterexample; the message says what is wrong with it."""


def _bounded(configuration: dict[str, Any]) -> dict[str, Any]:
    try:
        Configuration.model_validate(configuration)
    except ValidationError as error:
        raise ValueError(first_misfit(error)) from None
    if has_endless_lists(configuration):
        raise ValueError("its retention and intervals make lists without end")
    return configuration


def _known(requirement: str) -> str:
    if requirement not in CATALOGUE:
        raise ValueError(f"there is no requirement {requirement!r}")
    return requirement


StoredConfiguration = Annotated[dict[str, Any], AfterValidator(_bounded)]
KnownRequirement = Annotated[str, AfterValidator(_known)]
Count = Annotated[int, Field(ge=0, lt=2**31)]


class Stored(BaseModel):
    """Exactly the declared keys, no coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class StoredAction(Stored):
    """An action, by the keys of `Action.to_json`."""

    do: Kind
    name: str = ""
    arguments: dict[str, str | bool | int | float | list[dict[str, str | bool]] | None] = {}
    seconds: Annotated[float, Field(ge=0, le=LONGEST_WAIT, allow_inf_nan=False)] | None = None
    task: str | None = None
    pick: Annotated[int, Field(gt=-(2**31), lt=2**31)] = 0

    @model_validator(mode="after")
    def _has_an_event(self) -> Self:
        """Only steps that can be done: the model has an event for each."""
        if self.name not in NAMES[self.do]:
            raise ValueError(f"`name` is one of {', '.join(NAMES[self.do]) or 'nothing'}")
        if self.do == "new_item":
            _bounded(self.arguments)
        elif self.do == "update_settings":
            _check_changes(self.arguments)
        elif self.name == Operation.REPROTECT and self.arguments:
            _check_arguments(self.arguments, {name: _THROUGH[name] for name in self.arguments if name in _THROUGH})
        else:
            _check_arguments(self.arguments, _domains(self.name) if self.do == "request" else {})
        if self.seconds is not None and self.do != "wait":
            raise ValueError(f"`seconds` belongs to wait, not to {self.do}")
        if self.task is not None and self.do not in ("inject", "clear"):
            raise ValueError(f"`task` belongs to faults, not to {self.do}")
        return self

    @property
    def action(self) -> Action:
        """The action that is stored."""
        return Action(self.do, self.name, tuple(self.arguments.items()), self.seconds, self.task, self.pick)


class StoredStep(StoredAction):
    """One step: the action, how it was answered, and the phase after it.

    shown: what was seen after it, each thing in words. agreed: the phase that all states of the model shared that
    agreed with everything so far; null where they did not share one, or where none agreed any more.
    """

    answer: str = ""
    phase: str | None = None
    shown: dict[str, str] = {}
    agreed: str | None = None


def _check_changes(changes: Mapping[str, Any]) -> None:
    try:
        Changes.model_validate(dict(changes))
    except ValidationError as error:
        raise ValueError(first_misfit(error)) from None


_THROUGH: Mapping[str, tuple[str | bool, ...]] = {"appliance": APPLIANCES, "cache_storage_account": ("unknown",)}
"""What a reprotect can name, by kind (`asr_properties.evidence.actions`)."""


def _domains(operation: str) -> Mapping[str, tuple[str | bool, ...]]:
    """The arguments of an operation, and the symbolic values that stand for what the model knows of each."""
    known = {**ARGUMENTS.get(Operation(operation), {})}
    if "recovery_point" in known:
        known["recovery_point"] = (*known["recovery_point"], "in_use", *NO_POINT, *OPTION_WORDS)
    return known


def _check_arguments(arguments: Mapping[str, Any], domains: Mapping[str, tuple[str | bool, ...]]) -> None:
    if arguments.keys() != domains.keys():
        raise ValueError(f"`arguments` has exactly {', '.join(domains) or 'nothing'}")
    for name, values in domains.items():
        if not any(arguments[name] == value and type(arguments[name]) is type(value) for value in values):
            raise ValueError(f"`{name}` is one of {', '.join(map(str, dict.fromkeys(values)))}")


class StoredFlakiness(Stored):
    """Two runs of the same steps."""

    configuration: StoredConfiguration
    at: Annotated[int, Field(ge=1, lt=2**31)]
    difference: str
    cause: str
    first: Annotated[Many[StoredStep], Field(min_length=1, max_length=MOST_STEPS)]
    second: Annotated[Many[StoredStep], Field(max_length=MOST_STEPS)]


class StoredCounterexample(Stored):
    """The whole file."""

    format: Literal["asr-conformance counterexample"]
    version: Literal[READABLE]  # type: ignore[valid-type]
    profile: Profile
    adapter: str = ""
    seed: int | None = None
    found_by: str = ""
    drills_exclude: bool = True
    configuration: StoredConfiguration
    steps: Annotated[Many[StoredStep], Field(max_length=MOST_STEPS)]
    requirements: Many[KnownRequirement]
    properties: Many[str]
    before: Many[str]
    allowed: Many[str]
    observed: str
    seen: Many[str] = []
    right: Many[str] = []
    values: Many[str] = []
    steps_spent: Count = 0
    minimal: bool = False
    flaky: StoredFlakiness | None = None


def read_stored(path: Path) -> Any:
    """The JSON document in a file, within bounds.

    Raises:
        InvalidCounterexample: there is no such file, it is too long, or no JSON.
    """
    try:
        return read_json(path, LONGEST_FILE)
    except Unreadable as error:
        raise InvalidCounterexample(str(error)) from None


def check_stored(data: Any) -> StoredCounterexample:
    """A document as a counterexample.

    Raises:
        InvalidCounterexample: it is none, of another version, or damaged.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InvalidCounterexample(f"not a counterexample; it says no format {FORMAT!r}")
    if (version := data.get("version")) not in READABLE:
        raise InvalidCounterexample(f"version {version!r}; this program reads {VERSION}")
    if isinstance(profile := data.get("profile"), str):
        profiles.efsm(profile)
    try:
        stored = StoredCounterexample.model_validate(data)
    except (ValidationError, RecursionError) as error:
        told = first_misfit(error) if isinstance(error, ValidationError) else "nested too deeply"
        raise InvalidCounterexample(f"damaged: {told}") from None
    if not stored.steps:
        raise InvalidCounterexample("it has no steps")
    return stored
