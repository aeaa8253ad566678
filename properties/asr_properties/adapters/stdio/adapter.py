"""A program over stdio as an object with the contract's methods."""

from __future__ import annotations

import functools
import time
import weakref
from collections.abc import Callable
from typing import Any, NoReturn

from asr_properties.adapters.secrets import Secrets
from asr_properties.adapters.stdio.json_rpc import LONGEST_LINE, OtherError, Unreadable, read_reply, request_line
from asr_properties.adapters.stdio.process import Closed, Process, TooMuch, TooSlow
from asr_properties.adapters.stdio.spec import Spec
from asr_properties.adapters.stdio.veil import Veil
from asr_properties.contract.connection import AdapterError
from asr_properties.contract.errors import ContractError
from asr_properties.contract.methods import METHODS

_SEE_STDERR = "look at its stderr; asr-conformance smoke tries it method by method"


class NoReply(AdapterError):
    """The program does not answer: it could not be started, has ended, or hangs. No other call would fare better."""


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
        self._secrets = Secrets()
        self._veil = Veil(self._secrets)
        self._deadline_of_the_first = time.monotonic() + spec.limits.start
        try:
            self._process = Process(spec.command)
        except OSError as error:
            raise NoReply(
                "the adapter's program could not be started",
                sent=self._secrets.scrub(" ".join(spec.command)),
                got=error.strerror or str(error),
                hint="try the command by hand",
            ) from None
        weakref.finalize(self, self._process.end, spec.limits.stop)

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
        answer = self._exchange(method, request_line(self._number, method, self._veil.lift(parameters)))
        if isinstance(answer, ContractError):
            raise answer
        return answer

    def _exchange(self, method: str, sent: bytes) -> Any:
        """Write a request and read the answer to it, a result or one of the contract's errors.

        Raises:
            AdapterError: there is none of the two within the limit.
        """
        limit = "start" if self._number == 1 else "wait" if method == "wait" else "call"
        seconds = getattr(self._limits, limit)
        deadline = self._deadline_of_the_first if self._number == 1 else time.monotonic() + seconds
        try:
            if unasked := self._process.unasked():
                self._fail("the adapter wrote something that nobody asked for", sent, _text(unasked), _UNASKED)
            self._process.send(sent, deadline)
            answer = self._read(self._process.receive(deadline), method, sent)
        except TooSlow:
            hint = f"reply and flush stdout after each line; a slow adapter gets more time: stdio,{limit}=SECONDS:..."
            what = f"no reply to {method} within {seconds:g} s"
            self._fail(what, sent, "nothing, or no whole line", hint, kind=NoReply)
        except TooMuch:
            what = f"more than {LONGEST_LINE} bytes in reply to {method}"
            hint = "a reply is one JSON document on one line, and nothing else goes to stdout"
            self._fail(what, sent, f"more than {LONGEST_LINE} bytes", hint)
        except Closed as error:
            what = f"no reply to {method}: {self._how_it_ended(error)}"
            self._fail(what, sent, f"its {error.stream} is closed", _SEE_STDERR, kind=NoReply)
        except BaseException:
            self._process.end()
            raise
        if method == "bye" and not isinstance(answer, ContractError):
            self._expect_its_end(sent)
        return answer

    def _read(self, line: bytes, method: str, sent: bytes) -> Any:
        """The answer on a line."""
        text = _text(line)
        may_hold_secrets = b"\\" in line or self._secrets.scrub(text) != text
        try:
            answer = read_reply(line, self._number, self._veil.hide if may_hold_secrets else None)
        except Unreadable as error:
            self._fail(f"the reply to {method} is none: {error.what}", sent, text, error.hint)
        if isinstance(answer, OtherError):
            self._fail(
                f"{method} answered an error that the contract does not have",
                sent,
                f"code {answer.code}: {answer.message}",
                "a refusal is 1000; the other codes are 1001, -32600, -32601 and -32602",
            )
        return answer

    @property
    def is_running(self) -> bool:
        """Whether it can be called: it was not ended, by itself or by us, as far as we have seen."""
        return self._failed is None

    def hang_up(self) -> int | None:
        """Close its input, at which it has to end; its exit status, None if it has not within the limit."""
        self._process.close_input()
        status = self._process.wait(self._limits.stop)
        self.close(patient=False)
        return status

    def close(self, *, patient: bool = True) -> None:
        """End the program, if it still runs. Patience: at the end of its input it has as long as after `bye`."""
        self._process.end(self._limits.stop if patient else 0.0)
        self._failed = self._failed or _over("a call after the program was ended")

    def _expect_its_end(self, sent: bytes) -> None:
        status = self._process.wait(self._limits.stop)
        if status is None:
            what = f"the program did not end within {self._limits.stop:g} s after bye"
            self._fail(what, sent, "it still ran, and was killed", "reply to bye, then end with status 0")
        if status != 0:
            self._fail(f"after bye the program {_ended(status)}", sent, "the reply", "end with status 0")
        if unasked := self._process.unasked():
            self._fail("the adapter wrote something after its reply to bye", sent, _text(unasked), _UNASKED)
        self._process.end()
        self._failed = _over("a call after bye")

    def _how_it_ended(self, closed: Closed) -> str:
        status = self._process.wait(1)
        how = f"closed its {closed.stream} and still ran" if status is None else _ended(status)
        return f"the program {how}"

    def _fail(self, what: str, sent: bytes, got: str, hint: str, kind: type[AdapterError] = AdapterError) -> NoReturn:
        scrub = self._secrets.scrub
        said = self._process.last_words(scrub)
        self._process.end()
        self._failed = kind(scrub(what), sent=scrub(_text(sent)), got=scrub(got), hint=hint, stderr=said)
        raise self._failed


_UNASKED = "one reply for each request, within its limit; logs belong on stderr"


def _over(what: str) -> AdapterError:
    return AdapterError(what, sent="", got="", hint="start the adapter anew")


def _ended(status: int) -> str:
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace").rstrip("\n")
