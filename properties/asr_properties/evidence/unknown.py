"""What was not seen: a value that nobody can compare."""

from __future__ import annotations

from typing import Any, TypeVar

Value = TypeVar("Value")


class Undetermined(Exception):
    """An expression asked about something unknown."""


class _Unknown:
    """A value that was not seen. Whoever compares it learns nothing: every question raises `Undetermined`."""

    __slots__ = ()
    __hash__ = object.__hash__

    def _ask(self, *_: object) -> bool:
        raise Undetermined

    __eq__ = __ne__ = __ge__ = __le__ = __contains__ = _ask
    __bool__ = _ask

    def __repr__(self) -> str:
        return "unknown"

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Any = _Unknown()


def known(value: Any) -> Any:
    """The value, None if it is unknown."""
    return None if value is UNKNOWN else value


def seen(value: Value | None) -> Any:
    """The value, UNKNOWN if it is None: for answers in which null means that it is not known just now."""
    return UNKNOWN if value is None else value


def alike(first: Any, second: Any) -> bool:
    """Whether both are unknown, or both known and equal."""
    return first is second or (first is not UNKNOWN and second is not UNKNOWN and bool(first == second))
