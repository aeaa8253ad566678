"""What belongs to `--adapter SPEC` beside the SPEC itself, and the error of a SPEC that names no adapter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from asr_model import profiles

CONTROL_TOKEN: Final = "ASR_CONTROL_TOKEN"
"""The environment variable with the token of the control path: `serve` takes it from there, or draws one and prints it;
`arm:` sends it. On a command line others could read it."""


@dataclass(frozen=True)
class ArmOptions:
    """What belongs to `arm:URL`. allow_failover_of: the item's name, said a second time. settings: a JSON file with
    what requests need of the site. call_seconds: the limit of one exchange. profile: the lifecycle of the item.
    home_hours: how long it may take to bring a real item back; None: as the adapter has it."""

    allow_failover_of: str | None = None
    settings: Path | None = None
    call_seconds: float = 30.0
    profile: str = profiles.DEFAULT
    home_hours: float | None = None


class UnknownAdapter(ValueError):
    """There is no such adapter; the message says what was looked for and how a SPEC is written."""
