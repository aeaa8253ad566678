"""The requirements as tests of pytest, and the run that judges them."""

from __future__ import annotations

import re
import shlex
import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from asr_model.profiles import UnknownProfile
from asr_model.requirements import CATALOGUE
from asr_model.requirements.requirement import Requirement
from asr_properties.adapters.loading import load
from asr_properties.adapters.options import UnknownAdapter
from asr_properties.pytest_plugin.shared_run import Told, once
from asr_properties.running.budget import Budget, InvalidBudget
from asr_properties.running.campaign import Campaign
from asr_properties.running.requirement_verdicts import Verdict, mandatory


class StaleDeviation(UserWarning):
    """A known deviation that did not occur: take it out of the configuration."""


class NotConformant(Exception):
    """A requirement that the implementation does not meet; its text is what pytest shows."""


class Suite(pytest.Collector):
    """The requirements of the catalogue, and the one run that judges them.

    named: ids of tests, where not all are wanted. folder: what the processes share that spread the tests; None where
    there is but one.

    Raises:
        pytest.UsageError: an option or the configuration asks for something that there is not; no test is run.
    """

    def __init__(self, *, named: list[str], folder: Path | None, **options: Any) -> None:
        super().__init__(**options)
        self._folder = folder
        self._told: Told | None = None
        self._said = False
        self._campaign = self._prepared()
        self.deviations = dict(map(_deviation, self.config.getini("asr_known_deviations")))
        for unknown in self.deviations.keys() - CATALOGUE.keys():
            raise pytest.UsageError(f"asr_known_deviations: there is no requirement {unknown!r}")
        tests = {f"{self.nodeid}::{_name(requirement)}": requirement for requirement in CATALOGUE.values()}
        for name in named:
            if name not in tests:
                raise pytest.UsageError(f"asr-conformance: there is no test {name!r}")
        self._wanted = [tests[name] for name in dict.fromkeys(named or tests)]

    def collect(self) -> Iterator[RequirementTest]:
        """One test for each requirement."""
        for requirement in self._wanted:
            yield RequirementTest.from_parent(self, name=_name(requirement), requirement=requirement)

    def _prepared(self) -> Campaign:
        """The run that the options ask for; wrong ones end pytest before any test."""
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

    def told(self) -> Told:
        """What the run tells; it is made when it is first asked for.

        Raises:
            KeyboardInterrupt: it was interrupted; so is pytest.
        """
        if self._told is None:
            self._told = once(self._folder, self._run)
        return self._told

    def _run(self) -> Told:
        with _ended_by_signals():
            result = self._campaign.run()
        if result.stopped == "interrupted":
            raise KeyboardInterrupt
        return Told.of(result)

    def adapter_failed(self, error: str) -> str:
        """What a test says that could not be judged; the whole only once."""
        again, self._said = self._said, True
        return "not judged: the adapter failed, as said above" if again else f"adapter error: {error}"

    @property
    def command(self) -> str:
        """The same run on the command line."""
        options = ("adapter", "profile", "budget", "seed")
        told = " ".join(f"--{name} {shlex.quote(str(self.config.getoption(f'--asr-{name}')))}" for name in options)
        return f"asr-conformance run {told}"


class RequirementTest(pytest.Item):
    """One requirement as a test; reports that take properties of tests (JUnit) get its id and its section."""

    def __init__(self, *, requirement: Requirement, **options: Any) -> None:
        super().__init__(**options)
        self._requirement = requirement
        self.user_properties += [("requirement", requirement.id), ("section", requirement.section)]

    def runtest(self) -> None:
        """Pass, fail or skip as the run's verdict says."""
        assert isinstance(self.parent, Suite)
        told = self.parent.told()
        key = self._requirement.id
        outcome, reason = told.verdicts[key]
        judged = (Verdict.FAILED, Verdict.NOT_APPLICABLE)
        if told.adapter_error is not None and outcome not in judged:
            raise NotConformant(self.parent.adapter_failed(told.adapter_error))
        known = self.parent.deviations.get(key)
        if outcome == Verdict.FAILED:
            if known is not None:
                pytest.xfail(known)
            raise NotConformant(self._shown(told))
        if outcome == Verdict.PASSED:
            if known is not None:
                warnings.warn(StaleDeviation(f"{key} is met: take it out of asr_known_deviations"), stacklevel=1)
            return
        if outcome == Verdict.NOT_EXERCISED and mandatory(self._requirement):
            raise NotConformant(f"{key} was not put to the test ({reason}); give it more: --asr-budget")
        pytest.skip(f"{outcome}: {reason}")

    def _shown(self, told: Told) -> str:
        lines = told.failures.get(self._requirement.id)
        if lines is None:
            return f"{self._requirement.id} is broken; {self._requirement.sentence}"
        assert isinstance(self.parent, Suite)
        return "\n".join([*lines, f"the same run, which stores it: {self.parent.command}"])

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
