"""Settings of the future machine on recordings: what an update changed is shown, and the machine gets it (R11 to R13).

An update is none of the lifecycle's operations, so that what looks show beside it is judged as if there were none. That
a setting is another one than it was to be never makes a recording depart: somebody may have updated it elsewhere. It is
told, and leaves the verdict open.
"""

from __future__ import annotations

from collections import Counter

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.vocabulary import Answer, Operation
from asr_properties.specification.relations.machine_settings import SETTINGS
from asr_properties.traces.events import ItemSeen, Requested, TraceEvent
from asr_properties.traces.machine_told import MachineTold, Updated

_OF = {key: requirement for requirement, keys in SETTINGS.items() for key in keys}

MOST_UNLIKE = 20
"""How many settings that are not what they were to be are told of an item."""

_ENDED_IN_VAIN = ("failed", "refused")
_NEW_LIFE = (Operation.ENABLE_REPLICATION, Operation.DISABLE_REPLICATION)


class SeenSettings:
    """Follows the settings of one item. unit: what places in the recording count.

    exercised: how often each requirement was put to the test and held. unlike: what is not as it was to be, in words.
    """

    def __init__(self, unit: str) -> None:
        self.exercised: Counter[str] = Counter()
        self.unlike: list[str] = []
        self._unit = unit
        self.restart()

    def restart(self) -> None:
        """Go on where nothing is known any more of what was asked for."""
        self._last: dict[str, str | None] = {}
        self._group: str | None = None  # where the last failover was to make its machine
        self._asked = 0  # the place of the last failover

    def note(self, event: TraceEvent, phase: str | None) -> None:
        """Take in an event that agrees. phase: of a request, the one that the item was certainly in before it."""
        match event:
            case Requested(operation=operation) if operation in _NEW_LIFE and event.answer is not Answer.REFUSED:
                self.restart()
            case Requested(operation=Operation.FAIL_OVER) if event.answer is not Answer.REFUSED:
                is_forward = phase in PHASE_SETS["can_fail_over"] and event.answer is Answer.ACCEPTED
                self._group = self._last.get("resource_group") if is_forward else None
                self._asked = event.number
            case ItemSeen(machine=MachineTold() as told):
                self._look(event, told)

    def _look(self, event: ItemSeen, told: MachineTold) -> None:
        shown = dict(told.settings)
        for update in told.updates:
            if update.number < self._asked and "resource_group" in dict(update.changes):
                self._group = None  # it is not known which of the two the failover took
        for key, value in shown.items():
            changes = [update for update in told.updates if key in dict(update.changes)]
            if len(changes) == 1:
                self._compare(event, key, value, changes[0])
        self._last |= shown
        if told.group and self._group is not None:
            wanted, self._group = self._group, None
            if told.group == wanted:
                self.exercised["R11"] += 1
            else:
                what = f"the machine in Azure is in the resource group {told.group}, and the failover was to make it"
                self._tell(event, f"{what} in {wanted}", "R11")

    def _compare(self, event: ItemSeen, key: str, shown: str | None, update: Updated) -> None:
        """What a setting is after one update of it has ended. Of no change of it nothing is concluded but that."""
        wanted, before = dict(update.changes)[key], self._last.get(key, "")
        if update.state == "succeeded":
            if shown == wanted:
                self.exercised[_OF[key]] += 1
            else:
                change = f"the update of {self._unit} {update.number}, which succeeded, set it to {wanted}"
                self._tell(event, f"{key} is {shown}, and {change}", _OF[key])
        elif update.state in _ENDED_IN_VAIN and before not in ("", wanted):
            if shown == before:
                self.exercised[_OF[key]] += 1
            elif shown == wanted:
                change = f"the update of {self._unit} {update.number}, which did not succeed, was to set it so"
                self._tell(event, f"{key} is {shown}, and {change}", _OF[key])

    def _tell(self, event: ItemSeen, what: str, requirement: str) -> None:
        if len(self.unlike) < MOST_UNLIKE:
            otherwise = f"unless an update that was not recorded set it, {requirement} is broken"
            self.unlike.append(f"{self._unit} {event.number}: {what}: {otherwise}")
