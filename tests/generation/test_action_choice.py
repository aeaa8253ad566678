"""What is drawn to be done next: every kind of request and fault, from random numbers."""

from __future__ import annotations

import random

from asr_model.vocabulary import Fault, Operation
from asr_properties.generation.action_choice import Chooser


def test_choices_cover_every_kind_of_request():
    chooser = Chooser(random.Random(1).randrange)
    asked = {chooser.any_request().name for _ in range(500)}
    assert asked == set(Operation) - {Operation.CANCEL_JOB}
    assert {chooser.one_of(tuple(Fault)) for _ in range(500)} == set(Fault)
