"""Which intervals of recovery points a server takes: any that a list can be made of."""

from __future__ import annotations

from asr_properties.contract.configuration import INTERVALS, has_endless_lists
from asr_properties.contract.errors import InvalidParameters


def check_intervals(configuration: object) -> None:
    """Whether a configuration's intervals can be served.

    Raises:
        InvalidParameters: one is too short, or lists would be without end.
    """
    if not isinstance(configuration, dict):
        return
    for key in INTERVALS:  # the service counts in whole minutes (facts 3.1)
        minutes = configuration.get(key)
        if isinstance(minutes, int | float) and 0 < minutes < 1:
            raise InvalidParameters(f"{key} can't be {minutes!r}: an interval is a minute at least")
    if has_endless_lists(configuration):
        raise InvalidParameters("retention_minutes is too long for these intervals: lists would be without end")
