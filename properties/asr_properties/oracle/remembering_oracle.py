"""The oracle of recordings, fast where things repeat: a step that was worked out once is looked up afterwards.

What an oracle believes depends on the ids of jobs only by which are the same. Beliefs are therefore kept with the
places 0, 1, 2, ... for ids, so that they recur from one life of an item to the next and from one item to another; who
follows an item keeps the ids that the places stand for.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from functools import cache, cached_property
from typing import NamedTuple

from asr_model.efsm import Efsm, Event
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.step import Agreed
from asr_properties.evidence.unknown import UNKNOWN
from asr_properties.oracle.disagreement import Disagreement
from asr_properties.oracle.explanation import SERVICE_JOB, Explanation, Refusing, agreed_by
from asr_properties.oracle.matching import MATCHED
from asr_properties.oracle.oracle import Oracle

MOST_REMEMBERED = 400_000
"""Explanations in all remembered beliefs together; beyond it everything is forgotten and worked out anew."""

_NEW = "new"
"""Stands for the id of a job that no explanation knows."""

_Ways = dict[Explanation, frozenset[str]]


class Belief:
    """What an oracle believes, with places for the ids of jobs. Equal beliefs are one object."""

    def __init__(self, ways: _Ways, places: int, efsm: Efsm) -> None:
        self.ways = ways
        self.places = places
        self._efsm = efsm

    @cached_property
    def agreed(self) -> Agreed:
        """What all explanations agree on."""
        return agreed_by(self._efsm, self.ways)

    @cached_property
    def phase(self) -> str | None:
        """The phase that all explanations share, if they do."""
        phases = {explanation.state.phase for explanation in self.ways}
        return phases.pop() if len(phases) == 1 else None

    @cached_property
    def list_is_free(self) -> bool:
        """As the oracle's."""
        return any(explanation.state.resynchronizing for explanation in self.ways)

    @cached_property
    def refusing_somewhere(self) -> frozenset[str]:
        """The places of jobs that some explanation takes for refusals."""
        return frozenset(refusing.job for explanation in self.ways for refusing in explanation.refusing)

    @cached_property
    def refusing_everywhere(self) -> tuple[Refusing, ...]:
        """What every explanation takes for a refusal (for reasons that may differ)."""
        common: set[str] | None = None
        known: dict[str, Refusing] = {}
        for explanation in self.ways:
            known |= {refusing.job: refusing for refusing in explanation.refusing}
            jobs = {refusing.job for refusing in explanation.refusing}
            common = jobs if common is None else common & jobs
            if not common:
                return ()
        return tuple(known[job] for job in common or ())


class Instant(NamedTuple):
    """What was believed at one moment, and the ids of the jobs in it."""

    belief: Belief
    jobs: tuple[str, ...]

    @property
    def ways(self) -> dict[Explanation, frozenset[str]]:
        """The belief as an oracle holds it."""
        return _renamed(self.belief.ways, {str(place): job for place, job in enumerate(self.jobs)})

    @property
    def explanations(self) -> tuple[Explanation, ...]:
        """The explanations in it."""
        return tuple(self.ways)


class _Step(NamedTuple):
    """What a step leads to: the belief, what it took for certain, and for each place of the new belief the old one."""

    belief: Belief
    taken: tuple[tuple[str, int], ...]
    places: tuple[str, ...]
    moves: bool


_MOST_RECALLED = 12
"""So many of the last steps that took something for certain are kept for blame."""


