"""What a check holds in its hands: a freshly started adapter, called freely, and a way to say what is wrong."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from pydantic import ValidationError

from asr_properties.adapters.stdio import StdioAdapter
from asr_properties.contract.connection import AdapterError, Implementation, first_misfit
from asr_properties.contract.errors import ContractError, InvalidParameters, UnknownMethod
from asr_properties.contract.messages import PROTOCOL, Hello
from asr_properties.contract.methods import METHODS, RESULTS


class Outcome(StrEnum):
    """What came of a check."""

    OK = "ok"
    FAILED = "failed"
    NOT_OFFERED = "not offered"


@dataclass(frozen=True)
class Finding:
    """A check and what came of it; what is wrong is told by what was sent, expected and got, and what to do."""

    check: str
    outcome: Outcome
    sent: str = ""
    expected: str = ""
    got: str = ""
    hint: str = ""


class NotInOrder(Exception):
    """The adapter departs from the contract."""

    def __init__(self, sent: str, expected: str, got: str, hint: str = "") -> None:
        super().__init__(sent, expected, got, hint)
        self.sent, self.expected, self.got, self.hint = sent, expected, got, hint


class NothingToCheck(Exception):
    """The adapter does not offer what the check is about; the text says what."""


class Probe:
    """An adapter that has just been started.

    Attributes:
        hello: what it said, once `greet` was called.
        program: the adapter, if it is a program over stdio.
    """

    def __init__(self, implementation: Implementation) -> None:
        self._implementation = implementation
        self.program = implementation if isinstance(implementation, StdioAdapter) else None
        self.hello: Hello

    def greet(self) -> Probe:
        """Say hello."""
        self.hello = cast(Hello, self.result("hello", protocol=PROTOCOL))
        return self

    def fresh(self) -> Probe:
        """Say hello and ask for a new item."""
        self.greet().result("new_item", configuration={})
        return self

    def offers(self, method: str) -> bool:
        """Whether the method's control is offered; methods without one always are."""
        control = METHODS[method].control
        return control is None or control in self.hello.controls

    def need(self, method: str) -> None:
        """End the check, without a finding, if the method's control is not offered."""
        if not self.offers(method):
            raise NothingToCheck(f"control {METHODS[method].control}")

    def need_operation(self, operation: str) -> None:
        """End the check, without a finding, if `request` does not take the operation."""
        if self.hello.operations is not None and operation not in self.hello.operations:
            raise NothingToCheck(f"operation {operation}")

    def answer(self, method: str, /, **parameters: Any) -> Any:
        """Call any method with any parameters; the raw result, or the contract's error as a value.

        Raises:
            AdapterError: neither of the two.
        """
        if self.program is not None:
            call: Callable[..., Any] = self.program.call
            arguments: tuple[str, ...] = (method,)
        else:
            found = getattr(self._implementation, method, None)
            if found is None:
                return UnknownMethod(f"no method {method}")
            try:
                inspect.signature(found).bind(**parameters)
            except TypeError as error:  # how Python itself says that parameters do not fit
                return InvalidParameters(str(error))
            call, arguments = found, ()
        try:
            return call(*arguments, **parameters)
        except ContractError as error:
            return error
        except AdapterError:
            raise
        except (Exception, SystemExit) as error:
            raise AdapterError(
                f"the adapter failed in {method}",
                sent=written(method, parameters),
                got=f"{type(error).__name__}: {error}",
                hint="raise the exceptions of asr_properties.contract.errors; anything else is a defect",
            ) from error

    def raw(self, method: str, /, **parameters: Any) -> Any:
        """Call a method that must give a result, and give it as it came; it is checked against the declaration."""
        answer = self.answer(method, **parameters)
        if isinstance(answer, ContractError):
            hint = "this call is in order: answer it"
            raise NotInOrder(written(method, parameters), "a result", shown(answer), hint)
        return self.as_declared(answer, method, parameters)

    def as_declared(self, answer: Any, method: str, parameters: dict[str, Any]) -> Any:
        """The result of a method, if it is what the method is declared to give."""
        try:
            RESULTS[method].validate_python(answer)
        except ValidationError as error:
            wanted = f"a result as declared ({first_misfit(error)})"
            hint = "the protocol's page has the shapes"
            raise NotInOrder(written(method, parameters), wanted, shown(answer), hint) from None
        return answer

    def result(self, method: str, /, **parameters: Any) -> Any:
        """Call a method that must give a result, and give it as a message."""
        return RESULTS[method].validate_python(self.raw(method, **parameters))

    def expect(self, kinds: Iterable[type[ContractError]], method: str, hint: str, /, **parameters: Any) -> None:
        """Call a method that must answer one of these errors."""
        kinds = tuple(kinds)
        answer = self.answer(method, **parameters)
        if not isinstance(answer, kinds):
            wanted = " or ".join(f"{kind.code} ({kind.__name__})" for kind in kinds)
            raise NotInOrder(written(method, parameters), wanted, shown(answer), hint)

    def close(self) -> None:
        """Let go of it; a program ends."""
        if self.program is not None:
            self.program.close()


def written(method: str, parameters: dict[str, Any]) -> str:
    """A call, for people."""
    return f"{method}({', '.join(f'{name}={value!r}' for name, value in parameters.items())})"


def shown(answer: Any) -> str:
    """An answer, for people."""
    text = f"{answer.code} ({answer})" if isinstance(answer, ContractError) else repr(answer)
    return text if len(text) <= 300 else f"{text[:300]}..."
