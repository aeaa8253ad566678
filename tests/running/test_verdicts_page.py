"""docs/verdicts.md tells of every verdict there is, and of the exit status of each."""

from __future__ import annotations

import re
from pathlib import Path

from asr_properties.running.requirement_verdicts import Overall, Verdict
from asr_properties.traces.trace_verdicts import Conformance

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "verdicts.md").read_text(encoding="utf-8")
REQUIREMENT, IMPLEMENTATION, RECORDING = (PAGE.split("\n## ")[place] for place in (1, 2, 3))


def test_every_verdict_on_a_requirement_has_its_row():
    assert set(re.findall(r"^\| `(\w+)` \|", REQUIREMENT, re.MULTILINE)) >= set(Verdict)


def test_every_verdict_on_an_implementation_and_a_recording_has_its_row_with_its_exit_status():
    for text, kinds in ((IMPLEMENTATION, Overall), (RECORDING, Conformance)):
        rows = dict(re.findall(r"^\| `(\w+)` \| (\d) \|", text, re.MULTILINE))
        assert rows == {kind.value: str(Overall(kind.value).exit_status) for kind in kinds}
