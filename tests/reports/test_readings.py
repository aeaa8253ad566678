"""The page of open questions has every question that a requirement names."""

from __future__ import annotations

import re

from asr_model.requirements import CATALOGUE
from asr_reports.rule_words import READINGS
from make_reports import ROOT


def test_every_question_that_a_requirement_names_is_on_the_page():
    told = re.findall(r"^\| (A\d+) \| \S.* \| \S.* \|$", (ROOT / READINGS).read_text(encoding="utf-8"), re.MULTILINE)
    assert told == [f"A{number}" for number in range(1, len(told) + 1)]
    assert {question for entry in CATALOGUE.values() for question in entry.ambiguities} <= set(told)
