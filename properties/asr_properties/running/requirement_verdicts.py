"""Verdicts: three-valued for every requirement, and one for the run. A skip is never a pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from asr_model.efsm import Efsm
from asr_model.forbidden import Try, forbidden
from asr_model.listed_operations import LISTABLE, never_certain
from asr_model.profiles import lts
from asr_model.requirements import CATALOGUE
from asr_model.requirements.requirement import Check, Requirement
from asr_model.vocabulary import Operation
from asr_properties.contract.messages import OPTIONAL_CONTROLS
from asr_properties.evidence import observation, step
from asr_properties.running.own_choices import NEED_OPERATIONS, OWN_CHOICES, untried
from asr_properties.specification.applicability import belongs_elsewhere, profiles_that_have
from asr_properties.specification.relations.relation import Relation
from asr_properties.specification.rule import EvidenceKind, Rule

if TYPE_CHECKING:
    from asr_properties.contract.connection import Connection


class Verdict(StrEnum):
    """What a run says about one requirement."""

    PASSED = "PASSED"
    ASSUMED = "ASSUMED"
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
    """exercised: how often the requirement was put to the test. reason: why it has no more than this outcome, or how
    little of a pass was seen. offer: what the adapter leaves out that would show more: controls, fields, operations,
    keys of the configuration. known: why it is a known deviation; empty where nobody says so, which changes no outcome.
    """

    requirement: str
    outcome: Verdict
    exercised: int
    reason: str = ""
    offer: tuple[str, ...] = ()
    known: str = ""

    @property
    def by_label_only(self) -> bool:
        """Whether it passed by what the item says of itself, for no effect could be seen."""
        return self.outcome is Verdict.PASSED and bool(self.reason)

    @property
    def is_open(self) -> bool:
        """Whether it keeps the run from being conformant, though nothing failed: it is mandatory, an adapter can show
        it, and this run did not."""
        requirement = CATALOGUE[self.requirement]
        unseen = self.outcome is Verdict.NOT_OBSERVABLE and not set(self.offer) <= OPTIONAL_CONTROLS
        is_to_be_shown = mandatory(requirement) and not requirement.only_arm_shows_it
        return is_to_be_shown and (unseen or self.outcome is Verdict.NOT_EXERCISED)

    @property
    def is_known_failure(self) -> bool:
        """Whether it failed, and that is known."""
        return self.outcome is Verdict.FAILED and bool(self.known)

    def __str__(self) -> str:
        remark = "known" if self.is_known_failure else self.reason if self.by_label_only else ""
        return f"{self.outcome} ({remark})" if remark else str(self.outcome)


NEEDS = {**observation.NEEDS, **step.NEEDS}
(TASKS,) = step.NEEDS["tasks_in_order"]


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
    return None


def citing_transitions(requirement: Requirement, efsm: Efsm, judging: Collection[Rule]) -> list[str]:
    """The declared transitions that put a requirement to the test when they are taken. Where a property must see a
    field or use a control, taking a transition alone shows nothing."""
    crediting = [p for p in judging if requirement.id in p.credits]
    shown = requirement.shown_by_transitions and not any(_needed(p) - OPTIONAL_CONTROLS for p in crediting)
    return [t.id for t in efsm.transitions if shown and requirement.id in t.requirements]


class Findings(NamedTuple):
    """What a run has shown so far.

    taken: declared transition -> how often it was certainly taken. exercised: property -> how often it was put to the
    test. failed: the requirements that failures blame, each with what makes that less than certain, empty if nothing
    does. witnessed: requirement -> how often the adapter put to the test what the contract does not show. hides_tasks:
    jobs ended, and none named its tasks. asked: what was asked for in which phase; None: not known, and no try is
    missed. never_shown: the phases that the implementation chooses never to be in. not_offered: declared transition ->
    why it is the implementation's own choice that it was not taken.
    """

    taken: Mapping[str, int] = MappingProxyType({})
    exercised: Mapping[str, int] = MappingProxyType({})
    failed: Mapping[str, str] = MappingProxyType({})
    witnessed: Mapping[str, int] = MappingProxyType({})
    hides_tasks: bool = False
    asked: Mapping[Try, int] | None = None
    never_shown: frozenset[str] = frozenset()
    not_offered: Mapping[str, str] = MappingProxyType({})


def requirement_verdicts(
    efsm: Efsm, properties: Collection[Rule], connection: Connection | None, findings: Findings
) -> list[RequirementVerdict]:
    """The verdict on every requirement of the catalogue. connection: None where nothing is known of the adapter."""
    live = [p for p in properties if EvidenceKind.LIVE in p.evidence]
    return [_verdict(requirement, efsm, live, connection, findings) for requirement in CATALOGUE.values()]


def _verdict(
    requirement: Requirement, efsm: Efsm, live: list[Rule], connection: Connection | None, findings: Findings
) -> RequirementVerdict:
    judging = [p for p in live if requirement.id in p.requirements]
    by_transition = citing_transitions(requirement, efsm, judging)
    crediting = [p for p in judging if requirement.id in p.credits]
    count = sum(findings.exercised.get(p.name, 0) for p in crediting) + findings.witnessed.get(requirement.id, 0)
    count += sum(findings.taken.get(identifier, 0) for identifier in by_transition)
    if (doubt := findings.failed.get(requirement.id)) is not None:
        return RequirementVerdict(requirement.id, Verdict.FAILED, count, doubt or "see the counterexample")
    if requirement.only_arm_shows_it and connection is not None and connection.shows_operations:
        outcome = Verdict.PASSED if count else Verdict.NOT_EXERCISED
        return RequirementVerdict(
            requirement.id, outcome, count, "" if count else "the service did not do so in this run"
        )
    if (never := not_judgeable(requirement, efsm.profile)) is not None:
        return RequirementVerdict(requirement.id, never[0], count, never[1])
    if not count and _takes_a_cancelled_job(requirement, efsm, findings):
        reason = "no job could be cancelled: that was always refused, which is allowed (A1)"
        return RequirementVerdict(requirement.id, Verdict.NOT_OBSERVABLE, 0, reason)
    lacking = () if count else _lacking(requirement, efsm, judging, connection, findings)
    # What is judged by more than these is judged without them.
    unneeded = _unneeded(efsm, connection) if count else frozenset()
    if lacking := lacking or _not_to_be_tried(requirement, efsm, connection, findings, unneeded):
        reason = f"the adapter does not offer {', '.join(lacking)}"
        return RequirementVerdict(requirement.id, Verdict.NOT_OBSERVABLE, count, reason, lacking)
    if tested := count or _refused_as_it_must_be(requirement, efsm, findings):
        return _passed(requirement, efsm, judging, tested, findings, unneeded)
    outcome, reason = _why_not_exercised(requirement, efsm, judging, by_transition, findings)
    return RequirementVerdict(requirement.id, outcome, 0, reason)


def _refused_as_it_must_be(requirement: Requirement, efsm: Efsm, findings: Findings) -> int:
    """How often what it forbids was asked for. Nothing failed, so each was refused, be it by a job that ended later:
    that is never known yet when properties judge the request."""
    asked = findings.asked or {}
    return sum(asked.get(each, 0) for each in forbidden(lts(efsm.profile)).get(requirement.id, ()))


def _passed(
    requirement: Requirement, efsm: Efsm, judging: list[Rule], count: int, findings: Findings, unneeded: frozenset[str]
) -> RequirementVerdict:
    """What was put to the test and never failed has passed, if all that it forbids was tried, as far as was seen."""
    asked = findings.asked
    missed = [] if asked is None else untried(lts(efsm.profile), requirement.id, asked, findings.never_shown, unneeded)
    if missed:
        shown = ", ".join(f"{event} in {phase}" for phase, event in missed[:3]) + (", ..." if len(missed) > 3 else "")
        return RequirementVerdict(requirement.id, Verdict.NOT_EXERCISED, count, f"not tried: {shown}")
    if requirement.assumed:
        return RequirementVerdict(requirement.id, Verdict.ASSUMED, count, requirement.assumed)
    by_effect = any(findings.exercised.get(p.name) for p in judging if _is_of_effects(p))
    by_label = any(findings.exercised.get(p.name) for p in judging if p.by_label) and not by_effect
    return RequirementVerdict(requirement.id, Verdict.PASSED, count, "by the label only" if by_label else "")


def _is_of_effects(rule: Rule) -> bool:
    """Whether it is broken by what the service does, and not only by what it says of that."""
    return not rule.by_label and (isinstance(rule, Relation) or not _EFFECTS.isdisjoint(_needed(rule)))


_EFFECTS = frozenset({"machines", "workload"})


def _why_not_exercised(
    requirement: Requirement, efsm: Efsm, judging: list[Rule], by_transition: list[str], findings: Findings
) -> tuple[Verdict, str]:
    if findings.hides_tasks and any(TASKS in _needed(p) for p in judging):
        return Verdict.NOT_OBSERVABLE, f"the adapter does not tell {TASKS}, which is allowed"
    if not judging and not by_transition:
        return Verdict.NOT_EXERCISED, "no property and no transition judges it"
    declined = {findings.not_offered.get(t.id, "") for t in efsm.transitions if requirement.id in t.requirements}
    if declined and declined <= OWN_CHOICES:
        why = ", ".join(sorted(declined))
        return Verdict.NOT_OBSERVABLE, f"this implementation does nothing that it speaks of, which is allowed ({why})"
    return Verdict.NOT_EXERCISED, "no step of this run put it to the test"


def _takes_a_cancelled_job(requirement: Requirement, efsm: Efsm, findings: Findings) -> bool:
    """Whether it is about a job that was cancelled, and none could be, though it was tried."""
    phase = requirement.takes_cancelled_job_in
    if not any(each == phase and event.name == Operation.CANCEL_JOB for each, event in findings.asked or ()):
        return False
    taken = {t.source for t in efsm.transitions if t.event == Operation.CANCEL_JOB and t.id in findings.taken}
    return phase not in taken


def _unneeded(efsm: Efsm, connection: Connection | None) -> frozenset[str]:
    """The operations that an implementation need not have, and this one does not."""
    if connection is None:
        return frozenset()
    machine = lts(efsm.profile)
    return never_certain(machine.stepper, machine.states) - connection.offered


def _lacking(
    requirement: Requirement, efsm: Efsm, judging: list[Rule], connection: Connection | None, findings: Findings
) -> tuple[str, ...]:
    """What the adapter would have to offer for the requirement to be seen; empty if it offers all."""
    if connection is None:
        return ()
    reasons = {findings.not_offered.get(t.id) for t in efsm.transitions if requirement.id in t.requirements}
    operations = set(LISTABLE) - connection.offered - _unneeded(efsm, connection)
    if operations and reasons == {NEED_OPERATIONS}:
        return tuple(sorted(operations))
    hello = connection.hello
    offered = {*hello.controls, *connection.fields, TASKS}
    missing = {need for p in judging for need in _needed(p)} - offered
    if any(not _needed(p) & OPTIONAL_CONTROLS for p in judging):
        missing -= OPTIONAL_CONTROLS  # they would show more of it, and what shows the rest is there
    if Check.FAULT in requirement.checks and not connection.has_faults:
        missing.add("faults")
    missing |= {requirement.takes_configuration} - {"", *hello.configuration}
    missing |= set(requirement.takes_operations) - connection.offered
    return tuple(sorted(missing))


def _not_to_be_tried(
    requirement: Requirement, efsm: Efsm, connection: Connection | None, findings: Findings, unneeded: frozenset[str]
) -> tuple[str, ...]:
    """The operations that the adapter does not offer and that the requirement forbids, if all else that it forbids was
    tried; empty if it forbids none of these, or something else is still to be tried."""
    if connection is None or findings.asked is None:
        return ()
    untaken = untried(lts(efsm.profile), requirement.id, findings.asked, findings.never_shown, unneeded)
    operations = {event.name for _, event in untaken}
    is_offered = not operations.isdisjoint({*connection.offered, Operation.CANCEL_JOB})
    return () if is_offered else tuple(sorted(map(str, operations)))


def _needed(candidate: Rule) -> frozenset[str]:
    """The controls and observation fields that a property cannot do without."""
    return frozenset(need for name in candidate.names for need in NEEDS.get(name.removeprefix("was_"), ()))


def overall(
    verdicts: Collection[RequirementVerdict],
    *,
    left_something: bool = False,
    interrupted: bool = False,
    adapter_failed: bool = False,
) -> Overall:
    """The verdict on the run.

    What is mandatory and was not exercised keeps it from being conformant, and so does what cannot be seen because the
    adapter leaves something out; not what no contract shows, or what the contract lets an implementation always refuse
    or leave unsaid. So does anything that is left to cover. What was found before the adapter failed stands.
    """
    if any(verdict.outcome is Verdict.FAILED for verdict in verdicts):
        return Overall.NON_CONFORMANT
    if adapter_failed:
        return Overall.ADAPTER_ERROR
    is_open = interrupted or left_something or any(verdict.is_open for verdict in verdicts)
    return Overall.INCOMPLETE if is_open else Overall.CONFORMANT


def left_out(verdicts: Collection[RequirementVerdict]) -> tuple[str, ...]:
    """What the adapter would have to offer for every mandatory requirement to be seen."""
    return tuple(sorted({name for v in verdicts if v.is_open for name in v.offer} - OPTIONAL_CONTROLS))
