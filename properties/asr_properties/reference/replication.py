"""Replication in one direction: what is written is sent, what is sent is processed, and points are made of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from .clock import Countdown, VirtualClock
from .points import History, Points

SEND_SECONDS: Final = 15
"""From the writing of a record to its receipt by the service."""

PROCESS_SECONDS: Final = 45
"""From the receipt of a record to its being processed."""


class Flow:
    """The records of one direction: written at the source, received by the service, processed.

    A record is known by its sequence number. The numbers given are the newest of the records that have come that far.
    """

    __slots__ = ("_held", "_processed", "_sent", "_unprocessed", "_unsent")

    def __init__(self, base: int) -> None:
        """`base` is the newest record that source and target already share."""
        self._sent = base
        self._processed = History(base)
        self._unsent: deque[tuple[float, int]] = deque()
        self._unprocessed: deque[tuple[float, int]] = deque()
        self._held = True

    def write(self, now: float, sequence: int) -> None:
        """A record is written at the source."""
        self._unsent.append((now + SEND_SECONDS, sequence))

    def sent(self, now: float) -> int:
        """The newest record received."""
        self._settle(now)
        return self._sent

    def processed(self, now: float) -> int:
        """The newest record processed."""
        self._settle(now)
        return self._processed.value

    def processed_at(self, instant: float) -> int:
        """The newest record that had been processed at an instant that isn't in the future."""
        self._settle(instant)
        return self._processed.at(instant)

    def hold(self, now: float) -> None:
        """Let nothing move from now on."""
        self._settle(now)
        self._held = True

    def release(self, now: float) -> None:
        """Let the records move again, those that waited as if they had been written or received now."""
        if self._held:
            self._held = False
            self._unsent = deque((now + SEND_SECONDS, sequence) for _, sequence in self._unsent)
            self._unprocessed = deque((now + PROCESS_SECONDS, sequence) for _, sequence in self._unprocessed)

    def process_received(self, now: float) -> int:
        """Process at once all that has been received (R17); gives the newest record processed."""
        self._settle(now)
        self._unprocessed.clear()
        if self._processed.value != self._sent:
            self._processed.grow(now, self._sent)
        return self._sent

    def catch_up(self, now: float, newest: int) -> None:
        """Receive and process at once all that the source holds, the record `newest` and what precedes it."""
        self._settle(now)
        self._unsent.clear()
        self._sent = newest
        self.process_received(now)

    def _settle(self, now: float) -> None:
        """Bring the records to where they are at `now`."""
        if self._held:
            return
        unsent, unprocessed = self._unsent, self._unprocessed
        while unsent and unsent[0][0] <= now:
            received, self._sent = unsent.popleft()
            unprocessed.append((received + PROCESS_SECONDS, self._sent))
        while unprocessed and unprocessed[0][0] <= now:
            done, sequence = unprocessed.popleft()
            self._processed.grow(done, sequence)


class Replication:
    """Replication from one site to the other, from its setting up to its end.

    It runs unless it is stopped (by the lifecycle: the points stay as they are) or stalled (by a fault: the points grow
    old all the same). While it doesn't run, nothing flows, no point is made, and an initial replication stands still.
    """

    __slots__ = ("_clock", "_countdown", "_initial", "_stalled", "_stopped", "flow", "points", "source")

    def __init__(self, clock: VirtualClock, source: str, flow: Flow, points: Points, *, stalled: bool) -> None:
        self._clock = clock
        self._countdown: Countdown | None = None
        self._initial = True
        self._stopped = False
        self._stalled = stalled
        self.source = source
        self.flow = flow
        self.points = points

    @property
    def runs(self) -> bool:
        """Whether data flows."""
        return not (self._stopped or self._stalled)

    @property
    def is_initial(self) -> bool:
        """Whether the initial replication is not finished."""
        return self._initial

    def take(self, seconds: float, action: Callable[[], None]) -> None:
        """Have `action` run once replication has run for `seconds` more."""
        self._countdown = Countdown(self._clock, seconds, action, held=not self.runs)

    def finish_initial(self, newest: int) -> None:
        """All that the source holds, `newest` being its newest record, has arrived; from now on changes flow."""
        self._initial = False
        self._countdown = None
        self.flow.catch_up(self._clock.now, newest)
        self.flow.release(self._clock.now)

    def begin_points(self) -> None:
        """Make the first point now and further ones at their interval."""
        self._countdown = None
        self.points.begin(self._clock.now)

    def stop(self) -> None:
        """Stop for the sake of an operation; the list of points stays as it is from now on."""
        if not self._stopped:
            self._stopped = True
            self._hold()
            self.points.freeze(self._clock.now)

    def resume(self) -> None:
        """Go on after `stop`."""
        if self._stopped:
            self._stopped = False
            self.points.thaw()
            self._go_on()

    def stall(self, stalled: bool) -> None:
        """A fault that stops the flow is on, or none is any more."""
        if stalled != self._stalled:
            self._stalled = stalled
            if stalled:
                self._hold()
            else:
                self._go_on()

    def _hold(self) -> None:
        now = self._clock.now
        self.flow.hold(now)
        self.points.suspend(now)
        if self._countdown is not None:
            self._countdown.hold()

    def _go_on(self) -> None:
        if not self.runs:
            return
        now = self._clock.now
        self.points.resume(now)
        if self._countdown is not None:
            self._countdown.resume()
        if not self._initial:
            self.flow.release(now)
