"""The requirements catalogue: what the product article says of the lifecycle, and what other sources add to it.

R01 to R94 paraphrase the article in its order. X01 to X12 come from recorded traffic of the service or are
inferred, X13 to X22 come from the adapter contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from asr_model.requirements.beyond_the_article import BEYOND_THE_ARTICLE
from asr_model.requirements.cancelling_failback import CANCELLING_FAILBACK
from asr_model.requirements.failback import FAILBACK
from asr_model.requirements.failover_to_azure import FAILOVER_TO_AZURE
from asr_model.requirements.preparation import PREPARATION
from asr_model.requirements.protecting_again import PROTECTING_AGAIN
from asr_model.requirements.requirement import Check, Grade, Requirement

__all__ = ["ARTICLE", "CATALOGUE", "Check", "Grade", "Requirement", "UnknownRequirement", "requirement"]

#: The product article that R01 to R94 paraphrase: its title, and the date its text bears.
ARTICLE = "Fail over VMware VMs - Modernized (Azure Site Recovery documentation, text dated 09/29/2023)"

#: Every requirement by its id, in the order R01 to R94, X01 to X22.
CATALOGUE: Mapping[str, Requirement] = MappingProxyType(
    {
        entry.id: entry
        for entry in (
            *PREPARATION,
            *FAILOVER_TO_AZURE,
            *FAILBACK,
            *CANCELLING_FAILBACK,
            *PROTECTING_AGAIN,
            *BEYOND_THE_ARTICLE,
        )
    }
)


class UnknownRequirement(KeyError):
    """No requirement has the id that was asked for; its only argument is that id."""

    def __str__(self) -> str:
        # KeyError would show the bare repr of its argument, which helps nobody.
        return f"there is no requirement {self.args[0]!r}; ids are R01 to R94 and X01 to X22, such as 'R07'"


def requirement(identifier: str) -> Requirement:
    """Give the requirement with this id.

    Raises:
        UnknownRequirement: no requirement has it; the id is matched exactly, so "r7" and "R7" are unknown.
    """
    try:
        return CATALOGUE[identifier]
    except KeyError:
        raise UnknownRequirement(identifier) from None
