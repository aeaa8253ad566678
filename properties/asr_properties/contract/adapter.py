"""A class to derive an adapter from: the contract around behaviour that an author writes.

What the contract declares in `contract.methods` is done here once: the order of calls, names and types of parameters
and arguments, words that are not offered, unknown jobs and tasks, and what `hello` says. What an author does not
write is not offered. As a program over stdio: `contract.program.serve`.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, ValidationError

from asr_model import profiles
from asr_model.vocabulary import Fault, Operation
from asr_properties.contract.connection import first_misfit
from asr_properties.contract.errors import InvalidParameters, InvalidRequest, NotOffered, Refused, UnknownMethod
from asr_properties.contract.faults import JOB_FAULTS
from asr_properties.contract.messages import PROTOCOL, Message
from asr_properties.contract.methods import METHODS, REQUESTABLE, Configuration

__all__ = [
    "Adapter", "Configuration", "InvalidParameters", "InvalidRequest", "NotOffered", "Refused", "UnknownMethod",
]  # fmt: skip

_ANYTIME = frozenset({"hello", "bye"})


class Adapter(ABC):
    """The behaviour of an implementation behind the contract. Calls of the suite are checked before they arrive:

    - `new_item`, `job`, `jobs`, `item` and `recovery_points` have to be written; `cancel_job` and `bye` may be.
    - An operation is a method of its name that takes its arguments and gives the id of its job:
      `def fail_over(self, recovery_point, shut_down_source)`. One that is not written is not offered.
    - A control is offered by writing all of its methods: `wait` for `clock`; `write` and `replication` for `workload`.
      `update_settings` takes its changes as a dictionary and gives the id of its job, or None.
    - An argument that may be left out and was is not handed on, unless the contract has a value for it.

    Results are plain dictionaries and lists, or the messages of the contract; the suite checks them. What the state of
    the item forbids is raised as `Refused`. A job is known if `jobs` lists it, or an operation gave its id. Calls among
    the author's own methods are plain calls.

    Attributes:
        name, version: of the implementation.
        profile: the lifecycle that it has.
        fields: of every observation, no other and no fewer.
        configuration_keys: those of `new_item` that are honoured; others are refused as unknown.
        faults: those that `inject` and `clear` know, if they are written.

    Raises:
        TypeError: of a control some methods are written, and some are not.
    """

    name: ClassVar[str] = ""
    version: ClassVar[str] = "0"
    profile: ClassVar[str] = profiles.DEFAULT
    fields: ClassVar[Sequence[str]] = ()
    configuration_keys: ClassVar[Sequence[str]] = ()
    faults: ClassVar[Collection[str]] = tuple(Fault)

    _greeted = _has_item = _inside = False
    _given: frozenset[str] = frozenset()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for method in METHODS:
            behaviour = getattr(cls, method, None)
            if behaviour is not None and not hasattr(behaviour, "behaviour"):
                setattr(cls, method, _checked(method, behaviour))
        for control in dict.fromkeys(method.control for method in METHODS.values()):
            missing = [name for name in _methods_of(control) if not hasattr(cls, name)]
            if control is not None and 0 < len(missing) < len(_methods_of(control)):
                raise TypeError(f"{cls.__name__} offers the control {control!r} without {', '.join(missing)}")

    def hello(self, protocol: int) -> dict[str, Any]:
        """Who this is, and what is offered: what was written."""
        return {
            "name": self.name or type(self).__name__,
            "version": self.version,
            "protocol": PROTOCOL,
            "profile": self.profile,
            "controls": self._controls(),
            "fields": list(self.fields),
            "configuration": list(self.configuration_keys),
            "operations": self._operations(),
        }

    @abstractmethod
    def new_item(self, configuration: Configuration) -> None:
        """A fresh machine, on and active on-premises, not replicated, without faults; what was before is forgotten."""

    def request(self, operation: str, arguments: Message) -> dict[str, str]:
        """Ask for an operation: the method of its name is called."""
        return {"job": getattr(self, operation)(**_handed_on(arguments))}

    @abstractmethod
    def job(self, job: str) -> Any:
        """A job as it is now: at least its `state`."""

    @abstractmethod
    def jobs(self) -> Any:
        """The ids of the item's jobs, newest first; the service's own included."""

    def cancel_job(self, job: str) -> None:
        """Cancel a job; unless it is written, none can be."""
        raise Refused("jobs can't be cancelled")

    @abstractmethod
    def item(self) -> Any:
        """A look at the item, with all of `fields`; None while nothing is replicated."""

    @abstractmethod
    def recovery_points(self) -> Any:
        """The listed recovery points, newest first."""

    def bye(self) -> None:  # noqa: B027 - there may be nothing to do
        """The last call; what was begun may be ended here."""

    def _operations(self) -> list[str]:
        return [str(operation) for operation in REQUESTABLE if hasattr(self, operation)]

    def _controls(self) -> list[str]:
        offered = (method.control for name, method in METHODS.items() if hasattr(self, name))
        return [control for control in dict.fromkeys(offered) if control is not None]

    def _fitting(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        """Parameters for the method as it was written.

        Raises:
            InvalidRequest: it is not its turn.
            NotOffered: an operation or fault that was not written.
            InvalidParameters: they do not fit.
        """
        if not self._greeted and method not in _ANYTIME:
            raise InvalidRequest("hello comes first")
        if not self._has_item and method not in {*_ANYTIME, "new_item"}:
            raise InvalidRequest("new_item comes first")
        shape = METHODS[method].parameters
        for key, offered in (("operation", self._operations()), ("fault", self.faults)):
            if key in shape.model_fields and isinstance(given.get(key), str) and given[key] not in offered:
                raise NotOffered(f"no {key} {given[key]!r}")
        try:
            fitting = shape.model_validate(given)
        except ValidationError as error:
            raise InvalidParameters(f"{method}: {first_misfit(error)}") from None
        parameters = {name: getattr(fitting, name) for name in shape.model_fields}
        if "changes" in parameters:
            parameters["changes"] = _handed_on(parameters["changes"])
        self._check_further(parameters)
        return parameters

    def _check_further(self, parameters: dict[str, Any]) -> None:
        """What types do not tell: known jobs, tasks, and keys of the configuration; and what a reprotect takes."""
        job = parameters.get("job")
        if job is not None and job not in self._given and job not in self.jobs():
            raise InvalidParameters(f"no job {job!r}")
        task = parameters.get("task")
        if task is not None and task not in (known := _tasks_of(parameters["fault"])):
            has = ", ".join(known) or "none"
            raise InvalidParameters(f"the fault {parameters['fault']} has no task {task!r}; it has {has}")
        configuration = parameters.get("configuration")
        if configuration is not None and (extra := configuration.model_fields_set - {*self.configuration_keys}):
            raise InvalidParameters(f"configuration: {', '.join(sorted(extra))} is not honoured")
        if parameters.get("operation") == Operation.REPROTECT:
            named = parameters["arguments"].model_fields_set
            if "appliance" not in named if "sites" in self._controls() else named:
                raise InvalidParameters("reprotect names an appliance with the control `sites`, else nothing")

    def _note(self, method: str, result: Any) -> None:
        """Remember where in the order of calls we are, and the jobs that were begun."""
        if method in ("hello", "bye"):
            self._greeted, self._has_item = method == "hello", self._has_item and method == "hello"
        if method == "new_item":
            self._has_item, self._given = True, frozenset()
        if method in ("request", "update_settings") and result is not None:
            self._given |= {result["job"]}


def _checked(method: str, behaviour: Callable[..., Any]) -> Callable[..., Any]:
    """A method of the contract around what was written for it; called from within, it is that alone."""
    order = tuple(METHODS[method].parameters.model_fields)

    @functools.wraps(behaviour)
    def called(self: Adapter, /, *positional: Any, **given: Any) -> Any:
        if self._inside:
            return behaviour(self, *positional, **given)
        if len(positional) > len(order):
            raise InvalidParameters(f"{method} takes {', '.join(order) or 'no parameters'}")
        self._inside = True
        try:
            parameters = self._fitting(method, {**dict(zip(order, positional, strict=False)), **given})
            result = _plain(behaviour(self, **parameters))
            if method == "update_settings" and isinstance(result, str):
                result = {"job": result}
            self._note(method, result)
        finally:
            self._inside = False
        return result

    del called.__wrapped__  # whoever asks for the signature shall see that it takes whatever comes
    called.behaviour = behaviour  # type: ignore[attr-defined]
    return called


def _methods_of(control: str | None) -> list[str]:
    return [name for name, method in METHODS.items() if method.control == control]


def _tasks_of(fault: str) -> tuple[str, ...]:
    faulty = JOB_FAULTS.get(fault)
    return () if faulty is None else faulty.tasks


def _handed_on(message: Message) -> dict[str, Any]:
    """The fields of a message that were given, or have a value when they are left out."""
    return {
        name: getattr(message, name)
        for name, field in type(message).model_fields.items()
        if name in message.model_fields_set or field.get_default() is not None
    }


def _plain(result: Any) -> Any:
    """A result with messages of the contract as dictionaries."""
    if isinstance(result, BaseModel):
        return result.model_dump(mode="json", exclude_unset=True)
    if isinstance(result, list | tuple):
        return [_plain(one) for one in result]
    if isinstance(result, dict):
        return {key: _plain(value) for key, value in result.items()}
    return result


for _method in ("hello", "request", "cancel_job", "bye"):
    setattr(Adapter, _method, _checked(_method, getattr(Adapter, _method)))
