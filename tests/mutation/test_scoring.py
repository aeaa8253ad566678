"""Samples, scores and records of mutants."""

from __future__ import annotations

import json

import pytest

from asr_model.mutants.every_mutant import every_mutant
from asr_model.mutants.mutant import Operator
from asr_properties.cli.mutants import is_wrong
from asr_properties.mutation.judging import Judged, Settings, judge
from asr_properties.mutation.mutation_record import InvalidMutationRecord, Keeper
from asr_properties.mutation.scoring import overall, sample, scores

SETTINGS = Settings("modernized", "300steps", 1)
MUTANTS = [mutant for mutant in every_mutant("modernized") if mutant.operator is Operator.TRANSITION_MISSING]


def made(mutant, **changes):
    values = {"equivalent": False, "states": 1, "deciding": 0.1, "walk": None, "found": True, "steps": 10, **changes}
    return Judged(operator=mutant.operator, name=mutant.name, what=mutant.what, **values)


def test_a_smaller_sample_is_a_part_of_a_larger_one_and_the_seed_draws_it():
    small, large = (sample("modernized", size, 5) for size in (3, 9))
    assert {mutant.name for mutant in small} < {mutant.name for mutant in large}
    assert len(small) == 3 * len(Operator)
    assert small == sample("modernized", 3, 5) != sample("modernized", 3, 6)
    assert sample("modernized", None, 5) == list(every_mutant("modernized"))
    assert {m.operator for m in sample("classic", 2, 5, [Operator.WRONG_TARGET])} == {Operator.WRONG_TARGET}


def test_a_score_counts_those_that_can_be_told_from_the_model_and_no_others():
    one, two, three, four, five = MUTANTS[:5]
    judged = [
        made(one),
        made(two, steps=30),
        made(three, found=False),
        made(four, equivalent=True, found=None),
        made(five, error="the adapter did not start", found=False),
    ]
    (score,) = scores("modernized", judged)
    assert (score.judged, score.equivalent, score.run, score.found, score.broken) == (5, 1, 3, 2, 1)
    assert score.mutants == 143
    assert score.score == pytest.approx(2 / 3)
    assert score.steps == 20


def test_the_whole_score_weighs_each_operator_by_its_mutants():
    missing = MUTANTS[:2]
    targets = [mutant for mutant in every_mutant("modernized") if mutant.operator is Operator.WRONG_TARGET][:2]
    judged = [made(missing[0]), made(missing[1], equivalent=True, found=None), *(made(m, found=False) for m in targets)]
    assert overall(scores("modernized", judged)) == pytest.approx(71.5 / (71.5 + 3159))
    assert overall([]) is None


def test_a_mutant_that_a_short_run_finds():
    mutant = next(m for m in MUTANTS if m.name.endswith(": enable_replication: not_replicated -> enabling_replication"))
    judged = judge(SETTINGS, mutant)
    assert (judged.equivalent, judged.found, judged.error) == (False, True, "")
    assert judged.steps <= 40
    assert judged.walk.told == ["enable_replication() refused  [not_replicated]"]


def test_an_equivalent_mutant_that_is_found_is_wrong_and_so_is_one_that_cannot_be_run():
    assert is_wrong(made(MUTANTS[0], equivalent=True))
    assert is_wrong(made(MUTANTS[0], found=False, error="the adapter did not start"))
    assert not is_wrong(made(MUTANTS[0]))
    assert not is_wrong(made(MUTANTS[0], equivalent=True, found=False))


class TestTheRecord:
    def test_is_gone_on_with(self, tmp_path):
        keeper = Keeper(tmp_path / "mutants.json", SETTINGS)
        keeper.keep(made(MUTANTS[1]))
        keeper.keep(made(MUTANTS[0]))
        keeper.write()
        again = Keeper(tmp_path / "mutants.json", SETTINGS)
        assert again.judged == keeper.judged
        written = json.loads((tmp_path / "mutants.json").read_text())
        assert [one["name"] for one in written["mutants"]] == [MUTANTS[0].name, MUTANTS[1].name]
        assert written["operators"][0]["score"] == 1.0

    @pytest.mark.parametrize(
        "other", [SETTINGS._replace(seed=2), SETTINGS._replace(budget=None), SETTINGS._replace(profile="classic")]
    )
    def test_of_other_settings_is_not(self, tmp_path, other):
        keeper = Keeper(tmp_path / "mutants.json", SETTINGS)
        keeper.write()
        with pytest.raises(InvalidMutationRecord, match="name another file"):
            Keeper(tmp_path / "mutants.json", other)

    def test_that_is_something_else_is_refused(self, tmp_path):
        for text in ("nonsense", "{}", '{"format": "asr-conformance run record"}'):
            (tmp_path / "mutants.json").write_text(text)
            with pytest.raises(InvalidMutationRecord):
                Keeper(tmp_path / "mutants.json", SETTINGS)
