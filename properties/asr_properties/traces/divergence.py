"""Explains where a recording departs from the model: the event, what was possible, what that allowed, the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asr_model import profiles
from asr_model.efsm import Event
from asr_model.listed_operations import listed
from asr_model.stepper import Stepper
from asr_properties.oracle.explanation import Explanation, Refusing
from asr_properties.oracle.remembering_oracle import Instant
from asr_properties.specification.rule import Rule
from asr_properties.traces.accepted_requests import Asked
from asr_properties.traces.events import ItemSeen, TraceEvent
from asr_properties.traces.lookahead import Lookahead
from asr_properties.traces.nearest_continuation import nearest_continuation
from asr_properties.traces.trace_verdicts import Divergence, PossiblePhase


class Explainer:
    """Makes the divergences of one item; `unit` is what the places in its recording count."""

    def __init__(self, stepper: Stepper, lookahead: Lookahead, unit: str) -> None:
        self._stepper = stepper
        self._lookahead = lookahead
        self._unit = unit

    def divergence(
        self,
        event: TraceEvent,
        asked: Event | None,
        seen: str,
        allowed: Iterable[str],
        rules: Iterable[str],
        before: Instant,
        broken: Iterable[Rule] = (),
    ) -> Divergence:
        """The divergence at `event`, a request in the model's words (`asked`), with what was possible `before` it."""
        nearest = nearest_continuation(profiles.lts(self._stepper.efsm.profile), before.explanations, event, asked)
        missing = nearest.requirements if nearest is not None and isinstance(event, ItemSeen) else ()
        return Divergence(
            event=event,
            seen=seen,
            allowed=tuple(dict.fromkeys(allowed)),
            requirements=tuple(dict.fromkeys((*missing, *rules))),
            properties=tuple(candidate.name for candidate in broken),
            before=tuple(self._possible(before.explanations)),
            nearest=nearest,
        )

    def never_failed(
        self, refusing: Refusing, asked: Asked, now: Iterable[Explanation], broken: Iterable[Rule]
    ) -> Divergence:
        """What must be refused was accepted, and its job is never seen to fail: it diverges at the request."""
        rules = [identifier for candidate in broken for identifier in candidate.requirements]
        for explanation in now:
            rules += [i for other in explanation.refusing if other.job == refusing.job for i in other.requirements]
        ended = self._lookahead.end_of(refusing.job) == "succeeded"
        seen = f"{refusing.event} was accepted, and its job " + ("succeeded" if ended else "is never seen to fail")
        allowed = [f"{refusing.event} is refused"]
        return self.divergence(asked.event, refusing.event, seen, allowed, rules, asked.before, broken)

    def ruled_out(
        self, event: TraceEvent, asked: Event | None, refusing: Refusing, earlier: Asked, before: Instant
    ) -> Divergence:
        """An event leaves only the explanation that an earlier request was refused, whose job is never seen to fail:
        it diverges at the event."""
        accepting = [e for e in before.explanations if all(other.job != refusing.job for other in e.refusing)]
        rules = [identifier for e in accepting for other in e.refusing for identifier in other.requirements]
        seen = (
            f"{event}, which cannot be after {refusing.event} was accepted ({self._unit} {earlier.event.number}); "
            "and its job is never seen to fail"
        )
        allowed = [f"phase: {possible.phase}" for possible in self._possible(accepting)]
        return self.divergence(event, asked, seen, allowed, rules or refusing.requirements, before)

    def _possible(self, explanations: Iterable[Explanation]) -> Iterator[PossiblePhase]:
        allows: dict[str, set[str]] = {}
        for state in {explanation.state for explanation in explanations}:
            allows.setdefault(state.phase, set()).update(listed(self._stepper, state).all)
        for phase in self._stepper.efsm.phases:
            if phase in allows:
                yield PossiblePhase(phase, tuple(sorted(map(str, allows[phase]))))
