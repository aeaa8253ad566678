"""`run` is not tuned on one set of free choices: 30 wrong implementations of each profile are found whatever else the
reference chooses. In a covering array each of them meets every option of every choice; each row is a default run."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from asr_properties.reference import CHOICES, Fixed, ReferenceService
from asr_properties.running.budget import DEFAULT_BUDGET, Budget
from asr_properties.running.campaign import Campaign
from relations.covering_array import OTHERS, covering_array
from wrong.implementations import WRONG
from wrong.registry import ITEMS, Wrong

pytestmark = pytest.mark.long

HOW_MANY = 30

NEEDED: Mapping[str, Mapping[str, str]] = {
    "app_point_brings_nothing": {"failback_to_a_listed_point": "accepted", "reverse_points": "listed"},
    "cancelled_failback_loses_the_last_record": {"cancel_job": "accepted"},
    "failed_reprotect_replicates": {"reprotect_under_fault": "fails_before_commit"},
}
"""What shows only where this is chosen."""

OF_AN_ABORT = frozenset({"R32", "R33", "R34"})
"""What is wrong after an abort is not wrong where no job can be cancelled."""


def _rows() -> list[tuple[Wrong, Mapping[str, str]]]:
    rows: list[tuple[Wrong, Mapping[str, str]]] = []
    for item in ITEMS:
        items = [wrong for wrong in WRONG if wrong.profile == item.profile.name and issubclass(wrong.kind, item)]
        chosen = {wrong.name: wrong for wrong in random.Random(5).sample(items, HOW_MANY)}
        choices = {name: options for name, options in CHOICES.items() if name not in OTHERS[item]}
        for row in covering_array({**choices, "wrong": tuple(chosen)}):
            wrong = chosen[row.pop("wrong")]
            aborts = {"cancel_job": "accepted"} if OF_AN_ABORT.intersection(wrong.requirements) else {}
            rows.append((wrong, {**row, **aborts, **NEEDED.get(wrong.name, {})}))
    return rows


@pytest.mark.parametrize(("wrong", "choices"), _rows(), ids=lambda value: getattr(value, "name", ""))
def test_a_wrong_implementation_is_found_whatever_else_is_chosen(wrong, choices):
    def implementation():
        return ReferenceService(wrong.kind, Fixed(choices))

    budget = Budget.parse(DEFAULT_BUDGET)
    result = Campaign(implementation, profile=wrong.profile, budget=budget, seed=1, until=bool).run()
    assert result.counterexamples
    # Which of the requirements that it breaks shows first depends on what else is chosen.
    assert set(wrong.requirements) & set(result.counterexamples[0].requirements)
