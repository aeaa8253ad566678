"""A failure of an implementation: what was done, what was seen, and what the model allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from asr_properties.evidence.step import Step
from asr_properties.oracle.explanation import Explanation, Refusing
from asr_properties.oracle.oracle import Disagreement
from asr_properties.specification.rule import Rule


class NonConformance(Exception):
    """The implementation did what no state of the model explains, or broke a property.

    what: what was seen. allowed: what the model allowed, one line each. requirements: all that were broken, the most
    telling first. broken: the properties that failed. before: the explanations until then. steps: all that was done.
    blamed: the requirements that count as failed. These are those of the broken properties; if none is broken, those
    that the oracle names.
    """

    def __init__(
        self,
        what: str,
        allowed: Iterable[str],
        requirements: Iterable[str],
        broken: Iterable[Rule],
        before: Iterable[Explanation],
        steps: Iterable[Step],
        blamed: Iterable[str] = (),
    ) -> None:
        super().__init__(what)
        self.what = what
        self.allowed = tuple(allowed)
        self.requirements = tuple(dict.fromkeys(requirements))
        self.broken = tuple(broken)
        self.before = tuple(before)
        self.steps = tuple(steps)
        self.blamed = tuple(dict.fromkeys(blamed)) or self.requirements


def non_conformance(
    disagreement: Disagreement | None,
    broken: Mapping[Rule, tuple[str, ...]],
    before: Iterable[Explanation],
    steps: Iterable[Step],
) -> NonConformance:
    """Make one failure of a disagreement with the model, of broken properties, or of both.

    broken: each broken property, with the requirements that it blames.
    """
    blamed = [identifier for identifiers in broken.values() for identifier in identifiers]
    requirements = list(blamed)
    if disagreement is None:
        what = "; ".join(f"broken: {candidate.says}" for candidate in broken)
        return NonConformance(what, [c.pattern for c in broken], requirements, broken, before, steps, blamed)
    what, allowed = disagreement.what, disagreement.allowed
    accepted = _accepted_against_the_rules(disagreement)
    if accepted:  # that explains what goes wrong after it
        against = [identifier for operation in accepted for identifier in operation.requirements]
        requirements = [*against, *requirements]
        blamed = [*against, *blamed] if blamed else []
        allowed = (f"{accepted[0].event} is refused", *allowed)
        what = f"{accepted[0].event} was accepted, and then: {what}"
    requirements += disagreement.requirements
    return NonConformance(what, allowed, requirements, broken, disagreement.states, steps, blamed)


def _accepted_against_the_rules(disagreement: Disagreement) -> list[Refusing]:
    """The operations that were accepted although they must be refused.

    None of them counts unless every explanation has one, or where the disagreement names the rule of the first already.
    """
    accepted = [refusing for explanation in disagreement.states for refusing in explanation.refusing]
    if not accepted or not all(explanation.refusing for explanation in disagreement.states):
        return []
    return [] if set(disagreement.requirements).intersection(accepted[0].requirements) else accepted
