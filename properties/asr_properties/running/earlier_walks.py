"""Walks that failed in earlier runs: kept in a database of Hypothesis', and tried first in the next run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from asr_model.profiles import UnknownProfile
from asr_properties.counterexamples.counterexample import Counterexample, counterexample_from_json
from asr_properties.counterexamples.stored import InvalidCounterexample
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session

if TYPE_CHECKING:
    from hypothesis.database import ExampleDatabase

FOLDER = "failing-walks"
"""The name of the database in the folder of a run's report."""


def database_in(folder: Path) -> ExampleDatabase:
    """The database of a folder. Nothing is written before something is kept; what can't be written is not kept."""
    from hypothesis.database import DirectoryBasedExampleDatabase  # it takes 0.2 s to import

    return DirectoryBasedExampleDatabase(folder / FOLDER)


class EarlierWalks:
    """The failing walks of one implementation, by the SPEC of its adapter and its profile."""

    def __init__(self, database: ExampleDatabase, adapter: str, profile: str) -> None:
        self._database = database
        self._key = f"asr-conformance {profile} {adapter}".encode()

    def keep(self, found: Iterable[Counterexample]) -> None:
        """Keep these walks for the next run."""
        for counterexample in found:
            self._database.save(self._key, _bytes_of(counterexample))

    def try_again(self, session: Session, go_on: Callable[[], bool], failed: Callable[[NonConformance], None]) -> None:
        """Do each of the walks while `go_on()`, the shortest first. Each that fails is passed to `failed`; one that
        does not is forgotten.

        Raises:
            AdapterError: the adapter is at fault.
        """
        for text in sorted(self._database.fetch(self._key), key=lambda text: (len(text), text)):
            if not go_on():
                return
            walk = _counterexample_of(text)
            try:
                if walk is not None:
                    _do(session, walk)
            except NonConformance as failure:
                failed(failure)
                continue
            self._database.delete(self._key, text)


def _do(session: Session, walk: Counterexample) -> None:
    session.begin(walk.configuration)
    for action in walk.actions:
        session.perform(action)
    session.settle()


def _bytes_of(walk: Counterexample) -> bytes:
    return json.dumps(walk.to_json(), sort_keys=True).encode()


def _counterexample_of(text: bytes) -> Counterexample | None:
    """What was kept; None if another version kept it, or it is damaged."""
    try:
        return counterexample_from_json(json.loads(text))
    except (ValueError, InvalidCounterexample, UnknownProfile, RecursionError):
        return None
