"""A counterexample: the steps that make an implementation break a rule, stored so that they can be replayed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from asr_model.stepper import Stepper
from asr_properties.counterexamples.flakiness import Flakiness, flakiness_of
from asr_properties.counterexamples.minimise import Minimal
from asr_properties.counterexamples.stored import (
    FORMAT,
    VERSION,
    InvalidCounterexample,
    StoredCounterexample,
    check_stored,
    read_stored,
)
from asr_properties.evidence.actions import Action
from asr_properties.session.failure_text import BrokenProperty, Failure, Row
from asr_properties.session.nonconformance import BROKEN
from asr_properties.specification.declared import properties_of


@dataclass(frozen=True)
class Counterexample:
    """The steps, and what they show.

    answers: how each step was answered. phases: the phase of the item after each step. shown: what was seen after each,
    in words. agreed: the phase that the states of the model shared then, if they shared one. before: the states of the
    model that agreed until the last step, as phases with the operations each lists. allowed: what it allowed there.
    observed: what was seen. values: what differs from every state of the model, before and now. seen, right: of each
    property, the values that decided, and what would have been right. steps_spent: how many steps it took to make it
    minimal. complete: whether it is certain that no step can be left out. drills_exclude: whether a drill that awaits
    its cleanup excludes all else (X15). flaky: another run of the same steps that showed something else; None if every
    run shows the same.
    """

    profile: str
    configuration: Mapping[str, Any]
    actions: tuple[Action, ...]
    answers: tuple[str, ...]
    phases: tuple[str | None, ...]
    requirements: tuple[str, ...]
    properties: tuple[str, ...]
    before: tuple[str, ...]
    allowed: tuple[str, ...]
    observed: str
    seen: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    steps_spent: int = 0
    complete: bool = False
    adapter: str = ""
    seed: int | None = None
    found_by: str = ""
    drills_exclude: bool = True
    flaky: Flakiness | None = None
    shown: tuple[Mapping[str, str], ...] = ()
    agreed: tuple[str | None, ...] = ()

    @classmethod
    def of(cls, minimal: Minimal, stepper: Stepper, **origin: Any) -> Counterexample:
        """The counterexample that a minimal failing walk is."""
        failure = minimal.failure
        done = failure.steps_done
        return cls(
            profile=stepper.efsm.profile,
            configuration=minimal.configuration,
            actions=tuple(step.action for step in done),
            answers=tuple(step.answer for step in done),
            phases=tuple(step.shown_phase for step in done),
            shown=tuple(step.now.in_words for step in done),
            agreed=tuple(step.agreed.phase for step in done),
            requirements=failure.blamed,
            properties=tuple(candidate.name for candidate in failure.broken),
            before=failure.last_agreed,
            allowed=failure.allowed,
            observed=failure.what,
            seen=tuple(one.seen for one in failure.decided),
            right=tuple(one.right for one in failure.decided),
            values=failure.values,
            steps_spent=minimal.steps_spent,
            complete=minimal.complete,
            **origin,
        )

    def to_json(self) -> dict[str, Any]:
        """The counterexample as plain data."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "profile": self.profile,
            "adapter": self.adapter,
            "seed": self.seed,
            "found_by": self.found_by,
            "drills_exclude": self.drills_exclude,
            "configuration": dict(self.configuration),
            "steps": [
                {**action.to_json(), "answer": answer, "phase": phase, "shown": dict(shown or {}), "agreed": agreed}
                for action, answer, phase, shown, agreed in zip_longest(
                    self.actions, self.answers, self.phases, self.shown, self.agreed
                )
            ],
            "requirements": list(self.requirements),
            "properties": list(self.properties),
            "before": list(self.before),
            "allowed": list(self.allowed),
            "observed": self.observed,
            "seen": list(self.seen),
            "right": list(self.right),
            "values": list(self.values),
            "steps_spent": self.steps_spent,
            "minimal": self.complete,
            **({} if self.flaky is None else {"flaky": self.flaky.to_json()}),
        }

    def file_name(self, number: int) -> str:
        """What its file is called, as the numbered one of a run."""
        return f"counterexample-{number}-{next(iter(self.requirements), 'unknown')}.json"

    def replay_command(self, path: str = "COUNTEREXAMPLE.json") -> str:
        """The command that shows it again."""
        named = shlex.quote(f"./{path}" if path.startswith("-") else path)
        return f"asr-conformance replay {named} --adapter {shlex.quote(self.adapter or 'SPEC')}"

    def lines(self, replay: str = "") -> list[str]:
        """The counterexample for a person to read. replay: the command that shows it again, where there is one."""
        sentences = {candidate.name: candidate.says for candidate in properties_of(self.profile)}
        told = zip_longest(self.properties, self.seen, self.right, fillvalue="")
        failure = Failure(
            requirements=self.requirements,
            properties=[
                BrokenProperty(name, sentences.get(name, "no longer declared"), seen, right)
                for name, seen, right in told
                if name
            ],
            configuration=self.configuration,
            rows=[Row(str(a), b, c) for a, b, c in zip(self.actions, self.answers, self.phases, strict=True)],
            observed="" if self.observed.startswith(BROKEN) else self.observed,
            values=self.values,
            allowed=self.allowed,
            before=self.before,
            replay=replay,
        )
        lines = list(failure.lines())
        if self.flaky is not None:
            lines += ["flaky: the same steps were answered differently when they were repeated", *self.flaky.lines()]
        return lines


def read_counterexample(path: Path) -> Counterexample:
    """Read what was stored.

    Raises:
        InvalidCounterexample: the file is missing, too long, no JSON, or no counterexample.
        UnknownProfile: the counterexample is of a profile that does not exist.
    """
    data = read_stored(path)
    try:
        return counterexample_from_json(data)
    except InvalidCounterexample as error:
        raise InvalidCounterexample(f"{path}: {error}") from None


def counterexample_from_json(data: Any) -> Counterexample:
    """The counterexample that `to_json` wrote.

    Raises:
        InvalidCounterexample: it is none, or of another version, or damaged.
        UnknownProfile: it is of a profile that does not exist.
    """
    return counterexample_of(check_stored(data))


def counterexample_of(stored: StoredCounterexample) -> Counterexample:
    """The counterexample that was stored."""
    return Counterexample(
        profile=stored.profile,
        configuration=stored.configuration,
        actions=tuple(step.action for step in stored.steps),
        answers=tuple(step.answer for step in stored.steps),
        phases=tuple(step.phase for step in stored.steps),
        shown=tuple(step.shown for step in stored.steps),
        agreed=tuple(step.agreed for step in stored.steps),
        requirements=tuple(stored.requirements),
        properties=tuple(stored.properties),
        before=tuple(stored.before),
        allowed=tuple(stored.allowed),
        observed=stored.observed,
        seen=tuple(stored.seen),
        right=tuple(stored.right),
        values=tuple(stored.values),
        steps_spent=stored.steps_spent,
        complete=stored.minimal,
        adapter=stored.adapter,
        seed=stored.seed,
        found_by=stored.found_by,
        drills_exclude=stored.drills_exclude,
        flaky=None if stored.flaky is None else flakiness_of(stored.flaky),
    )
