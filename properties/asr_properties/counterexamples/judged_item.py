"""One item of an implementation, and what can be done to it: what pytest files that were written are made of."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from asr_model.vocabulary import Operation
from asr_properties.adapters.loading import load
from asr_properties.contract.connection import AdapterError
from asr_properties.counterexamples.replay import session_of
from asr_properties.evidence.actions import TIME_THE_JOB, WAIT_FOR_JOB, WRITE, Action
from asr_properties.evidence.step import Step
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session


class JudgedItem:
    """Each method does one step, and raises AssertionError with the whole failure where the step departs.

    The operations are methods with their symbolic arguments: a recovery point is `latest`, `latest_processed`,
    `latest_app_consistent`, `listed` (the one numbered `pick` of those listed then), or `unknown`, `former`, `pruned`.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getattr__(self, operation: str) -> Callable[..., Step]:
        if operation not in tuple(Operation):
            raise AttributeError(f"{operation} is no operation; there is {', '.join(Operation)}")

        def request(pick: int = 0, **arguments: Any) -> Step:
            __tracebackhide__ = True
            return self._do(Action("request", operation, tuple(arguments.items()), pick=pick))

        return request

    def cancel_job(self, which: str) -> Step:
        """Cancel the job that is `running`, or one that has `ended`."""
        __tracebackhide__ = True
        return self._do(Action("cancel_job", which))

    def wait_for_job(self) -> Step:
        """Let time pass until the running job ends."""
        __tracebackhide__ = True
        return self._do(WAIT_FOR_JOB)

    def wait(self, **how_long: float) -> Step:
        """Let time pass: `hours=1`, `minutes=5`, `seconds=20`."""
        __tracebackhide__ = True
        return self._do(Action("wait", seconds=timedelta(**how_long).total_seconds()))

    def take_the_time(self) -> Step:
        """Let time pass in short steps until the running job ends, so that it is known how long it took."""
        __tracebackhide__ = True
        return self._do(TIME_THE_JOB)

    def write(self) -> Step:
        """The guest writes a record."""
        __tracebackhide__ = True
        return self._do(WRITE)

    def fault_begins(self, fault: str, *, task: str | None = None) -> Step:
        """A fault begins; task: the task of a job that it makes fail."""
        __tracebackhide__ = True
        return self._do(Action("inject", fault, task=task))

    def fault_ends(self, fault: str, *, task: str | None = None) -> Step:
        """A fault ends."""
        __tracebackhide__ = True
        return self._do(Action("clear", fault, task=task))

    def new_item(self, configuration: Mapping[str, Any]) -> Step:
        """A fresh item takes the place of this one."""
        __tracebackhide__ = True
        return self._do(Action("new_item", arguments=tuple(configuration.items())))

    def update_settings(self, **changes: str | None) -> Step:
        """Change settings of the future machine in Azure."""
        __tracebackhide__ = True
        return self._do(Action("update_settings", arguments=tuple(changes.items())))

    def _do(self, action: Action) -> Step:
        __tracebackhide__ = True
        try:
            return self._session.perform(action)
        except NonConformance as failure:
            text = _told(failure)
        raise AssertionError(text)


@contextlib.contextmanager
def judged(
    adapter: str, *, profile: str, configuration: Mapping[str, Any], drills_exclude: bool = True
) -> Iterator[JudgedItem]:
    """A fresh item of the implementation that `adapter` reaches, judged by a profile.

    Raises:
        AssertionError: the implementation departs; the text is that of the counterexample.
        AdapterError: the adapter is at fault, or of another profile.
        UnknownAdapter: there is no such adapter.
    """
    __tracebackhide__ = True
    session = session_of(load(adapter, profile=profile), profile, drills_exclude=drills_exclude)
    text = ""
    try:
        session.begin(configuration)
        yield JudgedItem(session)
        session.settle()
    except NonConformance as failure:
        text = _told(failure)
    finally:
        with contextlib.suppress(AdapterError):  # what was seen counts, whatever the adapter does now
            session.connection.bye()
    if text:
        raise AssertionError(text)


def _told(failure: NonConformance) -> str:
    """The failure, with the pytest command that shows it again."""
    test, _, _ = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")
    if test:
        other = os.environ.get("ASR_ADAPTER")
        told = f"ASR_ADAPTER={shlex.quote(other)} " if other else ""
        failure.replay = f"{told}python -m pytest {shlex.quote(test)}"
    return str(failure)
