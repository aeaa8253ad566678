"""What is known of the implementation's clock is right, and becomes precise as points are made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asr_properties.specification.relations.clock_bounds import ClockBounds

SECONDS = st.integers(0, 10**6)


class Told(ClockBounds):
    """A clock that also knows the true time, to compare."""

    def __init__(self, now: int) -> None:
        super().__init__()
        self.now = now

    @property
    def is_right(self) -> bool:
        return self.earliest <= self.now <= self.latest


@given(start=SECONDS, steps=st.lists(st.tuples(SECONDS, SECONDS, SECONDS, st.none() | st.floats(0, 1)), max_size=30))
def test_the_true_time_is_never_outside_of_what_the_clock_knows(start, steps):
    """Whatever passes (known only to lie between two bounds), and whenever a point was made meanwhile."""
    clock = Told(start)
    for passed, less, more, point in steps:
        bounds = (max(0, passed - less), passed + more)
        clock.now += passed
        clock.passes(bounds)
        assert clock.is_right
        if point is not None:
            created = clock.now - point * passed
            clock.shows(created)
            clock.made_within(created, bounds[1])
        assert clock.is_right


@given(start=SECONDS, waits=st.lists(SECONDS, min_size=1, max_size=20))
def test_the_clock_is_as_precise_as_the_wait_in_which_a_point_was_made(start, waits):
    clock = Told(start)
    for seconds in waits:
        clock.now += seconds
        clock.passes((seconds, seconds))
        clock.shows(clock.now - seconds)
        clock.made_within(clock.now - seconds, seconds)
    assert clock.latest - clock.earliest <= min(waits)
