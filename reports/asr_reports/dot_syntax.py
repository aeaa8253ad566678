"""How attributes and strings are written in the DOT language."""

from __future__ import annotations

from collections.abc import Mapping


def attributes(values: Mapping[str, str]) -> str:
    """A list of attributes, in brackets."""
    return "[" + ", ".join(f"{name}={quoted(value)}" for name, value in values.items()) + "]"


def quoted(value: str) -> str:
    """A DOT string; what begins with `<` is an HTML-like label, which is not quoted."""
    if value.startswith("<"):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
