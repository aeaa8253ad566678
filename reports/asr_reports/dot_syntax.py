"""How attributes and strings are written in the DOT language."""

from __future__ import annotations

from collections.abc import Mapping


class Html(str):
    """A label in the HTML-like language of DOT, without its angle brackets: texts in it must be escaped."""

    __slots__ = ()


def attributes(values: Mapping[str, str]) -> str:
    """A list of attributes, in brackets."""
    return "[" + ", ".join(f"{name}={quoted(value)}" for name, value in values.items()) + "]"


def quoted(value: str) -> str:
    """A DOT string, whatever is in it, or an HTML-like label. A backslash is one: `\\N` stands for nothing else."""
    if isinstance(value, Html):
        return f"<{value}>"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
