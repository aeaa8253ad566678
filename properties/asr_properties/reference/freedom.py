"""The outcomes that the contract leaves open, and how one of them is chosen.

The reference shows every allowed outcome: a suite that fails it demands more than the contract does. The choice is
deterministic, so that a walk can be replayed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zlib import crc32

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    # Every request that is refused (contract 1, facts 5.12): most often with an error, sometimes by a job that fails.
    "refusal": ("at_once", "at_once", "at_once", "by_job"),
    # Whether a job that has begun can be cancelled by cancel_job (contract 5, A1).
    "cancel_job": ("refused", "accepted"),
    # When a cancelled fail_over ends (contract 5).
    "cancelled_failover_ends": ("after_a_while", "at_once"),
    # What is left of the machines after an aborted failover (contract 5).
    "machines_after_abort": ("left_as_they_are", "source_turned_on", "azure_vm_left_on"),
    # enable_replication of an item that is enabled, at rest (contract 1, F17).
    "enable_of_an_enabled_item": ("refused", "without_effect"),
    # What a drill that fails leaves (contract 10, F13).
    "failed_drill": ("awaiting_cleanup", "no_drill"),
    # What a failed failover to Azure reads (contract 9, A25, F5).
    "failed_failover": ("failover_failed", "protected"),
    # A source that had been shut down when the failover failed (contract 9).
    "source_after_failed_failover": ("stays_off", "turned_on"),
    # The task at which a fault acts that was injected without a task (contract 7).
    "fault_without_task": ("main_task", "first_task", "last_task"),
    # enable_replication while a health fault lasts (contract 7 and 9, F9).
    "enable_under_fault": ("works", "refused", "enabling_failed", "not_replicated"),
    # reprotect while a health fault lasts, either direction (contract 7, R88).
    "reprotect_under_fault": ("works", "refused", "fails_before_commit", "fails_after_commit"),
    # planned_failover while a health fault lasts (contract 7, A16).
    "planned_failover_under_fault": ("works", "refused", "prerequisites_fail", "fails"),
    # planned_failover whose prerequisites task is made to fail (contract 8).
    "failed_prerequisites_of_planned_failover": ("revert", "leave_the_phase"),
    # planned_failover of kind app_consistent without such a point (contract 11).
    "planned_failover_without_app_consistent_point": ("accepted", "refused"),
    # cancel_failover while the planned failover still runs (A4).
    "cancel_failover_while_failing_back": ("refused", "accepted"),
    # A manual cancel from failed_back that fails before it changed anything (contract 8).
    "failed_cancel_from_failed_back": ("failback_cancel_failed", "failed_back"),
    # Whether resynchronize is offered in this life of the item (contract 2).
    "resynchronize": ("not_offered", "offered"),
    # What a running resynchronize job lets through (contract 2).
    "during_resynchronize": ("usual_operations", "nothing"),
    # What retention does to the points while nothing replicates, in failed_over and failover_failed (facts 3.2, 3.4).
    "points_without_replication": ("kept", "pruned"),
    # Changing to the point in use when retention doesn't list it any more (contract 11 says both).
    "change_to_an_unlisted_point_in_use": ("accepted", "refused"),
    # What commit leaves of the points (A6: the article and the overview differ).
    "points_after_commit": ("committed_one", "none"),
    # What the source wrote before it was shut down but had not been received at the trigger, in a failover to `latest`
    # (contract 12: at most all that was written; F4 has a task that synchronizes it).
    "changes_before_the_shutdown": ("left_behind", "brought_over"),
    # How a change of the settings comes about: with a job or without, at its beginning or at its end.
    "update_of_settings": ("at_once", "job_ends", "job_begins"),
    # Whether settings can be changed in other phases than `protected`, and while a job runs.
    "update_of_settings_elsewhere": ("accepted", "refused"),
    # What the machine in Azure shows as its address where the network gave it one.
    "given_address": ("hidden", "shown"),
    # Whether the points of the reverse direction are listed (contract 11).
    "reverse_points": ("hidden", "listed"),
    # Classic: whether reprotect is offered in this life of the item before the commit (facts 4, A3).
    "reprotect_of_uncommitted_failover": ("offered", "not_offered"),
    "reprotect_of_uncommitted_failback": ("not_offered", "offered"),
    # Classic: how long after a failover reprotect is refused because the agent isn't registered yet (facts 1.1, 4).
    "agent_registration": ("at_once", "takes_minutes"),
    # Classic: whether a failback takes another point than `latest` (facts 4).
    "failback_to_a_listed_point": ("accepted", "refused"),
    # Classic: fail_over from reverse_protected while a health fault lasts (contract 7, A16).
    "failback_under_fault": ("works", "refused", "fails"),
    # Classic: the machine in Azure after a failback that did not shut it down (facts 5.1).
    "azure_vm_after_failback": ("left_on", "turned_off"),
}
"""Name of each open choice -> its options, the plainest first; an option given more than once is chosen more often."""


class Freedom:
    """A policy of choosing. `calls` counts the calls since new_item that may change something; the face counts."""

    __slots__ = ("calls",)

    def __init__(self) -> None:
        self.calls = 0

    def begin(self) -> None:
        """A fresh machine: nothing was called yet."""
        self.calls = 0

    def choose(self, name: str) -> str:
        """The option taken for the choice `name` now; one of CHOICES[name]."""
        raise NotImplementedError


class Varied(Freedom):
    """Chooses by a hash of the choice's name and of the number of calls: differs along a walk, same in a replay."""

    __slots__ = ()

    def choose(self, name: str) -> str:
        options = CHOICES[name]
        return options[_mix(_SALT[name] + self.calls * 0x9E3779B1) % len(options)]


