"""Makes a failing walk as short as possible, with few steps on the implementation.

The model does most of the work: its shortest ways replace loops and detours. Then delta debugging leaves out what is
not needed. A walk counts as failing only if it breaks the same rule, or shows the same at its end as the walk that it
was made from. No walk that passed is tried again.

The promise: no single step can be left out, and in walks of at most SHORT_ENOUGH_FOR_PAIRS steps no two steps either.
A still shorter walk may exist. The answers of an implementation may depend on the number of calls, as the free choices
of the embedded reference do; then a step may be needed although it does nothing by itself. Where the limit on steps is
reached, the promise is not kept, and `Minimal.complete` is false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from asr_model.lts import Edge, Lts
from asr_model.state import State
from asr_model.vocabulary import ARGUMENTS, Operation
from asr_properties.evidence.actions import WAIT_FOR_JOB, Action, as_request, wait
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session


@dataclass(frozen=True)
class Minimal:
    """A failing walk that cannot be shortened.

    failure: how it fails. steps_spent: how many steps it took to find. complete: whether all shorter walks of the
    promise were tried; false if the limit was reached, or no shorter walk was looked for. states: the model's before
    each step, None where several are possible.
    """

    configuration: Mapping[str, Any]
    actions: tuple[Action, ...]
    failure: NonConformance
    steps_spent: int
    complete: bool = False
    states: tuple[State | None, ...] = ()


SHORT_ENOUGH_FOR_PAIRS = 16
"""Trying to leave out each pair takes about half the cube of the walk's length in steps: 2,000 here."""


