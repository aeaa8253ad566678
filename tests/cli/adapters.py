"""Adapters that the command line's tests name."""

from __future__ import annotations

from smoke import broken
from wrong import implementations

kept_points = implementations.kept_points


def raising() -> None:
    raise OSError("no such device")


def talkative() -> object:
    return broken.nonsense("jobs")()
