"""The choice of tests: within the budget, never less for more, and as good as it says it is."""

from __future__ import annotations

from itertools import combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from asr_properties.evidence.actions import WAIT_FOR_JOB
from asr_properties.planning.choosing import WEIGHTS, at_most, choose, value
from asr_properties.planning.rehearsal import PAIR, REQUIREMENT, TRANSITION, Candidate, Gain

SORTS = st.sampled_from((TRANSITION, PAIR, REQUIREMENT))
GAINS = st.frozensets(st.builds(Gain, SORTS, st.sampled_from("abcdefgh")), min_size=1, max_size=8)
CANDIDATES = st.builds(Candidate, st.just((WAIT_FOR_JOB,)), st.integers(1, 40).map(float), GAINS)
ROUNDS = st.lists(st.lists(CANDIDATES, min_size=1, max_size=8), min_size=1, max_size=3)
FEW = st.lists(CANDIDATES, min_size=1, max_size=8).map(lambda candidates: [candidates])
BUDGETS = st.integers(0, 80).map(float)
MACHINES = st.integers(1, 3)


def of(minutes, *transitions):
    return Candidate((), minutes, frozenset(Gain(TRANSITION, name) for name in transitions))


def chosen_from(rounds, budget, machines):
    """A choice where each round has further candidates, as walks towards what is left have."""
    left = list(rounds)
    return choose(lambda gained, pool: left.pop(0) if left else [], budget=budget, machines=machines)


@given(ROUNDS, BUDGETS, MACHINES)
def test_a_plan_never_exceeds_its_budget(rounds, budget, machines):
    plan = chosen_from(rounds, budget, machines)
    for machine in range(1, machines + 1):
        mine = [test for test in plan.tests if test.machine == machine]
        assert sum(test.candidate.minutes for test in mine) <= budget
        assert [test.begins for test in mine] == [0.0, *(test.ends for test in mine)][: len(mine)]


@given(ROUNDS, BUDGETS, BUDGETS, MACHINES)
@settings(max_examples=500)
def test_more_budget_never_buys_less(rounds, budget, more, machines):
    less = chosen_from(rounds, budget, machines)
    assert value(chosen_from(rounds, budget + more, machines).gains) >= value(less.gains)


@given(ROUNDS, BUDGETS, MACHINES)
def test_each_test_adds_something_and_nothing_is_counted_twice(rounds, budget, machines):
    plan = chosen_from(rounds, budget, machines)
    assert all(test.adds for test in plan.tests)
    assert value(plan.gains) == sum(value(test.adds) for test in plan.tests)
    assert plan.gains == frozenset[Gain]().union(*(test.candidate.gains for test in plan.tests))


@given(FEW, BUDGETS)
@example([[of(10.0, *"ab"), of(16.0, *"cde")]], 16.0)
def test_no_choice_from_the_same_candidates_exceeds_the_bound(rounds, budget):
    plan = chosen_from(rounds, budget, machines=1)
    sets = [each for size in range(len(plan.pool) + 1) for each in combinations(plan.pool, size)]
    within = [each for each in sets if sum(candidate.minutes for candidate in each) <= budget]
    best = max(value(frozenset[Gain]().union(*(c.gains for c in each))) for each in within)
    assert value(plan.gains) <= best <= at_most(plan, budget) + 1e-9


def test_what_adds_most_per_minute_comes_first_and_one_that_still_fits_comes_last():
    dear, cheap, long, short = of(50.0, *"abcdef"), of(10.0, *"abcd"), of(100.0, *"ghijklmnopqrs"), of(25.0, "g")
    plan = chosen_from([[dear, cheap, long, short]], budget=60.0, machines=1)
    assert [test.candidate for test in plan.tests] == [cheap, dear]
    assert [len(test.adds) for test in plan.tests] == [4, 2]
    assert value(plan.gains) == 6 * WEIGHTS[TRANSITION]


def test_machines_share_the_tests():
    tests = [Candidate((), 30.0, frozenset({Gain(PAIR, name)})) for name in "abcd"]
    plan = chosen_from([tests], budget=60.0, machines=2)
    assert sorted(test.machine for test in plan.tests) == [1, 1, 2, 2]
    assert sorted(test.begins for test in plan.tests) == [0.0, 0.0, 30.0, 30.0]


def test_nothing_fits_into_no_time():
    assert chosen_from([[Candidate((), 1.0, frozenset({Gain(PAIR, "a")}))]], budget=0.5, machines=3).tests == ()
