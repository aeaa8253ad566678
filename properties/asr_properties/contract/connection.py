"""The one way the suite talks to an implementation: every call checked, every defect of the adapter named."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar, cast

from pydantic import ValidationError

from asr_properties.contract.errors import ContractError, Refused
from asr_properties.contract.messages import (
    PROTOCOL,
    RESULTS,
    Hello,
    Job,
    Machine,
    Observation,
    RecoveryPoint,
    Replication,
    Started,
    Written,
)

Result = TypeVar("Result")

_MAY_REFUSE = frozenset({"request", "cancel_job", "write"})
_NEVER_FAILS = frozenset(
    {"hello", "new_item", "job", "jobs", "item", "recovery_points", "machine", "replication", "bye"}
)


class Implementation(Protocol):
    """What an adapter in Python offers: methods by the contract's names, parameters by keyword, plain results."""

    def hello(self, *, protocol: int) -> Any: ...
    def new_item(self, *, configuration: dict[str, Any]) -> Any: ...
    def request(self, *, operation: str, arguments: dict[str, Any]) -> Any: ...
    def job(self, *, job: str) -> Any: ...
    def jobs(self) -> Any: ...
    def cancel_job(self, *, job: str) -> Any: ...
    def item(self) -> Any: ...
    def recovery_points(self) -> Any: ...
    def bye(self) -> Any: ...


class AdapterError(Exception):
    """The adapter, not the implementation behind it, is at fault; it is never a pass and never a verdict."""

    def __init__(self, what: str, *, sent: str, got: str, hint: str) -> None:
        super().__init__(f"{what}. Sent: {sent}. Got: {got}. Hint: {hint}")
        self.what, self.sent, self.got, self.hint = what, sent, got, hint


class Connection:
    """An implementation, called by the contract's methods; results come back as messages.

    Every method may raise the contract's own errors (`Refused` and the like) where the contract has them, and
    `AdapterError` for everything else that goes wrong.
    """

    def __init__(self, implementation: Implementation) -> None:
        self._implementation = implementation
        self.hello = self._call(Hello, "hello", protocol=PROTOCOL)
        self.fields = frozenset(self.hello.fields)
        self.has_clock = "clock" in self.hello.controls
        self.has_workload = "workload" in self.hello.controls
        self.has_machines = "machines" in self.hello.controls
        self.has_faults = "faults" in self.hello.controls

    def new_item(self, configuration: dict[str, Any]) -> None:
        """Begin with a fresh virtual machine."""
        self._call(type(None), "new_item", configuration=configuration)

    def request(self, operation: str, arguments: dict[str, Any]) -> str:
        """Ask for an operation; the id of its job."""
        return self._call(Started, "request", operation=operation, arguments=arguments).job

    def job(self, job: str) -> Job:
        """A job as it is now."""
        return self._call(Job, "job", job=job)

    def jobs(self) -> list[str]:
        """The ids of all jobs of the item, newest first."""
        return cast(list[str], self._call(list, "jobs"))

    def cancel_job(self, job: str) -> None:
        """Cancel a job."""
        self._call(type(None), "cancel_job", job=job)

    def item(self) -> Observation | None:
        """A look at the item; None when nothing is replicated."""
        return cast("Observation | None", self._call(object, "item"))

    def recovery_points(self) -> list[RecoveryPoint]:
        """The listed recovery points, newest first."""
        return cast(list[RecoveryPoint], self._call(list, "recovery_points"))

    def wait(self, *, job: str | None = None, seconds: float | None = None) -> None:
        """Let time pass: until a job ends, or so many seconds."""
        if job is not None:
            self._call(type(None), "wait", job=job)
        else:
            self._call(type(None), "wait", seconds=seconds)

    def write(self) -> int:
        """Let the guest at the active site write one record; its sequence number."""
        return self._call(Written, "write").sequence

    def replication(self) -> Replication:
        """How far replication is."""
        return self._call(Replication, "replication")

    def machine(self, site: str) -> Machine:
        """A production machine."""
        return self._call(Machine, "machine", site=site)

    def inject(self, fault: str, task: str | None = None) -> None:
        """Begin a fault, for one task of the job it concerns if named."""
        if task is None:
            self._call(type(None), "inject", fault=fault)
        else:
            self._call(type(None), "inject", fault=fault, task=task)

    def clear(self, fault: str) -> None:
        """End a fault."""
        self._call(type(None), "clear", fault=fault)

    def bye(self) -> None:
        """Say goodbye."""
        self._call(type(None), "bye")

    def _call(self, kind: type[Result], method: str, **parameters: Any) -> Result:
        function = getattr(self._implementation, method, None)
        sent = f"{method}({', '.join(f'{name}={value!r}' for name, value in parameters.items())})"
        if function is None:
            raise AdapterError(
                f"the adapter has no method {method!r}", sent=sent, got="nothing", hint="see the adapter contract"
            )
        try:
            raw = function(**parameters)
        except ContractError as error:
            if (isinstance(error, Refused) and method not in _MAY_REFUSE) or method in _NEVER_FAILS:
                raise AdapterError(
                    f"{method} answered what the contract does not allow there",
                    sent=sent,
                    got=f"{type(error).__name__}: {error}",
                    hint="only request, cancel_job and write may be refused",
                ) from error
            raise
        except AdapterError:  # it knows better what went wrong
            raise
        except (Exception, SystemExit, GeneratorExit) as error:
            raise AdapterError(
                f"the adapter failed in {method}",
                sent=sent,
                got=f"{type(error).__name__}: {error}",
                hint="a refusal is raised as asr_properties.contract.errors.Refused; anything else is a defect",
            ) from error
        try:
            return cast(Result, RESULTS[method].validate_python(raw))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the result"
            raise AdapterError(
                f"the result of {method} does not fit the contract: {where}: {first['msg']}",
                sent=sent,
                got=repr(raw)[:400],
                hint="shapes and words are in the adapter contract, section Methods",
            ) from None
