"""Every open question that a requirement names has a reading, and every reading is told where it is asked for."""

from __future__ import annotations

from asr_model import profiles
from asr_model.requirements import CATALOGUE
from asr_model.requirements.readings import READINGS
from asr_reports.explain import explain


def test_every_question_that_a_requirement_names_has_a_reading():
    assert list(READINGS) == [f"A{number}" for number in range(1, len(READINGS) + 1)]
    assert {question for entry in CATALOGUE.values() for question in entry.ambiguities} <= set(READINGS)


def test_a_question_is_explained_with_its_reading_and_the_requirements_that_name_it():
    told = " ".join(explain(profiles.stepper(), "a12").split())
    assert told.startswith(f"A12: {READINGS['A12'].unclear} the reading: {READINGS['A12'].judged}")
    assert CATALOGUE["X15"].sentence in told


def test_a_requirement_tells_the_reading_of_each_of_its_questions():
    told = " ".join(explain(profiles.stepper(), "X15").split())
    assert READINGS["A12"].unclear in told
    assert READINGS["A12"].judged in told
