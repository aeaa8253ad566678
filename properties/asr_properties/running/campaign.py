"""One run: engines spend the budget on the implementation, failures are made minimal, everything is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from time import sleep

from asr_model.profiles import lts as lts_of
from asr_model.profiles import stepper as stepper_of
from asr_properties.contract.connection import AdapterError, Connection, Implementation
from asr_properties.counterexamples.blame import FORGETS, outlasting
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.counterexamples.flakiness import Flakiness, Walk
from asr_properties.counterexamples.minimise import Minimal, Minimiser
from asr_properties.generation.coverage import Coverable, Coverage
from asr_properties.generation.lifecycle_machine import rule_based_runs
from asr_properties.generation.random_walks import random_walks
from asr_properties.generation.transition_tour import TransitionTour
from asr_properties.running.budget import Budget
from asr_properties.running.repetition import OUTLIVES, RememberingSession, confirm, repeat_failure, repeat_sample
from asr_properties.running.requirement_verdicts import (
    Overall,
    RequirementVerdict,
    Verdict,
    overall,
    requirement_verdicts,
)
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.polling import PATIENCE
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind

EXAMPLES = 200
"""Walks that Hypothesis draws in one go: the first of each lot is always its plainest one."""
MOST_COUNTEREXAMPLES = 5
SHORT = 8
MOST_TRIES = 3
"""A counterexample of more steps than SHORT is looked for again, at so many failures of its kind."""
MOST_FAILURES = 40
"""After so many failures the implementation is known well enough; the run says that it stopped."""


class Engine(StrEnum):
    """How walks are made."""

    TOUR = "tour"
    RANDOM = "random"
    RULES = "rules"
    ALL = "all"


#: Engine -> the engines it stands for, each with the part of the budget after which it hands over.
_PLAN = {
    Engine.TOUR: ((Engine.TOUR, 1.0),),
    Engine.RANDOM: ((Engine.RANDOM, 1.0),),
    Engine.RULES: ((Engine.RULES, 1.0),),
    Engine.ALL: ((Engine.TOUR, 0.75), (Engine.RANDOM, 0.97), (Engine.RULES, 1.0)),
}


@dataclass
class RunResult:
    """All that a run found out; `adapter_error` and `stopped` say why it ended early, if it did. `flaky` are walks that
    broke no rule but were answered differently when they were done again; failing ones are in `counterexamples`.

    first_failures: each requirement that failed, and after how many steps it did so first.
    """

    profile: str
    seed: int
    budget: str
    engine: str
    adapter: str
    overall: Overall = Overall.INCOMPLETE
    verdicts: list[RequirementVerdict] = field(default_factory=list)
    counterexamples: list[Counterexample] = field(default_factory=list)
    flaky: list[Flakiness] = field(default_factory=list)
    failures: int = 0
    first_failures: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    items: int = 0
    coverage: Coverage = field(default_factory=Coverage)
    coverable: Coverable | None = None
    hello: dict[str, object] = field(default_factory=dict)
    adapter_error: AdapterError | None = None
    stopped: str = ""


class Campaign:
    """A run of one implementation. `run` never raises for what the implementation or its adapter do.

    until: told after every failure the requirements that have failed so far; the run ends once it says so. `bool` ends
    it at the first failure. repeats: whether failing walks are done again, to make them short and to tell flaky ones.
    rest: lets seconds pass where there is no clock.
    """

    def __init__(
        self,
        factory: Callable[[], Implementation],
        *,
        profile: str,
        budget: Budget,
        engine: Engine = Engine.ALL,
        seed: int = 0,
        adapter: str = "",
        drills_exclude: bool = True,
        patience: float = PATIENCE,
        repeats: bool = True,
        rest: Callable[[float], None] = sleep,
        progress: Callable[[float, str], None] = lambda spent, engine: None,
        until: Callable[[Set[str]], bool] = lambda failed: False,
    ) -> None:
        self._factory = factory
        self._drills_exclude = drills_exclude
        self._patience, self._rest, self._repeats = patience, rest, repeats
        self._properties = tuple(p for p in properties_of(profile) if drills_exclude or "X15" not in p.requirements)
        self._budget = budget
        self._engine = engine
        self._seed = seed
        self._progress = progress
        self._until = until
        self._lts = lts_of(profile)
        self._stepper = stepper_of(profile)
        self._seen: Counter[str] = Counter()
        self._kept: dict[str, Counterexample] = {}
        self._blamed: dict[str, str] = {}
        self.result = RunResult(profile, seed, str(budget), engine.value, adapter, coverable=Coverable.of(self._lts))

    def run(self) -> RunResult:
        """Spend the budget; what is known so far is in `result` even if this is interrupted."""
        result = self.result
        self._budget.restart()
        connection: Connection | None = None
        session: RememberingSession | None = None
        profile = result.profile
        try:
            try:
                connection = Connection(self._begin())
                result.hello = connection.hello.model_dump()
                if connection.hello.profile != profile:
                    raise AdapterError(
                        f"the adapter is of the profile {connection.hello.profile!r}, the run of {profile!r}",
                        sent="hello",
                        got=f"profile={connection.hello.profile!r}",
                        hint=f"run it with --profile {connection.hello.profile}",
                    )
                session = self._session(connection)
                for engine, until in _PLAN[self._engine]:
                    self._spend(engine, session, until)
                self._repeat(session)
                if connection.is_irreplaceable:
                    self._progress(1.0, "bringing the item back")
                connection.bye()
            except AdapterError as error:
                result.adapter_error = error
            except KeyboardInterrupt:
                result.stopped = "interrupted"
        finally:
            self._conclude(connection, session)
        return result

    def _begin(self) -> Implementation:
        try:
            return self._factory()
        except AdapterError:
            raise
        except (Exception, SystemExit) as error:
            raise AdapterError(
                "the adapter did not start",
                sent="the factory's call",
                got=f"{type(error).__name__}: {error}",
                hint="the factory takes no arguments and returns the adapter",
            ) from error

    def _session(self, connection: Connection) -> RememberingSession:
        monitors = PropertyMonitors(self._properties, EvidenceKind.LIVE)
        return RememberingSession(
            connection,
            self._stepper,
            monitors,
            drills_exclude=self._drills_exclude,
            patience=self._patience,
            rest=self._rest,
            random=Random(self._seed),
        )

    # -- engines -----------------------------------------------------------------------------------------------

    def _spend(self, engine: Engine, session: RememberingSession, until: float) -> None:
        def go_on() -> bool:
            spent = self._budget.spent(session.performed)
            self._progress(spent, engine.value)
            return spent < until and not self.result.stopped

        if engine is Engine.TOUR:
            steering = TransitionTour(session, self._lts, Random(self._seed))
            while go_on():
                try:
                    for _ in steering.walks():
                        if not go_on():
                            return
                    return  # nothing is left that a tour could learn
                except NonConformance as failure:
                    self._take(failure, session, engine)
            return

        def failed(failure: NonConformance) -> None:
            self._take(failure, session, engine)

        start = self._seed
        while go_on():
            if engine is Engine.RANDOM:
                random_walks(session, self._stepper, EXAMPLES, start, go_on, failed)
            else:
                rule_based_runs(session, self._stepper.efsm.profile, EXAMPLES, 40, start, go_on, failed)
            start += 1

    def _take(self, failure: NonConformance, session: RememberingSession, engine: Engine) -> None:
        """Count a failure; of each kind the shortest counterexample is kept, and the certain one before the flaky."""
        result = self.result
        result.failures += 1
        if result.failures >= MOST_FAILURES:
            result.stopped = f"stopped after {MOST_FAILURES} failures"
        kind = failure.blamed[0] if failure.blamed else ""
        self._seen[kind] += 1
        known = self._kept.get(kind)
        full = known is None and len(self._kept) >= MOST_COUNTEREXAMPLES
        short = known is not None and not known.flaky and (len(known.actions) <= SHORT or self._seen[kind] > MOST_TRIES)
        if full or short or self._seen[kind] > 2 * MOST_TRIES:
            like = "no counterexample of its kind was kept" if known is None else _doubt(known)
            self._blame([r for r in failure.blamed if r not in self._blamed], like, session.performed)
            return
        before = session.performed
        whole = Minimal(session.started, tuple(step.action for step in failure.steps), failure, 0)
        if not self._repeats:
            self._keep(before, failure, engine, whole)
            return
        session.samples = False  # what minimising does is told apart from the walks of the budget, and from their cost
        try:
            self._keep(before, failure, engine, *self._minimal(whole, session))
        except (AdapterError, KeyboardInterrupt):
            self._keep(before, failure, engine, whole)  # what was seen was seen
            raise
        finally:
            session.performed, session.samples = before, True

    def _blame(self, requirements: Iterable[str], doubt: str, steps: int) -> None:
        """These requirements have failed after so many steps; `doubt` as for `_doubt`."""
        for identifier in requirements:
            self._blamed[identifier] = self._blamed.get(identifier, "?") and doubt
            self.result.first_failures.setdefault(identifier, steps)
        if self._until(self._blamed.keys()):
            self.result.stopped = "stopped at the failure that was looked for"

    def _keep(
        self,
        steps: int,
        failure: NonConformance,
        engine: Engine,
        minimal: Minimal,
        flaky: Flakiness | None = None,
        alone: tuple[str, ...] = (),
    ) -> None:
        result = self.result
        found = Counterexample.of(
            minimal,
            self._stepper,
            adapter=result.adapter,
            seed=self._seed,
            found_by=f"{engine.value}, seed {self._seed}",
            drills_exclude=self._drills_exclude,
            flaky=flaky,
        )
        self._blame(alone or (*failure.blamed, *found.requirements), _doubt(found), steps)
        shown = next(iter(found.requirements), "")
        known = self._kept.get(shown)
        if known is None or _telling(found) < _telling(known):
            self._kept[shown] = found
        result.counterexamples = list(self._kept.values())

    def _minimal(
        self, whole: Minimal, session: RememberingSession
    ) -> tuple[Minimal, Flakiness | None, tuple[str, ...]]:
        """The failing walk, as short as can be, how it is flaky if it is (then it is not shortened), and the
        requirements that alone are to blame, if that is not for its failure to tell."""
        failure = whole.failure
        walk = Walk(whole.configuration, failure.steps, failure)
        flaky = repeat_failure(session, walk)
        if flaky is not None:
            return _blaming(whole, flaky, ())
        minimiser = Minimiser(session, self._lts)
        minimal = minimiser.minimise(walk.configuration, failure)
        if minimal is None:
            return whole, repeat_failure(session, walk), ()
        flaky = confirm(session, minimal, lambda: self._session(Connection(self._begin())))
        return _blaming(minimal, flaky, outlasting(minimal, minimiser) if flaky is None else ())

    def _repeat(self, session: RememberingSession) -> None:
        """See whether walks that did not fail are answered alike when they are done again."""
        before = session.performed
        try:
            self.result.flaky = list(repeat_sample(session))
        finally:
            session.performed = before

    def _conclude(self, connection: Connection | None, session: Session | None) -> None:
        result = self.result
        if session is not None:
            result.steps, result.items = session.performed, session.items
            result.coverage = Coverage(
                phases={state.phase for state in session.states} | {phase for phase, _ in session.tries.pairs},
                states=set(session.states),
                transitions=set(session.oracle.taken),
                pairs=session.tries.pairs,
            )
        taken = session.oracle.taken if session is not None else {}
        exercised = session.monitors.exercised if session is not None else {}
        result.verdicts = requirement_verdicts(
            self._stepper.efsm,
            self._properties,
            connection,
            taken,
            exercised,
            self._blamed,
            session.witnessed if session is not None else {},
            hides_tasks=session is not None and session.hides_tasks,
        )
        if not self._drills_exclude:
            turned_off = RequirementVerdict("X15", Verdict.NOT_APPLICABLE, 0, "turned off for this run (A12)")
            result.verdicts = [turned_off if v.requirement == "X15" else v for v in result.verdicts]
        result.overall = overall(
            result.verdicts,
            interrupted=result.stopped == "interrupted",
            adapter_failed=result.adapter_error is not None,
        )


def _blaming(
    minimal: Minimal, flaky: Flakiness | None, alone: tuple[str, ...]
) -> tuple[Minimal, Flakiness | None, tuple[str, ...]]:
    """The same, its failure blamed first on what should have been over or forgotten, if something was not."""
    if flaky is not None and flaky.cause == OUTLIVES:
        alone = (FORGETS,)
    minimal.failure.blamed = tuple(dict.fromkeys((*alone, *minimal.failure.blamed)))
    return minimal, flaky, alone


def _doubt(counterexample: Counterexample) -> str:
    """What makes its blame less than certain; empty if nothing does."""
    return counterexample.flaky.reason if counterexample.flaky else ""


def _telling(counterexample: Counterexample) -> tuple[bool, int]:
    """The smaller, the more it tells: certain ones before flaky ones, then short ones."""
    return counterexample.flaky is not None, len(counterexample.actions)
