"""Explains where a recording departs from the model: the event, what was possible, what that allowed, the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from asr_model import profiles
from asr_model.blame import ANY_ACCEPTANCE, ANY_REFUSAL
from asr_model.efsm import Event
from asr_model.listed_operations import listed
from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation
from asr_properties.oracle.explanation import Explanation, Refusing
from asr_properties.oracle.remembering_oracle import Instant
from asr_properties.session.nonconformance import MOST_REQUIREMENTS
from asr_properties.specification.rule import Rule
from asr_properties.traces.accepted_requests import AcceptedRequest
from asr_properties.traces.events import ItemSeen, TraceEvent
from asr_properties.traces.lookahead import Lookahead
from asr_properties.traces.nearest_continuation import nearest_continuation
from asr_properties.traces.trace_verdicts import Divergence, PossiblePhase


class Difference(NamedTuple):
    """What was seen, what was allowed instead, one line each, and the ids of the rules, the most telling first.

    is_undone: the item is where it was before what had been done, or where a job leads that failed.
    """

    seen: str
    allowed: Sequence[str]
    requirements: Sequence[str]
    is_undone: bool = False


class Explainer:
    """Makes the divergences of one item; `unit` is what the places in its recording count."""

    def __init__(self, stepper: Stepper, lookahead: Lookahead, unit: str) -> None:
        self._stepper = stepper
        self._lookahead = lookahead
        self._unit = unit

    def divergence(
        self,
        event: TraceEvent,
        request: Event | None,
        before: Instant,
        difference: Difference,
        broken: Iterable[Rule] = (),
    ) -> Divergence:
        """The divergence at `event`.

        request: the event as one of the model, if it is a request. before: what was believed until then. broken: the
        properties that the event breaks.
        """
        lts = profiles.lts(self._stepper.efsm.profile)
        nearest = nearest_continuation(lts, before.explanations, event, request)
        is_asked = (
            nearest is not None and isinstance(event, ItemSeen) and Operation.RESYNCHRONIZE not in nearest.operations
        )
        asked_by = nearest.requirements if nearest is not None and is_asked else ()
        missing = [rule for rule in asked_by if rule not in (ANY_REFUSAL, ANY_ACCEPTANCE)]  # every other one tells more
        rules = [*difference.requirements, *missing] if difference.is_undone else [*missing, *difference.requirements]
        return Divergence(
            event=event,
            seen=difference.seen,
            allowed=tuple(dict.fromkeys(difference.allowed)),
            requirements=tuple(dict.fromkeys((*rules, *asked_by)))[:MOST_REQUIREMENTS],
            properties=tuple(rule.name for rule in broken),
            before=tuple(self._possible(before.explanations)),
            nearest=nearest,
        )

    def at_unrefused_request(
        self, refusing: Refusing, accepted: AcceptedRequest, now: Iterable[Explanation], broken: Sequence[Rule]
    ) -> Divergence:
        """The divergence at a request that the model refuses, that was accepted, and whose job never fails."""
        same = [other for explanation in now for other in explanation.refusing if other.job == refusing.job]
        rules = [identifier for other in same for identifier in other.requirements]
        succeeded = self._lookahead.end_of(refusing.job) == "succeeded"
        seen = f"{refusing.event} was accepted, and its job " + ("succeeded" if succeeded else "is never seen to fail")
        difference = Difference(seen, (f"{refusing.event} is refused",), rules)
        return self.divergence(accepted.event, refusing.event, accepted.before, difference, broken)

    def after_unrefused_request(
        self, event: TraceEvent, request: Event | None, before: Instant, refusing: Refusing, accepted: AcceptedRequest
    ) -> Divergence:
        """The divergence at an event that would agree only if an earlier request had been refused.

        That request was accepted, and its job is never seen to fail.
        """
        accepting = [e for e in before.explanations if all(other.job != refusing.job for other in e.refusing)]
        rules = [identifier for e in accepting for other in e.refusing for identifier in other.requirements]
        seen = (
            f"{event}; that cannot be after {refusing.event} was accepted ({self._unit} {accepted.event.number}) "
            "unless its job failed, and it is never seen to fail"
        )
        allowed = [f"phase: {possible.phase}" for possible in self._possible(accepting)]
        return self.divergence(event, request, before, Difference(seen, allowed, rules or refusing.requirements))

    def _possible(self, explanations: Iterable[Explanation]) -> Iterator[PossiblePhase]:
        allows: dict[str, set[str]] = {}
        for state in {explanation.state for explanation in explanations}:
            allows.setdefault(state.phase, set()).update(listed(self._stepper, state).all)
        for phase in self._stepper.efsm.phases:
            if phase in allows:
                yield PossiblePhase(phase, tuple(sorted(map(str, allows[phase]))))
