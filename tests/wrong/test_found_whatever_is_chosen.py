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

SHOWS_ONLY_WITH: Mapping[str, Mapping[str, str]] = {
    name: {"cancel_job": "accepted"} for name in ("resumed_replication", "abort_back_to_protected", "aborted_for_a_day")
}
"""What is wrong after an abort is not wrong where no job can be cancelled."""


def _rows() -> list[tuple[Wrong, Mapping[str, str]]]:
    rows: list[tuple[Wrong, Mapping[str, str]]] = []
    for item in ITEMS:
        items = [wrong for wrong in WRONG if wrong.profile == item.profile.name and issubclass(wrong.kind, item)]
        chosen = {wrong.name: wrong for wrong in random.Random(5).sample(items, HOW_MANY)}
        choices = {name: options for name, options in CHOICES.items() if name not in OTHERS[item]}
        for row in covering_array({**choices, "wrong": tuple(chosen)}):
            name = row.pop("wrong")
            rows.append((chosen[name], {**row, **SHOWS_ONLY_WITH.get(name, {})}))
    return rows


@pytest.mark.parametrize(("wrong", "choices"), _rows(), ids=lambda value: getattr(value, "name", ""))
def test_a_wrong_implementation_is_found_whatever_else_is_chosen(wrong, choices):
    def implementation():
        return ReferenceService(wrong.kind, Fixed(choices))

    budget = Budget.parse(DEFAULT_BUDGET)
    result = Campaign(implementation, profile=wrong.profile, budget=budget, seed=1, until=bool).run()
    assert result.counterexamples
    assert wrong.requirements[0] in result.counterexamples[0].requirements
