"""Jobs that nobody is seen to ask for, which an item names while they run: what they do, and where they begin."""

from __future__ import annotations

from asr_model.lts import Edge, Lts
from asr_model.vocabulary import Operation
from asr_properties.arm.tokens import SCENARIOS_OF
from asr_properties.evidence.tasks import REVERT
from asr_properties.traces.events import TraceEvent


def scenario_in(event: TraceEvent) -> str | None:
    """What the job does, in the service's word; None where the event names no such job."""
    return getattr(event, "scenario_elsewhere", None)


def asked_for_by(scenario: str) -> frozenset[Operation]:
    """The operations whose jobs are of this scenario."""
    return frozenset(operation for operation, scenarios in SCENARIOS_OF.items() if scenario in scenarios)


def begins(lts: Lts, edge: Edge, scenario: str) -> bool:
    """Whether a step of the model begins a job of this scenario: an operation does, or the service goes on with a job
    of its own where one has ended (R78)."""
    if edge.transition is None:
        return False
    if edge.event.is_operation:
        return edge.event.name in asked_for_by(scenario)
    goes_on = not lts.stepper.efsm.phases[lts.states[edge.target].phase].steady
    return scenario == REVERT and edge.transition.ends is not None and goes_on
