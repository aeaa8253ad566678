"""What stands between Hypothesis and a session, so that failures and signals are handled by the run.

When an exception ends an example, Hypothesis does it again, and calls it flaky if nothing fails then. So a failing walk
is reported to the run, and its example is rejected. A signal that comes while Hypothesis' own code runs may be lost in
it. So what ends the run is kept, and raised again when Hypothesis has returned.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from hypothesis import reject
from hypothesis.errors import Flaky
from hypothesis.internal.conjecture.providers import CONSTANTS_CACHE, HypothesisProvider
from hypothesis.internal.constants_ast import Constants

from asr_properties.session.nonconformance import NonConformance

Result = TypeVar("Result")

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class _Ended(BaseException):
    """The run is over. Hypothesis lets this through, because it is no `Exception`."""


class Guard:
    """Does the parts of examples, and keeps what ends the run.

    go_on: whether the budget allows another step. failed: takes each failing walk.
    """

    def __init__(self, go_on: Callable[[], bool], failed: Callable[[NonConformance], None]) -> None:
        self._go_on, self._failed = go_on, failed
        self._error: BaseException | None = None
        self._pending: Callable[[], None] | None = None
        self._inside = False

    def does(self, step: Callable[[], Result]) -> Result:
        """Do a part of an example. What it raises makes Hypothesis leave the example, or end altogether."""
        if not self._go_on():
            raise _Ended
        self._inside = True
        try:
            if self._pending is not None:
                self._pending()
            try:
                return step()
            except NonConformance as failure:
                self._failed(failure)
        except BaseException as error:
            self._error = error
            raise _Ended from None
        finally:
            self._inside = False
        return reject()

    @contextmanager
    def around_hypothesis(self) -> Iterator[None]:
        """Run Hypothesis in this context. At its end, what ended the run is raised.

        A signal that comes between two steps is handled when the next one begins. Hypothesis cannot go on with an
        implementation that answers differently when an example is done again; it is left then, without an error.
        """
        before = {number: signal.getsignal(number) for number in _SIGNALS} if _is_main_thread() else {}
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, self._deferring(handler))
        try:
            with suppress(_Ended, Flaky), _draws_by_seed_alone():
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
                # What this raises is lost where a callback of the garbage collector runs: hence `_pending`.
                handler(number, frame)

        return handle


@contextmanager
def _draws_by_seed_alone() -> Iterator[None]:
    """Hypothesis draws now and then a constant out of the modules that are imported and not under `site-packages`. One
    seed would draw otherwise in another folder, in another test, or after an installation. Here it draws none."""
    usual = HypothesisProvider.__dict__["_local_constants"]
    CONSTANTS_CACHE.cache.clear()
    HypothesisProvider._local_constants = Constants()  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        HypothesisProvider._local_constants = usual  # type: ignore[method-assign]
        CONSTANTS_CACHE.cache.clear()


def _is_main_thread() -> bool:
    """Whether signals can be handled here: Python allows that in the main thread only."""
    return threading.current_thread() is threading.main_thread()
