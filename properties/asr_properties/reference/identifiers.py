"""Identifiers: counted, so never given twice by one face (contract, section Observation)."""

from __future__ import annotations


class Identifiers:
    """Gives identifiers such as `job-12`; one count for all kinds, never begun anew."""

    __slots__ = ("_count",)

    def __init__(self) -> None:
        self._count = 0

    def new(self, kind: str) -> str:
        """An identifier that hasn't been given before."""
        self._count += 1
        return f"{kind}-{self._count}"
