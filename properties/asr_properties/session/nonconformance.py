"""How an implementation fails: what was done, what was seen, what the model allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from asr_properties.evidence.step import Step
from asr_properties.oracle.explanation import Explanation
from asr_properties.oracle.oracle import Disagreement
from asr_properties.specification.rule import Rule


class NonConformance(Exception):
    """The implementation broke the model or a property.

    what: what was seen. allowed: what the model allowed, one line each. requirements: the rules, the most telling
    first. broken: the properties that failed. blamed: the requirements that count as failed: those of the broken
    properties, else what the oracle names. before: the explanations until then. steps: all that was done.
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
    """The failure that a disagreement with the model, broken properties, or both come to.

    broken: each broken property with the requirements that it blames.
    """
    blamed = [identifier for identifiers in broken.values() for identifier in identifiers]
    requirements = list(blamed)
    if disagreement is None:
        what = "; ".join(f"broken: {candidate.says}" for candidate in broken)
        return NonConformance(what, [c.pattern for c in broken], requirements, broken, before, steps, blamed)
    what, allowed = disagreement.what, disagreement.allowed
    # An operation that was accepted against the rules explains what goes wrong after it.
    accepted = [r for e in disagreement.states for r in e.refusing]
    told = set(disagreement.requirements)
    if accepted and all(e.refusing for e in disagreement.states) and not told.intersection(accepted[0].requirements):
        against = [identifier for r in accepted for identifier in r.requirements]
        requirements = [*against, *requirements]
        blamed = [*against, *blamed] if blamed else []
        allowed = (f"{accepted[0].event} is refused", *allowed)
        what = f"{accepted[0].event} was accepted, and then: {what}"
    requirements += disagreement.requirements
    return NonConformance(what, allowed, requirements, broken, disagreement.states, steps, blamed)
