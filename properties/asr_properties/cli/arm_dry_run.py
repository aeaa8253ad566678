"""What a run over `arm:` would do, and how long that takes on the real service, by what was recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from asr_model.vocabulary import Operation
from asr_properties.adapters.arm.adapter import FIELDS
from asr_properties.adapters.arm.homecoming import AstrayError, bring_home
from asr_properties.adapters.loading import embedded, load
from asr_properties.arm.operations import OPERATIONS
from asr_properties.contract.connection import AdapterError
from asr_properties.contract.errors import Refused
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine


@dataclass(frozen=True)
class Plan:
    """accepted, refused: how often each operation would be. home: what is asked for to bring the item back, after each
    walk. walks: how many. first: the operations of the first one, in order. stuck: why there can be no further one;
    empty if there can."""

    accepted: Counter[str]
    refused: Counter[str]
    home: Counter[str]
    walks: int
    first: tuple[str, ...]
    stuck: str

    @property
    def minutes(self) -> float:
        """All that is accepted, by recorded durations; what was never recorded counts nothing."""
        asked = self.accepted + self.home
        return sum((OPERATIONS[Operation(name)].minutes or 0.0) * count for name, count in asked.items())

    def lines(self) -> Iterator[str]:
        """The plan for people."""
        yield f"the first of {self.walks} walks: {', '.join(self.first)}"
        yield f"{'operation':24} {'accepted':>8} {'refused':>8} {'way home':>8} {'minutes':>8}  each, as recorded"
        for operation, row in OPERATIONS.items():
            accepted, home = self.accepted[operation], self.home[operation]
            taken = "?" if row.minutes is None else f"{row.minutes * (accepted + home):.0f}"
            each = "" if row.minutes is None else f"{row.minutes:g} min; "
            counted = f"{accepted:8} {self.refused[operation]:8} {home:8} {taken:>8}"
            yield f"{operation:24} {counted}  {each}{row.recorded}"
        yield f"about {_words(self.minutes)} in all, waiting for recovery points and what was not recorded apart"
        if self.stuck:
            yield f"it would end there: {self.stuck}"


class _Slow:
    """The reference as the real service shows it, without controls; it counts what it is asked for."""

    irreplaceable = True

    def __init__(self, profile: str) -> None:
        self._reference: Any = load(embedded(profile))()
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.home: Counter[str] = Counter()
        self.walks = 0
        self.first: list[str] = []
        self.stuck = ""
        self._coming_home = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reference, name)

    def hello(self, *, protocol: int) -> dict[str, Any]:
        shown = {"controls": [], "fields": list(FIELDS), "configuration": []}
        return {**self._reference.hello(protocol=protocol), **shown}

    def item(self) -> dict[str, Any] | None:
        seen = self._reference.item()
        return seen and {name: seen[name] for name in FIELDS}

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


def plan(
    *,
    profile: str,
    budget: Budget,
    engine: Engine,
    seed: int,
    progress: Callable[[float, str, int], None] = lambda spent, engine, steps: None,
) -> Plan:
    """What a run of this budget and seed does when all is answered as the reference answers. A budget in seconds can't
    be foreseen: it must be one in steps."""
    slow = _Slow(profile)
    options: dict[str, Any] = {"budget": budget, "engine": engine, "seed": seed, "progress": progress}
    failed = (
        Campaign(lambda: slow, profile=profile, repeats=False, patience=1.0, rest=slow.rest, **options)
        .run()
        .adapter_error
    )
    if failed is not None and not slow.stuck:
        raise failed
    return Plan(slow.accepted, slow.refused, slow.home, slow.walks, tuple(slow.first), slow.stuck)


def _words(minutes: float) -> str:
    if minutes >= 2 * 24 * 60:
        return f"{minutes / 60 / 24:.0f} days"
    return f"{minutes / 60:.1f} hours" if minutes >= 120 else f"{minutes:.0f} minutes"
