"""Walks that somebody has planned, in the place of those that engines make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from asr_properties.evidence.actions import Action
from asr_properties.running.run_memory import RunMemory
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session


class GivenWalk(NamedTuple):
    """A walk on a fresh item. number: its name among all."""

    number: int
    configuration: Mapping[str, Any]
    actions: tuple[Action, ...]


class GivenWalks(Protocol):
    """Walks, and what is to be kept of them."""

    def left(self) -> Iterable[GivenWalk]:
        """Those that are still to be done, in their order."""

    def keep(self, memory: RunMemory, done: int | None) -> None:
        """Keep what this session has seen. done: the walk that has just come to its end, if one has."""

    def earlier(self) -> Iterable[RunMemory]:
        """What other sessions have seen."""


def do_given(
    given: GivenWalks,
    session: Session,
    go_on: Callable[[], bool],
    failed: Callable[[NonConformance], None],
    memory: Callable[[], RunMemory],
) -> None:
    """Do each walk that is left while `go_on()`, and keep what was seen after each. One that fails is passed to
    `failed`, and has come to its end.

    Raises:
        AdapterError: the adapter is at fault.
    """
    for walk in given.left():
        if not go_on():
            return
        try:
            session.begin(walk.configuration)
            for action in walk.actions:
                session.perform(action)
            session.settle()
        except NonConformance as failure:
            try:
                failed(failure)
            finally:
                given.keep(memory(), walk.number)
        else:
            given.keep(memory(), walk.number)
