"""From `arm:URL` to an adapter: the target, whether it may be acted on, the site's settings, the credentials."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asr_properties.adapters.arm.adapter import ArmAdapter
from asr_properties.adapters.arm.bounded_http import HttpLimits
from asr_properties.adapters.arm.homecoming import HOURS
from asr_properties.adapters.arm.target import permit, read_target
from asr_properties.adapters.options import ArmOptions, UnknownAdapter
from asr_properties.contract.connection import Implementation

_LONGEST = 1 << 20


def arm_factory(spec: str, options: ArmOptions) -> Callable[[], Implementation]:
    """The factory of adapters for `arm:URL`. Nothing is asked of the target yet.

    Raises:
        UnknownAdapter: the URL is not one, the target must not be acted on, or the settings can't be read.
    """
    target = read_target(spec)
    permit(target, options.allow_failover_of)
    settings = read_settings(options.settings) if options.settings is not None else {}
    limits = HttpLimits(call_seconds=options.call_seconds, attempts=2 if target.loopback else HttpLimits.attempts)

    def make() -> Implementation:
        credential: Any = None
        if not target.loopback:
            from azure.identity import DefaultAzureCredential

            credential = DefaultAzureCredential()
        hours = HOURS if options.home_hours is None else options.home_hours
        return ArmAdapter(
            target, limits=limits, settings=settings, credential=credential, profile=options.profile, home_hours=hours
        )

    return make


def read_settings(path: Path) -> dict[str, Any]:
    """The settings of a site: one JSON object, by the wire's keys (policyId, processServerId, datastoreName, ...).

    Raises:
        UnknownAdapter: there is no such file, or it is something else.
    """
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(_LONGEST))
    except (OSError, ValueError, RecursionError) as error:
        raise UnknownAdapter(f"cannot read the settings of the site in {path}: {error}") from None
    if not isinstance(data, dict):
        raise UnknownAdapter(f"{path} does not hold the settings of a site: expected one JSON object")
    return data
