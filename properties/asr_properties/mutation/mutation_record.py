"""What was found out about mutants, as one JSON document: it is written whole, and a later run goes on with it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal
from zlib import crc32

from pydantic import BaseModel, ConfigDict, ValidationError

from asr_model import profiles
from asr_model.mutants.every_mutant import every_mutant
from asr_properties.contract.connection import first_misfit
from asr_properties.files import Unreadable, read_json, write_whole
from asr_properties.mutation.judging import Judged, Settings
from asr_properties.mutation.scoring import overall, scores

FORMAT: Final = "asr-conformance mutants"
VERSION: Final = 1

LONGEST_RECORD: Final = 128 << 20
"""Bytes. All mutants of a profile, each with its walk, have a fifth of it."""

PAUSE = 5.0
"""Seconds between two times that the record is written while mutants are judged."""


class InvalidMutationRecord(ValueError):
    """A file is no record of mutants, or one of other settings; the message says what is wrong with it."""


class MutationRecord(BaseModel):
    """The whole file. model: tells one version of a lifecycle and its mutants from another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["asr-conformance mutants"]
    version: Literal[1]
    profile: str
    model: int
    seed: int
    budget: str | None
    score: float | None
    operators: list[dict[str, Any]]
    mutants: list[Judged]


class Keeper:
    """Keeps what was found out in a file.

    Attributes:
        judged: what is known, by the names of the mutants.
    """

    def __init__(self, path: Path | None, settings: Settings) -> None:
        """Begin with what the file has.

        Raises:
            InvalidMutationRecord: there is a file that cannot be gone on with.
        """
        self._path, self._settings = path, settings
        self._written = time.monotonic()
        self.judged: dict[str, Judged] = {}
        if path is not None and path.exists():
            self.judged = {one.name: one for one in _read(path, settings).mutants}

    def keep(self, judged: Judged) -> None:
        """Keep one more, and write the file now and then.

        Raises:
            Unwritable: it cannot be.
        """
        self.judged[judged.name] = judged
        if time.monotonic() - self._written > PAUSE:
            self.write()

    def write(self) -> None:
        """Write the file, if there is to be one.

        Raises:
            Unwritable: it cannot be.
        """
        if self._path is not None:
            write_whole(self._path, json.dumps(mutation_record(self._settings, self.judged.values()), indent=1) + "\n")
        self._written = time.monotonic()


def mutation_record(settings: Settings, judged: Iterable[Judged]) -> dict[str, Any]:
    """The record as plain data, in the order of the mutants."""
    order = {mutant.name: number for number, mutant in enumerate(every_mutant(settings.profile))}
    known = sorted(judged, key=lambda one: order[one.name])
    of_operators = list(scores(settings.profile, known))
    return {
        "format": FORMAT,
        "version": VERSION,
        "profile": settings.profile,
        "model": _fingerprint(settings.profile),
        "seed": settings.seed,
        "budget": settings.budget,
        "score": overall(of_operators),
        "operators": [{**vars(score), "score": score.score} for score in of_operators],
        "mutants": [one.model_dump() for one in known],
    }


def _read(path: Path, settings: Settings) -> MutationRecord:
    try:
        record = MutationRecord.model_validate(read_json(path, LONGEST_RECORD))
    except Unreadable as error:
        raise InvalidMutationRecord(str(error)) from None
    except ValidationError as error:
        raise InvalidMutationRecord(f"{path}: no record of mutants: {first_misfit(error)}") from None
    for what, kept, wanted in (
        ("profile", record.profile, settings.profile),
        ("seed", record.seed, settings.seed),
        ("budget", record.budget, settings.budget),
        ("model", record.model, _fingerprint(settings.profile)),
    ):
        if kept != wanted:
            raise InvalidMutationRecord(
                f"{path} is of the {what} {kept}, not {wanted}: name another file, or remove it"
            )
    return record


def _fingerprint(profile: str) -> int:
    efsm = profiles.efsm(profile)
    return crc32(repr((efsm.transitions, every_mutant(profile))).encode())
