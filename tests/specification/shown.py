"""What a specification test shows of its requirement: a walk that puts it to the test, and who breaks it there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from asr_model.profiles import efsm
from asr_model.requirements.requirement import Requirement
from asr_properties.contract.connection import Implementation
from asr_properties.evidence.actions import Action
from asr_properties.reference import CommonItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.running.requirement_verdicts import Findings, Verdict, requirement_verdicts
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.rule import EvidenceKind
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance
from traces.changes import read_interactions
from walks import perform

#: What a run says of a requirement of which only the consequence was tried.

Wrong = type[CommonItem] | type[ReferenceService]
Exchange = dict[str, Any]
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Shown:
    """Shows one requirement: `passes` or `is_assumed` first, then `fails` for each wrong implementation.

    What only the ARM API shows, recordings do: `agrees` and `departs`.
    """

    def __init__(self, requirement: Requirement) -> None:
        self._requirement = requirement
        self._right: type[CommonItem] = ReplicatedItem
        self._walk: tuple[Action, ...] = ()
        self._configuration, self._choices = NOTHING, NOTHING

    def passes(
        self,
        *walk: Action,
        configuration: Mapping[str, Any] = NOTHING,
        choices: Mapping[str, str] = NOTHING,
        on: type[CommonItem] = ReplicatedItem,
        expected: Verdict = Verdict.PASSED,
    ) -> None:
        """The reference passes by this walk, and the walk puts the requirement to the test.

        configuration: of the item. choices: what the reference chooses where the contract leaves it open, if not the
        plainest. on: the item of the reference, which decides on the profile.
        """
        self._right, self._walk, self._configuration, self._choices = on, walk, configuration, choices
        session = perform(self._service(on), walk, configuration)
        session.settle()
        verdict, by = _verdict(session, self._requirement.id)
        assert verdict is expected, self._told(f"{verdict}, not {expected}", walk)
        assert by, self._told("no property that cites it was put to the test", walk)

    def is_assumed(self, *walk: Action, **how: Any) -> None:
        """As `passes`, where the walk shows a consequence of the requirement only."""
        self.passes(*walk, **how, expected=Verdict.ASSUMED)

    def fails(
        self,
        wrong: Wrong,
        what: str,
        *walk: Action,
        configuration: Mapping[str, Any] = NOTHING,
        beside: tuple[str, ...] = (),
    ) -> None:
        """By the same walk, or by this one, a wrong implementation breaks the requirement.

        what: is wrong with it. configuration: of the item, if not the same. beside: the requirements that are named
        before it, because the walk breaks their sentences as well.
        """
        assert wrong.__doc__ is not None
        assert " ".join(wrong.__doc__.split()) == what
        done = walk or self._walk
        with pytest.raises(NonConformance) as failure:
            perform(self._service(wrong), done, configuration or self._configuration).settle()
        named = failure.value.blamed
        told = self._told(f"{wrong.__name__} broke {', '.join(named)}: {failure.value.what}", done)
        assert self._requirement.id in named, told
        before = named[: named.index(self._requirement.id)]
        assert set(before) == set(beside), told

    def agrees(self, *exchanges: Exchange) -> None:
        """A recording of these exchanges agrees with the model, and puts the requirement to the test."""
        (found,) = judge(read_interactions(exchanges))
        assert found.conformance is Conformance.CONFORMANT
        assert found.exercised[self._requirement.id]

    def departs(self, *exchanges: Exchange) -> None:
        """In a recording of these exchanges the last one breaks the requirement."""
        (found,) = judge(read_interactions(exchanges))
        assert found.divergence is not None
        assert found.divergence.event.number == len(exchanges)
        named = found.divergence.requirements
        assert self._requirement.id in named, f"{self._requirement.id}, not {', '.join(named)}"

    def _service(self, kind: Wrong) -> Implementation:
        freedom = Fixed(self._choices)
        return kind(freedom=freedom) if issubclass(kind, ReferenceService) else ReferenceService(kind, freedom)

    def _told(self, what: str, walk: tuple[Action, ...]) -> str:
        requirement = self._requirement
        steps = [f"  {number}. {action}" for number, action in enumerate(walk, 1)]
        return "\n".join([f"{requirement.id} ({requirement.section}): {requirement.sentence}", what, *steps])


def _verdict(session: Session, identifier: str) -> tuple[Verdict, bool]:
    """What a run of these steps alone would say of a requirement; and whether a property that judges runs by it, if
    there is one, was put to the test, so that the verdict does not rest on a transition that cites it alone."""
    profile = session.connection.hello.profile
    properties, taken, exercised = properties_of(profile), session.oracle.taken, session.monitors.exercised
    verdicts = requirement_verdicts(
        efsm(profile),
        properties,
        session.connection,
        Findings(taken, exercised, {}, session.witnessed, session.hides_tasks),
    )
    judging = [p.name for p in properties if identifier in p.requirements and EvidenceKind.LIVE in p.evidence]
    (verdict,) = (v for v in verdicts if v.requirement == identifier)
    return verdict.outcome, not judging or any(exercised[name] for name in judging)
