"""The parts of the monitors that only calculate, held by laws."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.messages import Job
from asr_properties.evidence.step import EndedJob, Step
from asr_properties.specification.relations.clock_bounds import ClockBounds
from asr_properties.specification.relations.durations import LEAST, MOST, Durations
from asr_properties.specification.relations.relation import REMEMBERED_ITEMS, Owners
from asr_properties.specification.relations.retention import EVERYTHING_KEPT, HOUR, largest_gap, stretch

SECONDS = st.integers(0, 10**6)

# The clock.


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


# The thinning schedule (facts 3.2).


@pytest.mark.parametrize(
    ("age", "expected"), [(3, 1), (24, 1), (24.01, 2), (7 * 24, 2), (7 * 24 + 0.01, 4), (15 * 24, 4)]
)
def test_one_point_is_kept_for_each_stretch_of_its_age(age, expected):
    assert stretch(age * HOUR) == expected * HOUR


@given(st.lists(st.floats(EVERYTHING_KEPT, 15 * 24 * HOUR), min_size=2))
def test_stretches_only_grow_with_age(ages):
    assert all(stretch(young) <= stretch(old) for young, old in pairwise(sorted(ages)))


@given(
    interval=st.integers(60, 6 * 3600),
    begins=st.integers(0, 8 * 3600),
    choose=st.randoms(use_true_random=False),
    now=st.integers(6 * 3600, 15 * 24 * 3600),
)
def test_no_gap_is_larger_than_the_largest_wherever_stretches_begin_and_whichever_point_is_kept(
    interval, begins, choose, now
):
    """Points every `interval`, of which any one of each stretch is kept; longer stretches choose among what is left."""
    made = [*range(0, now + 1, interval)]
    kept, left = made, made
    for older, length in ((EVERYTHING_KEPT, HOUR), (24 * HOUR, 2 * HOUR), (168 * HOUR, 4 * HOUR)):
        stretches: dict[float, list[int]] = {}
        for instant in left:
            stretches.setdefault((instant + begins) // length, []).append(instant)
        left = [choose.choice(points) for points in stretches.values()]
        chosen = set(left)
        kept = [instant for instant in kept if now - instant <= older or instant in chosen]
    for old, young in pairwise(kept):
        if now - old > EVERYTHING_KEPT:
            assert young - old <= largest_gap(now - old, interval, max(HOUR, interval))


# Who had an id first.


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3)), max_size=60))
def test_an_id_belongs_to_the_item_that_had_it_first(seen):
    owners, first, item = Owners(), {}, 0
    for identifier, later in seen:
        item += later
        assert owners.owner(identifier, item) == first.setdefault(identifier, item)


@given(per_item=st.integers(1, 5), items=st.integers(1, 300))
def test_ids_are_remembered_for_the_last_items_only(per_item, items):
    owners = Owners()
    for item in range(items):
        for n in range(per_item):
            owners.owner(f"{item}-{n}", item)
    assert len(owners._owners) <= (REMEMBERED_ITEMS + 1) * per_item
    oldest = max(0, items - 1 - REMEMBERED_ITEMS)
    assert owners.owner(f"{oldest}-0", items) == oldest


# How much longer a failover takes.

PLAIN = {"operating_system": "windows", "dhcp": True, "boot_drivers": True}


def step(event: str, settings, elapsed=(0.0, 0.0), last_wait=0.0, ended=(), faults=frozenset()) -> Step:
    asked = event == Operation.FAIL_OVER
    return Step(
        event,
        Answer.ACCEPTED if asked else None,
        recovery_point="latest" if asked else None,
        job="job" if asked else None,
        elapsed=elapsed,
        last_wait=last_wait,
        ended=ended,
        settings=settings,
        faults=faults,
    )


def judgements(*failovers, slice_=0.0, faults=frozenset()):
    """What is concluded from failovers, each of a machine configured so, that took so long (known up to a slice)."""
    monitor = Durations()
    monitor.begin_walk()
    found = []
    for changes, took in failovers:
        settings = {**PLAIN, **changes}
        seconds = took if not slice_ else -(-took // slice_) * slice_
        ended = (EndedJob(Operation.FAIL_OVER, "job", Job(state="succeeded"), False),)
        monitor.begin_item()
        found += monitor.enter(step(Operation.FAIL_OVER, settings, faults=faults))
        found += monitor.enter(step("wait", settings, (seconds, seconds), slice_, ended, faults))
    return [(relation.name, holds) for relation, holds in found]


LINUX, STATIC = {"operating_system": "linux"}, {"dhcp": False}


ADMITTED = st.sampled_from([int(LEAST), int(MOST)]) | st.integers(int(LEAST), int(MOST))


@given(plain=st.integers(1, 5000), more=ADMITTED, slice_=st.sampled_from([0, 20]))
def test_a_difference_that_about_eight_to_ten_minutes_admits_is_no_failure(plain, more, slice_):
    name = "fail_over_takes_longer_with_linux"
    assert judgements(({}, plain), (LINUX, plain + more), slice_=slice_) == [(name, True)]
    assert judgements((LINUX, plain + more), ({}, plain), slice_=slice_) == [(name, True)]


@given(plain=st.integers(100, 5000), less=st.integers(0, 99), slice_=st.sampled_from([0, 20]))
def test_no_difference_is_one_in_whichever_order(plain, less, slice_):
    name = "fail_over_takes_longer_with_no_dhcp"
    assert judgements(({}, plain), (STATIC, plain - less), slice_=slice_) == [(name, False)]
    assert judgements((STATIC, plain - less), ({}, plain), slice_=slice_) == [(name, False)]


def test_nothing_is_concluded_from_machines_that_differ_in_two_ways_or_from_failovers_under_faults():
    assert judgements((LINUX, 100), (STATIC, 100)) == []
    assert judgements(({}, 100), ({**LINUX, **STATIC}, 100)) == []
    assert judgements(({}, 100), (LINUX, 100), faults=frozenset({"failover_fails"})) == []
