"""What two profiles call and list differently; how they behave differently is in the classes of their items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """The words of one profile.

    `forward`, `reverse`: the profile instances of the two halves of the cycle (facts 1.0). `allowed`: phase -> what is
    listed there when no job runs and no drill is active; a phase that is missing lists nothing. `scenarios`: operation
    -> scenario of its jobs and name of its first task.
    """

    name: str
    forward: str
    reverse: str
    allowed: Mapping[str, tuple[str, ...]]
    scenarios: Mapping[str, tuple[str, str]]
