"""The page of open questions: what is not clear in the sources, and which reading is judged."""

from __future__ import annotations

from asr_model.requirements.readings import READINGS

_HEAD = """\
# Open questions, and the reading that is judged

Written by `make reports`. The sources of the requirements (the product article, other documentation, the SDK, recorded
traffic) contradict each other in places, or are silent. Requirements name these places by a number; this page tells
what is not clear, and which reading the model takes. Where a reading says that something is left open, an
implementation may do either. `asr-conformance explain A12` tells one of them, with the requirements that name it.

| question | what is not clear | the reading |
|---|---|---|
"""


def to_markdown() -> str:
    """The page."""
    return _HEAD + "".join(f"| {number} | {one.unclear} | {one.judged} |\n" for number, one in READINGS.items())
