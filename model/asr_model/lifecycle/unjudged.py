"""Why some parts of the model can be changed without any property noticing it."""

from __future__ import annotations


def reason(of: str, part: str = "") -> str | None:
    """Why no property notices a change of this part of a transition, or of itself; None where nothing is declared."""
    return None
