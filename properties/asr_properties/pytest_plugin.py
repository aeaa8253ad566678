"""The suite in anybody's own pytest run: `pytest --asr-adapter SPEC`.

It adds one test for each requirement, named after it, so that `-k R40` selects it. The implementation is judged once,
when the first of them runs. What cannot be observed, or belongs to another profile, is skipped with its reason; what is
mandatory and was not put to the test fails, because a skip is not a pass. Known deviations are named in pytest's
configuration, each with a reason, and are expected failures:

    [pytest]
    asr_known_deviations =
        R40: our recovery points are deleted a day later

A deviation that no longer occurs warns.
"""

from __future__ import annotations

import re
import shlex
import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from asr_properties.running.budget import DEFAULT_BUDGET

if TYPE_CHECKING:  # the suite is imported only when it is asked for: this module is loaded by every pytest run
    from asr_model.requirements.requirement import Requirement
    from asr_properties.running.campaign import Campaign
    from asr_properties.running.run_result import RunResult


class StaleDeviation(UserWarning):
    """A known deviation that did not occur: take it out of the configuration."""


class NotConformant(Exception):
    """A requirement that the implementation does not meet; its text is what pytest shows."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the suite."""
    group = parser.getgroup("asr-conformance", "conformance to the Azure Site Recovery lifecycle")
    group.addoption("--asr-adapter", metavar="SPEC", help="what to judge: package.module:factory or stdio:COMMAND")
    group.addoption("--asr-profile", metavar="PROFILE", default="modernized", help="lifecycle to judge by")
    group.addoption("--asr-budget", metavar="BUDGET", default=DEFAULT_BUDGET, help="500steps, 60s, 5min or 2h")
    group.addoption("--asr-seed", metavar="N", type=int, default=0, help="repeats a run (default 0)")
    parser.addini(
        "asr_known_deviations", "requirements known not to be met: `R40: reason`", type="linelist", default=[]
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add a test for each requirement, before -k and -m select."""
    if config.getoption("--asr-adapter"):
        suite: Suite = Suite.from_parent(session, name="asr-conformance")
        items.extend(suite.collect())


class Suite(pytest.Collector):
    """The requirements of the catalogue, and the one run that judges them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._result: RunResult | None = None
        self._told = False
        self._campaign = self._prepared()
        self.deviations = dict(map(_deviation, self.config.getini("asr_known_deviations")))

    def collect(self) -> Iterator[RequirementTest]:
        """One test for each requirement."""
        from asr_model.requirements import CATALOGUE

        for unknown in self.deviations.keys() - CATALOGUE.keys():
            raise pytest.UsageError(f"asr_known_deviations: there is no requirement {unknown!r}")
        for requirement in CATALOGUE.values():
            yield RequirementTest.from_parent(self, name=_name(requirement), requirement=requirement)

    def _prepared(self) -> Campaign:
        """The run that the options ask for; wrong ones end pytest before any test."""
        from asr_model.profiles import UnknownProfile
        from asr_properties.adapters.loading import load
        from asr_properties.adapters.options import UnknownAdapter
        from asr_properties.running.budget import Budget, InvalidBudget
        from asr_properties.running.campaign import Campaign

        option = self.config.getoption
        try:
            return Campaign(
                load(option("--asr-adapter"), profile=option("--asr-profile")),
                profile=option("--asr-profile"),
                budget=Budget.parse(option("--asr-budget")),
                seed=option("--asr-seed"),
                adapter=option("--asr-adapter"),
            )
        except (UnknownAdapter, UnknownProfile, InvalidBudget) as error:
            raise pytest.UsageError(f"asr-conformance: {error}") from None

    def result(self) -> RunResult:
        """The run; it is made when it is first asked for.

        Raises:
            KeyboardInterrupt: it was interrupted; so is pytest.
        """
        if self._result is None:
            with _ended_by_signals():
                self._result = self._campaign.run()
        if self._result.stopped == "interrupted":
            raise KeyboardInterrupt
        return self._result

    def adapter_failed(self, result: RunResult) -> str:
        """What a test says that could not be judged; the whole only once."""
        again, self._told = self._told, True
        return "not judged: the adapter failed, as said above" if again else f"adapter error: {result.adapter_error}"

    @property
    def command(self) -> str:
        """The same run on the command line."""
        options = ("adapter", "profile", "budget", "seed")
        told = " ".join(f"--{name} {shlex.quote(str(self.config.getoption(f'--asr-{name}')))}" for name in options)
        return f"asr-conformance run {told}"


class RequirementTest(pytest.Item):
    """One requirement as a test."""

    def __init__(self, *, requirement: Requirement, **options: Any) -> None:
        super().__init__(**options)
        self._requirement = requirement

    def runtest(self) -> None:
        """Pass, fail or skip as the run's verdict says."""
        from asr_properties.running.requirement_verdicts import Verdict, mandatory

        assert isinstance(self.parent, Suite)
        result = self.parent.result()
        key = self._requirement.id
        verdict = next(v for v in result.verdicts if v.requirement == key)
        judged = (Verdict.FAILED, Verdict.NOT_APPLICABLE)
        if result.adapter_error is not None and verdict.outcome not in judged:
            raise NotConformant(self.parent.adapter_failed(result))
        known = self.parent.deviations.get(key)
        if verdict.outcome is Verdict.FAILED:
            if known is not None:
                pytest.xfail(known)
            raise NotConformant(self._shown(result))
        if verdict.outcome is Verdict.PASSED:
            if known is not None:
                warnings.warn(StaleDeviation(f"{key} is met: take it out of asr_known_deviations"), stacklevel=1)
            return
        if verdict.outcome is Verdict.NOT_EXERCISED and mandatory(self._requirement):
            raise NotConformant(f"{key} was not put to the test ({verdict.reason}); give it more: --asr-budget")
        pytest.skip(f"{verdict.outcome}: {verdict.reason}")

    def _shown(self, result: RunResult) -> str:
        telling = [c for c in result.counterexamples if self._requirement.id in c.requirements]
        if not telling:
            return f"{self._requirement.id} is broken; {self._requirement.sentence}"
        shortest = min(telling, key=lambda c: len(c.actions))
        assert isinstance(self.parent, Suite)
        return "\n".join([*shortest.lines(), f"the same run, which stores it: {self.parent.command}"])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The counterexample alone, without a traceback into the suite."""
        if isinstance(excinfo.value, NotConformant):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where pytest says the test is."""
        return "asr-conformance", None, self.name


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end a run as Ctrl-C does, so that the programs it started end with it."""
    names = ("SIGTERM", "SIGHUP") if threading.current_thread() is threading.main_thread() else ()
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    for number in (n for n in numbers if before[n] is signal.SIG_DFL):
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _name(requirement: Requirement) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", requirement.sentence.lower()).strip("_")
    return f"{requirement.id}_{words}"


def _deviation(line: str) -> tuple[str, str]:
    key, colon, reason = line.partition(":")
    if not colon or not reason.strip():
        raise pytest.UsageError(f"asr_known_deviations: {line!r} has no reason; write `R40: why`")
    return key.strip(), reason.strip()
