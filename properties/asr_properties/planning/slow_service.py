"""The reference, or another implementation, in the place of a slow, real service: what would be done there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from asr_properties.adapters.arm.homecoming import AstrayError, bring_home
from asr_properties.adapters.loading import embedded, load
from asr_properties.arm.tokens import FIELDS
from asr_properties.contract.connection import AdapterError
from asr_properties.contract.errors import Refused


class SlowService:
    """The reference as the real service shows it, without controls; it counts what it is asked for.

    make: makes another implementation, which offers a clock.

    accepted, refused: how often each operation was. home: what was asked for to bring items back. walks: how many items
    there were. first: the operations of the first one, in order. stuck: why an item did not come back, if one did not.
    """

    irreplaceable = True

    def __init__(self, profile: str, make: Callable[[], Any] | None = None) -> None:
        self._profile = profile
        self._reference: Any = (make or load(embedded(profile)))()
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.home: Counter[str] = Counter()
        self.walks = 0
        self.first: list[str] = []
        self.stuck = ""
        self._fields: list[str] = []
        self._coming_home = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reference, name)

    def hello(self, *, protocol: int) -> dict[str, Any]:
        offered: dict[str, Any] = self._reference.hello(protocol=protocol)
        known = offered.get("fields")
        self._fields = [name for name in FIELDS if known is None or name in known]
        return {**offered, "controls": [], "fields": self._fields, "configuration": []}

    def item(self) -> dict[str, Any] | None:
        seen = self._reference.item()
        return seen and {name: seen[name] for name in self._fields}

    def new_item(self, *, configuration: dict[str, Any]) -> None:
        self._come_home()
        self.walks += 1
        self._reference.new_item(configuration=configuration)

    def request(self, *, operation: str, arguments: dict[str, Any]) -> dict[str, str]:
        if self.walks == 1 and not self._coming_home:
            self.first.append(operation)
        try:
            started: dict[str, str] = self._reference.request(operation=operation, arguments=arguments)
        except Refused:
            self.refused[operation] += not self._coming_home
            raise
        (self.home if self._coming_home else self.accepted)[operation] += 1
        return started

    def bye(self) -> None:
        self._come_home()

    def way_home(self) -> Counter[str] | None:
        """What it takes to bring the item back from where it is, which it stays in; None where there is no way."""
        other = SlowService(self._profile)
        other._reference, other._fields, other.walks = deepcopy(self._reference), self._fields, 1
        try:
            other.bye()
        except AdapterError:
            return None
        return other.home

    def rest(self, seconds: float) -> None:
        """Time passes; a little more than asked for, since nobody waits here for real."""
        self._reference.wait(seconds=seconds + 60)

    def _come_home(self) -> None:
        if not self.walks:
            return
        self._coming_home = True
        try:
            bring_home(self, self.rest)
        except AstrayError as error:
            self.stuck = str(error)
            raise AdapterError("the item does not come home", sent="new_item", got=self.stuck, hint="") from None
        finally:
            self._coming_home = False
