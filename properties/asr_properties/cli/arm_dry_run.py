"""What a run over `arm:` would do, and how long that takes on the real service, by what was recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from asr_model.vocabulary import Operation
from asr_properties.arm.operations import OPERATIONS
from asr_properties.planning.slow_service import SlowService
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
    slow = SlowService(profile)
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
