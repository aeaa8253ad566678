"""The reference as adapters were before the controls `settings`, `disks` and `sites`."""

from __future__ import annotations

from typing import Any

from asr_properties.contract.messages import OPTIONAL_CONTROLS
from asr_properties.reference import ReferenceService


class OfToday(ReferenceService):
    """The reference with the controls of the first version of the page."""

    def hello(self, protocol: int) -> dict[str, Any]:
        told = super().hello(protocol)
        told["controls"] = [control for control in told["controls"] if control not in OPTIONAL_CONTROLS]
        told["configuration"] = [key for key in told["configuration"] if key not in ("data_disks", "appliances")]
        return told
