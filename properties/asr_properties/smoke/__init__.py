"""Is the adapter itself in order? Asked before anybody blames the implementation behind it."""

from asr_properties.smoke.checks import CHECKS
from asr_properties.smoke.probe import CheckOutcome, Finding
from asr_properties.smoke.trying import smoke

__all__ = ["CHECKS", "CheckOutcome", "Finding", "smoke"]
