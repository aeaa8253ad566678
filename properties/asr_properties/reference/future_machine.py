"""The future machine in Azure: its settings, how they are changed, and what the machine gets (contract, settings)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..contract.errors import Refused
from .contract_words import NO_DRILL, NOT_REPLICATED, PROTECTED
from .item_core import REFUSING_SECONDS, ItemCore
from .jobs import Job, Step

Settings = dict[str, str | None]

DEFAULT_SETTINGS: Final[Mapping[str, str | None]] = {
    "name": "vm",
    "resource_group": "recovered",
    "size": "Standard_D2s_v3",
    "disk_type": "StandardSSD_LRS",
    "network": "recovery-network",
    "subnet": "default",
    "ip_address": None,
}
"""What each life begins with."""

UPDATE_SECONDS: Final = 40

_GIVEN_ADDRESS: Final = "10.0.0.4"
"""What the network gives a machine without an address of its own."""

_ALLOWED: Final = {
    "name": re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?"),
    "size": re.compile(r"(Standard|Basic)_[A-Za-z0-9_]+"),
    "network": re.compile(r"[A-Za-z0-9/][A-Za-z0-9/_.-]*"),
}
"""What Azure allows, as far as it is known; anything for the other settings."""


class FutureMachine(ItemCore):
    """What the machine in Azure is to be."""

    __slots__ = ("bound_settings", "given_address", "settings")

    def forget_life(self) -> None:
        super().forget_life()
        self.settings: Settings = dict(DEFAULT_SETTINGS)
        self.bound_settings: Settings = {}
        self.given_address = "hidden"

    def begin_settings(self) -> None:
        """A new life begins with defaults."""
        self.settings = dict(DEFAULT_SETTINGS)

    def shown_settings(self) -> Settings:
        """The settings as they stand.

        Raises:
            Refused: nothing is replicated.
        """
        if self.phase == NOT_REPLICATED:
            raise Refused("nothing is replicated")
        return dict(self.settings)

    def update_settings(self, changes: Mapping[str, str | None]) -> Job | None:
        """Change settings at once or by a job, none of the lifecycle's.

        Raises:
            Refused: Azure does not allow the change, or the item's state does not.
        """
        why = self.why_not_changed(changes)
        if why is not None:
            if self.freedom.choose("refusal") == "at_once":
                raise Refused(why)
            job = self.update_job(REFUSING_SECONDS)
            job.refusing = True
            self.refuse_changes(changes)
            return job
        how = self.freedom.choose("update_of_settings")
        if how == "at_once":
            self.take_changes(changes)
            return None
        job = self.update_job(UPDATE_SECONDS)
        if how == "job_begins":
            self.take_changes(changes)
        else:
            job.on_success = lambda ended: self.take_changes(changes)
        return job

    def why_not_changed(self, changes: Mapping[str, str | None]) -> str | None:
        """Why a change is refused; None if it is accepted (R09, R11)."""
        if self.phase == NOT_REPLICATED:
            return "nothing is replicated"
        for key, value in changes.items():
            if not self.azure_allows(key, value):
                return f"Azure does not allow the {key} {value!r}"
        if not self.settings_must_be_changeable() and self.freedom.choose("update_of_settings_elsewhere") == "refused":
            return f"settings can't be changed in {self.phase}"
        return None

    def settings_must_be_changeable(self) -> bool:
        """Before a failover, with no job running (R11)."""
        return self.phase == PROTECTED and self.current_job is None and self.drill == NO_DRILL

    def azure_allows(self, key: str, value: str | None) -> bool:
        """Whether Azure can have this (R09)."""
        pattern = _ALLOWED.get(key)
        return pattern is None or (value is not None and pattern.fullmatch(value) is not None)

    def update_job(self, seconds: float) -> Job:
        """Begin a job that the lifecycle knows nothing of."""
        steps = (Step("UpdateProperties", seconds),)
        job = Job(self.identifiers.new("job"), "update_settings", "UpdateVmProperties", steps, self.clock, self)
        self.jobs[job.id] = job
        job.begin()
        return job

    def take_changes(self, changes: Mapping[str, str | None]) -> None:
        """The settings are those from here on."""
        self.settings |= changes

    def refuse_changes(self, changes: Mapping[str, str | None]) -> None:
        """What is refused by a job changes nothing."""

    # The machine that gets them.

    def bind_settings(self) -> None:
        """A failover is accepted: its machine gets the settings as they stand (R12, R13)."""
        self.bound_settings = dict(self.settings)
        self.given_address = self.freedom.choose("given_address")

    def settings_for_machine(self) -> Settings:
        """What the machine that a failover makes has."""
        return dict(self.bound_settings)

    def give_settings(self) -> None:
        """The machine in Azure was made."""
        self.azure.settings = self.settings_for_machine()

    def shown_azure_machine(self) -> Settings | None:
        """The settings of the machine in Azure; None while it is absent."""
        if not self.azure.exists:
            return None
        shown = dict(self.azure.settings)
        if shown.get("ip_address") is None and self.given_address == "shown":
            shown["ip_address"] = _GIVEN_ADDRESS
        return shown
