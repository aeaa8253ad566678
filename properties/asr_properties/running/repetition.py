"""Doing walks again: does a failure come every time, and is a walk that did not fail answered the same way again?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from asr_properties.contract.connection import AdapterError
from asr_properties.counterexamples.flakiness import (
    MAY_OUTLIVE,
    Flakiness,
    Walk,
    again,
    compared,
    difference,
    fails_again,
)
from asr_properties.counterexamples.minimise import Minimal
from asr_properties.evidence.actions import Action, wait
from asr_properties.evidence.step import Step
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session

SAMPLE = 8
"""So many walks are kept, to be done again at the end of the run."""
PART = 0.05
"""Doing walks again takes about this part of the steps of a run at most. At least one walk is done again."""
RUNS = 3
"""A walk that once gave another answer is done again so often, to learn of the cause."""
OUTLIVES = (
    "it fails again after what was done before it, and not on a freshly started implementation: something outlives "
    "new_item (X22)"
)


AT_TIMES = (
    "it fails at some times of the implementation's clock: recovery points may be made on its grid (contract, Time)"
)
SHIFTS = (1, 2, 3, 6, 4, 5)
"""Sevenths of a stretch after which a walk is done again, before something is said to outlive new_item: other times
of the clock, whether that begins anew with each item or goes on, so that they add up."""
LONGEST_STRETCH = 240
"""Minutes: instants on the clock matter to retention by stretches of this length at most (facts 3.2)."""


class RememberingSession(Session):
    """A session that remembers the previous walk, and an even sample of the walks that did not fail.

    Attributes:
        started: the configuration with which the present walk began.
        before: the previous walk, None if there was none.
        sample: some of the walks that did not fail.
        samples: whether walks are remembered; not while walks are done again.
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
        """Start with a fresh item, and remember what was done on the previous one; raises as `Session.begin` does."""
        if self.samples and self.items and self.steps:
            self.before = Walk(self.started, tuple(self.steps), self._failure)
            if self._failure is None:
                self._draw(self.before)
        self._failure = None
        honoured = self.connection.hello.configuration
        self.started = {key: value for key, value in (configuration or {}).items() if key in honoured}
        super().begin(configuration)

    def perform(self, action: Action) -> Step:
        """Do one action, and judge what comes of it; raises as `Session.perform` does."""
        try:
            return super().perform(action)
        except NonConformance as failure:
            self._failure = failure
            raise

    def _draw(self, walk: Walk) -> None:
        """Reservoir sampling: each walk so far is equally likely to be in the sample."""
        self._walks += 1
        if len(self.sample) < SAMPLE:
            self.sample.append(walk)
        elif (place := self._random.randrange(self._walks)) < SAMPLE:
            self.sample[place] = walk


def repeat_failure(session: RememberingSession, walk: Walk, start: Callable[[], Session]) -> Flakiness | None:
    """Do a failing walk again. If it goes another way then, do it more often, and return how it is flaky; else None.

    start: starts the implementation anew.

    Raises:
        AdapterError: the adapter is at fault.
    """
    before = session.before
    run = again(session, walk)
    if difference(walk, run) is None or fails_again(walk, run):
        return None
    found = compared(walk, [run, *(again(session, walk) for _ in range(RUNS - 1))])
    if found is None or MAY_OUTLIVE not in found.cause:
        return found
    if before is not None:
        again(session, before)
    if (before is not None and difference(walk, again(session, walk)) is None) or _is_so_at_first(walk, start):
        return replace(found, cause=AT_TIMES if _fails_at_another_time(session, walk) else OUTLIVES)
    return found


def _is_so_at_first(walk: Walk, start: Callable[[], Session]) -> bool:
    """Whether a walk goes as it did on an implementation that is started anew."""
    try:
        fresh = start()
    except AdapterError:
        return False  # it cannot be started twice: nothing is concluded
    run = again(fresh, walk)
    fresh.connection.bye()
    return difference(walk, run) is None


def _fails_at_another_time(session: Session, walk: Walk) -> bool:
    """Whether a walk that failed fails again with nothing before it but an item that was left alone for a while.

    The implementation's clock may go on across new_item, so that a walk meets the grid of recovery points elsewhere.
    """
    if walk.failure is None or not session.connection.has_clock:
        return False
    kinds = ("crash_consistent_minutes", "app_consistent_minutes")
    longest = max(LONGEST_STRETCH, *(walk.configuration.get(kind, 0) for kind in kinds))
    for shift in SHIFTS:
        session.begin()
        session.perform(wait(round(longest * 60 * shift / (len(SHIFTS) + 1))))
        if fails_again(walk, again(session, walk)):
            return True
    return False


def confirm(session: Session, minimal: Minimal, start: Callable[[], Session]) -> Flakiness | None:
    """Do a minimal walk again, on the same implementation and on one that is started anew; None if it fails each time.

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
    if found is not None and _fails_at_another_time(fresh, walk):
        found = None
    fresh.connection.bye()
    return None if found is None else replace(found, cause=OUTLIVES)


def repeat_sample(session: RememberingSession) -> Iterator[Flakiness]:
    """Do walks again that did not fail. Yields those that are answered differently now.

    Without a clock nothing can be concluded, because what an item shows depends on when it is looked at.

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
