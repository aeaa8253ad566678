"""The register of the wrong implementations: which requirements each breaks, and what a counterexample must tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from asr_model.profiles import DEFAULT
from asr_properties.contract.connection import Implementation
from asr_properties.reference import CommonItem, ReferenceService

Kind = TypeVar("Kind", bound=type[CommonItem] | type[ReferenceService])

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
    """Register the class as a wrong implementation of a profile that breaks these requirements."""

    def register(kind: Kind) -> Kind:
        WRONG.append(Wrong(kind, requirements, says, profile))
        return kind

    return register
