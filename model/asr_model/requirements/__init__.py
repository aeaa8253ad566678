"""The requirements catalogue: what the product article says of the lifecycle, and what other sources add to it.

R01 to R94 paraphrase the article in its order, one file a section, so that a reader can lay each file beside its
section. X01 to X12 come from recorded traffic of the service or are inferred, X13 to X22 come from the adapter
contract. The package imports the vocabulary and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from asr_model.requirements.beyond_the_article import BEYOND_THE_ARTICLE
from asr_model.requirements.cancel_planned_failover import CANCEL_PLANNED_FAILOVER
from asr_model.requirements.connect_to_vm import CONNECT_TO_VM
from asr_model.requirements.failed_over_vm import FAILED_OVER_VM
from asr_model.requirements.introduction import INTRODUCTION
from asr_model.requirements.next_steps import NEXT_STEPS
from asr_model.requirements.planned_failover import PLANNED_FAILOVER
from asr_model.requirements.planned_failover_failure import PLANNED_FAILOVER_FAILURE
from asr_model.requirements.prerequisites import PREREQUISITES
from asr_model.requirements.reprotect import REPROTECT
from asr_model.requirements.requirement import Check, Grade, Requirement
from asr_model.requirements.run_failover import RUN_FAILOVER
from asr_model.requirements.verify_vm_properties import VERIFY_VM_PROPERTIES

__all__ = ["ARTICLE", "CATALOGUE", "Check", "Grade", "Requirement", "UnknownRequirement", "requirement"]

#: The product article that R01 to R94 paraphrase: its title, and the date its text bears.
ARTICLE = "Fail over VMware VMs - Modernized (Azure Site Recovery documentation, text dated 09/29/2023)"

#: Every requirement by its id, in the order R01 to R94, X01 to X22.
CATALOGUE: Mapping[str, Requirement] = MappingProxyType(
    {
        entry.id: entry
        for entry in (
            *INTRODUCTION,
            *PREREQUISITES,
            *VERIFY_VM_PROPERTIES,
            *RUN_FAILOVER,
            *CONNECT_TO_VM,
            *PLANNED_FAILOVER,
            *FAILED_OVER_VM,
            *CANCEL_PLANNED_FAILOVER,
            *PLANNED_FAILOVER_FAILURE,
            *REPROTECT,
            *NEXT_STEPS,
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
