"""Texts that try to break out of a report, wherever an adapter's own texts can be."""

from __future__ import annotations

from typing import Any

TEXTS = (
    "<script>window.injected = 1</script>",
    "</script><script>window.injected = 2</script>",
    "<img src=x onerror='window.injected = 3'>",
    "\"' onmouseover=window.injected=4 x='",
    "]]><failure/><!--",
    "\x1b[31m\x00\x08\ufffe",
    "\u202egnp.exe\u2066 שלום",
    "| a |\n\n# heading ``` `` ` [x](javascript:alert(1)) @team #1 www.example.com",
    "&lt;&#60;{{ 7 * 7 }}{% raw %}",
)
TEXT = " ".join(TEXTS)


def hostile(data: dict[str, Any], text: str = TEXT) -> dict[str, Any]:
    """The record with such a text in every field that holds what an adapter, a file or a command line said."""
    data["hello"] |= {"name": text, "version": text}
    data |= {"adapter": text, "stopped": text, "command": text, "left_out": [text], "started": text, "budget": text}
    data["program"] |= {"python": text, text: text}
    data["adapter_error"] = text
    for verdict in data["verdicts"]:
        verdict["reason"] = text
    for found in data["counterexamples"]:
        found |= {"observed": text, "values": [text] * 9, "allowed": [text], "before": [text], "seen": [text]}
        found |= {"right": [text], "found_by": text, "adapter": text, "properties": [text]}
        for step in found["steps"]:
            step |= {"answer": text, "phase": text, "agreed": text, "shown": {text: text}}
    data["account"] |= {"not_offered": {text: text}, "left": [text], "pairs_left": [[text, text]]}
    data["coverage"] |= {"phases": [text], "transitions": {text: 1}}
    return data
