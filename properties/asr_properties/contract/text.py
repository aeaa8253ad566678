"""Text that an adapter wrote, made fit to be shown: short, on one line, and with nothing that a terminal obeys."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 400
"""Characters of what is shown of one text."""


def printable(text: str) -> str:
    """The text with escapes for what can't be printed: it cannot move the cursor, begin lines or set colours."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(text: str, longest: int = LONGEST) -> str:
    """The text with escapes for what can't be printed (`\\n`, `\\x1b`, `\\u202e`), at most `longest` characters.

    What was cut ends in `... (N characters)`, N being all there were. To show it again changes nothing.
    """
    if len(text) <= longest and text.isprintable():
        return text
    safe = printable(text[: longest + 1])
    if len(text) <= longest and len(safe) <= longest:
        return safe
    end = f"... ({len(text)} characters)"
    return safe[: longest - len(end)] + end
