"""Which changes of the model its properties notice: seen on a cut of it, from enabling to the committed failover."""

from __future__ import annotations

import pytest

from asr_model.lifecycle.unjudged import reason
from asr_model.lts import enumerate_lts
from asr_model.profiles import CHARTS, efsm, lts
from asr_model.stepper import Stepper
from asr_properties.cli.check import check
from asr_properties.model_checking.load_bearing import Changed, Effect, LoadBearing
from asr_properties.model_checking.model_checker import ModelChecker
from asr_properties.model_checking.same_behaviour import same_behaviour
from asr_properties.model_checking.unnoticed import Part, by_operator, by_requirement, part_of, unnoticed
from asr_properties.specification.declared import properties_of

KEPT = (
    "enable_replication: not_replicated -> enabling_replication",
    "enabling_succeeds: enabling_replication -> initial_replication",
    "initial_replication_completes: initial_replication -> awaiting_first_recovery_point",
    "fail_over: protected -> failing_over",
    "failover_succeeds: failing_over -> failed_over",
    "commit: failed_over -> committing_failover",
    "commit_succeeds: committing_failover -> failover_committed",
)
COMMIT = KEPT[-1]
STEP = 11
"""So many of the changes are judged anew in full."""


@pytest.fixture(scope="module")
def cut():
    whole = efsm()
    points = {t.id for t in whole.transitions if t.event.endswith("created")}
    gone = [t.id for t in whole.transitions if t.id not in KEPT and t.id not in points]
    return enumerate_lts(Stepper(whole.without(*gone)))


@pytest.fixture(scope="module")
def holding(cut):
    """The properties that hold on the cut."""
    return [verdict.judged for verdict in ModelChecker(cut).check(properties_of("modernized")) if verdict.holds]


@pytest.fixture(scope="module")
def carried(cut, holding):
    return LoadBearing(cut, holding)


@pytest.fixture(scope="module")
def changes(carried):
    return [carried.judge(mutant) for mutant in carried.mutants]


def named(changes, name):
    (found,) = [changed for changed in changes if changed.mutant.name == name]
    return found


def test_a_property_that_needs_a_transition_is_vacuous_without_it(changes):
    without = named(changes, f"transition missing: {COMMIT}")
    assert without.effects["commit_deletes_other_points"] is Effect.VACUOUS


def test_what_only_concerns_the_beginning_is_not_touched_by_the_end(changes):
    assert "failover_needs_replication" not in named(changes, f"transition missing: {COMMIT}").effects


def test_each_change_says_what_judging_all_that_comes_of_it_says(cut, holding, changes):
    for changed in changes[::STEP]:
        other = enumerate_lts(cut.stepper.changed(changed.mutant.applied(cut.stepper.efsm)))
        broken = {v.judged.name: v for v in ModelChecker(other).check(holding) if not v.holds}
        assert changed.effects.keys() == broken.keys()
        breaking = {name for name, verdict in broken.items() if verdict.counterexample is not None}
        assert {name for name, effect in changed.effects.items() if effect is Effect.BREAKS} == breaking
        assert not changed.equivalent or same_behaviour(cut, other)


def test_only_what_nobody_notices_is_equivalent(changes):
    assert any(changed.equivalent for changed in changes)
    assert not any(changed.equivalent and changed.effects for changed in changes)


def test_dropping_what_nobody_reads_is_equivalent_and_dropping_what_is_shown_is_not(changes):
    dropped = named(changes, f"update dropped: {COMMIT}: points = 'none' is left out")
    assert dropped.effects["commit_deletes_other_points"] is Effect.BREAKS
    assert not dropped.equivalent


def test_a_requirement_counts_the_changes_that_its_properties_refute(changes, holding):
    counts = by_requirement(changes, holding)
    cited = {p.name for p in holding if "R40" in p.requirements}
    refuted = [c for c in changes if any(e is Effect.BREAKS and n in cited for n, e in c.effects.items())]
    assert counts["R40"] == len(refuted) > 0


def test_every_change_is_counted_once(changes):
    counts = by_operator(changes).values()
    assert sum(count.all for count in counts) == len(changes)
    assert sum(c.equivalent + c.refuted + c.vacuous + c.unnoticed for c in counts) == len(changes)


def test_a_part_is_on_the_list_only_if_none_of_its_changes_is_noticed(changes):
    listed = unnoticed(changes)
    assert Part(COMMIT) not in listed
    assert Part(COMMIT, "points = 'none'") not in listed
    assert listed


def judged_until_noticed(carried, mutants):
    """These changes, without those of a part of which an earlier one was noticed."""
    noticed = set()
    for mutant in mutants:
        if part_of(Changed(mutant, {})) not in noticed:
            changed = carried.judge(mutant)
            noticed |= {part_of(changed)} if changed.effects else set()
            yield changed


def test_a_part_is_left_whichever_of_its_changes_are_judged_after_one_was_noticed(carried, changes):
    assert unnoticed(judged_until_noticed(carried, carried.mutants)) == unnoticed(changes)


@pytest.mark.long
@pytest.mark.parametrize("profile", CHARTS)
def test_what_no_property_notices_has_a_reason(profile):
    carried = LoadBearing(lts(profile), properties_of(profile))
    without = [m for m in carried.mutants if reason(*part_of(Changed(m, {}))) is None]
    assert list(map(str, unnoticed(judged_until_noticed(carried, without)))) == []


def test_the_command_counts_changes_and_lists_what_is_unnoticed(capsys):
    check(load_bearing=True, every=400)
    shown = capsys.readouterr().out
    assert "refusal missing" in shown
    assert "parts of the model can be changed unnoticed on the model, with a reason:" in shown
    assert shown.rstrip().endswith("and without one:")
