"""What is said of a machine's power, and what its guest can do: write where it is on, and only there (contract 14)."""

from __future__ import annotations

from collections.abc import Iterator

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.vocabulary import Site
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import known
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

ONLY_WHERE_ON = Relation(
    name="guest_writes_only_where_its_machine_is_on",
    requirements=("X10",),
    says="no guest writes while the machine at the active site is off or absent",
    seen="active site {site}, its machine reads {power}; write: {answer}",
    right="refused",
    needs=("serving", "on_premises", "received_newest"),
)
RUNS_IN_AZURE = Relation(
    name="machine_that_is_on_in_azure_runs",
    requirements=("R36",),
    says="after a failover the guest of the machine that reads on in Azure can write",
    seen="active site {site}, its machine reads {power}; write: {answer}",
    right="a record is written",
    needs=("serving", "azure", "received_newest"),
)
RUNS_ON_PREMISES = Relation(
    name="machine_that_is_on_on_premises_runs",
    requirements=("R51",),
    says="after a failback the guest of the machine that reads on on-premises can write",
    seen="active site {site}, its machine reads {power}; write: {answer}",
    right="a record is written",
    needs=("serving", "on_premises", "received_newest"),
)

RELATIONS = (ONLY_WHERE_ON, RUNS_IN_AZURE, RUNS_ON_PREMISES)

_RUNS = {
    **dict.fromkeys(PHASE_SETS["after_failover"], RUNS_IN_AZURE),
    **dict.fromkeys(PHASE_SETS["after_failback"], RUNS_ON_PREMISES),
}


class Machines(Monitor):
    """Compares how a write was answered with the power that the machine at the active site read, before and after."""

    needs_agreement = False

    def begin_item(self) -> None:
        """Nothing is remembered."""

    def enter(self, step: Step) -> Iterator[Judgement]:
        if step.event != "write" or not step.answer:
            return
        was, now = _power(step.was), _power(step.now)
        if was is None or was != now:
            return
        values = {"site": step.was.serving, "power": was, "answer": step.answer}
        if was != "on":
            yield ONLY_WHERE_ON.judged(step.wrote is None, **values)
        elif step.agreed_before.phase == step.agreed.phase and step.agreed.phase in _RUNS:
            yield _RUNS[step.agreed.phase].judged(step.wrote is not None, **values)


def _power(seen: Observation) -> str | None:
    """What the machine at the active site reads; None where the site or its machine is not seen."""
    serving = known(seen.serving)
    if serving is None:
        return None
    power: str | None = known(seen.azure if serving == Site.AZURE else seen.on_premises)
    return power
