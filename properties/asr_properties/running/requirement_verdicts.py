"""Verdicts: three-valued for every requirement, and one for the run. A skip is never a pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from asr_model.efsm import Efsm
from asr_model.requirements import CATALOGUE
from asr_model.requirements.requirement import Check, Requirement
from asr_properties.contract.connection import Connection
from asr_properties.evidence import observation, step
from asr_properties.specification.applicability import belongs_elsewhere, profiles_that_have
from asr_properties.specification.rule import EvidenceKind, Rule


class Verdict(StrEnum):
    """What a run says about one requirement."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    NOT_EXERCISED = "NOT_EXERCISED"
    NOT_OBSERVABLE = "NOT_OBSERVABLE"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Overall(StrEnum):
    """What a run says about the implementation."""

    CONFORMANT = "CONFORMANT"
    NON_CONFORMANT = "NON_CONFORMANT"
    INCOMPLETE = "INCOMPLETE"
    ADAPTER_ERROR = "ADAPTER_ERROR"

    @property
    def exit_status(self) -> int:
        """Of the command that reached it."""
        return {"CONFORMANT": 0, "NON_CONFORMANT": 1, "ADAPTER_ERROR": 3, "INCOMPLETE": 4}[self.value]


@dataclass(frozen=True)
class RequirementVerdict:
    """exercised: how often the requirement was put to the test; reason: why it has no more than this outcome; offer:
    what the adapter leaves out that would show more: controls, fields, operations, keys of the configuration."""

    requirement: str
    outcome: Verdict
    exercised: int
    reason: str = ""
    offer: tuple[str, ...] = ()


NEEDS = {**observation.NEEDS, **step.NEEDS}
TASKS = step.NEEDS["tasks_in_order"]


def mandatory(requirement: Requirement) -> bool:
    """Whether a conformant run must have exercised it, where it can be seen: what is checkable by a trace, and the
    requirements beyond the article."""
    return requirement.judgeable and (Check.TRACE in requirement.checks or not requirement.of_the_article)


def not_judgeable(requirement: Requirement, profile: str) -> tuple[Verdict, str] | None:
    """Why no implementation of a profile can be judged by a requirement, whatever it offers; None if it can."""
    if not requirement.judgeable:
        return Verdict.NOT_APPLICABLE, f"it informs the operator: {requirement.note}"
    if others := profiles_that_have(requirement.id, instead_of=profile):
        return Verdict.NOT_APPLICABLE, belongs_elsewhere(others)
    if requirement.only_arm_shows_it:
        return Verdict.NOT_OBSERVABLE, "only the ARM API shows it: arm: and trace judge it"
    return (Verdict.NOT_OBSERVABLE, requirement.beyond_contract) if requirement.beyond_contract else None


def citing_transitions(requirement: Requirement, efsm: Efsm, judging: Collection[Rule]) -> list[str]:
    """The declared transitions that put a requirement to the test when they are taken. Where a property must see a
    field or use a control, taking a transition alone shows nothing."""
    shown = requirement.shown_by_transitions and not any(_needed(p) for p in judging)
    return [t.id for t in efsm.transitions if shown and requirement.id in t.requirements]


def requirement_verdicts(
    efsm: Efsm,
    properties: Collection[Rule],
    connection: Connection | None,
    taken: Mapping[str, int],
    exercised: Mapping[str, int],
    failed: Mapping[str, str],
    witnessed: Mapping[str, int] = MappingProxyType({}),
    hides_tasks: bool = False,
) -> list[RequirementVerdict]:
    """The verdict on every requirement of the catalogue.

    taken: declared transition -> how often it was certainly taken. exercised: property -> how often it was put to the
    test. failed: the requirements that failures blame, each with what makes that less than certain, empty if nothing
    does. witnessed: how often the adapter put to the test what the contract does not show. hides_tasks: jobs ended, and
    none named its tasks.
    """
    live = [p for p in properties if EvidenceKind.LIVE in p.evidence]
    cancelling = any(name.startswith("cancel_job: failing_over") for name in taken)
    verdicts = []
    for requirement in CATALOGUE.values():
        by_property = [p for p in live if requirement.id in p.requirements]
        count = sum(exercised.get(p.name, 0) for p in by_property)
        by_transition = citing_transitions(requirement, efsm, by_property)
        count += sum(taken.get(identifier, 0) for identifier in by_transition) + witnessed.get(requirement.id, 0)
        outcome, reason = _outcome(
            requirement,
            efsm.profile,
            by_property,
            by_transition,
            count,
            connection,
            failed.get(requirement.id),
            cancelling,
            hides_tasks,
        )
        could_be_seen = outcome is Verdict.NOT_OBSERVABLE and not_judgeable(requirement, efsm.profile) is None
        offer = _lacking(requirement, by_property, connection) if could_be_seen else ()
        verdicts.append(RequirementVerdict(requirement.id, outcome, count, reason, offer))
    return verdicts


