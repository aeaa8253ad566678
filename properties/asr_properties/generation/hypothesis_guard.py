"""What stands between Hypothesis and a session.

Hypothesis does an example again when an exception ends it, and calls it flaky if the second time nothing fails; and a
signal that comes while its own code runs may be lost in it. So a failing walk is told and its example rejected, and
what ends the run is kept, and raised when Hypothesis has been left.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from hypothesis import reject
from hypothesis.errors import Flaky

from asr_properties.session.nonconformance import NonConformance

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class _Ended(BaseException):
    """The run is over. Hypothesis takes no notice of what is no Exception, and lets it through."""


class Guard:
    """go_on: whether the budget allows another step. failed: told of each failing walk."""

    def __init__(self, go_on: Callable[[], bool], failed: Callable[[NonConformance], None]) -> None:
        self._go_on, self._failed = go_on, failed
        self._error: BaseException | None = None
        self._pending: Callable[[], None] | None = None
        self._inside = False

    def does(self, step: Callable[[], object]) -> None:
        """Do a part of an example. Raises what makes Hypothesis leave the example, or end altogether."""
        if not self._go_on():
            raise _Ended
        self._inside = True
        try:
            if self._pending is not None:
                self._pending()
            failure = self._failure_of(step)
            if failure is not None:
                self._failed(failure)
        except BaseException as error:
            self._error = error
            raise _Ended from None
        finally:
            self._inside = False
        if failure is not None:
            reject()

    def _failure_of(self, step: Callable[[], object]) -> NonConformance | None:
        try:
            step()
        except NonConformance as failure:
            return failure
        return None

    @contextmanager
    def around_hypothesis(self) -> Iterator[None]:
        """While Hypothesis runs: signals wait until a step is done, or begins; then what ended the run is raised. An
        implementation that does not do the same twice, which Hypothesis cannot go on with, is only left."""
        before = {number: signal.getsignal(number) for number in _SIGNALS} if _is_main_thread() else {}
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, self._deferring(handler))
        try:
            with suppress(_Ended, Flaky):
                yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if self._error is not None:
            raise self._error
        if self._pending is not None:
            self._pending()

    def _deferring(self, handler: Callable[[int, Any], Any]) -> Callable[[int, Any], None]:
        def handle(number: int, frame: Any) -> None:
            self._pending = lambda: handler(number, frame)
            if self._inside:
                handler(number, frame)  # what it raises is lost in a callback of the garbage collector: hence the note

        return handle


def _is_main_thread() -> bool:
    """Whether signals can be dealt with here."""
    return threading.current_thread() is threading.main_thread()
