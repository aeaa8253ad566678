"""The register of the wrong implementations: which requirements each breaks, and what a counterexample must tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from asr_model.profiles import DEFAULT
from asr_properties.contract.connection import Implementation
from asr_properties.reference import ClassicItem, CommonItem, ReferenceService, ReplicatedItem

Kind = TypeVar("Kind", bound=type[CommonItem] | type[ReferenceService])

ITEMS: tuple[type[CommonItem], ...] = (ReplicatedItem, ClassicItem)
"""The item of each profile's reference."""

WRONG: list[Wrong] = []
"""All of them, in the order of the files and in these."""


@dataclass(frozen=True)
class Wrong:
    """A wrong implementation.

    kind: the reference's item or its service, with one behaviour broken; the docstring says which. requirements: all of
    these must be FAILED, the most telling one first. says: what a counterexample must tell. profile: whose reference it
    is.
    """

    kind: type[CommonItem] | type[ReferenceService]
    requirements: tuple[str, ...]
    says: str
    profile: str = DEFAULT

    @property
    def name(self) -> str:
        """As in `--adapter wrong.implementations:NAME`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.kind.__name__).lower()

    @property
    def what(self) -> str:
        """What is wrong, in one sentence."""
        assert self.kind.__doc__ is not None
        return " ".join(self.kind.__doc__.split())

    def factory(self) -> Implementation:
        """A fresh one."""
        if issubclass(self.kind, ReferenceService):
            return self.kind()
        return ReferenceService(item_class=self.kind)


def breaks(*requirements: str, says: str, profile: str = DEFAULT) -> Callable[[Kind], Kind]:
    """Register the class as a wrong implementation of a profile that breaks these requirements.

    What is wrong with the item of every profile breaks the reference of each: then this is the default profile's.
    """

    def register(kind: Kind) -> Kind:
        if issubclass(kind, (*ITEMS, ReferenceService)):
            WRONG.append(Wrong(kind, requirements, says, profile))
            return kind
        kinds = {item.profile.name: _breaking(item, kind) for item in ITEMS}
        WRONG.extend(Wrong(broken, requirements, says, name) for name, broken in kinds.items())
        return cast(Kind, kinds[DEFAULT])

    return register


def _breaking(item: type[CommonItem], behaviour: type) -> type[CommonItem]:
    """The item of a profile with this behaviour instead of its own."""
    name = behaviour.__name__ if item.profile.name == DEFAULT else item.profile.name.title() + behaviour.__name__
    told = {"__slots__": (), "__doc__": behaviour.__doc__, "__module__": behaviour.__module__}
    return type(name, (behaviour, item), told)
