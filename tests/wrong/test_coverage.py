"""Every requirement that gets a verdict has an implementation that breaks it, and the documentation lists them all."""

from __future__ import annotations

from asr_model.profiles import efsm
from asr_model.requirements import CATALOGUE
from asr_properties.running.requirement_verdicts import Findings, Verdict, requirement_verdicts
from asr_properties.specification.declared import PROPERTIES
from wrong.implementations import SUBJECTS, WRONG
from wrong.table import TABLE, listed


def judged() -> set[str]:
    """The requirements that pass where every transition is taken and every property is put to the test."""
    lifecycle = efsm()
    taken = {transition.id: 1 for transition in lifecycle.transitions}
    exercised = {candidate.name: 1 for candidate in PROPERTIES}
    verdicts = requirement_verdicts(lifecycle, PROPERTIES, None, Findings(taken, exercised))
    return {verdict.requirement for verdict in verdicts if verdict.outcome in (Verdict.PASSED, Verdict.ASSUMED)}


def test_every_judged_requirement_has_a_wrong_implementation():
    broken = {requirement for wrong in WRONG if wrong.profile == "modernized" for requirement in wrong.requirements}
    assert not judged() - broken


def test_there_are_enough_of_them_each_with_its_name_and_its_sentence():
    assert len(WRONG) >= 70
    assert len([wrong for wrong in WRONG if wrong.profile == "classic"]) >= 40
    assert len({wrong.name for wrong in WRONG}) == len(WRONG)
    assert len({(wrong.profile, wrong.what) for wrong in WRONG}) == len(WRONG)
    assert all(set(wrong.requirements) <= set(CATALOGUE) for wrong in WRONG)


def test_every_one_breaks_the_reference_of_its_own_subject():
    assert {wrong.kind.__module__ for wrong in WRONG} == {subject.__name__ for subject in SUBJECTS}


def test_the_documentation_lists_exactly_these():
    in_the_table = list(listed(TABLE.read_text(encoding="utf-8")))
    assert in_the_table == [(wrong.name, wrong.profile, wrong.what, wrong.requirements) for wrong in WRONG]
