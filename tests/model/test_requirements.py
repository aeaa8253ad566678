"""The catalogue of requirements."""

from __future__ import annotations

import pytest

from asr_model.requirements import CATALOGUE, UnknownRequirement, requirement
from asr_model.requirements.requirement import Check


def test_the_catalogue_has_every_requirement_once_and_in_order():
    assert list(CATALOGUE) == [f"R{n:02}" for n in range(1, 95)] + [f"X{n:02}" for n in range(1, 23)]


def test_the_counts_are_those_of_the_facts():
    article = [r for r in CATALOGUE.values() if r.id.startswith("R")]
    first = [r.checks[0] for r in article]
    assert sum(1 for r in article if not r.judgeable) == 17
    assert first.count(Check.FAULT) + first.count(Check.TRACE) == 43 + 8 + 17


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_each_is_one_sentence_with_its_section_and_evidence(entry):
    assert entry.sentence.endswith(".")
    assert entry.section
    assert entry.checks
    assert entry.judgeable or entry.note


def test_an_unknown_requirement_says_how_ids_look():
    with pytest.raises(UnknownRequirement, match="R01 to R94"):
        requirement("R95")
