"""The thinning schedule of recovery points (facts 3.2): all of the first two hours, then one a stretch."""

from __future__ import annotations

HOUR = 3600.0
EVERYTHING_KEPT = 2 * HOUR
"""Seconds in which every point is kept."""

_STRETCHES = ((24 * HOUR, HOUR), (168 * HOUR, 2 * HOUR))
"""Up to which age (seconds) one point is kept for how long a stretch (seconds)."""

_LAST_STRETCH = 4 * HOUR


def stretch(age: float) -> float:
    """Seconds of which one point is kept at an age of more than two hours (seconds)."""
    return next((length for up_to, length in _STRETCHES if age <= up_to), _LAST_STRETCH)


def largest_gap(age: float, interval: float, bound: float) -> float:
    """Seconds between two kept neighbours of which the older has this age, at most.

    interval: between points as they are made; bound: within which the next is made at the latest. Wherever a
    stretch begins, and whichever of its points is kept, neighbours are less than two stretches apart; pruning is judged
    with one interval of tolerance (contract 11).
    """
    return 2 * stretch(age) + bound + interval
