"""The formats by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from asr_properties.exports.graphs import to_aut, to_dot, to_graphml
from asr_properties.exports.json_document import to_json
from asr_properties.exports.kiss2 import to_kiss2
from asr_properties.exports.machine import Machine
from asr_properties.exports.murphi import to_murphi
from asr_properties.exports.promela import to_promela
from asr_properties.exports.scxml import to_scxml
from asr_properties.exports.tla import to_cfg, to_tla
from asr_properties.specification.rule import Rule
from asr_reports.mermaid import to_mermaid
from asr_reports.state_graph import state_graph

Properties = tuple[Rule, ...]


class UnfitName(ValueError):
    """A file can't have this name in this format; the message says why."""


@dataclass(frozen=True)
class Format:
    """One format. text: what the file holds, given the model and its properties. read_by: what reads it.
    beside: files that belong to it, by their ending, each made in the same way. is_module: the text
    names itself, as its file is named."""

    text: Callable[..., str]
    read_by: str
    beside: Mapping[str, Callable[[Machine, Properties], str]] = field(default_factory=dict)
    is_module: bool = False

    def files(self, machine: Machine, properties: Properties, path: Path) -> dict[Path, str]:
        """What is to be written where, the file itself first.

        Raises:
            UnfitName: the path does not fit.
        """
        others = {path.with_suffix(ending): text for ending, text in self.beside.items()}
        if path in others:
            raise UnfitName(f"{path.name} is the name of the file beside it; give it another ending")
        return {path: self._named(machine, properties, path)} | {
            other: text(machine, properties) for other, text in others.items()
        }

    def _named(self, machine: Machine, properties: Properties, path: Path) -> str:
        if not self.is_module:
            return self.text(machine, properties)
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", path.stem):
            raise UnfitName(
                f"a module is named as its file, and {path.stem!r} is no such name: letters, digits and _ only"
            )
        return self.text(machine, properties, path.stem)


def _to_mermaid(machine: Machine, properties: Properties) -> str:
    return to_mermaid(state_graph(machine.efsm))


FORMATS: Mapping[str, Format] = {
    "promela": Format(to_promela, "Spin"),
    "tla": Format(to_tla, "TLC", {".cfg": to_cfg}, is_module=True),
    "murphi": Format(to_murphi, "rumur"),
    "scxml": Format(to_scxml, "python-statemachine"),
    "json": Format(to_json, "programs"),
    "dot": Format(to_dot, "AALpy"),
    "kiss2": Format(to_kiss2, "tools for finite state machines"),
    "aut": Format(to_aut, "CADP, mCRL2"),
    "graphml": Format(to_graphml, "networkx"),
    "mermaid": Format(_to_mermaid, "Markdown"),
}
"""Every format by the name it is asked for by."""
