"""`run` finds deliberately wrong implementations within its default budget and names the right requirements, the
one whose sentence is broken first.

One for each judged requirement here, the one that is found soonest; `make wrong` looks for all of them.
"""

from __future__ import annotations

import pytest

from asr_properties.counterexamples.replay import replay
from asr_properties.running.requirement_verdicts import Overall, Verdict
from wrong.table import REFERENCES, look_for, quickest, steps_by_the_table

SOON = 250
"""Steps. `make test` looks for those that are found so soon by the table, `make test-long` for the others."""

STEPS = steps_by_the_table()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(wrong, id=wrong.name, marks=() if STEPS.get(wrong.name, 0) <= SOON else pytest.mark.long)
        for wrong in quickest()
    ],
)
def test_a_wrong_implementation_is_found_and_the_broken_requirements_named(wrong):
    result = look_for(wrong).result
    assert result.overall is Overall.NON_CONFORMANT
    failed = {verdict.requirement for verdict in result.verdicts if verdict.outcome is Verdict.FAILED}
    assert failed >= set(wrong.requirements)
    assert result.counterexamples[0].requirements[0] == wrong.requirements[0]
    telling = [c for c in result.counterexamples if wrong.requirements[0] in c.requirements]
    assert any(wrong.says in "\n".join(c.lines()) for c in telling)
    if telling[0].flaky is None:  # what outlives a former item is not seen again on a fresh implementation
        again = replay(telling[0], wrong.factory).failure
        assert again is not None
        assert set(telling[0].requirements).intersection(again.blamed)
    assert replay(telling[0], REFERENCES[wrong.profile]).failure is None
