"""No false alarm: every two options of two free choices of the reference are taken together, in both profiles."""

from __future__ import annotations

from itertools import combinations

import pytest

from asr_properties.reference import CHOICES, Fixed, ReferenceService
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.requirement_verdicts import Overall
from relations.covering_array import OTHERS, ROWS

SHORT, LONG = 400, 3000
"""Steps of a row's run: `make test` has time for short ones of a few rows, `make test-long` for long ones of each;
`make soak` takes more."""

FEW = 4
"""Every so manieth row."""

RUNS = [
    pytest.param(kind, row, steps, id=f"{kind.profile.name}-{n}-{steps}", marks=marks)
    for n, (kind, row) in enumerate(ROWS)
    for steps, marks in ((SHORT, () if n % FEW == 0 else pytest.mark.long), (LONG, pytest.mark.long))
]


def why_not(kind, row, steps, seed):
    """What is held against the reference with these choices; nothing must be."""
    budget = Budget.parse(f"{steps}steps")
    service = lambda: ReferenceService(kind, Fixed(row))  # noqa: E731
    result = Campaign(service, profile=kind.profile.name, budget=budget, seed=seed).run()
    found = [line for counterexample in result.counterexamples for line in counterexample.lines()]
    if result.adapter_error is not None:
        found.append(str(result.adapter_error))
    assert (result.overall is Overall.NON_CONFORMANT) <= bool(found)
    return found


@pytest.mark.parametrize(("kind", "row", "steps"), RUNS)
def test_whatever_is_chosen_the_reference_does_not_fail(kind, row, steps):
    assert why_not(kind, row, steps, seed=ROWS.index((kind, row))) == []


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.profile.name)
def test_the_rows_cover_every_pair(kind):
    covered = {pair for of, row in ROWS if of is kind for pair in combinations(sorted(row.items()), 2)}
    names = sorted(CHOICES.keys() - OTHERS[kind])
    for one, other in combinations(names, 2):
        assert {((one, a), (other, b)) for a in CHOICES[one] for b in CHOICES[other]} <= covered
