"""How recovery points are thinned as they age (facts 3.2): all are kept for two hours, later one for each stretch."""

from __future__ import annotations

HOUR = 3600.0
EVERYTHING_KEPT = 2 * HOUR
"""Every point younger than this is kept; seconds."""

_STRETCHES = ((24 * HOUR, HOUR), (168 * HOUR, 2 * HOUR))
"""(age, stretch): up to this age one point is kept for each stretch of this length; seconds."""

_LAST_STRETCH = 4 * HOUR


def stretch(age: float) -> float:
    """The length of the stretch for which one point of this age is kept; both in seconds.

    age: more than EVERYTHING_KEPT.
    """
    return next((length for up_to, length in _STRETCHES if age <= up_to), _LAST_STRETCH)


def largest_gap(age: float, interval: float, bound: float) -> float:
    """How far apart two neighbours may be that are kept, when the older one has this age; seconds.

    interval: seconds between points as they are made. bound: the next point is made within so many seconds.
    The contract leaves free where a stretch begins and which of its points is kept. In any case neighbours are less
    than two stretches apart. Pruning is judged with one interval of tolerance (contract 11).
    """
    return 2 * stretch(age) + bound + interval
