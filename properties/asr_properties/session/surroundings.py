"""The surroundings of the item. They follow from faults, its configuration, and the time since a failover."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, NamedTuple

from asr_model.stepper import Stepper
from asr_properties.evidence.step import UNFIT_APPLIANCE

REGISTERING_TAKES = 900.0
"""For so many seconds after a failover the agent may still be registering (classic; facts 4)."""


class Held(NamedTuple):
    """What holds at one moment. surroundings: by the model's names. troubles: the faults, and UNFIT_APPLIANCE."""

    surroundings: frozenset[str]
    troubles: frozenset[str]


_Key = tuple[frozenset[str], bool, bool, bool]


class ItemSurroundings:
    """The surroundings of one item after another, by the model's names.

    faults: the faults that are on. unending: those that are taken to go on when they end.
    """

    def __init__(self, stepper: Stepper) -> None:
        self._declared = stepper.efsm.surroundings
        self.unending: frozenset[str] = frozenset()
        self._known: dict[_Key, frozenset[str]] = {}
        self.restart({})

    def restart(self, configuration: Mapping[str, Any]) -> None:
        """A fresh item of this configuration begins, without faults."""
        self.faults: frozenset[str] = frozenset()
        self._hidden = configuration.get("datastore_visible", True) is False
        self._in_a_group = configuration.get("multi_vm_group") is not None
        self._since_failover = inf
        self._lasting: frozenset[str] = frozenset()
        self._asked: frozenset[str] | None = None

    def names(self, surroundings: frozenset[str]) -> None:
        """A reprotect is asked for that names an appliance and what goes with it."""
        self._asked = surroundings

    def answered(self, *, refused: bool | None) -> None:
        """It was answered; if it is not refused, replication goes through what it named from here on. refused: None
        where its job has yet to tell; what an earlier one named may then hold, too."""
        if self._asked is not None and not refused:
            named = self._asked & {"impaired"}
            self._lasting = named if refused is False else self._lasting | named
        self._asked = None

    def forgets(self) -> None:
        """Nothing is replicated any more."""
        self._lasting = frozenset()

    def begins(self, fault: str) -> None:
        """A fault begins."""
        self.faults |= {fault}

    def ends(self, fault: str) -> None:
        """A fault ends."""
        self.faults -= {fault} - self.unending

    def passes(self, seconds: float, *, failover_ended: bool) -> None:
        """At least so many seconds have passed. failover_ended: whether a failover has ended meanwhile."""
        self._since_failover = 0.0 if failover_ended else self._since_failover + seconds

    @property
    def holds(self) -> frozenset[str]:
        """The model's surroundings that hold just now."""
        by_name = self._lasting if self._asked is None else self._asked
        key = (self.faults, self._hidden, self._since_failover < REGISTERING_TAKES, self._in_a_group)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._work_out(*key)
        return known | by_name if by_name else known

    @property
    def troubles(self) -> frozenset[str]:
        """The faults that are on, and UNFIT_APPLIANCE while replication may go through one."""
        unfit = "impaired" in (self._lasting if self._asked is None else self._asked)
        return self.faults | {UNFIT_APPLIANCE} if unfit else self.faults

    @property
    def now(self) -> Held:
        """What holds just now."""
        return Held(self.holds, self.troubles)

    def _work_out(self, faults: frozenset[str], hidden: bool, registering: bool, grouped: bool) -> frozenset[str]:
        given = {"datastore_hidden": hidden, "agent_registering": registering, "in_a_group": grouped}
        return frozenset(s.name for s in self._declared if faults.intersection(s.faults) or given.get(s.name))
