"""Phases of other profiles: an item that shows one departs from its own lifecycle (contract, "What is judged" 15)."""

from __future__ import annotations

from collections.abc import Iterable

from asr_model import profiles
from asr_model.blame import ANY_REFUSAL
from asr_model.state import State
from asr_model.stepper import Stepper


def of_foreign_phase(stepper: Stepper, states: Iterable[State], phase: str) -> list[str]:
    """The requirements that are broken by being in a phase of another profile, the most telling first.

    They are those that refuse, in `states`, the operation that leads to this phase in the other profile.
    """
    own = stepper.efsm.profile
    others = [profiles.efsm(name) for name in profiles.CHARTS if name != own]
    ways = {t.event for efsm in others for t in efsm.transitions if t.target == phase and t.source != phase}
    events = [event for event in stepper.events if event.name in ways]
    found = [rule for state in states for event in events for rule in stepper.why_refused(state, event)]
    return sorted(dict.fromkeys(found), key=ANY_REFUSAL.__eq__)
