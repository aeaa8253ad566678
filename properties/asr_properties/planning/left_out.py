"""What a plan leaves out, and why: for want of minutes, or because no test on a slow service comes to it."""

from __future__ import annotations

from collections.abc import Set

from asr_model.lts import Edge, Lts
from asr_model.requirements import CATALOGUE
from asr_properties.generation.coverage import Coverable
from asr_properties.planning.choosing import Chosen
from asr_properties.planning.durations import recorded
from asr_properties.planning.plan_document import LeftOut
from asr_properties.planning.rehearsal import PAIR, REQUIREMENT, TRANSITION, Gain, Rehearsal
from asr_properties.running.requirement_verdicts import Findings, Verdict, requirement_verdicts
from asr_properties.session.irreplaceable import gives_up
from asr_properties.specification.declared import properties_of

MORE_TIME = "more time would buy it"
FAULT = "needs a fault, which a slow service does not offer"
SPARED = "nobody could bring the machine back"
NOT_REHEARSED = "no walk that was rehearsed came to it"


def coverable(lts: Lts, requirements: Set[str]) -> dict[str, int]:
    """How much there is of each sort. requirements: those that can be judged on such a service."""
    all_ = Coverable.of(lts)
    return {TRANSITION: len(all_.transitions), PAIR: len(all_.pairs), REQUIREMENT: len(requirements)}


def open_requirements(profile: str) -> dict[str, str]:
    """Requirements of a profile that an implementation can be judged by, with why a slow service cannot; empty where
    it can."""
    rehearsal = Rehearsal(profile, recorded())
    efsm = rehearsal.lts.stepper.efsm
    verdicts = requirement_verdicts(efsm, properties_of(profile), rehearsal.session.connection, Findings())
    return {
        v.requirement: v.reason if v.outcome is Verdict.NOT_OBSERVABLE else ""
        for v in verdicts
        if v.outcome is not Verdict.NOT_APPLICABLE and not CATALOGUE[v.requirement].only_arm_shows_it
    }


def left_out(chosen: Chosen, lts: Lts, judgeable: dict[str, str]) -> LeftOut:
    """What no chosen test puts to the test. judgeable: as `open_requirements` gives it."""
    gained = chosen.gains
    within_reach = frozenset[Gain]().union(*(candidate.gains for candidate in chosen.pool))
    edges: dict[str, list[Edge]] = {}
    for edge in lts.edges:
        if edge.transition is not None:
            edges.setdefault(edge.transition.id, []).append(edge)

    def why(gain: Gain) -> str:
        if gain in within_reach:
            return MORE_TIME
        if gain.sort == REQUIREMENT:
            return judgeable[gain.where] or NOT_REHEARSED
        return _why_never(edges[gain.where], lts)

    return LeftOut(
        transitions={name: why(gain) for name in sorted(edges) if (gain := Gain(TRANSITION, name)) not in gained},
        pairs=[
            [phase, operation]
            for phase, operation in sorted(Coverable.of(lts).pairs)
            if Gain(PAIR, phase, operation) not in gained
        ],
        requirements={name: why(gain) for name in judgeable if (gain := Gain(REQUIREMENT, name)) not in gained},
    )


def _why_never(edges: list[Edge], lts: Lts) -> str:
    by_faults = {s.name for s in lts.stepper.efsm.surroundings if s.faults}
    if all(edge.surroundings & by_faults for edge in edges):
        return FAULT
    efsm = lts.stepper.efsm
    of = [str(dict(edge.event.arguments).get("job", "")) for edge in edges]
    phases = [lts.states[edge.source].phase for edge in edges]
    if all(gives_up(efsm, p, e.event.name, o) for p, e, o in zip(phases, edges, of, strict=True)):
        return SPARED
    return NOT_REHEARSED
