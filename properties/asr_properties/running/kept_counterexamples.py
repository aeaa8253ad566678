"""What becomes of failures: each is made a short counterexample, and of each kind the one that tells most is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from typing import NamedTuple

from asr_model.lts import Lts
from asr_properties.contract.connection import AdapterError
from asr_properties.counterexamples.blame import FORGETS, to_blame, without_idle_faults
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.counterexamples.flakiness import Flakiness, Walk
from asr_properties.counterexamples.minimise import Minimal, Minimiser
from asr_properties.running.repetition import OUTLIVES, RememberingSession, confirm, repeat_failure
from asr_properties.running.run_result import RunResult
from asr_properties.session.nonconformance import MOST_REQUIREMENTS, NonConformance

MOST_COUNTEREXAMPLES = 5
MOST_FAILURES = 40
"""After so many failures the implementation is known well enough. The run ends, and says why."""

SHORT, MOST_TRIES = 8, 3
"""A shorter counterexample of a kind is looked for while the known one has more than SHORT steps, at the first
MOST_TRIES failures of that kind. A certain one is looked for while the known one is flaky, at twice as many."""


class _Reproduced(NamedTuple):
    """A failing walk after it was done again.

    minimal: as short as it could be made. flaky: how it is flaky, if it is. alone: the requirements that are to blame
    alone, where the rule that was broken is not the cause.
    """

    minimal: Minimal
    flaky: Flakiness | None = None
    alone: tuple[str, ...] = ()


class KeptCounterexamples:
    """The counterexamples of one run. The first requirement that a failure blames is its kind.

    result: takes the failures and counterexamples. repeats: whether failing walks are done again, which makes them
    short and shows which are flaky. another_session: starts the implementation anew. until: is told the requirements
    that have failed so far, and says whether the run is to end. wanted: requirements of which one is kept in any case.

    Attributes:
        blamed: each requirement that has failed, with what makes its blame less than certain; empty if nothing does.
    """

    def __init__(
        self,
        result: RunResult,
        lts: Lts,
        *,
        repeats: bool,
        drills_exclude: bool,
        another_session: Callable[[], RememberingSession],
        until: Callable[[Set[str]], bool],
        wanted: Collection[str] = (),
    ) -> None:
        self._result = result
        self._lts = lts
        self._repeats = repeats
        self._drills_exclude = drills_exclude
        self._another_session = another_session
        self._until = until
        self._wanted = set(wanted)
        self._failures: Counter[str] = Counter()
        self._kept: dict[str, Counterexample] = {}
        self.blamed: dict[str, str] = {}

    def take(self, failure: NonConformance, session: RememberingSession, found_by: str) -> None:
        """Count a failure of the walk that the session has just done, and keep its counterexample if it tells more.

        found_by: what made the walk.

        Raises:
            AdapterError: the adapter fails while the walk is done again; the failure is kept all the same.
        """
        self._result.failures += 1
        if self._result.failures >= MOST_FAILURES:
            self._result.stopped = f"stopped after {MOST_FAILURES} failures"
        kind = failure.blamed[0] if failure.blamed else ""
        self._failures[kind] += 1
        wanted = self._lacking(failure.blamed)
        if self._is_known(kind) and not wanted:
            known = self._kept.get(kind)
            doubt = "no counterexample of its kind was kept" if known is None else _doubt(known)
            self._blame([r for r in failure.blamed if r not in self.blamed], doubt, session.performed)
            return
        steps, items = session.performed, session.items
        whole = Minimal(session.started, tuple(step.action for step in failure.steps), failure, 0)
        if not self._repeats:
            self._keep(_Reproduced(whole), failure, steps, found_by)
            self._keep_wanted(wanted, whole, found_by)
            return
        session.samples = False  # repetitions are no walks of the budget: they neither count nor are sampled
        try:
            self._keep(self._reproduced(whole, session), failure, steps, found_by)
        except (AdapterError, KeyboardInterrupt):
            self._keep(_Reproduced(whole), failure, steps, found_by)  # what was seen was seen
            raise
        finally:
            session.performed, session.items, session.samples = steps, items, True
            self._keep_wanted(wanted, whole, found_by)

    def join(
        self, failures: int, failed: Mapping[str, tuple[str, int]], counterexamples: Iterable[Counterexample]
    ) -> None:
        """Let what other sessions have found be found by this one.

        failed: each requirement, with what makes the blame less than certain, and the steps after which it failed.
        """
        self._result.failures += failures
        for identifier, (doubt, steps) in failed.items():
            self.blamed[identifier] = self.blamed.get(identifier, "?") and doubt
            self._result.first_failures.setdefault(identifier, steps)
        for found in counterexamples:
            kind = next(iter(found.requirements), "")
            known = self._kept.get(kind)
            if known is None or _rank(found) < _rank(known):
                self._kept[kind] = found
        self._result.counterexamples = list(self._kept.values())

    def _is_known(self, kind: str) -> bool:
        """Whether another failure of a kind is not worth doing again."""
        known = self._kept.get(kind)
        tries = self._failures[kind]
        if tries > 2 * MOST_TRIES:
            return True
        if known is None:
            return len(self._kept) >= MOST_COUNTEREXAMPLES
        return not known.flaky and (len(known.actions) <= SHORT or tries > MOST_TRIES)

    def _reproduced(self, whole: Minimal, session: RememberingSession) -> _Reproduced:
        """Do a failing walk again, and make it short if it is not flaky."""
        failure = whole.failure
        walk = Walk(whole.configuration, failure.steps, failure)
        flaky = repeat_failure(session, walk, self._another_session)
        if flaky is not None:
            return _blaming(_Reproduced(whole, flaky))
        minimiser = Minimiser(session, self._lts)
        minimal = minimiser.minimise(walk.configuration, failure)
        if minimal is None:
            return _Reproduced(whole, confirm(session, whole, self._another_session))
        without = without_idle_faults(minimal, minimiser, self._lts.stepper)
        was_idle, minimal = without is not minimal, without
        flaky = confirm(session, minimal, self._another_session)
        alone = to_blame(failure, minimal, minimiser, was_idle=was_idle) if flaky is None else ()
        return _blaming(_Reproduced(minimal, flaky, alone))

    def _keep(self, reproduced: _Reproduced, failure: NonConformance, steps: int, found_by: str) -> None:
        """Keep what was reproduced of a failure that came after so many steps."""
        found = self._counterexample(reproduced, found_by)
        self._blame(reproduced.alone or (*failure.blamed, *found.requirements), _doubt(found), steps)
        kind = next(iter(found.requirements), "")
        known = self._kept.get(kind)
        if known is None or _rank(found) < _rank(known):
            self._kept[kind] = found
        if known is not None:
            self._kept.update(dict.fromkeys(self._lacking(known.requirements), known))
        self._result.counterexamples = list(self._kept.values())

    def _lacking(self, blamed: Iterable[str]) -> list[str]:
        """Those of which a counterexample is wanted, and none is kept yet."""
        kept = {identifier for found in self._kept.values() for identifier in found.requirements}
        return [identifier for identifier in blamed if identifier in self._wanted and identifier not in kept]

    def _keep_wanted(self, wanted: Iterable[str], whole: Minimal, found_by: str) -> None:
        """Keep the walk as it was for those that it broke and that what was made of it does not name."""
        for identifier in self._lacking(wanted):
            self._kept[identifier] = self._counterexample(_Reproduced(whole), found_by)
            self._result.counterexamples = list(self._kept.values())

    def _counterexample(self, reproduced: _Reproduced, found_by: str) -> Counterexample:
        return Counterexample.of(
            reproduced.minimal,
            self._lts.stepper,
            adapter=self._result.adapter,
            seed=self._result.seed,
            found_by=f"{found_by}, seed {self._result.seed}",
            drills_exclude=self._drills_exclude,
            flaky=reproduced.flaky,
        )

    def _blame(self, requirements: Iterable[str], doubt: str, steps: int) -> None:
        """Note that these requirements failed after so many steps. A blame without doubt is never doubted later."""
        for identifier in requirements:
            self.blamed[identifier] = self.blamed.get(identifier, "?") and doubt
            self._result.first_failures.setdefault(identifier, steps)
        if self._until(self.blamed.keys()):
            self._result.stopped = "stopped at the failure that was looked for"


def _blaming(reproduced: _Reproduced) -> _Reproduced:
    """The same, with the failure blamed first on what outlived its end or its item, if something did."""
    if reproduced.flaky is not None and reproduced.flaky.cause == OUTLIVES:
        reproduced = reproduced._replace(alone=(FORGETS,))
    failure = reproduced.minimal.failure
    failure.blamed = tuple(dict.fromkeys((*reproduced.alone, *failure.blamed)))[:MOST_REQUIREMENTS]
    return reproduced


def _doubt(counterexample: Counterexample) -> str:
    """What makes its blame less than certain; empty if nothing does."""
    return counterexample.flaky.reason if counterexample.flaky else ""


def _rank(counterexample: Counterexample) -> tuple[bool, int]:
    """The smaller, the more it tells: certain ones before flaky ones, then short ones."""
    return counterexample.flaky is not None, len(counterexample.actions)
