"""The machines: the one on-premises and the one in Azure."""

from __future__ import annotations

from typing import Any

from .contract_words import ABSENT, OFF, ON


class Machine:
    """A machine: its power and the newest record on its disks (0: none), with a snapshot of the disks if one was made.

    Only the newest sequence number is kept: the older records follow from where the disks' content came from. settings:
    what a machine in Azure was made with. disks: which it has.
    """

    __slots__ = ("disks", "power", "sequence", "settings", "snapshot")

    def __init__(self, power: str) -> None:
        self.power = power
        self.sequence = 0
        self.snapshot: int | None = None
        self.settings: dict[str, str | None] = {}
        self.disks: list[Any] = []

    @property
    def exists(self) -> bool:
        """Whether there is such a machine."""
        return self.power != ABSENT

    def create(self) -> None:
        """Make the machine, turned off; its disks are for the caller to fill."""
        self.power = OFF

    def turn_on(self) -> None:
        self.power = ON

    def turn_off(self) -> None:
        """Shut down; a machine that doesn't exist stays absent."""
        if self.exists:
            self.power = OFF

    def remove(self) -> None:
        """Delete the machine with its disks."""
        self.power = ABSENT
        self.sequence = 0
        self.snapshot = None
        self.settings = {}
        self.disks = []

    def take_snapshot(self) -> None:
        self.snapshot = self.sequence

    def restore_snapshot(self) -> None:
        """Put the disks back to the snapshot, if there is one; it is used up."""
        if self.snapshot is not None:
            self.sequence = self.snapshot
            self.snapshot = None
