"""The refusals of an item's requests: those that happened, and those that must still be seen to happen.

A request that was answered with success is a refusal if its job then fails (contract 1). How the job ended is looked up
in what was recorded later. Where every explanation takes the request for a refusal, and the job succeeded, the
recording departs from the model. Where the end of the job was not recorded, that leaves the verdict open: a poll that
is missing tells nothing, and an item that is refused something goes on as if nothing had been asked for. Only where the
recording follows every other job to its end, and shows nothing of this one, there was none to follow.
"""

from __future__ import annotations

import copy
from collections import Counter

from asr_model.blame import ANY_REFUSAL
from asr_model.efsm import Event
from asr_model.vocabulary import JobEnd, Operation
from asr_properties.oracle.explanation import Refusing
from asr_properties.oracle.remembering_oracle import RememberingOracle
from asr_properties.traces.accepted_requests import AcceptedRequest, AcceptedRequests
from asr_properties.traces.events import Requested
from asr_properties.traces.lookahead import Lookahead, stand_in_for_job
from asr_properties.traces.trace_verdicts import MOST_TOLD, RefusedRequest


class Refusals:
    """The refusals of one item. first: the first of them; count: how many; exercised: how often each rule refused."""

    def __init__(self, oracle: RememberingOracle, lookahead: Lookahead, accepted: AcceptedRequests) -> None:
        self._oracle = oracle
        self._lookahead = lookahead
        self._accepted = accepted
        self.first: list[RefusedRequest] = []
        self.count = 0
        self.exercised: Counter[str] = Counter()

    def copy(self, oracle: RememberingOracle, accepted: AcceptedRequests) -> Refusals:
        """A copy that goes on by itself, with these copies of what it reads."""
        twin = copy.copy(self)
        twin._oracle, twin._accepted = oracle, accepted
        twin.first, twin.exercised = self.first.copy(), self.exercised.copy()
        return twin

    def note(self, event: Requested, request: Event) -> None:
        """Note a refusal. The rules that every explanation gives as its reason are exercised by it.

        Where its recovery point was not recorded, that is no reason.
        """
        stepper = self._oracle.stepper
        request = _with_a_good_point(event, request)
        common: set[str] | None = None
        reasons: tuple[str, ...] = ()
        for explanation in self._oracle.explanations:
            may_accept = stepper.step(explanation.state, request).transition is not None
            reasons = () if may_accept else stepper.why_refused(explanation.state, request)
            common = set(reasons) if common is None else common & set(reasons)
        why = tuple(identifier for identifier in reasons if identifier in (common or ()))
        self.exercised.update(why)
        self.count += 1
        if len(self.first) < MOST_TOLD:
            self.first.append(RefusedRequest(event, why))

    def not_yet_seen(self) -> list[Refusing]:
        """The accepted requests that every explanation takes for refusals, and whose job has not failed so far.

        That it must fail is certain; the explanations may give different reasons. Earlier requests come first.
        """
        refused = [refusing for refusing in self._oracle.refused_everywhere() if not refusing.or_without_effect]
        return sorted(refused, key=lambda refusing: self._accepted[refusing.job].place)

    def never_seen(self) -> list[Refusing]:
        """Those of `not_yet_seen` whose job does not fail later. The recording departs from the model there."""
        if not self._oracle.is_open_everywhere:
            return []
        return [
            each
            for each in self.not_yet_seen()
            if self._lookahead.lacks_failure(each.job, self._accepted[each.job].place)
        ]

    def without_end(self, since: int) -> tuple[str, ...]:
        """What refuses the last of `not_yet_seen`, if it was asked for from this place on and its job was not seen to
        end; else empty."""
        left = [each for each in self.not_yet_seen() if self._lookahead.end_of(each.job) is None]
        return left[-1].requirements if left and self._accepted[left[-1].job].place >= since else ()

    def beside_the_model(self, since: int, phase: str | None) -> tuple[str, ...]:
        """What refuses a request from this place on whose job succeeded, though nothing came of it in the model: it was
        to be refused, or to have no effect. Or the item is in the phase that an earlier job led to, which ended later.
        """
        stepper = self._oracle.stepper
        for job, accepted in self._accepted.since(since):
            states = [explanation.state for explanation in accepted.before.explanations]
            events = [event for event in stepper.events if event.name == accepted.event.operation]
            has_one = any(stepper.step(state, event).transition for state in states for event in events)
            if self._lookahead.end_of(job) != "succeeded" or not states:
                continue
            if not has_one:
                return tuple(
                    dict.fromkeys(r for state in states for e in events for r in stepper.why_refused(state, e))
                )
            if any(self._outran(earlier, accepted, phase) for earlier in self._accepted.since(since)):
                return (ANY_REFUSAL,)
        return ()

    def _outran(self, earlier: tuple[str, AcceptedRequest], later: AcceptedRequest, phase: str | None) -> bool:
        """Whether a job that was asked for earlier was not seen to end before the later request, and leads here."""
        job, accepted = earlier
        is_before = accepted.place < later.place and not self._lookahead.has_ended(job, later.place)
        if not is_before or self._lookahead.end_of(job) != "succeeded":
            return False
        transitions = self._oracle.stepper.efsm.transitions
        begun = {t.target for t in transitions if t.event == accepted.event.operation and t.variable == "phase"}
        return phase in {t.target for t in transitions if t.source in begun and t.ends is JobEnd.SUCCEEDED}

    def must_be(self, index: int) -> bool:
        """Whether the request with this index, whose job has no recorded id, can only be a refusal."""
        return any(refusing.job == stand_in_for_job(index) for refusing in self._oracle.refused_everywhere())


def _with_a_good_point(event: Requested, request: Event) -> Event:
    """The request as one for a point that exists, where it was not recorded for which point it was."""
    if "recovery_point" in dict(event.arguments):
        return request
    good = "listed" if event.operation is Operation.CHANGE_RECOVERY_POINT else "latest"
    return Event(request.name, tuple((n, good if n == "recovery_point" else value) for n, value in request.arguments))
