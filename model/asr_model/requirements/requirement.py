"""What one requirement is: its sentence, where it comes from, how sure it is and what it takes to judge it."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum

from asr_model.vocabulary import Operation


class Grade(StrEnum):
    """What a requirement rests on. Traffic of the service is the strongest grade, inference the weakest."""

    DOCUMENTED = "documented"
    """Product documentation says so."""
    OBSERVED = "observed"
    """Observed in recorded real HTTP traffic of the service."""
    CONTRACT = "contract"
    """The SDK, the REST specification or the cmdlet source says so, or this project's adapter contract does."""
    INFERRED = "inferred"
    """Inference made in this project; neither stated nor observed in anything that was read."""


class Check(StrEnum):
    """What it takes to check a requirement from outside. A requirement may need or allow more than one."""

    TRACE = "T"
    """A black-box suite can judge it from a trace of requests and answers through the API."""
    DATA = "D"
    """It needs an oracle for data or machines beside the API."""
    FAULT = "F"
    """It needs a fault to be injected."""
    CONFIGURATION = "C"
    """It needs a special configuration of the VM or the site."""
    TIMING = "tau"
    """It needs durations to be measured."""
    INFORMATIVE = "I"
    """It informs or advises the operator; an implementation cannot be judged by it."""


TRACE = (Check.TRACE,)
DATA = (Check.DATA,)
FAULT = (Check.FAULT,)
CONFIGURATION = (Check.CONFIGURATION,)
TIMING = (Check.TIMING,)
INFORMATIVE = (Check.INFORMATIVE,)
"""The checks of a requirement as the catalogue writes them: `TRACE + DATA` is both, a trace first."""


WORKS_AGAIN = "whether it is enforced is not known; tried is only that things work again after the fault"
"""Why a requirement about the surroundings is assumed (A15, A16; facts 5.2, 5.5)."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of the catalogue.

    id: R01 to R94 for the article, X01 to X22 beyond it.
    checks: what it takes to check it, never empty; the first one is the main way.
    sentence: a paraphrase in one sentence.
    section: the section of the article that it comes from; beyond the article, the kind of source.
    evidence: what it rests on.
    ambiguities: ids (A1, A2, ...) of the places where the sources contradict each other or are silent, and this
    project chose a reading (facts 8).
    note: how the sentence is read, which requirement it repeats, or why nothing can be judged by it.
    only_arm_shows_it: recordings and `arm:` are judged by it; no run through another adapter can be.
    takes_cancelled_job_in: the phase whose job must have been cancelled for it to be judged, which an implementation
    may always refuse (A1); or empty.
    assumed: why a run can try only a consequence of it, so that it is assumed and never passes; or empty.
    takes_configuration: the key of the configuration that an adapter must honour for it to be judged; or empty.
    takes_operations: those of its operations that an adapter need not offer; without them it is not judged.
    says_more: its sentence speaks of what came before a transition, or of what is seen after it; taking the transition
    does not show it.
    """

    id: str
    checks: tuple[Check, ...]
    sentence: str
    _: KW_ONLY
    section: str
    evidence: Grade
    ambiguities: tuple[str, ...] = ()
    note: str = ""
    only_arm_shows_it: bool = False
    takes_cancelled_job_in: str = ""
    assumed: str = ""
    takes_configuration: str = ""
    takes_operations: tuple[Operation, ...] = ()
    says_more: bool = False

    @property
    def of_the_article(self) -> bool:
        """Whether the product article says it; what other sources add has an id that begins with X."""
        return self.id.startswith("R")

    @property
    def judgeable(self) -> bool:
        """Whether an implementation can pass or fail it; false for what only informs."""
        return self.checks != INFORMATIVE

    @property
    def shown_by_transitions(self) -> bool:
        """Whether taking a transition that cites it puts it to the test; what needs data is not shown by that."""
        return self.judgeable and Check.DATA not in self.checks and not self.says_more