class RememberingOracle:
    """Tracks the explanations of one item in a recording: the same answers as `Oracle` with unknown surroundings."""

    def __init__(self, stepper: Stepper, states: Iterable[State]) -> None:
        self.stepper = stepper
        self._memory = _memory_of(stepper)
        self._jobs: tuple[str, ...] = ()
        self._belief = self._memory.belief_of_states(tuple(states))
        self._taken: Counter[tuple[tuple[str, int], ...]] = Counter()
        self._last_taken: deque[tuple[tuple[str, int], ...]] = deque(maxlen=_MOST_RECALLED)

    def restart(self, states: Iterable[State]) -> None:
        """Believe nothing but that the item is in one of these states; what was taken for certain stays counted."""
        self._belief, self._jobs = self._memory.belief_of_states(tuple(states)), ()
        self._last_taken.clear()

    def restart_with_job(self, begun: Iterable[tuple[State, State]], job: str) -> None:
        """Believe nothing but that this job runs, which began in a state and led to another one, in one of these ways;
        what was taken for certain stays counted."""
        self._belief, self._jobs = self._memory.belief_of_job(tuple(begun), job)
        self._last_taken.clear()

    def go_back_to(self, instant: Instant) -> None:
        """Believe what was believed then; what was taken for certain since stays counted."""
        self._belief, self._jobs = instant

    @property
    def taken(self) -> Counter[str]:
        """How often each transition was taken for certain."""
        found: Counter[str] = Counter()
        for taken, times in self._taken.items():
            for identifier, each in taken:
                found[identifier] += each * times
        return found

    @property
    def now(self) -> Instant:
        """What is believed now."""
        return Instant(self._belief, self._jobs)

    @property
    def explanations(self) -> tuple[Explanation, ...]:
        """Those that agree with everything so far; never empty."""
        return self.now.explanations

    @property
    def agreed(self) -> Agreed:
        """What all of them agree on."""
        return self._belief.agreed

    @property
    def how_many(self) -> int:
        """How many explanations there are."""
        return len(self._belief.ways)

    @property
    def phase(self) -> str | None:
        """The phase that all explanations share, if they do."""
        return self._belief.phase

    @property
    def list_is_free(self) -> bool:
        """As the oracle's."""
        return self._belief.list_is_free

    def is_open(self, job: str) -> bool:
        """As the oracle's."""
        return self._place_of(job) in self._belief.refusing_somewhere

    @property
    def is_open_everywhere(self) -> bool:
        """Whether every explanation takes one and the same operation for refused."""
        return bool(self._belief.refusing_everywhere)

    def refused_everywhere(self) -> list[Refusing]:
        """What every explanation takes for a refusal (for reasons that may differ)."""
        return [other._replace(job=self._jobs[int(other.job)]) for other in self._belief.refusing_everywhere]

    def _place_of(self, job: str) -> str:
        return str(self._jobs.index(job)) if job in self._jobs else _NEW

    def time_passes(self) -> None:
        """As the oracle's, with nothing known of the surroundings."""
        self._take("time", lambda oracle, name: oracle.time_passes(None), None)

    def request(
        self, event: Event, job: str | None, cancelled: str | None, *, is_idle: bool = False, fails: bool = False
    ) -> None:
        """As the oracle's; of `job` and `cancelled` one is None."""
        named = job if cancelled is None else cancelled
        accepted = job is not None

        def ask(oracle: Oracle, name: str | None) -> None:
            started = None if not accepted else "any" if cancelled is not None else name
            meant = None if cancelled is None else name
            oracle.request(event, None, started, cancelled=meant, is_idle=is_idle, fails=fails)

        self._take(("request", event, accepted, cancelled is None, is_idle, fails), ask, named)

    def saw_job(self, job: str, state: str) -> None:
        """As the oracle's."""
        self._take(("job", state), lambda oracle, name: oracle.saw_job(str(name), state), job)

    def saw(self, seen: Observation, surroundings: Set[str] | None) -> None:
        """As the oracle's."""
        job = seen.current_job
        tells_job = job is not UNKNOWN

        def look(oracle: Oracle, name: str | None) -> None:
            oracle.saw(seen._replace(current_job=name) if tells_job else seen, surroundings)

        self._take(
            ("look", MATCHED(seen), tells_job, None if surroundings is None else frozenset(surroundings)),
            look,
            job if tells_job else None,
        )

    def _take(self, kind: Hashable, step: Callable[[Oracle, str | None], None], job: str | None) -> None:
        """Take a step that concerns `job`.

        Raises:
            Disagreement: as the oracle's step does, with the ids of the jobs.
        """
        place = None if job is None else self._place_of(job)
        known = self._memory.steps.get((self._belief, kind, place))
        if known is None:
            known = self._memory.work_out(self._belief, step, place)
            if known is None:
                oracle = Oracle(self.stepper)
                oracle.resume(self.now.ways, [[name for name, _ in taken] for taken in self._last_taken])
                step(oracle, job)
                raise AssertionError("a step cannot fail with places and succeed with ids")
            self._memory.keep((self._belief, kind, place), known)
        self._belief = known.belief
        if known.taken:
            self._taken[known.taken] += 1
            self._last_taken.append(known.taken)
        if known.moves:
            self._jobs = tuple([str(job) if old == _NEW else self._jobs[int(old)] for old in known.places])


