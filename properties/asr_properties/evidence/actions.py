"""What the suite can do to an implementation: the steps of walks and counterexamples.

Actions are symbolic, so that they can be replayed: a recovery point is `listed` (the one numbered `pick` among those
listed when the action is done), or one of NO_POINT; a job is the one `running` or one that has `ended`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from asr_model.efsm import Event
from asr_model.vocabulary import Fault, Operation

Kind = Literal["request", "cancel_job", "wait", "time", "write", "inject", "clear", "new_item", "update_settings"]

SLICE = 20.0
"""Seconds of the steps in which a job's time is taken."""


NO_POINT = ("unknown", "former", "pruned")
"""What stands for an id that names no recovery point any more, or never did: one that was never given, one that was
listed before replication was disabled, one that retention has deleted. The model calls each of them `unknown`."""

OPTION_WORDS = ("latest", "latest_processed", "latest_app_consistent")
"""What a failover takes instead of an id; changing the recovery point takes ids only (contract 11)."""


APPLIANCES = ("elsewhere", "blind", "unhealthy", "unknown")
"""What kind of appliance a reprotect can name, if not a plain one: on another host, one that does not see the
datastore, one that is out of order, a name that none has."""

AS_AT_FIRST = "(as at first)"
"""Stands for what a setting was when the life of the item began."""


class Action(NamedTuple):
    """One step.

    kind `request`: `name` is the operation, `arguments` its symbolic arguments; `cancel_job`: `name` is `running` or
    `ended`; `wait`: until the running job ends, or `seconds`; `time`: in steps of SLICE seconds until the running job
    ends, so that it is known how long it took; `inject` and `clear`: `name` is the fault, `task` the task it concerns;
    `update_settings`: `arguments` are the changes;
    `new_item`: a fresh item takes the place of the one there is, `arguments` is its configuration. pick: which of
    several listed recovery points is meant, or of the jobs that have ended, the last one first; modulo their number,
    so that -1 is the oldest.
    """

    kind: Kind
    name: str = ""
    arguments: tuple[tuple[str, Any], ...] = ()
    seconds: float | None = None
    task: str | None = None
    pick: int = 0

    def __str__(self) -> str:
        inside = ", ".join(f"{name}={value}" for name, value in self.arguments)
        match self.kind:
            case "request":
                return f"{self.name}({inside})"
            case "cancel_job":
                return f"cancel_job({self.name})"
            case "wait":
                return "wait until the job ends" if self.seconds is None else f"wait {_duration(self.seconds)}"
            case "time":
                return "take the time until the job ends"
            case "new_item" | "update_settings":
                return f"{self.kind}({inside})"
            case "write":
                return "the guest writes a record"
            case "inject":
                return f"fault begins: {self.name}" + (f" at {self.task}" if self.task else "")
            case "clear":
                return f"fault ends: {self.name}"

    def to_json(self) -> dict[str, Any]:
        """The action as plain data; what is at its default is left out."""
        data: dict[str, Any] = {"do": self.kind}
        if self.name:
            data["name"] = self.name
        if self.arguments:
            data["arguments"] = dict(self.arguments)
        if self.seconds is not None:
            data["seconds"] = self.seconds
        if self.task is not None:
            data["task"] = self.task
        if self.pick:
            data["pick"] = self.pick
        return data


NAMES: Mapping[Kind, tuple[str, ...]] = {
    "request": tuple(operation for operation in Operation if operation is not Operation.CANCEL_JOB),
    "cancel_job": ("running", "ended"),
    "wait": ("",),
    "time": ("",),
    "new_item": ("",),
    "update_settings": ("",),
    "write": ("",),
    "inject": tuple(Fault),
    "clear": tuple(Fault),
}
"""What `name` can be for each kind of action."""


def request(operation: str, /, **arguments: str | bool) -> Action:
    """Ask for an operation."""
    return Action("request", operation, tuple(arguments.items()))


def as_request(event: Event, pick: int = 0) -> Action:
    """The action that asks for an operation of the model."""
    if event.name == Operation.CANCEL_JOB:
        return Action("cancel_job", str(dict(event.arguments)["job"]))
    return request(event.name, **dict(event.arguments))._replace(pick=pick)


WAIT_FOR_JOB = Action("wait")
TIME_THE_JOB = Action("time")
WRITE = Action("write")


def update_settings(**changes: str | None) -> Action:
    """Change settings of the future machine in Azure."""
    return Action("update_settings", arguments=tuple(changes.items()))


def new_item(configuration: Mapping[str, Any]) -> Action:
    """Begin anew with a fresh item."""
    return Action("new_item", arguments=tuple(configuration.items()))


def wait(seconds: float) -> Action:
    """Let time pass."""
    return Action("wait", seconds=seconds)


def _duration(seconds: float) -> str:
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
