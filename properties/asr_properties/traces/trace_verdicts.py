"""The verdict on one item of a trace, and what it consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from asr_properties.traces.events import Requested, TraceEvent

MOST_TOLD = 100
"""How many refusals, unanswered requests and jobs without an end are told one by one."""


class Conformance(StrEnum):
    """Whether a recording agrees with the model. `INCOMPLETE`: nothing was shown either way."""

    CONFORMANT = "CONFORMANT"
    NON_CONFORMANT = "NON_CONFORMANT"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True, slots=True)
class PossiblePhase:
    """A phase that the item could have been in, and the operations that it allows there."""

    phase: str
    allows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Continuation:
    """The shortest way through the model from what was possible to a state that agrees with an event.

    start: the phase it leads from. steps: what would have had to happen, one line each. end: the phase it leads to.
    operations: those among the steps. requirements: where there is one operation, what says that it is asked for.
    """

    start: str
    steps: tuple[str, ...]
    end: str
    operations: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """The first event that no model state, or a property, agrees with.

    event: with its place in the source (`number`) and its time (`at`); `str(event)` is its text.
    seen: what was seen or answered. allowed: what the model allowed instead, one line each.
    requirements: the ids of the rules, the most telling first. properties: names of those that were broken.
    before: where the item could have been when the event came. nearest: what would have had to happen before for the
    event to agree; None where nothing in the model leads there.
    """

    event: TraceEvent
    seen: str
    allowed: tuple[str, ...]
    requirements: tuple[str, ...]
    properties: tuple[str, ...]
    before: tuple[PossiblePhase, ...]
    nearest: Continuation | None = None


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """A request that was refused, as the model allows.

    requirements: the ids of the rules that every explanation gives as the reason; none where the reason is not certain,
    or the model allows both answers.
    """

    event: Requested
    requirements: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TraceVerdict:
    """The judgement on one item.

    profile: the lifecycle it was judged by; None: it was not judged. why: the reason, if it is not conformant, in one
    line. events: how many events the item has. followed: how many of them agreed with the model.
    exercised: requirement id -> how often the events put it to the test. phases: where the item may be at the end.
    refused: the first requests that were refused. refusals: how many there were. divergence: where it departs from the
    model. gaps: what the recording does not show, so that the judgement had to do without it, one line each.
    """

    item: str
    profile: str | None = None
    conformance: Conformance
    why: str = ""
    followed: int = 0
    events: int = 0
    exercised: Mapping[str, int]
    phases: tuple[str, ...] = ()
    refused: tuple[RefusedRequest, ...] = ()
    refusals: int = 0
    divergence: Divergence | None = None
    gaps: tuple[str, ...] = ()


def conclusion(verdicts: list[TraceVerdict]) -> Conformance:
    """One conclusion from all verdicts: one divergence decides. No verdict at all is undetermined, never a pass."""
    found = {verdict.conformance for verdict in verdicts}
    if Conformance.NON_CONFORMANT in found:
        return Conformance.NON_CONFORMANT
    return Conformance.CONFORMANT if found == {Conformance.CONFORMANT} else Conformance.INCOMPLETE
