"""Failing walks are kept, and tried first in the next run."""

from __future__ import annotations

import pytest
from hypothesis.database import InMemoryExampleDatabase

from asr_properties.reference import create
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.earlier_walks import FOLDER
from asr_properties.running.requirement_verdicts import Overall
from wrong.implementations import commit_chooses_anew, kept_points

KEY = b"asr-conformance modernized mine"


def run(factory, database, budget="1500steps", **options):
    budget = Budget.parse(budget)
    options = {"adapter": "mine", "seed": 7, "max_failures": 1, **options}
    return Campaign(factory, profile="modernized", budget=budget, database=database, **options).run()


@pytest.fixture
def database():
    return InMemoryExampleDatabase()


def test_a_failing_walk_is_tried_first_in_the_next_run(database):
    first = run(kept_points, database)
    assert [c.requirements[0] for c in first.counterexamples] == ["R40"]
    again = run(kept_points, database, budget="10steps", seed=8)
    assert [c.actions for c in again.counterexamples] == [c.actions for c in first.counterexamples]
    assert again.counterexamples[0].found_by == "an earlier run, seed 8"
    assert again.first_failures["R40"] <= 7


@pytest.mark.long
def test_a_walk_that_does_not_fail_any_more_is_forgotten(database):
    run(kept_points, database)
    assert len(set(database.fetch(KEY))) == 1
    assert run(create, database).counterexamples == []
    assert set(database.fetch(KEY)) == set()


def test_a_walk_is_kept_for_one_adapter_only(database):
    run(kept_points, database)
    other = run(commit_chooses_anew, database, budget="10steps", adapter="another")
    assert other.counterexamples == []
    assert len(set(database.fetch(KEY))) == 1


def test_what_another_version_kept_or_is_damaged_is_forgotten(database):
    for text in (b"", b"{}", b"\xff", b'{"format": "another"}', b"[" * 100_000):
        database.save(KEY, text)
    assert run(create, database, budget="40steps").overall is Overall.INCOMPLETE
    assert set(database.fetch(KEY)) == set()


def test_where_no_failing_walk_is_done_again_none_is_kept(database):
    run(kept_points, database)
    kept = set(database.fetch(KEY))
    assert run(kept_points, database, budget="10steps", repeats=False).counterexamples == []
    assert set(database.fetch(KEY)) == kept


def test_what_an_interrupted_run_had_is_kept(database):
    result = run(kept_points, database, until=bool)
    assert result.stopped
    assert set(database.fetch(KEY))


@pytest.mark.parametrize("option", ["--database", "--no-database"])
def test_the_command_keeps_them_in_the_folder_of_the_report(inside, tmp_path, option):
    judged = ("run", "--adapter", "wrong.implementations:kept_points", "--seed", 7, "-x", "--report", "here", option)
    assert inside(*judged, "--budget", "1500steps").returncode == 1
    assert (tmp_path / "here" / FOLDER).exists() == (option == "--database")
    again = inside(*judged, "--budget", "10steps")
    assert again.returncode == (1 if option == "--database" else 4)
    if option == "--no-database":
        assert f"--seed 7 {option}" in again.stdout
