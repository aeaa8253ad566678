"""The tour spends its steps where something can still be learnt."""

from __future__ import annotations

from itertools import islice, takewhile
from random import Random

from asr_model.profiles import lts
from asr_properties.generation.transition_tour import TransitionTour
from asr_properties.reference import Fixed, ReferenceService
from walks import begin

REFUSES = Fixed({"refusal": "by_job", "reprotect_under_fault": "refused", "planned_failover_under_fault": "refused"})


def test_what_a_job_refuses_is_not_asked_for_again_and_again():
    session = begin(ReferenceService(freedom=REFUSES))
    longest = 0
    for _ in islice(TransitionTour(session, lts(), Random(3)).walks(), 1500):
        asked = [step.action for step in session.steps if step.action.kind != "write"]
        alike = takewhile(asked[-1:].__contains__, reversed(asked))
        longest = max(longest, sum(action.kind == "request" for action in alike))
    assert 0 < longest <= 2