def _outcome(
    requirement: Requirement,
    profile: str,
    by_property: list[Rule],
    by_transition: list[str],
    count: int,
    connection: Connection | None,
    failed: str | None,
    cancelling: bool,
    hides_tasks: bool,
) -> tuple[Verdict, str]:
    if failed is not None:
        return Verdict.FAILED, failed or "see the counterexample"
    if requirement.only_arm_shows_it and connection is not None and connection.shows_operations:
        return (Verdict.PASSED, "") if count else (Verdict.NOT_EXERCISED, "the service did not do so in this run")
    if (never := not_judgeable(requirement, profile)) is not None:
        return never
    if count:
        return Verdict.PASSED, ""
    lacking = _lacking(requirement, by_property, connection)
    if lacking:
        return Verdict.NOT_OBSERVABLE, f"the adapter does not offer {', '.join(lacking)}"
    if hides_tasks and any(TASKS in _needed(p) for p in by_property):
        return Verdict.NOT_OBSERVABLE, f"the adapter does not tell {TASKS}, which is allowed"
    if requirement.takes_cancelled_failover and not cancelling:
        return Verdict.NOT_OBSERVABLE, "no job could be cancelled: that was always refused, which is allowed (A1)"
    if not by_property and not by_transition:
        return Verdict.NOT_EXERCISED, "no property and no transition judges it"
    return Verdict.NOT_EXERCISED, "no step of this run put it to the test"


def _lacking(requirement: Requirement, judging: list[Rule], connection: Connection | None) -> tuple[str, ...]:
    """What the adapter would have to offer for the requirement to be seen; empty if it offers all."""
    if connection is None:
        return ()
    hello = connection.hello
    missing = {need for p in judging for need in _needed(p)} - {*hello.controls, *connection.fields, TASKS}
    if Check.FAULT in requirement.checks and not connection.has_faults:
        missing.add("faults")
    missing |= {requirement.takes_configuration} - {"", *hello.configuration}
    if hello.operations is not None:
        missing |= set(requirement.takes_operations) - set(hello.operations)
    return tuple(sorted(missing))


def _needed(candidate: Rule) -> frozenset[str]:
    """The controls and observation fields that a property cannot do without."""
    return frozenset(NEEDS[name] for name in (n.removeprefix("was_") for n in candidate.names) if name in NEEDS)


def overall(
    verdicts: Collection[RequirementVerdict], *, interrupted: bool = False, adapter_failed: bool = False
) -> Overall:
    """The verdict on the run. What is mandatory and was not exercised keeps it from being conformant, and so does what
    cannot be seen because the adapter leaves something out; not what no contract shows, or what the contract lets an
    implementation always refuse or leave unsaid. What was found before the adapter failed stands."""
    if any(verdict.outcome is Verdict.FAILED for verdict in verdicts):
        return Overall.NON_CONFORMANT
    if adapter_failed:
        return Overall.ADAPTER_ERROR
    return Overall.INCOMPLETE if interrupted or any(map(_is_open, verdicts)) else Overall.CONFORMANT


def left_out(verdicts: Collection[RequirementVerdict]) -> tuple[str, ...]:
    """What the adapter would have to offer for every mandatory requirement to be seen."""
    return tuple(sorted({name for verdict in verdicts if _is_open(verdict) for name in verdict.offer}))


def _is_open(verdict: RequirementVerdict) -> bool:
    requirement = CATALOGUE[verdict.requirement]
    unseen = verdict.outcome is Verdict.NOT_OBSERVABLE and bool(verdict.offer)
    is_to_be_shown = mandatory(requirement) and not requirement.only_arm_shows_it
    return is_to_be_shown and (unseen or verdict.outcome is Verdict.NOT_EXERCISED)
