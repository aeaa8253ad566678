"""The thinning schedule (facts 3.2): how long stretches are, and how far apart points may be that are kept."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr_properties.specification.relations.retention import EVERYTHING_KEPT, HOUR, largest_gap, stretch


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
