"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from asr_properties.exports.machine import Machine
from asr_properties.exports.promela import to_promela
from asr_properties.exports.tla import to_cfg, to_tla
from asr_properties.specification.rule import Rule

Properties = tuple[Rule, ...]


@dataclass(frozen=True)
class Format:
    """One format. text: what the file holds, given the model and its properties. read_by: the tool that reads it.
    beside: files that belong to it, by their ending, each made in the same way."""

    text: Callable[[Machine, Properties], str]
    read_by: str
    beside: Mapping[str, Callable[[Machine, Properties], str]] | None = None

    def files(self, machine: Machine, properties: Properties, path: Path | None) -> dict[Path, str]:
        """What is to be written where, the file itself first. path: None if only that one is wanted."""
        files = {path or Path("-"): self.text(machine, properties)}
        if path is not None:
            files |= {path.with_suffix(end): text(machine, properties) for end, text in (self.beside or {}).items()}
        return files


FORMATS: Mapping[str, Format] = {"promela": Format(to_promela, "Spin"), "tla": Format(to_tla, "TLC", {".cfg": to_cfg})}
"""Every format by the name it is asked for by."""
