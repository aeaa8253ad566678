"""The one way the suite talks to an implementation: every call checked, every defect of the adapter named."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from pydantic import ValidationError

from asr_properties.contract.errors import ContractError, Refused
from asr_properties.contract.messages import (
    PROTOCOL,
    Hello,
    Item,
    Job,
    Machine,
    RecoveryPoint,
    Replication,
    Started,
    Written,
)
from asr_properties.contract.methods import METHODS, REQUESTABLE, RESULTS
from asr_properties.contract.raised import raised
from asr_properties.contract.surroundings import Disk, Settings, Sites
from asr_properties.contract.text import shown

Result = TypeVar("Result")


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
    """The adapter, not the implementation behind it, is at fault; it is never a pass and never a verdict.

    Its texts are made fit to be shown, whatever the adapter wrote. stderr: the last lines that a program wrote there.
    """

    def __init__(self, what: str, *, sent: str, got: str, hint: str, stderr: Sequence[str] = ()) -> None:
        what, sent, got, hint = map(shown, (what, sent, got, hint))
        stderr = [shown(line) for line in stderr]
        said = f". Last on stderr: {' | '.join(stderr)}" if stderr else ""
        super().__init__(f"{what}. Sent: {sent}. Got: {got}. Hint: {hint}{said}")
        self.what, self.sent, self.got, self.hint, self.stderr = what, sent, got, hint, tuple(stderr)


def started(factory: Callable[[], Implementation]) -> Implementation:
    """A new implementation.

    Raises:
        AdapterError: the factory raises; it is at fault then.
    """
    try:
        return factory()
    except AdapterError:
        raise
    except (Exception, SystemExit) as error:
        raise AdapterError(
            "the adapter did not start",
            sent="the factory's call",
            got=raised(error),
            hint="the factory takes no arguments and returns the adapter",
        ) from error


class Witnessed(NamedTuple):
    """What an adapter saw beside the contract of a requirement that the contract does not show."""

    requirement: str
    holds: bool
    what: str


class UnfitCall(ValueError):
    """A call of the suite itself does not fit the contract, as when a stored counterexample was changed."""


class Connection:
    """An implementation, called by the contract's methods; results come back as messages.

    Every method may raise the contract's own errors (`Refused` and the like) where the contract has them, and
    `AdapterError` for everything else that goes wrong, and `UnfitCall` for parameters outside the contract.
    """

    def __init__(self, implementation: Implementation) -> None:
        self._implementation = implementation
        self._last: dict[tuple[Any, ...], tuple[bytes, Any]] = {}
        self._points: tuple[list[RecoveryPoint], tuple[RecoveryPoint, ...]] = ([], ())
        self.hello = self._call(Hello, "hello", protocol=PROTOCOL)
        self.fields = frozenset(self.hello.fields)
        #: The operations that `request` takes; cancel_job has a method of its own.
        self.offered = frozenset(REQUESTABLE if self.hello.operations is None else self.hello.operations)
        #: Whether `new_item` can't make a machine anew: then nothing is asked that would leave it beyond help.
        self.is_irreplaceable = bool(getattr(implementation, "irreplaceable", False))
        #: Whether the adapter sees what only the ARM API shows (contract: X08, X09).
        self.shows_operations = callable(getattr(implementation, "witnessed", None))
        self.has_clock = "clock" in self.hello.controls
        self.has_workload = "workload" in self.hello.controls
        self.has_machines = "machines" in self.hello.controls
        self.has_faults = "faults" in self.hello.controls
        self.has_settings = "settings" in self.hello.controls
        self.has_disks = "disks" in self.hello.controls
        self.has_sites = "sites" in self.hello.controls

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

    def item(self) -> Item | None:
        """A look at the item; None when nothing is replicated."""
        seen = cast("Item | None", self._call(object, "item"))
        if seen is not None and seen.model_fields_set != self.fields:
            what, hint = misfit_of_fields(seen.model_fields_set, self.fields)
            raise AdapterError(what, sent="item()", got=", ".join(sorted(seen.model_fields_set)), hint=hint)
        return seen

    def recovery_points(self) -> tuple[RecoveryPoint, ...]:
        """The listed recovery points, newest first; the same tuple again where nothing has changed."""
        answered = cast(list[RecoveryPoint], self._call(list, "recovery_points"))
        if answered is not self._points[0]:
            self._points = (answered, tuple(answered))
        return self._points[1]

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

    def settings(self) -> Settings | None:
        """The future machine in Azure; None where that is refused."""
        try:
            return self._call(Settings, "settings")
        except Refused:
            return None

    def update_settings(self, changes: dict[str, str | None]) -> str | None:
        """Change the future machine in Azure; the id of a job, if it takes one."""
        started = cast("Started | None", self._call(object, "update_settings", changes=changes))
        return None if started is None else started.job

    def azure_machine(self) -> Settings | None:
        """The settings of the machine in Azure; None while it is absent."""
        return cast("Settings | None", self._call(object, "azure_machine"))

    def disks(self, site: str) -> tuple[Disk, ...] | None:
        """The disks of a production machine; None where that is refused."""
        try:
            return tuple(cast(list[Disk], self._call(list, "disks", site=site)))
        except Refused:
            return None

    def sites(self) -> Sites:
        """What a reprotect may name."""
        return self._call(Sites, "sites")

    def bye(self) -> None:
        """Say goodbye."""
        self._call(type(None), "bye")

    def witnessed(self) -> list[Witnessed]:
        """What the adapter saw since the last time of what the contract does not show."""
        return cast("Any", self._implementation).witnessed() if self.shows_operations else []

    def _call(self, kind: type[Result], method: str, **parameters: Any) -> Result:
        """Call a method; its result, read as declared. kind: the type that the caller takes it for."""
        if parameters:
            try:
                METHODS[method].parameters.model_validate(parameters)
            except ValidationError as error:
                what = f"{_call_of(method, parameters)} does not fit the contract: {first_misfit(error)}"
                raise UnfitCall(what) from None
        raw = self._answer(method, parameters)
        written = _written(raw) if method in _ASKED_AGAIN else None
        if written is not None:
            place = (method, *parameters.values())
            last = self._last.get(place)
            if last is not None and last[0] == written:
                return cast(Result, last[1])
        try:
            result = RESULTS[method].validate_python(raw)
        except ValidationError as error:
            raise AdapterError(
                f"the result of {method} does not fit the contract: {first_misfit(error)}",
                sent=_call_of(method, parameters),
                got=repr(raw),
                hint="docs/protocol.md has the shapes and words, and how long things may be",
            ) from None
        if written is not None:
            self._last[place] = (written, result)
        return cast(Result, result)

    def _answer(self, method: str, parameters: Mapping[str, Any]) -> Any:
        """What the adapter's method returns, or one of the errors that the contract allows it to answer."""
        function = getattr(self._implementation, method, None)
        if function is None:
            raise AdapterError(
                f"the adapter has no method {method!r}",
                sent=_call_of(method, parameters),
                got="nothing",
                hint="docs/protocol.md has the methods; those of a control go with naming it in hello",
            )
        try:
            return function(**parameters)
        except AdapterError:
            raise
        except ContractError as error:
            answers = METHODS[method].answers
            if isinstance(error, answers):
                raise
            allowed = ", ".join(f"{answer.__name__} ({answer.code})" for answer in answers)
            raise AdapterError(
                f"{method} answered what the contract does not allow there",
                sent=_call_of(method, parameters),
                got=raised(error),
                hint=f"besides a result it may answer {allowed}" if allowed else "this call is in order: answer it",
            ) from error
        except (Exception, SystemExit, GeneratorExit) as error:
            raise AdapterError(
                f"the adapter failed in {method}",
                sent=_call_of(method, parameters),
                got=raised(error),
                hint="a refusal is raised as asr_properties.contract.errors.Refused; anything else is a defect",
            ) from error


