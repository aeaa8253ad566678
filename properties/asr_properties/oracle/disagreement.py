"""What an oracle says where no state of the model agrees any more."""

from __future__ import annotations

from collections.abc import Iterable

from asr_properties.oracle.explanation import Explanation


class Disagreement(Exception):
    """No model state agrees any more.

    what: what was seen or answered. allowed: what the model allowed instead, one line each. requirements: the rules.
    states: the explanations until then. fields: those of an observation that differ. is_cause: whether whatever else
    is seen follows from this: an operation was accepted that must be refused, or the service did what nobody asked for.
    is_undone: whether the item is where it was before what had been done, or where a job leads that failed.
    """

    def __init__(
        self,
        what: str,
        allowed: Iterable[str],
        requirements: Iterable[str],
        states: Iterable[Explanation],
        *,
        fields: Iterable[str] = (),
        is_cause: bool = False,
        is_undone: bool = False,
    ) -> None:
        self.what = what
        self.allowed = tuple(dict.fromkeys(allowed))
        self.requirements = tuple(dict.fromkeys(requirements))
        self.states = tuple(states)
        self.fields = frozenset(fields)
        self.is_cause = is_cause
        self.is_undone = is_undone
        super().__init__(what)
