"""Two traces of the real service, written in our own format from what is known of its recordings (facts 1.2)."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

_NAMES = ("trace_a_powershell.jsonl", "trace_b_cli.jsonl")


def golden_traces() -> tuple[Path, ...]:
    """The paths of trace A (PowerShell, 2021) and trace B (CLI, 2023)."""
    return tuple(Path(str(files(__name__).joinpath(name))) for name in _NAMES)
