"""What the oracle believes of an item, step by step, worked out once for all mutants of a lifecycle.

Each belief has a number. Jobs have no ids here but names: the one that runs is `RUNNING` at the beginning of a step,
the one that a request begins is `ASKED`, and one that begins by itself is `OWN`. What is known of jobs that have ended
is forgotten after the look that shows it: nobody asks about them again.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from asr_model.efsm import Event
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.oracle.disagreement import Disagreement
from asr_properties.oracle.explanation import Explanation
from asr_properties.oracle.oracle import Oracle

RUNNING, ASKED, OWN, ENDED = "running", "asked", "own", "ended"

BEYOND_EVERY_BOUND = 30 * 3600.0
"""Seconds after which nothing is due any more that has not happened (contract, Time)."""


class Look(NamedTuple):
    """All that is seen of an item and compared with the model. Empty texts are what is not known. allowed: the listed
    operations, None where none are shown. other_points: the best kind of point that is not in use. current_job: the
    name of the job that is shown, None if none is."""

    phase: str
    drill: str
    serving: str
    replicating: str
    instance: str
    allowed: frozenset[str] | None
    points: str
    other_points: str
    on_premises: str
    azure: str
    current_job: str | None


class Seen(NamedTuple):
    """What was done and seen in one step. event: what was asked for; None: time passed. holds: the conditions that
    hold. is_accepted: how it was answered. running, asked, own: the states of these jobs after the step; empty if there
    is no such job. is_late: so much time has passed that nothing is due. look: the number of the look. look_after: of
    the look when every fault has ended, where that is another one. is_awaited: whether the end of the job that was
    asked for was waited for: it is one that only refuses, or has no effect."""

    event: Event | None
    holds: frozenset[str]
    is_accepted: bool
    running: str
    asked: str
    own: str
    is_late: bool
    look: int
    look_after: int | None = None
    is_awaited: bool = False


class Taken(NamedTuple):
    """The transitions that a step took: for certain, whatever is believed, and by some of what is believed."""

    certain: frozenset[str]
    possible: frozenset[str]


class Beliefs:
    """The beliefs of the oracle about one lifecycle."""

    def __init__(self, stepper: Stepper) -> None:
        self._oracle = Oracle(stepper)
        self._efsm = stepper.efsm
        self._number: dict[frozenset[Explanation], int] = {}
        self._explanations: list[frozenset[Explanation]] = []
        self._after: dict[tuple[int, Seen], int | None] = {}
        self._looks: dict[Look, int] = {}
        self._observations: list[Observation] = []
        self._may_be_late: dict[int, bool] = {}
        self._taken: dict[tuple[int, Seen], Taken] = {}
        self.first = self._numbered(frozenset({Explanation(stepper.initial)}))

    @property
    def known(self) -> int:
        """How many steps were worked out."""
        return len(self._after)

    def look(self, look: Look) -> int:
        """The number of a look."""
        number = self._looks.get(look)
        if number is None:
            number = self._looks[look] = len(self._observations)
            self._observations.append(_observation(look))
        return number

    def after(self, belief: int, seen: Seen, plain: frozenset[str]) -> int | None:
        """What is believed after a step; None if nothing agrees with it. plain: the conditions that hold when every
        fault has ended, after which the item is looked at once more."""
        key = (belief, seen)
        if key not in self._after:
            try:
                self._after[key] = self._numbered(self._worked_out(belief, seen, plain))
                certain = frozenset(self._oracle.taken)
                self._taken[key] = Taken(certain, certain.union(*self._oracle.belief.values()))
            except Disagreement:
                self._after[key] = None
        return self._after[key]

    def taken(self, belief: int, seen: Seen) -> Taken:
        """What a step took that agrees with the model, once `after` has told what is believed after it."""
        return self._taken[belief, seen]

    def states(self, belief: int) -> frozenset[State]:
        """The states of the model that an item may be in."""
        return frozenset(explanation.state for explanation in self._explanations[belief])

    def disagreement(
        self, belief: int, seen: Seen, plain: frozenset[str], history: Iterable[Iterable[str]] = ()
    ) -> Disagreement:
        """Why nothing agrees with a step. history: what was taken for certain before, in order: a rule is blamed by it.

        Raises:
            ValueError: something does.
        """
        try:
            self._worked_out(belief, seen, plain, history)
        except Disagreement as error:
            return error
        raise ValueError("the step agrees with the model")

    def shown_phase(self, look: int) -> str:
        """The phase that a look shows."""
        return str(self._observations[look].phase)

    def may_be_late(self, belief: int) -> bool:
        """Whether something is due by some explanation."""
        found = self._may_be_late.get(belief)
        if found is None:
            found = self._may_be_late[belief] = any(
                self._efsm.phases[e.state.phase].settles_within is not None
                or self._efsm.drills[e.state.drill].settles_within is not None
                or e.state.resynchronizing
                for e in self._explanations[belief]
            )
        return found

    def _worked_out(
        self, belief: int, seen: Seen, plain: frozenset[str], history: Iterable[Iterable[str]] = ()
    ) -> frozenset[Explanation]:
        oracle = self._oracle
        oracle.taken.clear()
        oracle.resume(dict.fromkeys(self._explanations[belief], frozenset()), history)
        if seen.event is None:
            oracle.time_passes(seen.holds, BEYOND_EVERY_BOUND if seen.is_late else 0.0)
            if seen.is_late and seen.running == "in_progress":  # as a session finds when it waits for a job
                what, allowed = "the job that was waited for still runs", ["the job has ended, within 24 hours"]
                raise Disagreement(what, allowed, ["R25"], oracle.explanations)
        else:
            cancelled = None
            if seen.event.name == Operation.CANCEL_JOB:
                cancelled = RUNNING if dict(seen.event.arguments)["job"] == "running" else ENDED
            oracle.request(seen.event, seen.holds, ASKED if seen.is_accepted else None, cancelled=cancelled)
            oracle.no_time_passes(seen.holds)
            if seen.is_awaited:
                oracle.saw_job(ASKED, "in_progress")
                oracle.time_passes(seen.holds)
        oracle.saw_service_jobs([OWN] if seen.own else [])
        for job, state in ((RUNNING, seen.running), (ASKED, seen.asked), (OWN, seen.own)):
            if state:
                oracle.saw_job(job, state)
        observation = self._observations[seen.look]
        oracle.saw(observation, seen.holds)
        if seen.holds != plain:
            oracle.saw(observation if seen.look_after is None else self._observations[seen.look_after], plain)
        return frozenset(map(_forgetful, oracle.explanations))

    def _numbered(self, explanations: frozenset[Explanation]) -> int:
        number = self._number.get(explanations)
        if number is None:
            number = self._number[explanations] = len(self._explanations)
            self._explanations.append(explanations)
        return number


@cache
def beliefs_of(stepper: Stepper) -> Beliefs:
    """The beliefs about a lifecycle, shared by all that asks for them in this process."""
    return Beliefs(stepper)


def _forgetful(explanation: Explanation) -> Explanation:
    """The explanation with the job that runs called RUNNING, and without those that have ended."""
    job = explanation.job
    refusing = tuple(other._replace(job=RUNNING) for other in explanation.refusing)
    return explanation._replace(job=RUNNING if job in (ASKED, OWN) else job, ended=(), refusing=refusing)


def look_of(seen: Observation, current_job: str | None) -> Look:
    """What is compared of an observation, as `Beliefs` takes it. current_job: the name of the job that it shows."""
    return Look(
        phase=known(seen.phase) or "",
        drill=known(seen.drill) or "",
        serving=known(seen.serving) or "",
        replicating=known(seen.replicating) or "",
        instance=known(seen.instance) or "",
        allowed=known(seen.allowed),
        points=seen.points,
        other_points=seen.other_points,
        on_premises=seen.on_premises,
        azure=seen.azure,
        current_job="" if seen.current_job is UNKNOWN else current_job,
    )


def _observation(look: Look) -> Observation:
    return Observation(
        phase=look.phase or UNKNOWN,
        drill=look.drill or UNKNOWN,
        serving=look.serving or UNKNOWN,
        replicating=look.replicating or UNKNOWN,
        allowed=UNKNOWN if look.allowed is None else look.allowed,
        points=look.points,
        other_points=look.other_points,
        on_premises=look.on_premises,
        azure=look.azure,
        instance=look.instance or UNKNOWN,
        current_job=UNKNOWN if look.current_job == "" else look.current_job,
    )
