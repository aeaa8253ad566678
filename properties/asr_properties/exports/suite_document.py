"""A suite as a JSON document: the machine that it is made for, and the tests."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from typing import Any

from asr_model.deterministic_machine import Shown
from asr_model.observable_machine import Input
from asr_model.suites.mealy import Mealy
from asr_model.suites.methods import Suite


def suite_text(profile: str, machine: Mealy, made: Suite) -> str:
    """The document. inputs, outputs: what is done, and what is answered and seen then. machine: for each state its
    steps, each `[input, output, state]`; tests: lists of inputs. All of these by their numbers."""
    outputs = list(dict.fromkeys(step.output for steps in machine.steps for step in steps.values()))
    number = {output: index for index, output in enumerate(outputs)}
    steps = [[[i, number[step.output], step.target] for i, step in steps.items()] for steps in machine.steps]
    head = {
        "format": "asr-conformance suite",
        "version": 1,
        "profile": profile,
        "method": made.method.value,
        "complete_for_states": made.states,
        "operations": made.operations,
        "inputs": list(map(_input, machine.inputs)),
        "outputs": list(map(_output, outputs)),
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    lines += list(_lists("machine", steps)) + list(_lists("tests", made.tests))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lists(key: str, values: Any) -> Iterator[str]:
    """A key with a line for each of its values."""
    inside = ",\n".join(f"  {json.dumps(value)}" for value in values)
    yield f" {json.dumps(key)}: [\n{inside}\n ]"


def _input(given: Hashable) -> dict[str, Any]:
    assert isinstance(given, Input)
    if given.event is not None:
        return {"do": given.sort.value, "operation": given.event.name, "arguments": dict(given.event.arguments)}
    return {"do": given.sort.value, **({"while": given.wrong} if given.wrong else {})}


def _output(shown: Hashable) -> dict[str, Any]:
    assert isinstance(shown, Shown)
    look = {name: sorted(v) if isinstance(v, frozenset) else v for name, v in shown.look}
    return {"answer": shown.answer, "job_ends": list(shown.ends), "shows": look}
