"""How texts are written in Mermaid, so that nothing in them is taken for its syntax or for HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[^A-Za-z0-9 .,:=()/_+\-]")


def mermaid_text(lines: Iterable[str]) -> str:
    """Lines of text for a label in quotes, or for a message: everything unusual by its number."""
    return "<br/>".join(_PLAIN.sub(lambda found: f"#{ord(found.group())};", line) for line in lines)