_ASKED_AGAIN = frozenset({"item", "recovery_points", "machine", "replication", "settings", "azure_machine", "disks"})
"""Methods that are asked at every look, to whose parameters there are few. An answer that is the last one again is not
read anew: messages are immutable."""


def _written(raw: Any) -> bytes | None:
    """An answer as bytes that differ where anything in it does, `1` and `1.0` and `True` too; None if it has objects
    of other types than those of JSON. An adapter may change what it has answered, so that the answer is not kept."""
    try:
        return marshal.dumps(raw, 2)
    except ValueError:
        return None


def misfit_of_fields(reported: Set[str], told: Set[str]) -> tuple[str, str]:
    """How an observation's fields depart from those that `hello` told, and what to do about it."""
    if extra := sorted(reported - told):
        return f"an observation has {', '.join(extra)}, not in hello's fields", "name it in hello, or leave it out"
    missing = ", ".join(sorted(told - reported))
    return f"an observation lacks {missing}, which hello names", "report it as null where it is unknown or none"


def _call_of(method: str, parameters: Mapping[str, Any]) -> str:
    """A call in words."""
    return f"{method}({', '.join(f'{name}={value!r}' for name, value in parameters.items())})"


def first_misfit(error: ValidationError) -> str:
    """Where a message first departs from its declaration, and how."""
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"])) or "the whole"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"
