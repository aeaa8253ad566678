"""Tells whether a file that may have its entries grouped by address has them in the order they were made.

A recorder that groups writes all answers to one address, and then those to the next. So where an address comes back
after others, the entries are not grouped: one client's requests stand one after another, as it made them.
"""

from __future__ import annotations

from asr_properties.traces.exchanges import Exchange

_MOST_ADDRESSES = 100_000
"""With more addresses than these, none of which comes back, the order is taken to be unknown."""


class OrderOfFile:
    """Takes in the exchanges of a file, as they stand in it."""

    def __init__(self) -> None:
        self._comes_back = False
        self._goes_back = False  # in time
        self._last = ""
        self._path = ""
        self._earlier: set[int] = set()  # hashes of the addresses before those that begin with `_path`
        self._here: set[int] = set()

    def take(self, exchange: Exchange) -> None:
        """Take in the next one."""
        at = (exchange.at or "").removesuffix("Z")
        self._goes_back = self._goes_back or "" < at < self._last
        self._last = at or self._last
        if self._comes_back or self._goes_back:
            return
        path = exchange.method + exchange.url.partition("?")[0]
        if path != self._path:  # a recorder may leave out parts of what follows the path
            self._earlier |= self._here
            self._path, self._here = path, set()
        address = hash((exchange.method, exchange.url))
        self._comes_back = address in self._earlier
        if len(self._earlier) < _MOST_ADDRESSES:
            self._here.add(address)

    @property
    def is_that_of_time(self) -> bool:
        """Whether it is certain that the exchanges were made in this order."""
        return self._comes_back and not self._goes_back
