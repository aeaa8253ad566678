"""Every outcome that is left open is chosen in every way, and no way is gone twice."""

from __future__ import annotations

from itertools import product

from asr_properties.reference import CHOICES
from asr_properties.refinement.branching import Branching, next_choices, told

NAMES = ("cancel_job", "failed_drill", "fault_without_task")


def every_way(step):
    freedom, chosen, ways = Branching(), [], []
    while chosen is not None:
        freedom.follow(chosen)
        ways.append(step(freedom))
        chosen = next_choices(freedom.chosen)
    return ways


def test_each_combination_of_options_is_taken_once():
    ways = every_way(lambda freedom: tuple(freedom.choose(name) for name in NAMES))
    assert sorted(ways) == sorted(product(*(CHOICES[name] for name in NAMES)))


def test_what_is_chosen_after_one_option_only_is_no_choice_of_the_others():
    def step(freedom):
        first = freedom.choose("cancel_job")
        return first if first == "refused" else (first, freedom.choose("failed_drill"))

    assert every_way(step) == ["refused", ("accepted", "awaiting_cleanup"), ("accepted", "no_drill")]


def test_an_option_that_is_drawn_more_often_is_taken_once():
    assert every_way(lambda freedom: freedom.choose("refusal")) == ["at_once", "by_job"]


def test_within_a_step_the_same_choice_is_the_same_option():
    ways = every_way(lambda freedom: (freedom.choose("cancel_job"), freedom.choose("cancel_job")))
    assert ways == [("refused", "refused"), ("accepted", "accepted")]


def test_only_what_is_not_the_plainest_is_told():
    freedom = Branching()
    freedom.follow([])
    freedom.choose("cancel_job")
    assert list(told(freedom.chosen)) == []
    freedom.follow(next_choices(freedom.chosen))
    assert list(told(freedom.chosen)) == ["cancel_job: accepted"]
