"""What a run over `arm:` would do, and how long that takes on the real service, by what was recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from asr_model.vocabulary import Operation
from asr_properties.contract.errors import Refused
from asr_properties.reference import ReferenceService
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign, Engine


class Duration(NamedTuple):
    """How long something took, in minutes, and where that was seen; None: it was never recorded to its end."""

    minutes: float | None
    source: str


_CLI = "CLI recording, 2023-08-26"
_PS = "PowerShell recording, 2021-08-26"

#: Facts 1.2 (both golden traces) and 2.3. The first four hold what follows the job until the item can go on.
DURATIONS: Final[Mapping[Operation, Duration]] = {
    Operation.ENABLE_REPLICATION: Duration(83.5, f"{_CLI}: 27.5 to enable, 56 to the first point"),
    Operation.FAIL_OVER: Duration(10.6, f"{_CLI}, with shutdown; 7.8 without"),
    Operation.REPROTECT: Duration(32.4, f"{_CLI}, towards on-premises: 12 for the job, 20.4 to replicate"),
    Operation.PLANNED_FAILOVER: Duration(21.3, _CLI),
    Operation.TEST_FAILOVER: Duration(7.9, _PS),
    Operation.CLEAN_UP_TEST_FAILOVER: Duration(1.8, _PS),
    Operation.COMMIT: Duration(0.02, _PS),
    Operation.CANCEL_FAILOVER: Duration(8.0, f"{_PS}, at most"),
    Operation.DISABLE_REPLICATION: Duration(1.1, _CLI),
    Operation.CHANGE_RECOVERY_POINT: Duration(None, "not recorded"),
    Operation.RESYNCHRONIZE: Duration(None, "not recorded"),
}


@dataclass(frozen=True)
class Plan:
    """accepted, refused: how often each operation would be; items: fresh machines; first: the first walk, in order."""

    accepted: Counter[str]
    refused: Counter[str]
    items: int
    first: tuple[str, ...]

    @property
    def minutes(self) -> float:
        """The accepted operations, by recorded durations; what was never recorded counts nothing."""
        return sum((DURATIONS[Operation(name)].minutes or 0.0) * count for name, count in self.accepted.items())

    def lines(self) -> Iterator[str]:
        """The plan for people."""
        yield f"the first of {self.items} walks: {', '.join(self.first)}"
        yield f"{'operation':24} {'accepted':>8} {'refused':>8} {'minutes':>8}  each, as recorded"
        for operation, duration in DURATIONS.items():
            count = self.accepted[operation]
            taken = "?" if duration.minutes is None else f"{duration.minutes * count:.0f}"
            each = "" if duration.minutes is None else f"{duration.minutes:g} min; "
            yield f"{operation:24} {count:8} {self.refused[operation]:8} {taken:>8}  {each}{duration.source}"
        yield f"about {_words(self.minutes)} in all, waiting for recovery points and what was not recorded apart"


class _Counting(ReferenceService):
    """The reference, and what it is asked for."""

    __slots__ = ("accepted", "first", "refused", "walks")

    def __init__(self) -> None:
        super().__init__()
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.walks = 0
        self.first: list[str] = []

    def new_item(self, configuration: Mapping[str, Any]) -> None:
        self.walks += 1
        super().new_item(configuration)

    def request(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, str]:
        if self.walks == 1:
            self.first.append(operation)
        try:
            started = super().request(operation, arguments)
        except Refused:
            self.refused[operation] += 1
            raise
        self.accepted[operation] += 1
        return started


def plan(
    *,
    profile: str,
    budget: Budget,
    engine: Engine,
    seed: int,
    progress: Callable[[float, str], None] = lambda spent, engine: None,
) -> Plan:
    """What a run of this budget and seed does when all is answered as the reference answers. A budget in seconds can't
    be foreseen: it must be one in steps."""
    served = _Counting()
    Campaign(lambda: served, profile=profile, budget=budget, engine=engine, seed=seed, progress=progress).run()
    return Plan(served.accepted, served.refused, served.walks, tuple(served.first))


def _words(minutes: float) -> str:
    if minutes >= 2 * 24 * 60:
        return f"{minutes / 60 / 24:.0f} days"
    return f"{minutes / 60:.1f} hours" if minutes >= 120 else f"{minutes:.0f} minutes"
