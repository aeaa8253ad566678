"""What a check holds in its hands: a freshly started adapter, called freely, and a way to say what is wrong."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from pydantic import ValidationError

from asr_model import profiles
from asr_properties.adapters.stdio import StdioAdapter
from asr_properties.contract.connection import AdapterError, Implementation, first_misfit, misfit_of_fields
from asr_properties.contract.errors import ContractError, InvalidParameters, UnknownMethod
from asr_properties.contract.messages import PROTOCOL, Hello
from asr_properties.contract.methods import METHODS, REQUESTABLE, RESULTS
from asr_properties.contract.raised import raised


class CheckOutcome(StrEnum):
    """What came of a check."""

    OK = "ok"
    ADVICE = "advice"  # what should be otherwise, and can change no verdict
    FAILED = "failed"
    NOT_OFFERED = "not offered"


@dataclass(frozen=True)
class Finding:
    """A check and what came of it; what is wrong is told by what was sent, expected and got, and what to do.

    stops: whether nothing else is worth trying. raised: what an adapter in Python raised that is no answer.
    """

    check: str
    outcome: CheckOutcome
    sent: str = ""
    expected: str = ""
    got: str = ""
    hint: str = ""
    stops: bool = False
    raised: BaseException | None = field(default=None, compare=False, repr=False)


class NotInOrder(Exception):
    """The adapter departs from the contract."""

    def __init__(self, sent: str, expected: str, got: str, hint: str) -> None:
        super().__init__(sent, expected, got, hint)
        self.sent, self.expected, self.got, self.hint = sent, expected, got, hint


class Advisable(NotInOrder):
    """The adapter should do otherwise, and no verdict depends on it."""


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
        self._is_greeted = False

    def greet(self) -> Probe:
        """Say hello, if that was not said yet."""
        if not self._is_greeted:
            self.hello = cast(Hello, self.result("hello", protocol=PROTOCOL))
            self._is_greeted = True
        return self

    def fresh(self) -> Probe:
        """Ask for a new item, after hello."""
        self.greet().result("new_item", configuration={})
        return self

    @property
    def operations(self) -> tuple[str, ...]:
        """What `request` takes, as hello says: if it says nothing, the operations of the profile."""
        if self.hello.operations is not None:
            return tuple(self.hello.operations)
        events = {transition.event for transition in profiles.efsm(self.hello.profile).transitions}
        return tuple(operation for operation in REQUESTABLE if operation in events)

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
        if operation not in self.operations:
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
                got=raised(error),
                hint="raise the exceptions of asr_properties.contract.errors; anything else is a defect",
            ) from error

    def raw(self, method: str, /, **parameters: Any) -> Any:
        """Call a method that must give a result, and give it as it came; it is checked against the declaration."""
        answer = self.answer(method, **parameters)
        if isinstance(answer, ContractError):
            hint = "this call is in order: answer it"
            raise NotInOrder(written(method, parameters), "a result", in_words(answer), hint)
        return self.as_declared(answer, method, parameters)

    def as_declared(self, answer: Any, method: str, parameters: dict[str, Any]) -> Any:
        """The result of a method, if it is what the method is declared to give."""
        try:
            RESULTS[method].validate_python(answer)
        except ValidationError as error:
            wanted = f"a result as declared ({first_misfit(error)})"
            hint = "docs/protocol.md has the shapes and words, and how long things may be"
            raise NotInOrder(written(method, parameters), wanted, in_words(answer), hint) from None
        if method == "item" and answer is not None and answer.keys() != set(self.hello.fields):
            what, hint = misfit_of_fields(set(answer), set(self.hello.fields))
            raise NotInOrder("item()", f"the fields {', '.join(sorted(self.hello.fields))}", what, hint)
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
            raise NotInOrder(written(method, parameters), wanted, in_words(answer), hint)

    def close(self, *, patient: bool) -> bool:
        """Let go of it; a program reads the end of its input. Whether it ended at that: only patience waits for it."""
        if self.program is None or not self.program.is_running:
            return True
        if patient:
            return self.program.hang_up() is not None
        self.program.close(patient=False)
        return False


Check = Callable[[Probe], None]
"""What is tried, named by its docstring."""


def written(method: str, parameters: dict[str, Any]) -> str:
    """A call, for people."""
    return f"{method}({', '.join(f'{name}={value!r}' for name, value in parameters.items())})"


def in_words(answer: Any) -> str:
    """An answer, for people."""
    return f"{answer.code} ({answer})" if isinstance(answer, ContractError) else repr(answer)