class Minimiser:
    """Shortens walks: it replays variants of them on a session, with at most about `limit` steps."""

    def __init__(self, session: Session, lts: Lts, limit: int = 20_000) -> None:
        self._session = session
        self._lts = lts
        self._limit = limit
        self._passing: set[str] = set()
        """The walks that did not fail: none is done twice."""

    def minimise(self, configuration: Mapping[str, Any], failure: NonConformance) -> Minimal | None:
        """The shortest walk found that breaks the same requirement; None if the walk does not fail again.

        It breaks another one where the same departure shows without some of the steps, or with plainer arguments, or
        another one of the broken rules is broken so: these steps are not the cause then, and no rule about them is to
        blame.
        """
        self._spent = 0
        self._passing.clear()
        self._wanted: frozenset[str] | None = frozenset(failure.blamed[:1])
        known = self._replay(configuration, tuple(step.action for step in failure.steps))
        if known is None:
            return None
        best = known
        while True:
            for shorten in (
                self._last_items_alone,
                self._plainly_configured,
                self._by_the_models_ways,
                self._with_waits_merged,
                self._without_parts,
                self._without_pairs,
                self._with_plain_arguments,
            ):
                best = shorten(best)
            if best is known:
                return replace(best, steps_spent=self._spent, complete=self._spent <= self._limit)
            known = best

    def replays(
        self, configuration: Mapping[str, Any], actions: Sequence[Action], requirements: Sequence[str] | None
    ) -> Minimal | None:
        """The walk up to where it fails, by one of `requirements` unless that is None; None if it does not."""
        self._spent = 0
        self._wanted = None if requirements is None else frozenset(requirements)
        return self._replay(configuration, actions)

    def is_explained_by(self, fault: str, configuration: Mapping[str, Any], actions: Sequence[Action]) -> bool:
        """Whether a walk fails no more if it is judged as if this fault went on when it ends."""
        with self._session.taking_to_go_on(fault):
            return self.replays(configuration, actions, None) is None

    def _last_items_alone(self, known: Minimal) -> Minimal:
        """What the last item alone did, or the last few, if that will do."""
        for index in range(len(known.actions) - 1, -1, -1):
            if (new := known.actions[index]).kind == "new_item":
                found = self._shorter(known, known.actions[index + 1 :], configuration=dict(new.arguments))
                if found is not None:
                    return found
        return known

    def _plainly_configured(self, known: Minimal) -> Minimal:
        plain = self._shorter(known, known.actions, configuration={}, equal=True) if known.configuration else None
        return plain or known

    def _by_the_models_ways(self, known: Minimal) -> Minimal:
        """The model's shortest way to where the walk fails; then to where it was earlier, followed by its rest."""
        for explanation in known.failure.before:
            for way in self._ways(explanation.state):
                for rest in ((), known.actions[-1:]):
                    known = self._shorter(known, (*way, *rest)) or known
        index = len(known.actions) - 1
        while index > 0:
            for way in self._ways(known.states[index] if index < len(known.states) else None):
                if (found := self._shorter(known, (*way, *known.actions[index:]))) is not None:
                    known, index = found, len(way)
                    break
            index -= 1
        return known

    def _without_parts(self, known: Minimal) -> Minimal:
        """Delta debugging: the walk without parts of it, from halves to single steps."""
        size = len(known.actions) // 2
        while size >= 1:
            start = 0
            while start + size <= len(known.actions):
                rest = known.actions[:start] + known.actions[start + size :]
                found = self._shorter(known, rest, alike=True)
                start = start if found else start + max(size // 2, 1)
                known = found or known
            size //= 2
        return known

    def _with_waits_merged(self, known: Minimal) -> Minimal:
        """With waits in a row replaced by one: as long as all of them, or until the job ends."""
        known = self._shorter(known, _with_waits_summed(known.actions)) or known
        index = 0
        while index + 1 < len(known.actions):
            found = None
            if known.actions[index].kind == known.actions[index + 1].kind == "wait":
                for one in (*_with_waits_summed(known.actions[index : index + 2]), WAIT_FOR_JOB):
                    merged = (*known.actions[:index], one, *known.actions[index + 2 :])
                    found = found or self._shorter(known, merged)
            known, index = (found, index) if found else (known, index + 1)
        return known

    def _without_pairs(self, known: Minimal) -> Minimal:
        """Without any two steps, if the walk is short enough."""
        if len(known.actions) <= SHORT_ENOUGH_FOR_PAIRS:
            for pair in combinations(range(len(known.actions)), 2):
                rest = tuple(action for index, action in enumerate(known.actions) if index not in pair)
                if (found := self._shorter(known, rest, alike=True)) is not None:
                    return found
        return known

    def _with_plain_arguments(self, known: Minimal) -> Minimal:
        """As long, but simpler to read: with all arguments plain, or those that can be."""
        plain = [_plain(action) for action in known.actions]
        for places in (range(len(plain)), *([place] for place in range(len(plain)))):
            simpler = tuple(plain[n] if n in places else action for n, action in enumerate(known.actions))
            if simpler != known.actions:
                known = self._shorter(known, simpler, equal=True, alike=True, whatever=True) or known
        return known

    def _shorter(
        self,
        known: Minimal,
        actions: Sequence[Action],
        *,
        configuration: Mapping[str, Any] | None = None,
        equal: bool = False,
        alike: bool = False,
        whatever: bool = False,
    ) -> Minimal | None:
        """The walk, if it fails and is shorter. equal: or as long. alike: or breaks another rule, and what is seen at
        its end is the same; or it breaks another one of the same rules. whatever: or any rule, at its end."""
        configuration = known.configuration if configuration is None else configuration
        if (len(actions) >= len(known.actions) and not equal) or _key(configuration, actions) in self._passing:
            return None
        found = self._replay(configuration, actions, known.failure if alike else None, whatever=whatever)
        if found is None or (len(found.actions) >= len(known.actions) and not equal):
            return None
        if self._wanted is not None and not self._wanted & set(found.failure.blamed):
            self._wanted = frozenset(found.failure.blamed[:1])
        return found

    def _replay(
        self,
        configuration: Mapping[str, Any],
        actions: Sequence[Action],
        known: NonConformance | None = None,
        *,
        whatever: bool = False,
    ) -> Minimal | None:
        """The walk up to where it breaks a wanted rule, or ends as `known` does; None if it does neither. whatever: or
        breaks any rule at its end."""
        if self._spent > self._limit:
            return None
        states: list[State | None] = [None]
        try:
            self._session.begin(configuration)
            for action in actions:
                self._spent += 1
                self._session.perform(action)
                explanations = self._session.oracle.explanations
                states.append(explanations[0].state if len(explanations) == 1 else None)
        except NonConformance as failure:
            kept = tuple(step.action for step in failure.steps_done)
            is_wanted = self._wanted is None or bool(self._wanted & set(failure.blamed))
            is_at_the_end = len(kept) == len(actions)
            is_alike = known is not None and _ends_alike(failure, known, is_at_the_end)
            if not (is_wanted or is_alike or (whatever and is_at_the_end)):
                return None
            return Minimal(dict(configuration), kept, failure, self._spent, states=tuple(states))
        self._passing.add(_key(configuration, actions))
        return None

    def _ways(self, state: State | None) -> Iterator[list[Action]]:
        """The model's shortest ways from a fresh item to a state, and to any state that shows the same phase."""
        if state is None:
            return
        alike = [number for number, other in enumerate(self._lts.states) if other[:2] == state[:2]]
        for goal in ({self._lts.number[state]}, set(alike)):
            way = self._lts.shortest_path(0, goal.__contains__, _undisturbed)
            if way is not None:
                yield list(as_actions(way))


def _key(configuration: Mapping[str, Any], actions: Sequence[Action]) -> str:
    return repr((sorted(configuration.items()), tuple(actions)))


def _ends_alike(failure: NonConformance, known: NonConformance, is_at_the_end: bool) -> bool:
    """Whether a walk breaks a rule that the known one breaks, or shows the same as that does, at its own end: be it by
    what breaks another rule there."""
    seen = [{one.seen for one in each.decided} for each in (failure, known)]
    is_alike = failure.what == known.what or not seen[0].isdisjoint(seen[1])
    return bool(set(failure.broken) & set(known.broken)) or (is_at_the_end and is_alike)


def _with_waits_summed(actions: Sequence[Action]) -> tuple[Action, ...]:
    """The actions, with each row of waits replaced by one that is as long as all of them."""
    kept: list[Action] = []
    for action in actions:
        is_further = kept and kept[-1].kind == action.kind == "wait"
        kept.append(wait((kept.pop().seconds or 0) + (action.seconds or 0)) if is_further else action)
    return tuple(kept)


def _plain(action: Action) -> Action:
    """The first of several points, and the first of the declared words for each argument that has one of them."""
    if action.kind != "request" or Operation(action.name) not in ARGUMENTS:
        return action._replace(pick=0)
    options = ARGUMENTS[Operation(action.name)]
    given = {
        key: options[key][0] if isinstance(value, str) and value in options.get(key, ()) else value
        for key, value in action.arguments
    }
    return action._replace(arguments=tuple(given.items()), pick=0)


def _undisturbed(edge: Edge) -> bool:
    return edge.transition is not None and not edge.surroundings and edge.event.name != "cancel_job"


def as_actions(way: Sequence[Edge], pause: Callable[[], Action] = lambda: wait(3600)) -> Iterator[Action]:
    """A way through the model as actions: operations are requested, and their jobs waited for.

    pause: gives an action that lets time pass, so that other happenings happen.
    """
    waiting = False
    for edge in way:
        if edge.event.is_operation:
            if waiting:
                yield pause()
            yield as_request(edge.event)
            waiting = False
        elif edge.transition is not None and edge.transition.ends is not None:
            yield WAIT_FOR_JOB
            waiting = False
        else:
            waiting = True
    if waiting:
        yield pause()
