"""Whether the adapter itself is in order: asked before anybody blames the implementation behind it.

Imports the contract, the adapters and the values of `generation.configurations`; it knows no lifecycle and no verdict.
"""

from asr_properties.smoke.checks import CHECKS
from asr_properties.smoke.probe import CheckOutcome, Finding
from asr_properties.smoke.trying import smoke

__all__ = ["CHECKS", "CheckOutcome", "Finding", "smoke"]
