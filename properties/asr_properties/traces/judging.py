"""Judges a trace: do the events of each item agree with the model of its lifecycle, and with the properties?

The events are taken one by one, with a bounded look ahead. So memory grows with the number of items, not with the
number of events.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from asr_model import profiles
from asr_properties.arm import tokens as arm
from asr_properties.oracle.remembering_oracle import RememberingOracle
from asr_properties.traces import lookahead
from asr_properties.traces.events import TraceEvent
from asr_properties.traces.follower import Follower
from asr_properties.traces.lookahead import Lookahead
from asr_properties.traces.open_orders import in_every_order
from asr_properties.traces.ordering import Overlap
from asr_properties.traces.timeline import Fate, Row, Timeline
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from asr_properties.traces.unanswered_requests import UnansweredRequests


def judge(trace: Trace, profile: str | None = None, timeline: Timeline | None = None) -> list[TraceVerdict]:
    """A verdict on each item of `trace`, in the order they appear.

    An item is judged by the lifecycle that its `profile_instance` tells. Where it tells none, the lifecycle is
    `profile`, or else that of the trace. An item of another lifecycle than `profile`, or of none that is known, is not
    judged; its verdict says so. Where nothing tells the lifecycle, or some answer about the item could not be read, the
    verdict is at best incomplete. `timeline`, if there is one, takes in every event.

    Raises:
        UnknownProfile: there is no such profile.
        TraceError: as reading the events does, if they are read now.
    """
    if profile is not None:
        profiles.efsm(profile)
    items: dict[str, _Item] = {}
    remarks = _remarks(trace)
    ahead: deque[tuple[_Item, TraceEvent]] = deque()
    for event in trace.events:
        item = items.get(event.item)
        if item is None:
            item = items[event.item] = _Item(event.item, trace, profile, timeline)
        item.lookahead.read(event)
        ahead.append((item, event))
        if len(ahead) > lookahead.LOOK_AHEAD:
            earlier, its_event = ahead.popleft()
            earlier.follow(its_event)
    for item in items.values():
        item.lookahead.is_complete = True
    for item, event in ahead:
        item.follow(event)
    verdicts = [
        in_every_order(trace, item.verdict(remarks.get(name, [])), item.overlaps, lambda other: judge(other, profile))
        for name, item in items.items()
    ]
    for name, numbers in trace.unread.items():
        if name not in items and name not in trace.not_followed:
            why = _why_unread(trace, numbers)
            verdicts.append(TraceVerdict(item=name, conformance=Conformance.INCOMPLETE, why=why, exercised={}))
    for name, why in trace.not_followed.items():
        verdicts.append(TraceVerdict(item=name, conformance=Conformance.INCOMPLETE, why=why, exercised={}))
    return verdicts


def _remarks(trace: Trace) -> dict[str, list[str]]:
    """The remarks on each item, one line each."""
    found: dict[str, list[str]] = {}
    for item, number, text in trace.remarks:
        found.setdefault(item, []).append(f"{trace.unit} {number}: {text}")
    for item, more in trace.more_remarks.items():
        found.setdefault(item, []).append(f"and {more} more remarks")
    return found


def _why_unread(trace: Trace, numbers: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, numbers[:_MOST_NUMBERS])) + (" and more" if len(numbers) > _MOST_NUMBERS else "")
    return f"{trace.unit} {shown}: answers about the item were not recorded, or could not be read"


_MOST_NUMBERS = 20
_NOTHING_SEEN = "only requests were recorded: no look at the item, and no state of a job"


class _Item:
    """One item. It is followed from its first event on, by the lifecycle that is told until then.

    overlaps: the entries that may have come the other way round, of those up to the event that departs.
    """

    def __init__(self, name: str, trace: Trace, profile: str | None, timeline: Timeline | None) -> None:
        self.lookahead = Lookahead()
        self._name = name
        self._trace = trace
        self._profile = profile
        self._timeline = timeline
        self._followed_by: UnansweredRequests | None = None
        self._chosen = ""  # the lifecycle it is followed by
        self._looked_at = 0  # for how many instances `_why` was worked out
        self._why: str | None = None
        self._doubt = trace.doubts.get(name)
        self._is_doubtful = False
        self.overlaps: list[Overlap] = []
        self._overlaps = trace.overlaps.get(name, ())

    def follow(self, event: TraceEvent) -> None:
        if self._followed_by is None:
            self._followed_by = self._new_follower()
        if self._doubt is not None and event.number == self._doubt[0]:
            self._is_doubtful = not self._followed_by.has_diverged
            self._doubt = None if not self._is_doubtful else self._doubt
        if self._overlaps and not self._followed_by.has_diverged:
            begun = [each for each in self._overlaps if each.earlier == event.number]
            self.overlaps += [each for each in begun if each not in self.overlaps]
        is_judged = self._why_not_judged() is None
        if self._timeline is not None:
            self._timeline.add(self._followed_by.seen(event) if is_judged else Row(event, Fate.NOT_JUDGED))
        elif is_judged:
            self._followed_by.follow(event)

    def verdict(self, remarks: list[str]) -> TraceVerdict:
        why = self._why_not_judged()
        if why is not None or self._followed_by is None:
            undetermined = Conformance.INCOMPLETE
            found = TraceVerdict(item=self._name, conformance=undetermined, why=why or "", exercised={})
            return replace(found, events=self.lookahead.events_read)
        found = replace(self._followed_by.verdict(remarks), events=self.lookahead.events_read)
        if not self._is_told and found.conformance is not Conformance.INCOMPLETE:
            why = f"nothing tells its provider; judged as {self._chosen}: `--profile` tells by which lifecycle to judge"
            why = f"{found.why}; but {why}" if found.why else why
            return replace(found, conformance=Conformance.INCOMPLETE, why=why)
        if found.conformance is Conformance.CONFORMANT and (open_because := self._why_open()):
            return replace(found, conformance=Conformance.INCOMPLETE, why=open_because)
        if self._is_doubtful and self._doubt is not None and found.conformance is Conformance.NON_CONFORMANT:
            return replace(found, conformance=Conformance.INCOMPLETE, why=f"{found.why}; but {self._doubt[1]}")
        return found

    @property
    def _is_told(self) -> bool:
        """Whether anything tells its lifecycle."""
        told = self._trace.told_profiles.get(self._name) or self._profile or self._trace.profile
        return told is not None or bool(self.lookahead.instances)

    def _why_open(self) -> str:
        """Why no more than "incomplete" can be said although everything agrees; empty if nothing keeps it open."""
        numbers = self._trace.unread.get(self._name)
        if numbers:
            return _why_unread(self._trace, numbers)
        return "" if self.lookahead.shows_effects else _NOTHING_SEEN

    def _why_not_judged(self) -> str | None:
        instances = self.lookahead.instances
        if len(instances) != self._looked_at:
            self._looked_at = len(instances)
            self._why = arm.why_not_covered(instances)
            told = arm.profile_of(next(iter(instances)))
            if self._why is None and self._profile not in (None, told):
                self._why = f"it is of the {told} profile, and --profile asks for {self._profile}: not judged"
            elif self._why is None and told != self._chosen:
                self._why = f"it shows late that it is of the {told} profile: not judged by the {self._chosen} one"
        return self._why

    def _new_follower(self) -> UnansweredRequests:
        told = self._trace.told_profiles.get(self._name)
        for instance in self.lookahead.instances:
            told = told or arm.profile_of(instance)
        self._chosen = told or self._profile or self._trace.profile or profiles.DEFAULT
        oracle = RememberingOracle(profiles.stepper(self._chosen), profiles.lts(self._chosen).states)
        unit = self._trace.unit
        return UnansweredRequests(
            Follower(self._name, unit, oracle, self.lookahead, self._trace.plans.get(self._name, ())), unit
        )
