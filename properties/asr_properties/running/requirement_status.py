"""How each requirement is judged: by which properties or transitions, on what evidence; or why it is not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from asr_model.efsm import Efsm
from asr_model.requirements import CATALOGUE
from asr_properties.running.requirement_verdicts import citing_transitions, not_judgeable
from asr_properties.specification.relations.machine_settings import SETTINGS
from asr_properties.specification.rule import EvidenceKind, Rule

NOT_JUDGEABLE = "not judgeable"
ON_RECORDINGS = "on recordings"
MISSING = "MISSING"

_WHERE = {EvidenceKind.MODEL: "model", EvidenceKind.LIVE: "runs", EvidenceKind.RECORDING: "recordings"}


@dataclass(frozen=True)
class Status:
    """kind: on what a requirement is judged, `not judgeable`, or `MISSING`; reason: by what, or why not.

    properties, transitions: what judges it, by name; transitions only where taking them puts it to the test.
    """

    requirement: str
    kind: str
    reason: str
    properties: tuple[str, ...] = ()
    transitions: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether there is a kind and a reason."""
        return self.kind not in ("", MISSING) and bool(self.reason)


def statuses(efsm: Efsm, properties: Collection[Rule]) -> Iterator[Status]:
    """The status of every requirement of the catalogue in a profile, in the catalogue's order."""
    for requirement in CATALOGUE.values():
        if requirement.only_arm_shows_it:
            yield Status(requirement.id, ON_RECORDINGS, "answers of the ARM API, which trace and arm: read")
            continue
        if (known := not_judgeable(requirement, efsm.profile)) is not None:
            yield Status(requirement.id, NOT_JUDGEABLE, known[1])
            continue
        judging = [p for p in properties if requirement.id in p.requirements]
        taken = citing_transitions(requirement, efsm, judging)
        kinds = {kind for p in judging for kind in p.evidence}
        if taken:
            kinds |= {EvidenceKind.LIVE, EvidenceKind.RECORDING}
        if requirement.id in SETTINGS:  # `traces.seen_settings` judges them beside the properties
            kinds |= {EvidenceKind.RECORDING}
        if not kinds:
            yield Status(requirement.id, MISSING, "no property and no transition judges it")
            continue
        by = [f"properties {', '.join(p.name for p in judging)}"] if judging else []
        by += [f"taking {', '.join(dict.fromkeys(t.partition(':')[0] for t in taken))}"] if taken else []
        where = "on " + ", ".join(_WHERE[kind] for kind in EvidenceKind if kind in kinds)
        names = tuple(p.name for p in judging)
        yield Status(requirement.id, where, "; ".join(by), names, tuple(taken))
