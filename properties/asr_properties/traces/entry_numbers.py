"""Numbers of entries, as few ranges: `1-25, 97-107`."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

MOST_RANGES = 1000
"""How many ranges are kept. Further numbers are only counted."""


@dataclass
class EntryNumbers:
    """Takes in numbers, in any order, each once. count: how many."""

    count: int = 0
    _firsts: array[int] = field(default_factory=lambda: array("q"))  # of each range; arrays take little memory
    _lasts: array[int] = field(default_factory=lambda: array("q"))

    def add(self, number: int) -> None:
        """Take in one more."""
        self.count += 1
        if self._lasts and self._lasts[-1] == number - 1:
            self._lasts[-1] = number
        elif len(self._firsts) < MOST_RANGES:
            self._firsts.append(number)
            self._lasts.append(number)

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """The first and the last number of each range, in ascending order."""
        found: list[tuple[int, int]] = []
        for first, last in sorted(zip(self._firsts, self._lasts, strict=True)):
            if found and found[-1][1] == first - 1:
                first = found.pop()[0]
            found.append((first, last))
        return found

    def text(self, most: int) -> str:
        """The ranges, at most so many."""
        ranges = self.ranges
        parts = [str(first) if first == last else f"{first}-{last}" for first, last in ranges[:most]]
        told = sum(last - first + 1 for first, last in ranges[:most])
        return ", ".join(parts) + (f" and {self.count - told} more" if told < self.count else "")
