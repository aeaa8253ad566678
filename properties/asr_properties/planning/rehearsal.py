"""A walk that is rehearsed on the reference: what it puts to the test, and how long it would take for real."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from asr_model.lts import Lts
from asr_model.profiles import lts as lts_of
from asr_model.state import State
from asr_properties.contract.connection import Connection, started
from asr_properties.evidence.actions import Action
from asr_properties.evidence.step import Step
from asr_properties.generation.coverage import Coverage
from asr_properties.planning.durations import REFUSED, Durations
from asr_properties.planning.slow_service import SlowService
from asr_properties.running.given_walks import may_be_done
from asr_properties.running.requirement_verdicts import Findings, Verdict, requirement_verdicts
from asr_properties.session.session import Session
from asr_properties.session.tries import asked_by
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind

TRANSITION, PAIR, REQUIREMENT = "transition", "pair", "requirement"


class Gain(NamedTuple):
    """One thing that a test puts to the test. sort: `transition`, by its id; `pair`: an operation asked for in a
    phase; `requirement`, by its id."""

    sort: str
    where: str
    what: str = ""


class Candidate(NamedTuple):
    """A test that may be chosen. minutes: what it takes, the way home included. gains: what it puts to the test."""

    actions: tuple[Action, ...]
    minutes: float
    gains: frozenset[Gain]


class Rehearsal:
    """One walk on the reference, shown as the real service shows an item: without a clock, faults or settings.

    Attributes:
        session: judges the walk, as a run would.
        done: the actions that could be done.
        idle: minutes that the running job still takes, in which refusals cost no time.
    """

    def __init__(self, profile: str, durations: Durations) -> None:
        self._slow = SlowService(profile)
        self._durations = durations
        self._properties = properties_of(profile)
        self.lts: Lts = lts_of(profile)
        self._connection = Connection(started(lambda: self._slow))
        monitors = PropertyMonitors(self._properties, EvidenceKind.LIVE, self._connection.offered)
        self.session = Session(self._connection, self.lts.stepper, monitors, patience=1.0, rest=self._slow.rest)
        self.session.begin()
        self.done: list[Action] = []
        self.idle = 0.0
        self._asked = 0.0

    @property
    def state(self) -> State:
        """A state of the model that the item may be in."""
        return self.session.oracle.explanations[0].state

    def perform(self, action: Action) -> Step:
        """Do an action; raises as `Session.perform` does. A request that cannot be made is no part of the walk."""
        before = self.session.oracle.explanations
        step = self.session.perform(action)
        if step.answer.startswith("skipped") and action.kind != "wait":
            return step
        self.done.append(action)
        if action.kind in ("request", "cancel_job"):
            # What no state allows is refused, be it by a job.
            if step.answer == "accepted" and any(may_be_done(self.lts.stepper, each, action) for each in before):
                self.idle = self._durations[str(asked_by(action).name)].minutes
                self._asked += self.idle
            else:
                takes = self._durations[REFUSED].minutes
                self._asked += max(0.0, takes - self.idle)
                self.idle = max(0.0, self.idle - takes)
        elif action.kind == "wait":
            self.idle = 0.0
        return step

    def candidate(self) -> Candidate | None:
        """The walk so far as a test; None where nobody could bring the item home from here."""
        home = self._slow.way_home()
        if home is None:
            return None
        minutes = self._asked + sum(self._durations[name].minutes * times for name, times in home.items())
        return Candidate(tuple(self.done), round(minutes, 2), self._gains())

    def _gains(self) -> frozenset[Gain]:
        covered = Coverage.of(self.session)
        gains = {Gain(TRANSITION, name) for name in covered.transitions}
        gains |= {Gain(PAIR, phase, operation) for phase, operation in covered.pairs}
        return frozenset(gains | {Gain(REQUIREMENT, name) for name in self._requirements()})

    def _requirements(self) -> Collection[str]:
        """Those that were put to the test: each of these counts, whatever else a verdict takes."""
        session = self.session
        findings = Findings(
            taken=session.oracle.taken,
            exercised=session.monitors.exercised,
            witnessed=session.witnessed,
            asked=session.tries.asked,
        )
        verdicts = requirement_verdicts(self.lts.stepper.efsm, self._properties, self._connection, findings)
        return [v.requirement for v in verdicts if v.exercised and v.outcome is not Verdict.NOT_APPLICABLE]