_Key = tuple[Belief, Hashable, str | None]


class _Memory:
    """The steps that were worked out for one lifecycle."""

    def __init__(self, stepper: Stepper) -> None:
        self._oracle = Oracle(stepper)
        self.steps: dict[_Key, _Step] = {}
        self._beliefs: dict[frozenset[tuple[Explanation, frozenset[str]]], Belief] = {}
        self._starts: dict[tuple[State, ...], Belief] = {}
        self._explanations = 0

    def belief_of_states(self, states: tuple[State, ...]) -> Belief:
        """Nothing is known but that the item is in one of these states."""
        known = self._starts.get(states)
        if known is None:
            self._oracle.start(states)
            known = self._starts[states] = self._canonical(self._oracle.belief)[0]
        return known

    def belief_of_job(self, begun: Iterable[tuple[State, State]], job: str) -> tuple[Belief, tuple[str, ...]]:
        """Nothing is known but that this job began in a state, and led to another one."""
        rests = ((self._oracle.at_rest(source), target) for source, target in begun)
        return self._canonical({Explanation(target, job, origin=rest): frozenset() for rest, target in rests})

    def work_out(self, belief: Belief, step: Callable[[Oracle, str | None], None], place: str | None) -> _Step | None:
        """Take a step for the first time; None if nothing agrees with it."""
        self._oracle.resume(belief.ways)
        self._oracle.taken.clear()
        try:
            step(self._oracle, place)
        except Disagreement:
            return None
        after, places = self._canonical(self._oracle.belief)
        same = places == tuple(map(str, range(belief.places)))
        return _Step(after, tuple(self._oracle.taken.items()), places, not same)

    def keep(self, key: _Key, step: _Step) -> None:
        """Remember a step."""
        if self._explanations > MOST_REMEMBERED or len(self.steps) > MOST_REMEMBERED:
            self.steps.clear()
            self._beliefs.clear()
            self._starts.clear()
            self._explanations = 0
        self.steps[key] = step

    def _canonical(self, ways: Mapping[Explanation, frozenset[str]]) -> tuple[Belief, tuple[str, ...]]:
        """The belief with its jobs at the places 0, 1, ... in the order they appear, and what they were called."""
        order: dict[str, str] = {}
        for explanation in ways:
            for name in _jobs_in(explanation):
                order.setdefault(name, str(len(order)))
        renamed = _renamed(ways, order)
        key = frozenset(renamed.items())
        belief = self._beliefs.get(key)
        if belief is None:
            belief = self._beliefs[key] = Belief(renamed, len(order), self._oracle.stepper.efsm)
            self._explanations += len(renamed)
        return belief, tuple(order)


@cache
def _memory_of(stepper: Stepper) -> _Memory:
    return _Memory(stepper)


def _jobs_in(explanation: Explanation) -> Iterable[str]:
    if explanation.job not in (None, SERVICE_JOB):
        yield str(explanation.job)
    for job, _ in explanation.ended:
        if job != SERVICE_JOB:
            yield job
    for refusing in explanation.refusing:
        yield refusing.job


def _renamed(ways: Mapping[Explanation, frozenset[str]], names: Mapping[str, str]) -> _Ways:
    after: _Ways = {}
    for (state, job, ended, refusing, origin), way in ways.items():
        changed = Explanation(
            state,
            names.get(job, job) if job is not None else None,
            tuple((names.get(name, name), end) for name, end in ended),
            tuple(other._replace(job=names.get(other.job, other.job)) for other in refusing),
            origin,
        )
        after[changed] = way
    return after
