"""What a look tells of the machine in Azure, as a line of the project's trace format has it. `jsonl` describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError

from asr_properties.contract.messages import Message
from asr_properties.contract.surroundings import Settings
from asr_properties.traces.machine_told import UPDATE_STATES, MachineTold, Updated, words_of


def _known(given: dict[str, str | None]) -> dict[str, str | None]:
    if unknown := sorted(given.keys() - Settings.model_fields.keys()):
        raise ValueError(f"no setting {unknown[0]!r:.60}; there is {', '.join(Settings.model_fields)}")
    return given


_Text = Annotated[str, Field(min_length=1, max_length=1000)]
_Given = Annotated[dict[str, _Text | None], AfterValidator(_known)]


class _Update(Message):
    changes: _Given
    state: Literal[UPDATE_STATES]  # type: ignore[valid-type]
    number: int = 0


class _Machine(Message):
    settings: _Given = Field(default_factory=dict)
    updates: list[_Update] = Field(default_factory=list, max_length=100)
    resource_group: str = Field(default="", max_length=1000)


def machine_to_json(told: MachineTold) -> dict[str, Any]:
    """It as a line holds it; what it does not tell is left out."""
    updates = [{"changes": dict(one.changes), "state": one.state, "number": one.number} for one in told.updates]
    whole = {"settings": dict(told.settings), "updates": updates, "resource_group": told.group}
    return {name: value for name, value in whole.items() if value}


def machine_from_json(data: object) -> MachineTold:
    """What a line holds of it.

    Raises:
        ValueError: that is something else; the message says what was expected.
    """
    try:
        told = _Machine.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise ValueError(f"`machine`: {where}: {first['msg']}") from None
    updates = tuple(Updated(words_of(one.changes), one.state, one.number) for one in told.updates)
    group = words_of({"resource_group": told.resource_group})[0][1]
    return MachineTold(words_of(told.settings), updates, group or "")
