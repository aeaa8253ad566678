"""Replay a counterexample, and write it as a standalone pytest file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from asr_model.profiles import stepper
from asr_properties.contract.connection import Connection, Implementation
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.properties.declared import properties_of
from asr_properties.properties.rule import EvidenceKind
from asr_properties.properties.watch import Watcher
from asr_properties.session.nonconformance import NonConformance, Step
from asr_properties.session.session import Session


@dataclass(frozen=True)
class Replay:
    """What a replay showed: the steps done, and how it failed, None if it did not."""

    steps: tuple[Step, ...]
    failure: NonConformance | None


def replay(counterexample: Counterexample, factory: Callable[[], Implementation]) -> Replay:
    """Do the steps of a counterexample on a fresh item of an implementation.

    Raises:
        AdapterError: the adapter is at fault.
        UnknownProfile: the counterexample is of a profile that does not exist.
    """
    exclude = counterexample.drills_exclude
    rules = [p for p in properties_of(counterexample.profile) if exclude or "X15" not in p.requirements]
    watcher = Watcher(rules, EvidenceKind.LIVE)
    session = Session(Connection(factory()), stepper(counterexample.profile), watcher, drills_exclude=exclude)
    try:
        session.begin(counterexample.configuration)
        for action in counterexample.actions:
            session.perform(action)
        session.settle()
    except NonConformance as failure:
        return Replay(failure.steps, failure)
    return Replay(tuple(session.steps), None)


_TEST = '''"""{title}

Written by asr-conformance; run it with pytest. It fails on an implementation that breaks the rule.
"""

import json

from asr_properties.adapters.loading import load
from asr_properties.counterexamples.counterexample import counterexample_from_json
from asr_properties.counterexamples.replay import replay

ADAPTER = {adapter!r}
COUNTEREXAMPLE = json.loads(
    {data}
)


def test_{name}():
    failure = replay(counterexample_from_json(COUNTEREXAMPLE), load(ADAPTER)).failure
    assert failure is None, failure.what
'''


def as_pytest(counterexample: Counterexample, adapter: str) -> str:
    """The source of a pytest file that replays the counterexample on `adapter`."""
    rule = counterexample.requirements[0] if counterexample.requirements else "conformance"
    return _TEST.format(
        title=f"A counterexample to {', '.join(counterexample.requirements)}.",
        adapter=adapter,
        data="\n    ".join(repr(line + "\n") for line in json.dumps(counterexample.to_json(), indent=2).splitlines()),
        name=rule.lower(),
    )
