"""What a run need not show: why it is an implementation's own choice, and what is left of what must be refused."""

from __future__ import annotations

from collections.abc import Mapping

from asr_model.forbidden import Try, forbidden
from asr_model.lts import Lts

NEVER_CAME = "outcomes that never came, as they need not"
ONLY_THROUGH_THESE = "only reached through these"
NEVER_CANCELLED = "jobs that can't be cancelled"
NEED_OPERATIONS = "need operations that the adapter does not offer"
ALWAYS_REFUSED = "refused whenever asked for, as they may be"
PASSES_UNSEEN = "from phases that pass in no time"

OWN_CHOICES = frozenset({NEVER_CAME, ONLY_THROUGH_THESE, NEVER_CANCELLED, ALWAYS_REFUSED, PASSES_UNSEEN})
"""Why transitions are not taken, where that is neither for want of trying nor for want of what an adapter offers."""


def untried(
    lts: Lts,
    requirement: str,
    asked: Mapping[Try, int],
    never_shown: frozenset[str] = frozenset(),
    unneeded: frozenset[str] = frozenset(),
) -> list[Try]:
    """What a requirement forbids and nobody tried, in the phases in which anything was tried; all of it if none was.

    never_shown: phases that the implementation chooses never to be in, where nothing can be tried. unneeded: operations
    that it need not have, and does not.
    """
    forbids = forbidden(lts).get(requirement, ())
    tries = {each for each in forbids if each[0] not in never_shown and each[1].name not in unneeded}
    reached = {phase for phase, _ in asked}
    due = [each for each in tries if each[0] in reached] or tries
    return sorted((each for each in due if not asked.get(each)), key=str)
