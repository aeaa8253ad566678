"""Writes counterexamples as a standalone pytest file: a test each, with its steps as calls that can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from asr_model.requirements import CATALOGUE
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.evidence.actions import Action

_HEAD = '''"""Counterexamples to {rules}.

Written by asr-conformance; run it with pytest. A test fails on an implementation that breaks its rule, at the step that
departs. To judge another one: ASR_ADAPTER=package.module:factory pytest FILE
"""

import os

from asr_properties.counterexamples.judged_item import judged

ADAPTER = os.environ.get("ASR_ADAPTER", {adapter})
'''

_TEST = '''

def test_{name}():
    """{title}"""
    with judged(ADAPTER, {options}) as item:
'''


def as_pytest(counterexamples: Sequence[Counterexample], adapter: str) -> str:
    """The source of a pytest file that does each counterexample's steps on `adapter`. That of a flaky one may pass.

    Whatever a counterexample says stands in it as a literal; names and docstrings are made of our own words alone.
    """
    firsts = [next((rule for rule in found.requirements if rule in CATALOGUE), "") for found in counterexamples]
    rules = ", ".join(filter(None, dict.fromkeys(firsts))) or "the model"
    text = _HEAD.format(rules=rules, adapter=_literal(adapter))
    for number, (found, first) in enumerate(zip(counterexamples, firsts, strict=True), 1):
        sentence = CATALOGUE[first].sentence if first else "The implementation agrees with the model."
        text += _TEST.format(
            name="_".join(filter(None, (first, "" if len(firsts) == 1 else str(number)))).lower() or "conformance",
            title=sentence.replace("\\", "\\\\").replace('"', '\\"'),
            options=_options(found),
        )
        text += "".join(f"        item.{_call(action)}\n" for action in found.actions)
    return text


def _options(found: Counterexample) -> str:
    drills = "" if found.drills_exclude else ", drills_exclude=False"
    return f"profile={_literal(found.profile)}, configuration={_literal(dict(found.configuration))}{drills}"


def _call(action: Action) -> str:
    """An action as the call of a method of `JudgedItem`."""
    arguments = dict(action.arguments)
    match action.kind:
        case "request":
            return f"{action.name}({_named({**arguments, **({'pick': action.pick} if action.pick else {})})})"
        case "cancel_job":
            return f"cancel_job({_literal(action.name)})"
        case "wait":
            return "wait_for_job()" if action.seconds is None else f"wait({_duration(action.seconds)})"
        case "time":
            return "take_the_time()"
        case "write":
            return "write()"
        case "new_item":
            return f"new_item({_literal(arguments)})"
        case "update_settings":
            return f"update_settings({_named(arguments)})"
        case "inject" | "clear":
            word = "fault_begins" if action.kind == "inject" else "fault_ends"
            return f"{word}({_literal(action.name)}{'' if action.task is None else f', task={_literal(action.task)}'})"


def _named(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_literal(value)}" for name, value in arguments.items())


def _literal(value: Any) -> str:
    """A value of JSON as Python has it, texts in double quotes."""
    match value:
        case str():
            plain = repr(f"'{value}")[2:-1] if '"' not in value else None
            return ascii(value) if plain is None or not value.isascii() else f'"{plain}"'
        case dict():
            return "{" + ", ".join(f"{_literal(key)}: {_literal(inner)}" for key, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_literal, value)) + "]"
    return repr(value)


def _duration(seconds: float) -> str:
    for unit, size in (("hours", 3600), ("minutes", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{unit}={seconds / size:g}"
    return f"seconds={seconds!r}"
