"""The actions of a rule as calls of the machine's methods, so that they can be put into a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from asr_properties.evidence.actions import Action
from asr_properties.evidence.step import Step


def calls_of(done: Iterable[tuple[Action, Step | None]], names: Mapping[str, str]) -> Iterator[str]:
    """One line for each action that was done. names: the variables that hold jobs, by the job's id."""
    for action, step in done:
        if step is not None and step.answer.startswith("skipped"):
            continue
        name = names.get(step.job) if step is not None and step.job is not None else None
        yield f"{name} = {call_of(action)}" if name else call_of(action)


def call_of(action: Action) -> str:
    """The call that does an action."""
    arguments = dict(action.arguments)
    match action.kind:
        case "request":
            given = (f"{name}={_value(name, value, action.pick)}" for name, value in arguments.items())
            return f"state.{action.name}({', '.join(given)})"
        case "cancel_job":
            job = "state.running_job" if action.name == "running" else f"state.ended_jobs[{action.pick}]"
            return f"state.cancel_job(job={job})"
        case "time":
            return "state.time_the_job()"
        case "wait":
            return "state.wait_for_the_job()" if action.seconds is None else f"state.wait(seconds={action.seconds})"
        case "write":
            return "state.write()"
        case "inject":
            task = f", task={action.task!r}" if action.task else ""
            return f"state.inject(fault={str(action.name)!r}{task})"
        case "clear":
            return f"state.clear(fault={str(action.name)!r})"
        case "new_item":
            return f"state.another_item(configuration={arguments!r})"
        case "update_settings":
            return f"state.update_settings(changes={arguments!r})"


def _value(name: str, value: object, pick: int) -> str:
    if name == "recovery_point" and value == "listed":
        return f"state.point({pick})"
    if name == "recovery_point" and value == "in_use":
        return "state.point_in_use"
    return repr(value)
