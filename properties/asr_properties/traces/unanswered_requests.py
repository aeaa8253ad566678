"""Follows an item some of whose requests have no answer. Each of these may have been carried out or not.

A client may have given up, or a gateway may have failed. Both cases are followed, and later events decide: a case that
they contradict is dropped. The recording departs from the model only where no case is left.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace

from asr_model.vocabulary import Answer
from asr_properties.traces.events import Requested, TraceEvent
from asr_properties.traces.follower import Follower
from asr_properties.traces.timeline import Fate, Row
from asr_properties.traces.trace_verdicts import MOST_TOLD, Conformance, TraceVerdict

MOST_CASES = 16
"""With more cases than these at a time an item is given up, undetermined."""


class UnansweredRequests:
    """Follows the events of one item, with a follower for each case of what the unanswered requests did.

    unit: what the places in the recording count.
    """

    def __init__(self, follower: Follower, unit: str) -> None:
        self._followers = [follower]
        self._unit = unit
        self._count = 0
        self._unanswered: list[str] = []
        self._may_be_late: set[str] = set()  # unanswered operations that were not accepted since
        self._given_up = ""

    @property
    def has_diverged(self) -> bool:
        """Whether no case agrees with the events so far."""
        return all(follower.has_diverged for follower in self._followers)

    def seen(self, event: TraceEvent) -> Row:
        """Follow the next event, and tell what it was taken for."""
        was_judging = self._is_judging
        missing = self._followers[0].missing
        self.follow(event)
        if not was_judging:
            return Row(event, Fate.NOT_JUDGED)
        if self.has_diverged:
            return Row(event, Fate.DEPARTS)
        if not self._is_judging:
            return Row(event, Fate.NOT_JUDGED)
        phases = tuple(dict.fromkeys(phase for follower in self._followers for phase in follower.phases))
        return Row(event, Fate.AGREES, phases, "; ".join(self._followers[0].missing[len(missing) :]))

    @property
    def _is_judging(self) -> bool:
        return not self._given_up and any(follower.is_judging for follower in self._followers)

    def follow(self, event: TraceEvent) -> None:
        """Follow the next event."""
        index, self._count = self._count, self._count + 1
        if self._given_up:
            return
        if isinstance(event, Requested) and event.answer is None and self._followers[0].was_done(event):
            event = replace(event, answer=Answer.ACCEPTED)
        if isinstance(event, Requested) and event.answer is None:
            self._follow_both_cases(index, event)
        else:
            if isinstance(event, Requested) and event.answer is Answer.ACCEPTED and not self.has_diverged:
                self._may_be_late.discard(event.operation)
            for follower in self._followers:
                follower.follow(event)
        if len(self._followers) > 1:
            self._drop_cases(event)

    def verdict(self, remarks: Iterable[str]) -> TraceVerdict:
        """The verdict on all that was followed. A requirement is exercised only if it is in every case."""
        verdicts = [follower.verdict([*self._unanswered, *remarks]) for follower in self._followers]
        first = verdicts[0]
        if self._given_up:
            return replace(first, conformance=Conformance.INCOMPLETE, why=self._given_up)
        if len(verdicts) == 1:
            return self._open_if_done_late(first)
        agreeing = next((v for v in verdicts if v.conformance is Conformance.CONFORMANT), first)
        least = {key: min(v.exercised.get(key, 0) for v in verdicts) for key in first.exercised}
        found = replace(
            first,
            conformance=agreeing.conformance,
            why=agreeing.why,
            exercised={key: count for key, count in least.items() if count},
            phases=tuple(dict.fromkeys(phase for v in verdicts for phase in v.phases)),
        )
        if agreeing.conformance is Conformance.CONFORMANT and not found.exercised:
            why = "what was put to the test depends on what the unanswered requests did"
            return replace(found, conformance=Conformance.INCOMPLETE, why=why)
        return found

    def _open_if_done_late(self, verdict: TraceVerdict) -> TraceVerdict:
        """The verdict; left open where only operations that were not answered would have to be carried out late."""
        nearest = None if verdict.divergence is None else verdict.divergence.nearest
        if nearest is None or not nearest.operations or not self._may_be_late.issuperset(nearest.operations):
            return verdict
        what = f"{', '.join(nearest.operations)} was not answered, and may have been carried out late"
        return replace(verdict, conformance=Conformance.INCOMPLETE, why=f"{verdict.why}; but {what}")

    def _follow_both_cases(self, index: int, event: Requested) -> None:
        """Follow the case that the request was not carried out and, unless it must be refused, the case that it was."""
        if not self.has_diverged:
            self._may_be_late.add(event.operation)
        if len(self._unanswered) < MOST_TOLD:
            what = f"nothing tells whether {event.operation} was carried out"
            self._unanswered.append(f"{self._unit} {event.number}: {what}")
        elif len(self._unanswered) == MOST_TOLD:
            self._unanswered.append(f"and so for others after the first {MOST_TOLD}")
        done = replace(event, answer=Answer.ACCEPTED, job=None)
        for follower in tuple(self._followers):
            twin = follower.twin()
            twin.follow(done)
            follower.take_as_not_done(event)
            if not twin.has_diverged and not twin.can_only_be_refused(index):
                self._followers.append(twin)

    def _drop_cases(self, event: TraceEvent) -> None:
        """Keep the cases that agree. Of cases that stand alike keep the one with the fewest requests carried out."""
        distinct: dict[Hashable, Follower] = {}
        for follower in self._followers:
            if not follower.has_diverged:
                distinct.setdefault(follower.standing, follower)
        self._followers = list(distinct.values()) or self._followers[:1]
        if len(self._followers) > MOST_CASES:
            self._followers = self._followers[:1]
            what = f"more than {MOST_CASES} cases of what the unanswered requests did"
            self._given_up = f"given up at {self._unit} {event.number}: {what}"
