"""A program over stdio as an object with the contract's methods."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, NoReturn

from asr_properties.adapters.stdio.process import Closed, LineTooLong, Process, TooSlow
from asr_properties.adapters.stdio.spec import Spec
from asr_properties.adapters.stdio.wire import LONGEST_LINE, OtherError, Unreadable, read_reply, request_line
from asr_properties.contract.connection import AdapterError
from asr_properties.contract.errors import ContractError
from asr_properties.contract.methods import METHODS

_SHOWN = 400
_SEE_STDERR = "look at its stderr; asr-conformance smoke tries it method by method"


class StdioAdapter:
    """Offers every method of the contract by its name, parameters by keyword; `call` takes any name.

    After an error of the adapter the program is ended, and every further call fails with the same error.

    Raises:
        AdapterError: the program cannot be started.
    """

    def __init__(self, spec: Spec) -> None:
        self._limits = spec.limits
        self._number = 0
        self._failed: AdapterError | None = None
        self._deadline_of_hello = time.monotonic() + spec.limits.start
        try:
            self._process = Process(spec.command)
        except OSError as error:
            raise AdapterError(
                "the adapter's program could not be started",
                sent=" ".join(spec.command),
                got=error.strerror or str(error),
                hint="try the command by hand",
            ) from None

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name in METHODS:
            return functools.partial(self.call, name)
        raise AttributeError(name)

    def call(self, method: str, /, **parameters: Any) -> Any:
        """Send one request and give the result of its reply.

        Raises:
            ContractError: the reply is one of the contract's errors.
            AdapterError: there is no reply within the limit, or it is none.
        """
        if self._failed is not None:
            raise self._failed
        self._number += 1
        sent = request_line(self._number, method, parameters)
        deadline = self._deadline(method)
        try:
            if unasked := self._process.unasked():
                self._fail("the adapter wrote something that nobody asked for", sent, _shown(unasked), _LATE)
            self._process.send(sent, deadline)
            line = self._process.receive(deadline)
            answer = read_reply(line, self._number)
        except Unreadable as error:
            self._fail(f"the reply to {method} is none: {error.what}", sent, _shown(line), error.hint)
        except TooSlow:
            limit = {"hello": "start", "wait": "wait"}.get(method, "call")
            self._fail(
                f"no reply to {method} within {getattr(self._limits, limit):g} s",
                sent,
                "nothing, or no whole line",
                f"reply and flush stdout after each line; a slow adapter gets more time with stdio,{limit}=SECONDS:...",
            )
        except LineTooLong:
            self._fail(
                f"a line of more than {LONGEST_LINE} bytes in reply to {method}",
                sent,
                f"more than {LONGEST_LINE} bytes without an end",
                "a reply is one JSON document on one line",
            )
        except Closed:
            self._fail(f"no reply to {method}: {self._how_it_ended()}", sent, "the end of its output", _SEE_STDERR)
        except BaseException:
            self._process.end()
            raise
        if isinstance(answer, OtherError):
            self._fail(
                f"{method} answered an error that the contract does not have",
                sent,
                f"code {answer.code}: {answer.message[:_SHOWN]}",
                "a refusal is 1000; the other codes are 1001, -32600, -32601 and -32602",
            )
        if method == "bye" and not isinstance(answer, ContractError):
            self._expect_its_end(sent)
        if isinstance(answer, ContractError):
            raise answer
        return answer

    def hang_up(self) -> int | None:
        """Close its input, at which it has to end; its exit status, None if it has not within the limit."""
        self._process.close_input()
        status = self._process.exit_status(time.monotonic() + self._limits.stop)
        self._process.end()
        return status

    def close(self) -> None:
        """End the program, if it still runs."""
        self._process.end()

    def _deadline(self, method: str) -> float:
        if self._number == 1:
            return self._deadline_of_hello
        return time.monotonic() + (self._limits.wait if method == "wait" else self._limits.call)

    def _expect_its_end(self, sent: bytes) -> None:
        status = self._process.exit_status(time.monotonic() + self._limits.stop)
        if status is None:
            what = f"the program did not end within {self._limits.stop:g} s after bye"
            self._fail(what, sent, "it still ran, and was killed", "reply to bye, then end with status 0")
        elif status != 0:
            self._fail(f"after bye the program {_ended(status)}", sent, "the reply", "end with status 0")
        self._failed = AdapterError(
            "a call after bye", sent="", got="", hint="bye is the last call: start the adapter anew"
        )

    def _how_it_ended(self) -> str:
        status = self._process.exit_status(time.monotonic() + 1)
        return "the program closed its stdout and still ran" if status is None else f"the program {_ended(status)}"

    def _fail(self, what: str, sent: bytes, got: str, hint: str) -> NoReturn:
        self._process.end()
        self._failed = AdapterError(what, sent=_shown(sent), got=got, hint=hint, stderr=self._process.last_words())
        raise self._failed


_LATE = "one reply for each request, within its limit; logs belong on stderr"


def _ended(status: int) -> str:
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"


def _shown(data: bytes) -> str:
    text = data[: 4 * _SHOWN].decode("utf-8", "backslashreplace").rstrip("\n")
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= _SHOWN and len(data) <= 4 * _SHOWN else f"{text[:_SHOWN]}... ({len(data)} bytes)"
