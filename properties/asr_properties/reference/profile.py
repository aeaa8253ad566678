"""What two profiles call and list differently; how they behave differently is in the classes of their items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .operations import OperationRow


@dataclass(frozen=True, slots=True)
class Profile:
    """The words of one profile.

    `forward`, `reverse`: the profile instances of the two halves of the cycle (facts 1.0). `allowed`: phase -> what is
    listed there when no job runs and no drill is active; a phase that is missing lists nothing. `operations`: their
    rows.
    """

    name: str
    forward: str
    reverse: str
    allowed: Mapping[str, tuple[str, ...]]
    operations: Mapping[str, OperationRow]
