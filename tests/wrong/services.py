"""Jobs and their lists, and what a new item must forget (X22)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.reference import ReferenceService, ReplicatedItem
from asr_properties.reference.configuration import Configuration
from wrong.registry import breaks


@breaks("X22", says="newest first")
class OldestJobFirst(ReplicatedItem):
    """Jobs are listed oldest first."""

    __slots__ = ()

    def listed_jobs(self) -> list[str]:
        return super().listed_jobs()[::-1]


class FewJobIds:
    """Gives identifiers; those of jobs begin anew after five."""

    def __init__(self, identifiers: Any) -> None:
        self._identifiers = identifiers
        self._prefix = identifiers.new("job")
        self._jobs = 0

    def new(self, kind: str) -> str:
        if kind != "job":
            return str(self._identifiers.new(kind))
        self._jobs = self._jobs % 5 + 1
        return f"{self._prefix}-{self._jobs}"


@breaks("X22", says="job id")
class JobIdsUsedAgain(ReplicatedItem):
    """The sixth job of an item bears the id of the first."""

    __slots__ = ()

    def __init__(self, configuration: Configuration, identifiers: Any, freedom: Any) -> None:
        super().__init__(configuration, FewJobIds(identifiers), freedom)


class JobIdsFromOne:
    """Gives identifiers; those of jobs are counted from one."""

    def __init__(self, identifiers: Any) -> None:
        self._identifiers = identifiers
        self._jobs = 0

    def new(self, kind: str) -> str:
        if kind != "job":
            return str(self._identifiers.new(kind))
        self._jobs += 1
        return f"job-number-{self._jobs}"


@breaks("X22", says="job id")
class JobIdsStartOver(ReplicatedItem):
    """The jobs of a new item bear the ids of a former item's jobs."""

    __slots__ = ()

    def __init__(self, configuration: Configuration, identifiers: Any, freedom: Any) -> None:
        super().__init__(configuration, JobIdsFromOne(identifiers), freedom)


@breaks("X22", says="id")
class ItemIdUsedAgain(ReplicatedItem):
    """Every new item has the same id."""

    __slots__ = ()

    def begin_life(self) -> None:
        super().begin_life()
        self.item_id = "vm-1"


@breaks("X22", says="new")
class LastingService(ReferenceService):
    """A new item goes on with the item that there is."""

    def new_item(self, configuration: Mapping[str, Any]) -> None:
        if self._item is None:
            super().new_item(configuration)


class Inheriting(ReferenceService):
    """A service whose new item keeps something of the former one."""

    def inherit(self, former: ReplicatedItem, item: ReplicatedItem) -> None:
        raise NotImplementedError

    def new_item(self, configuration: Mapping[str, Any]) -> None:
        former = self._item
        super().new_item(configuration)
        if former is not None and self._item is not None:
            self.inherit(former, self._item)


@breaks("X22", says="new")
class LastingFaults(Inheriting):
    """A new item has the faults that were on before."""

    def inherit(self, former: ReplicatedItem, item: ReplicatedItem) -> None:
        item.faults.active.update(former.faults.active)


@breaks("X22", says="new")
class LastingPoints(Inheriting):
    """A new item lists the recovery points of the former one."""

    def inherit(self, former: ReplicatedItem, item: ReplicatedItem) -> None:
        item.replication = former.replication
        item.clock.now = former.clock.now


@breaks("X22", says="new")
class LastingMachine(Inheriting):
    """The on-premises machine of a new item is off if that of the former one was."""

    def inherit(self, former: ReplicatedItem, item: ReplicatedItem) -> None:
        item.on_premises.power = former.on_premises.power


@breaks("X22", says="new")
class LastingJobs(Inheriting):
    """A new item lists the jobs of the former one."""

    def inherit(self, former: ReplicatedItem, item: ReplicatedItem) -> None:
        item.jobs.update(former.jobs)


@breaks("X22", says="new")
class LastingConfiguration(ReferenceService):
    """A new item has the configuration of the former one where its own says nothing."""

    __slots__ = ("_former",)

    def new_item(self, configuration: Mapping[str, Any]) -> None:
        self._former = {**getattr(self, "_former", {}), **configuration}
        super().new_item(self._former)