class Fixed(Freedom):
    """Takes the pinned options, and the first option of every choice that isn't pinned.

    Args:
        pinned: choice name -> one of its options.

    Raises:
        ValueError: a choice or option that doesn't exist.
    """

    __slots__ = ("_pinned",)

    def __init__(self, pinned: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._pinned = dict(pinned or {})
        for name, option in self._pinned.items():
            check_choice(name, option)

    def choose(self, name: str) -> str:
        return self._pinned.get(name, CHOICES[name][0])


DRAWN: Final = "drawn"
"""In the place of an option: chosen anew at each call."""


class Chosen(Freedom):
    """Takes what was chosen, the same at every call, unless it is to be drawn. The choices can be changed later, until
    there is a fresh machine.

    Args:
        pinned: choice name -> one of its options, or DRAWN.
        seed: what is drawn depends on it. With a seed, all that isn't pinned is drawn, by 0 as `Varied` does; without
            one, all that isn't pinned is the first option.

    Raises:
        ValueError: a choice or option that doesn't exist.
    """

    __slots__ = ("_first", "_pinned", "_seed", "_usual")

    def __init__(self, pinned: Mapping[str, str] | None = None, seed: int | None = None) -> None:
        super().__init__()
        self._pinned: dict[str, str] = {}
        self._seed, self._usual = seed or 0, None if seed is None else DRAWN
        for name, option in (pinned or {}).items():
            self.pin(name, option)
        self._first = dict(self._pinned)

    def begin(self) -> None:
        super().begin()
        self._pinned = dict(self._first)

    def pin(self, name: str, option: str) -> None:
        """Take this option from here on, or draw one at each call.

        Raises:
            ValueError: a choice or option that doesn't exist.
        """
        check_choice(name, option, DRAWN)
        self._pinned[name] = option

    def shown(self) -> dict[str, str]:
        """Every choice, with what is taken for it."""
        return {name: self._pinned.get(name) or self._usual or options[0] for name, options in CHOICES.items()}

    def choose(self, name: str) -> str:
        options = CHOICES[name]
        taken = self._pinned.get(name) or self._usual or options[0]
        if taken != DRAWN:
            return taken
        return options[_mix(_SALT[name] + self._seed * 0x85EBCA77 + self.calls * 0x9E3779B1) % len(options)]


def check_choice(name: str, option: str, *more: str) -> None:
    """Whether there is such a choice with such an option, or one of `more`.

    Raises:
        ValueError: there is not; the message names those that there are.
    """
    if name not in CHOICES:
        raise ValueError(f"no choice {name!r}; there are: {', '.join(CHOICES)}")
    known = (*dict.fromkeys(CHOICES[name]), *more)
    if option not in known:
        raise ValueError(f"choice {name!r} has no option {option!r}; there are: {', '.join(known)}")


_SALT: Final = {name: crc32(name.encode()) for name in CHOICES}


def _mix(value: int) -> int:
    """Spread neighbouring numbers over 32 bits (the finisher of MurmurHash3)."""
    value &= 0xFFFFFFFF
    value = ((value ^ (value >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    value = ((value ^ (value >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return value ^ (value >> 16)
