"""Replays a counterexample, and writes it as a standalone pytest file."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asr_model.profiles import stepper
from asr_model.requirements import CATALOGUE
from asr_properties.contract.connection import AdapterError, Connection, Implementation
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.evidence.step import Step
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.polling import PATIENCE
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind


@dataclass(frozen=True)
class Replay:
    """What a replay showed. steps: what was done. failure: how it failed; None if it did not."""

    steps: tuple[Step, ...]
    failure: NonConformance | None


def replay(counterexample: Counterexample, factory: Callable[[], Implementation], patience: float = PATIENCE) -> Replay:
    """Do the steps of a counterexample on a fresh item of an implementation.

    patience: how many seconds a wait takes at most, where the implementation has no clock.

    Raises:
        AdapterError: the adapter is at fault, or of another profile than the counterexample.
        UnknownProfile: the counterexample is of a profile that does not exist.
    """
    exclude = counterexample.drills_exclude
    rules = [p for p in properties_of(counterexample.profile) if exclude or "X15" not in p.requirements]
    monitors = PropertyMonitors(rules, EvidenceKind.LIVE)
    connection = Connection(factory())
    if (offered := connection.hello.profile) != counterexample.profile:
        raise AdapterError(
            f"the adapter is of the profile {offered!r}, the counterexample of {counterexample.profile!r}",
            sent="hello",
            got=f"profile={offered!r}",
            hint="its steps show nothing there: replay it on an implementation of its own profile",
        )
    lifecycle = stepper(counterexample.profile)
    session = Session(connection, lifecycle, monitors, drills_exclude=exclude, patience=patience)
    try:
        session.begin(counterexample.configuration)
        for action in counterexample.actions:
            session.perform(action)
        session.settle()
    except NonConformance as failure:
        with contextlib.suppress(AdapterError):  # the failure was seen, whatever the adapter does now
            connection.bye()
        return Replay(failure.steps, failure)
    connection.bye()
    return Replay(tuple(session.steps), None)


_HEAD = '''"""Counterexamples to {rules}.

Written by asr-conformance; run it with pytest. A test fails on an implementation that breaks its rule. To judge
another one: ASR_ADAPTER=package.module:factory pytest FILE
"""

import json
import os

from asr_properties.adapters.loading import load
from asr_properties.counterexamples.counterexample import counterexample_from_json
from asr_properties.counterexamples.replay import replay

ADAPTER = os.environ.get("ASR_ADAPTER", {adapter!r})


def check(text):
    failure = replay(counterexample_from_json(json.loads(text)), load(ADAPTER)).failure
    assert failure is None, failure.what
'''

_TEST = '''

{constant} = (
    {data}
)


def test_{name}():
    """{title}"""
    check({constant})
'''


def as_pytest(counterexamples: Sequence[Counterexample], adapter: str) -> str:
    """The source of a pytest file that replays each counterexample on `adapter`. The test of a flaky one may pass.

    Whatever a counterexample says stands in it as a string; names and docstrings are made of our own words alone.
    """
    firsts = [next((rule for rule in found.requirements if rule in CATALOGUE), "") for found in counterexamples]
    text = _HEAD.format(rules=", ".join(filter(None, dict.fromkeys(firsts))) or "the model", adapter=adapter)
    for number, (found, first) in enumerate(zip(counterexamples, firsts, strict=True), 1):
        sentence = CATALOGUE[first].sentence if first else "The implementation agrees with the model."
        text += _TEST.format(
            constant=f"COUNTEREXAMPLE_{number}",
            data="\n    ".join(repr(line + "\n") for line in json.dumps(found.to_json(), indent=2).splitlines()),
            name="_".join(filter(None, (first, "" if len(firsts) == 1 else str(number)))).lower() or "conformance",
            title=sentence.replace("\\", "\\\\").replace('"', '\\"'),
        )
    return text
