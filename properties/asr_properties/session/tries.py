"""What was tried: each operation with its kind of arguments, in each phase, and what the item declined there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from asr_model.efsm import Event
from asr_model.forbidden import Try, kind_of
from asr_model.stepper import Stepper
from asr_model.vocabulary import Answer
from asr_properties.evidence.actions import Action
from asr_properties.evidence.step import EndedJob
from asr_properties.oracle.explanation import Explanation
from asr_properties.session.acting import Done

DECLINES = 4
"""After so many refusals of what it may refuse, without having done it once, an item is taken to refuse it always."""


def asked_by(action: Action) -> Event:
    """What an action asks for, as it is written: a `listed` point counts as one where none is listed any more."""
    if action.kind == "cancel_job":
        return Event("cancel_job", (("job", action.name),))
    return kind_of(Event(action.name, action.arguments))


class Tries:
    """Counts over all items of a session.

    asked: how often each was asked for. pairs: the phases, each with an operation that was asked for there. declined:
    how often the item refused what the model leaves open, at once or by its job; granted: how often it did it. Both are
    by the model's own kind of arguments. always_declined: what was refused DECLINES times or more and never done.
    actions, last_steps: how many actions went into each transition of the model, and how often only its last step was
    left to do.
    """

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self.asked: Counter[Try] = Counter()
        self.pairs: set[tuple[str, str]] = set()
        self.declined: Counter[Try] = Counter()
        self.granted: Counter[Try] = Counter()
        self.always_declined: frozenset[Try] = frozenset()
        self.actions: Counter[str] = Counter()
        self.last_steps: Counter[str] = Counter()
        self._open: dict[str, Try] = {}

    def begin_item(self) -> None:
        """A fresh item begins: the jobs of the one before are forgotten."""
        self._open.clear()

    def ask(self, done: Done, before: Iterable[Explanation], holds: frozenset[str]) -> None:
        """An operation was asked for and answered; before: what explained the item then, holds: what surrounded it."""
        if done.asked is None:
            return
        event, job = done.asked
        states = {explanation.state for explanation in before}
        phases = {state.phase for state in states}
        if len(phases) > 1:
            return
        phase = phases.pop()
        self.asked[phase, asked_by(done.step.action)] += 1
        self.pairs.add((phase, str(event.name)))
        outcomes = [self._stepper.step(state, event, holds) for state in states]
        if not all(outcome.transition is not None and outcome.may_refuse for outcome in outcomes):
            return
        if done.step.response is Answer.REFUSED:
            self._decline((phase, kind_of(event)))
        elif job is not None:
            self._open[job] = (phase, kind_of(event))

    def ended(self, jobs: Iterable[EndedJob]) -> None:
        """Jobs have ended; one that only ever was being refused was declined."""
        for job in jobs:
            tried = self._open.pop(job.id, None)
            if tried is not None and job.refused:
                self._decline(tried)
            elif tried is not None:
                self.granted[tried] += 1
                self.always_declined -= {tried}

    def _decline(self, tried: Try) -> None:
        self.declined[tried] += 1
        if self.declined[tried] >= DECLINES and not self.granted[tried]:
            self.always_declined |= {tried}
