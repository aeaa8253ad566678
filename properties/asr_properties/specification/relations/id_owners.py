"""Which item an id was first seen on. Ids are never reused (X22), so a second item that shows one breaks the rule."""

from __future__ import annotations

from collections import deque

REMEMBERED_ITEMS = 50
"""The ids of this many items are remembered, so that memory does not grow in a long run."""


class IdOwners:
    """The item that each id was first seen on, for the ids of the last items."""

    def __init__(self) -> None:
        self._owners: dict[str, int] = {}
        self._seen: deque[tuple[int, str]] = deque()

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._owners

    def owner(self, identifier: str, item: int) -> int:
        """The number of the item that had this id first. If none had it, `item` owns it from now on."""
        found = self._owners.get(identifier)
        if found is not None:
            return found
        while self._seen and self._seen[0][0] < item - REMEMBERED_ITEMS:
            del self._owners[self._seen.popleft()[1]]
        self._owners[identifier] = item
        self._seen.append((item, identifier))
        return item
