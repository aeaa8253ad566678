"""Virtual time: events in a queue, run in the order of their instants and, at one instant, of their making."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

Action = Callable[[], None]


class Timer:
    """Something due at an instant; once run or withdrawn it has no action any more."""

    __slots__ = ("action", "when")

    def __init__(self, when: float, action: Action) -> None:
        self.when = when
        self.action: Action | None = action


class VirtualClock:
    """Seconds since the item was made. Time passes only in `run_until` and `run_while`, from event to event."""

    __slots__ = ("_order", "_queue", "now")

    def __init__(self) -> None:
        self.now: float = 0
        self._queue: list[tuple[float, int, Timer]] = []
        self._order = 0

    def after(self, seconds: float, action: Action) -> Timer:
        """Have `action` run in `seconds` (>= 0); gives the event, so that it can be withdrawn."""
        event = Timer(self.now + seconds, action)
        self._order += 1
        heappush(self._queue, (event.when, self._order, event))
        return event

    def withdraw(self, event: Timer) -> None:
        """Have the event not run; nothing happens if it has run already."""
        event.action = None

    @property
    def pending(self) -> list[Timer]:
        """What is due, the next one first."""
        return [timer for _, _, timer in sorted(self._queue, key=lambda due: due[:2]) if timer.action is not None]

    def run_until(self, instant: float) -> None:
        """Let time pass up to `instant` (seconds on this clock); everything due by then has run on return."""
        queue = self._queue
        while queue and queue[0][0] <= instant:
            self._run_next()
        self.now = instant

    def run_while(self, pending: Callable[[], bool], most: float) -> None:
        """Let time pass up to the instant at which `pending` turns false, and by `most` seconds at most; at once if it
        is, or if nothing is due."""
        last = self.now + most
        while pending() and self._queue:
            if self._queue[0][0] > last:
                self.now = last
                return
            self._run_next()

    def _run_next(self) -> None:
        when, _, event = heappop(self._queue)
        action = event.action
        if action is None:
            return
        self.now = when
        event.action = None
        action()


class Countdown:
    """A span that can be held and taken up again, such as an initial replication that stalls."""

    __slots__ = ("_action", "_clock", "_event", "_remaining")

    def __init__(self, clock: VirtualClock, seconds: float, action: Action, *, held: bool) -> None:
        self._clock = clock
        self._action = action
        self._remaining = seconds
        self._event: Timer | None = None
        if not held:
            self.resume()

    def hold(self) -> None:
        """Stop counting; what remains is kept."""
        event = self._event
        if event is not None and event.action is not None:
            self._remaining = event.when - self._clock.now
            self._clock.withdraw(event)
            self._event = None

    def resume(self) -> None:
        """Go on counting from what remained; nothing happens if it counts or has ended."""
        if self._event is None:
            self._event = self._clock.after(self._remaining, self._action)
