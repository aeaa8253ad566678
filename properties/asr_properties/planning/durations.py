"""How long each operation takes: as recorded of the real service, or as somebody says who measured their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Annotated, Final, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError

from asr_model.vocabulary import Operation
from asr_properties.arm.operations import OPERATIONS
from asr_properties.contract.connection import first_misfit
from asr_properties.files import Unreadable, read_json
from asr_properties.planning.plan_document import InvalidPlan
from asr_properties.planning.progress import FORMAT as PROGRESS
from asr_properties.planning.progress import LONGEST_PROGRESS, Progress, progress_from_json

ASSUMED_MINUTES: Final = 15.0
"""Minutes of an operation that was never recorded to its end. It is assumed, and said so wherever it is told."""

REFUSED: Final = "refused"
"""In a file of durations: what it takes to ask for something that is refused."""

REFUSED_MINUTES: Final = 1.0
"""Minutes until a refusal is known, which no recording tells: it is assumed, since a job may refuse as well."""

_NAMES = (*OPERATIONS, Operation.CANCEL_JOB, REFUSED)
_Minutes = Annotated[float, Field(ge=0, le=1e5, allow_inf_nan=False)]
_FILE: TypeAdapter[dict[str, float]] = TypeAdapter(dict[str, _Minutes])


class InvalidDurations(ValueError):
    """A file holds no durations; the message says why."""


class Duration(NamedTuple):
    """minutes: how long an operation takes, until the item can go on. source: who says so. is_known: whether that was
    recorded, or told; else it is assumed."""

    minutes: float
    source: str
    is_known: bool = True


Durations = Mapping[str, Duration]
"""By operation, and REFUSED."""


def recorded() -> dict[str, Duration]:
    """What the recordings of the real service tell; what they don't is assumed."""
    found = {
        str(operation): Duration(ASSUMED_MINUTES, "not recorded: assumed", is_known=False)
        if row.minutes is None
        else Duration(row.minutes, row.recorded)
        for operation, row in OPERATIONS.items()
    }
    found[str(Operation.CANCEL_JOB)] = Duration(REFUSED_MINUTES, "not recorded: assumed", is_known=False)
    found[REFUSED] = Duration(REFUSED_MINUTES, "not recorded: assumed", is_known=False)
    return found


def durations_of(path: Path | None) -> dict[str, Duration]:
    """What the recordings tell, but for what a file says otherwise: a JSON object, operation -> minutes, or what a run
    of a plan has kept of its progress.

    Raises:
        InvalidDurations: the file can't be read, or names something else.
    """
    found = recorded()
    if path is None:
        return found
    try:
        data = read_json(path, LONGEST_PROGRESS)
        if isinstance(data, dict) and data.get("format") == PROGRESS:
            return found | _measured(progress_from_json(data), path.name)
        told = _FILE.validate_python(data)
    except Unreadable as error:
        raise InvalidDurations(str(error)) from None
    except InvalidPlan as error:
        raise InvalidDurations(f"{path}: {error}") from None
    except ValidationError as error:
        raise InvalidDurations(f"{path}: not minutes by operation: {first_misfit(error)}") from None
    if unknown := sorted(told.keys() - set(map(str, _NAMES))):
        raise InvalidDurations(f"{path}: {unknown[0]!r} is none of {', '.join(map(str, _NAMES))}")
    return found | {name: Duration(minutes, f"as {path.name} says") for name, minutes in told.items()}


def _measured(progress: Progress, name: str) -> dict[str, Duration]:
    """What operations took when a plan was run: the median of each."""
    took: dict[str, list[float]] = {}
    for one in progress.took:
        took.setdefault(one.operation, []).append(one.minutes)
    return {
        operation: Duration(round(median(each), 2), f"median of {len(each)} in {name}")
        for operation, each in took.items()
    }
