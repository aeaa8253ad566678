"""Doing walks again: whether a failure is there every time, and whether walks that did not fail are answered alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from asr_properties.contract.connection import AdapterError
from asr_properties.counterexamples.flakiness import Flakiness, Walk, again, compared, difference
from asr_properties.counterexamples.minimise import Minimal
from asr_properties.evidence.actions import Action
from asr_properties.evidence.step import Step
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session

SAMPLE = 8
"""Walks kept for being done again at the end."""
PART = 0.05
"""At most about this part of the steps of a run is spent on doing walks again, but at least one is."""
RUNS = 3
"""So often a walk is done again that once gave another answer, to learn of the cause."""
OUTLIVES = (
    "it fails again after what was done before it, and not on a freshly started implementation: something outlives "
    "new_item (X22)"
)


class RememberingSession(Session):
    """A session that keeps the walk before the one that is under way, and an even sample of those that did not fail.

    started: the configuration that the walk began with. before: the walk before it.
    """

    def __init__(self, *arguments: Any, random: Random, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._random = random
        self._walks = 0
        self.started: Mapping[str, Any] = {}
        self.before: Walk | None = None
        self.sample: list[Walk] = []
        self.samples = True
        self._failure: NonConformance | None = None

    def begin(self, configuration: Mapping[str, Any] | None = None) -> None:
        """Start with a fresh item, and remember what was done on the one before."""
        if self.samples and self.items and self.steps:
            self.before = Walk(self.started, tuple(self.steps), self._failure)
            if self._failure is None:
                self._draw(self.before)
        self._failure = None
        honoured = self.connection.hello.configuration
        self.started = {key: value for key, value in (configuration or {}).items() if key in honoured}
        super().begin(configuration)

    def perform(self, action: Action) -> Step:
        """Do one action and judge what comes of it; raises as `Session.perform` does."""
        try:
            return super().perform(action)
        except NonConformance as failure:
            self._failure = failure
            raise

    def _draw(self, walk: Walk) -> None:
        self._walks += 1
        if len(self.sample) < SAMPLE:
            self.sample.append(walk)
        elif (place := self._random.randrange(self._walks)) < SAMPLE:
            self.sample[place] = walk


def repeat_failure(session: RememberingSession, walk: Walk) -> Flakiness | None:
    """Do a failing walk again, and more often if it then goes another way; None if it goes the same way.

    Raises:
        AdapterError: the adapter is at fault.
    """
    before = session.before
    run = again(session, walk)
    if difference(walk, run) is None:
        return None
    found = compared(walk, [run, *(again(session, walk) for _ in range(RUNS - 1))])
    if found is not None and before is not None and "X22" in found.cause:
        again(session, before)
        if difference(walk, again(session, walk)) is None:
            return replace(found, cause=OUTLIVES)
    return found


def confirm(session: Session, minimal: Minimal, start: Callable[[], Session]) -> Flakiness | None:
    """Do a minimal walk again on the same implementation and on a freshly started one; None if it fails each time.

    Raises:
        AdapterError: the adapter is at fault.
    """
    walk = Walk(minimal.configuration, minimal.failure.steps, minimal.failure)
    if (found := compared(walk, [again(session, walk) for _ in range(RUNS - 1)])) is not None:
        return found
    try:
        fresh = start()
    except AdapterError:
        return None  # it cannot be started twice: nothing is concluded
    found = compared(walk, [again(fresh, walk)])
    fresh.connection.bye()
    return None if found is None else replace(found, cause=OUTLIVES)


def repeat_sample(session: RememberingSession) -> Iterator[Flakiness]:
    """Do some of the walks again that did not fail; those that are answered differently now.

    Without a clock nothing is concluded: what an item shows then depends on when it is looked at.

    Raises:
        AdapterError: the adapter is at fault.
    """
    if not session.connection.has_clock:
        return
    session.samples = False
    limit = session.performed * (1 + PART)
    for walk in session.sample:
        if (run := again(session, walk)) and difference(walk, run) is not None:
            found = compared(walk, [run, *(again(session, walk) for _ in range(RUNS - 1))])
            if found is not None:
                yield found
        if session.performed > limit:
            return
