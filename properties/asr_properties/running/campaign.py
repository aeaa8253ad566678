"""One run of an implementation: the engines spend the budget on it, and then every requirement gets its verdict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Set
from random import Random
from time import sleep
from typing import TYPE_CHECKING

from asr_model.profiles import lts as lts_of
from asr_model.requirements import CATALOGUE
from asr_properties.contract.connection import AdapterError, Connection, Implementation, started
from asr_properties.generation.coverage import Coverable, Coverage
from asr_properties.running.accounting import account_of
from asr_properties.running.budget import Budget
from asr_properties.running.earlier_walks import EarlierWalks
from asr_properties.running.engines import SHARES, Engine, make_walks
from asr_properties.running.given_walks import GivenWalks, do_given
from asr_properties.running.kept_counterexamples import KeptCounterexamples
from asr_properties.running.repetition import RememberingSession, repeat_sample
from asr_properties.running.requirement_verdicts import (
    Findings,
    RequirementVerdict,
    Verdict,
    mandatory,
    requirement_verdicts,
)
from asr_properties.running.run_memory import RunMemory
from asr_properties.running.run_result import RunResult
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.polling import PATIENCE
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind

if TYPE_CHECKING:
    from hypothesis.database import ExampleDatabase


COMPLETE = (
    "everything mandatory was exercised, and nothing that can be covered is left: a longer run would do the same with "
    "other data"
)
"""Why a run ended before its budget did."""

PLAN = "plan"
"""What made the walks of a run that does a plan, in the place of an engine."""


class Campaign:
    """A run of one implementation. `run` never raises for what the implementation or its adapter do.

    drills_exclude, patience, rest: as for `Session`. repeats: whether failing walks are done again, which makes them
    short and shows which are flaky. progress: is told the part of the budget that is spent, what is going on, and how
    many steps were done.
    until: is told after every failure the requirements that have failed so far, and says whether the run is to end;
    `bool` ends it at the first failure. max_failures: so many failing walks end it as well. until_complete: whether it
    ends, whatever is left of the budget, once everything mandatory was exercised and nothing that can be covered is
    left. wanted: requirements of which a counterexample is kept, whatever else fails. database: keeps failing walks;
    those of earlier runs are tried first. given: walks that are done instead of those that an engine makes; the verdict
    is on all that was seen of them, in earlier sessions too.
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
        progress: Callable[[float, str, int], None] = lambda spent, engine, steps: None,
        until: Callable[[Set[str]], bool] = lambda failed: False,
        max_failures: int | None = None,
        until_complete: bool = False,
        wanted: Collection[str] = (),
        database: ExampleDatabase | None = None,
        given: GivenWalks | None = None,
    ) -> None:
        self._factory = factory
        self._drills_exclude = drills_exclude
        self._patience, self._rest = patience, rest
        self._properties = tuple(p for p in properties_of(profile) if drills_exclude or "X15" not in p.requirements)
        self._budget = budget
        self._engine = engine
        self._seed = seed
        self._progress = progress
        # Where no failing walk is done again, it is not done in the next run either.
        self._earlier = EarlierWalks(database, adapter, profile) if database is not None and repeats else None
        self._given = given
        self._max_failures, self._until_complete = max_failures, until_complete
        self._lts = lts_of(profile)
        made_by = engine.value if given is None else PLAN
        self.result = RunResult(profile, seed, str(budget), made_by, adapter, Coverable.of(self._lts))
        self._counterexamples = KeptCounterexamples(
            self.result,
            self._lts,
            repeats=repeats,
            drills_exclude=drills_exclude,
            another_session=lambda: self._session(Connection(started(self._factory))),
            until=until,
            wanted=wanted,
        )

    def run(self) -> RunResult:
        """Spend the budget. What is known so far is in `result`, even if this is interrupted."""
        result = self.result
        self._budget.restart()
        connection: Connection | None = None
        session: RememberingSession | None = None
        try:
            connection = Connection(started(self._factory))
            result.hello = connection.hello.model_dump()
            self._check_profile(connection)
            session = self._session(connection)
            self._try_earlier_walks(session)
            if self._given is not None:
                do_given(self._given, session, *self._spending(PLAN, session, until=1.0), self._memory_of(session))
            else:
                self._let_engines_spend(connection, session)
                self._repeat_sample(session)
            if connection.is_irreplaceable:
                self._progress(1.0, "bringing the item back", session.performed)
            connection.bye()
        except AdapterError as error:
            result.adapter_error = error
        except KeyboardInterrupt:
            result.stopped = "interrupted"
        finally:
            self._conclude(connection, session)
            if self._earlier is not None:
                self._earlier.keep(result.counterexamples)
        return result

    def _check_profile(self, connection: Connection) -> None:
        profile = connection.hello.profile
        if profile != self.result.profile:
            raise AdapterError(
                f"the adapter is of the profile {profile!r}, the run of {self.result.profile!r}",
                sent="hello",
                got=f"profile={profile!r}",
                hint=f"run it with --profile {profile}",
            )

    def _session(self, connection: Connection) -> RememberingSession:
        return RememberingSession(
            connection,
            self._lts.stepper,
            PropertyMonitors(self._properties, EvidenceKind.LIVE, connection.offered),
            drills_exclude=self._drills_exclude,
            patience=self._patience,
            rest=self._rest,
            random=Random(self._seed),
        )

    def _let_engines_spend(self, connection: Connection, session: RememberingSession) -> None:
        for engine, until in SHARES[self._engine]:
            self._spend(engine, session, until)
            if self._until_complete and self._is_complete(connection, session):
                self.result.stopped = self.result.stopped or COMPLETE
                return

    def _memory_of(self, session: Session) -> Callable[[], RunMemory]:
        return lambda: RunMemory.of(session, self._lts, self.result, self._counterexamples)

    def _spend(self, engine: Engine, session: RememberingSession, until: float) -> None:
        """Let an engine make walks until this part of the budget is spent, or the run is to end."""
        go_on, failed = self._spending(engine.value, session, until)
        make_walks(engine, session, self._lts, self._seed, go_on, failed)

    def _try_earlier_walks(self, session: RememberingSession) -> None:
        if self._earlier is not None:
            self._earlier.try_again(session, *self._spending("an earlier run", session, until=1.0))

    def _spending(
        self, name: str, session: RememberingSession, until: float
    ) -> tuple[Callable[[], bool], Callable[[NonConformance], None]]:
        """Whether this part of the budget lasts, and what takes failures. name: what makes the walks."""

        def go_on() -> bool:
            spent = self._budget.spent(session.performed)
            self._progress(spent, name, session.performed)
            return spent < until and not self.result.stopped

        def failed(failure: NonConformance) -> None:
            self._counterexamples.take(failure, session, name)
            if self._max_failures is not None and self.result.failures >= self._max_failures:
                self.result.stopped = self.result.stopped or _stopped_after(self.result.failures)

        return go_on, failed

    def _repeat_sample(self, session: RememberingSession) -> None:
        """See whether walks that did not fail are answered alike when they are done again."""
        before = session.performed, session.items
        try:
            self.result.flaky = list(repeat_sample(session))
        finally:
            session.performed, session.items = before  # repetitions do not count as steps of the run

    def _is_complete(self, connection: Connection, session: Session) -> bool:
        """Whether everything mandatory was exercised, and nothing that can be covered is left."""
        account = self.result.account = account_of(session, self._lts)
        verdicts = requirement_verdicts(self._lts.stepper.efsm, self._properties, connection, self._findings(session))
        open_ = [v for v in verdicts if v.outcome is Verdict.NOT_EXERCISED and mandatory(CATALOGUE[v.requirement])]
        return account.is_complete and not open_

    def _conclude(self, connection: Connection | None, session: Session | None) -> None:
        """Give the verdicts, on as much as was seen."""
        result = self.result
        if session is not None and self._given is not None:
            self._given.keep(self._memory_of(session)(), None)
            for memory in self._given.earlier():
                memory.add_to(session, self._lts, self._counterexamples)
        if session is not None:
            result.steps, result.items = session.performed, session.items
            result.coverage = Coverage.of(session)
            result.account = account_of(session, self._lts)
        result.verdicts = requirement_verdicts(
            self._lts.stepper.efsm, self._properties, connection, self._findings(session)
        )
        if not self._drills_exclude:
            turned_off = RequirementVerdict("X15", Verdict.NOT_APPLICABLE, 0, "turned off for this run (A12)")
            result.verdicts = [turned_off if v.requirement == "X15" else v for v in result.verdicts]
        result.overall = result.overall_by(result.verdicts)

    def _findings(self, session: Session | None) -> Findings:
        if session is None:
            return Findings(failed=self._counterexamples.blamed)
        return Findings(
            taken=session.oracle.taken,
            exercised=session.monitors.exercised,
            failed=self._counterexamples.blamed,
            witnessed=session.witnessed,
            hides_tasks=session.hides_tasks,
            asked=session.tries.asked,
            never_shown=self.result.account.never_shown(self._lts.stepper.efsm),
            not_offered=self.result.account.not_offered,
        )


def _stopped_after(failures: int) -> str:
    return f"stopped after {failures} failing {'walk' if failures == 1 else 'walks'}"
