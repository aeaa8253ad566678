"""The walk that shows a mutant: what to do, what the implementation has to choose on the way, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from asr_model.machine import Machine
from asr_model.stepper import Stepper
from asr_properties.adapters.chart.item import BUSY_PACE, IDLE_PACE, REGISTERING_TAKES
from asr_properties.evidence.actions import WAIT_FOR_JOB, Action, as_request, wait
from asr_properties.mutation.beliefs import BEYOND_EVERY_BOUND, Beliefs
from asr_properties.mutation.product import Decision, ProductState, ProductStep


@dataclass(frozen=True)
class WalkStep:
    """One step of a walk.

    actions: what is done, in order. chooses: what happens by itself meanwhile; or of a request whose acceptance is
    open, `done` or `refused`; empty if nothing is left to the implementation. answer: how a request is answered. shows:
    the phase that is seen then. offers: the operations that the implementation need not offer, with whether it does.
    """

    actions: tuple[Action, ...]
    chooses: str
    answer: str
    shows: str
    offers: Mapping[str, bool]

    def __str__(self) -> str:
        done = "; ".join(map(str, self.actions))
        answered = f" {self.answer}" if self.answer else ""
        chosen = f" ({self.chooses})" if self.chooses not in ("", "done", "refused") else ""
        is_open = ", by choice" if self.chooses in ("done", "refused") else ""
        return f"{done}{answered}{is_open}{chosen}  [{self.shows}]"


@dataclass(frozen=True)
class Walk:
    """The shortest walk that shows a mutant.

    configuration: of the item. differs: what is answered or seen at the last step. allowed: what the model allows
    there. requirements: the rules.
    """

    configuration: Mapping[str, Any]
    steps: tuple[WalkStep, ...]
    differs: str
    allowed: tuple[str, ...]
    requirements: tuple[str, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        """All that is done, in order."""
        return tuple(action for step in self.steps for action in step.actions)

    def lines(self) -> Iterator[str]:
        """The walk for people, a line a step, and what is wrong then."""
        with_what = f" with {dict(self.configuration)}" if self.configuration else ""
        yield f"a fresh item{with_what}"
        for number, step in enumerate(self.steps, 1):
            yield f"{number:3}. {step}"
        yield f"     {self.differs}; allowed: {' | '.join(self.allowed)}"

    def to_json(self) -> dict[str, Any]:
        """The walk as plain data."""
        return {
            "configuration": dict(self.configuration),
            "steps": [
                {
                    "actions": [action.to_json() for action in step.actions],
                    "chooses": step.chooses,
                    "answer": step.answer,
                    "shows": step.shows,
                }
                for step in self.steps
            ],
            "differs": self.differs,
            "allowed": list(self.allowed),
            "requirements": list(self.requirements),
        }


def walk_of(decision: Decision, stepper: Stepper, beliefs: Beliefs, machine: Machine) -> Walk | None:
    """The walk that a decision found; None where the mutant is equivalent."""
    if decision.is_equivalent:
        return None
    state, last = decision.walk[-1]
    why = beliefs.disagreement(state.belief, last.seen, state.plain)
    return Walk(
        configuration={"datastore_visible": False} if "datastore_hidden" in state.plain else {},
        steps=tuple(_step(stepper, beliefs, machine, at, step) for at, step in decision.walk),
        differs=why.what,
        allowed=why.allowed,
        requirements=why.requirements,
    )


def _step(stepper: Stepper, beliefs: Beliefs, machine: Machine, at: ProductState, step: ProductStep) -> WalkStep:
    faults = [next(s.faults[0] for s in stepper.efsm.surroundings if s.name == name) for name in sorted(step.faults)]
    begun = [Action("inject", fault) for fault in faults]
    ended = [Action("clear", fault) for fault in faults]
    event, chooses, answer = step.event, "", ""
    if event is None:
        done = WAIT_FOR_JOB if at.item.is_running else wait(BEYOND_EVERY_BOUND)
    elif event.is_operation:
        done = as_request(event, pick=int(at.item.in_use))
        answer = "accepted" if step.seen.is_accepted else "refused"
        found = machine.step(at.item.at, event, at.plain | step.faults)
        chooses = ("done" if step.is_done else "refused") if found.is_taken and found.may_refuse else ""
    else:
        done = wait(BUSY_PACE if machine.is_busy(at.item.at.state) else IDLE_PACE)
        chooses = event.name
    shows = beliefs.shown_phase(step.seen.look)
    passing = (wait(REGISTERING_TAKES),) if _is_followed_by_a_while(stepper, at, step) else ()
    return WalkStep((*begun, done, *ended, *passing), chooses, answer, shows, dict(step.offers))


def _is_followed_by_a_while(stepper: Stepper, at: ProductState, step: ProductStep) -> bool:
    """Whether a failover has ended after which the model allows more for a while: the walk waits until that is over."""
    allows_more = any(surrounding.passes for surrounding in stepper.efsm.surroundings)
    fails_over = at.item.at.state.phase in ("failing_over", "failing_back")
    return allows_more and fails_over and step.seen.running not in ("", "in_progress")
