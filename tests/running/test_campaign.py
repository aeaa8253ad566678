"""Whole runs: what they cover, how they repeat, how honest their verdicts are."""

from __future__ import annotations

from importlib import import_module
from itertools import combinations

import pytest

from asr_model.profiles import lts, stepper
from asr_model.requirements import CATALOGUE
from asr_properties.contract.connection import Connection
from asr_properties.counterexamples.minimise import SHORT_ENOUGH_FOR_PAIRS, Minimiser
from asr_properties.reference import ReferenceService, ReplicatedItem, create
from asr_properties.running.budget import DEFAULT_BUDGET, Budget, InvalidBudget
from asr_properties.running.campaign import COMPLETE, Campaign
from asr_properties.running.engines import Engine
from asr_properties.running.requirement_verdicts import Overall, Verdict, mandatory
from asr_properties.running.run_record import record
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind
from wrong.implementations import WRONG, KeptPoints, kept_points

MODERNIZED = properties_of("modernized")


def campaign(factory=create, budget="600steps", engine=Engine.ALL, seed=1, **options):
    return Campaign(factory, profile="modernized", budget=Budget.parse(budget), engine=engine, seed=seed, **options)


@pytest.fixture(scope="module")
def result():
    """Of a run that ends as soon as it has all; README's first one goes on to the end of its budget."""
    return campaign(budget=DEFAULT_BUDGET, until_complete=True).run()


class TestTheReference:
    def test_is_conformant_within_the_default_budget(self, result):
        assert result.counterexamples == []
        assert result.overall is Overall.CONFORMANT

    def test_ends_as_soon_as_it_is_complete_where_that_is_asked_for(self, result):
        assert result.stopped == COMPLETE
        assert result.steps < 15_000

    def test_takes_the_run_through_every_phase_transition_and_pair(self, result):
        assert result.coverage.phases == result.coverable.phases
        assert result.coverage.transitions | set(result.account.not_offered) >= result.coverable.transitions
        assert len(result.account.not_offered) < 10
        assert result.coverage.pairs >= result.coverable.pairs

    def test_leaves_no_mandatory_requirement_unexercised(self, result):
        unexercised = [v.requirement for v in result.verdicts if v.outcome is Verdict.NOT_EXERCISED]
        assert not [r for r in unexercised if mandatory(CATALOGUE[r])]

    def test_has_a_verdict_on_every_requirement_and_a_reason_where_it_is_none(self, result):
        assert [v.requirement for v in result.verdicts] == list(CATALOGUE)
        assert all(v.reason for v in result.verdicts if v.outcome not in (Verdict.PASSED, Verdict.FAILED))
        assert all(v.exercised > 0 for v in result.verdicts if v.outcome is Verdict.PASSED)


@pytest.mark.parametrize("engine", [Engine.TOUR, Engine.HYPOTHESIS])
def test_every_engine_finds_the_reference_conformant_so_far(engine):
    result = campaign(engine=engine).run()
    assert result.counterexamples == []
    assert result.steps >= 600


def test_the_same_seed_gives_the_same_run():
    first, second = (record(campaign().run(), started="", seconds=0) for _ in range(2))
    assert first == second


def test_the_same_seed_gives_the_same_run_whatever_else_is_imported(tmp_path, monkeypatch):
    """Hypothesis draws numbers that stand in the modules of one's own."""

    def done():
        return record(campaign(engine=Engine.HYPOTHESIS).run(), started="", seconds=0)

    before = done()
    (tmp_path / "numbers_of_ones_own.py").write_text(f"NUMBERS = {list(range(2, 300))}")
    monkeypatch.syspath_prepend(tmp_path)
    import_module("numbers_of_ones_own")
    assert done() == before


@pytest.mark.long
def test_another_seed_gives_another_run():
    first, second = (record(campaign(seed=seed).run(), started="", seconds=0) for seed in (1, 2))
    assert first["coverage"] != second["coverage"]


def test_a_short_run_is_incomplete_and_not_conformant():
    result = campaign(budget="20steps").run()
    assert result.overall is Overall.INCOMPLETE
    assert result.overall.exit_status == 4


def narrow(*, without_controls=(), without_fields=()):
    """The reference, offering less."""

    class Narrow(ReferenceService):
        def hello(self, protocol):
            said = super().hello(protocol)
            said["controls"] = [c for c in said["controls"] if c not in without_controls]
            said["fields"] = [f for f in said["fields"] if f not in without_fields]
            return said

        def item(self):
            seen = super().item()
            return seen and {key: value for key, value in seen.items() if key not in without_fields}

    return Narrow


def test_what_an_adapter_does_not_offer_is_not_observable():
    result = campaign(narrow(without_controls=("machines", "settings", "disks")), budget="400steps").run()
    outcomes = {v.requirement: v for v in result.verdicts}
    assert result.counterexamples == []
    assert outcomes["R36"].outcome is Verdict.NOT_OBSERVABLE
    assert "machines" in outcomes["R36"].reason


@pytest.mark.long
def test_an_adapter_that_reports_no_phase_is_followed_all_the_same():
    result = campaign(narrow(without_fields=("phase",)), budget="4000steps").run()
    assert result.counterexamples == []
    assert len(result.coverage.phases) > 15


@pytest.mark.long
def test_an_adapter_without_faults_leaves_faults_unexercised_and_nothing_failed():
    result = campaign(narrow(without_controls=("faults",)), budget="4000steps").run()
    assert result.counterexamples == []
    assert {v.requirement: v.outcome for v in result.verdicts}["R24"] is Verdict.NOT_OBSERVABLE


class Defect(ReferenceService):
    """An adapter that fails in some way after a while."""

    def item(self):
        if super().item() is not None:
            return self.defect()
        return None

    def defect(self):
        raise RuntimeError("boom")


def test_an_adapter_that_raises_is_an_adapter_error_and_no_verdict():
    result = campaign(Defect).run()
    assert result.overall is Overall.ADAPTER_ERROR
    assert result.overall.exit_status == 3
    assert "boom" in result.adapter_error.got


@pytest.mark.parametrize("answer", [{"phase": 3}, {"surprise": 1}, [], {"replicating": "sideways"}])
def test_an_answer_that_does_not_fit_the_contract_is_an_adapter_error(answer):
    class Unfit(Defect):
        def defect(self):
            return answer

    result = campaign(Unfit).run()
    assert result.overall is Overall.ADAPTER_ERROR
    assert "contract" in result.adapter_error.what


def test_a_factory_that_raises_is_an_adapter_error():
    def broken():
        raise OSError("no such device")

    result = campaign(broken).run()
    assert result.overall is Overall.ADAPTER_ERROR
    assert "no such device" in result.adapter_error.got


FOUND_AND_SHORTENED = (
    "kept_points",
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in ("cancellable_failover", "resumed_replication", "azure_left_off")
    ),
)


@pytest.fixture(scope="module", params=FOUND_AND_SHORTENED)
def wrong(request):
    return next(w for w in WRONG if w.name == request.param)


@pytest.fixture(scope="module")
def all_found(wrong):
    result = campaign(wrong.factory, budget="3000steps", max_failures=1).run()
    assert result.counterexamples
    return result.counterexamples


def test_a_run_ends_at_the_failure_that_is_looked_for_and_tells_when_it_came():
    wrong = next(w for w in WRONG if w.name == "kept_points")

    def run(until):
        budget = Budget.parse("1200steps")
        return Campaign(wrong.factory, profile="modernized", budget=budget, seed=3, until=until).run()

    whole, short = run(lambda failed: False), run(lambda failed: "R40" in failed)
    assert short.steps == short.first_failures["R40"] == whole.first_failures["R40"]
    assert short.failures == 1
    assert whole.steps > short.steps
    assert short.counterexamples


def test_a_run_ends_after_so_many_failing_walks():
    kept = next(w for w in WRONG if w.name == "kept_points")

    def run(**most):
        budget = Budget.parse("2000steps")
        return Campaign(kept.factory, profile="modernized", budget=budget, seed=1, **most).run()

    one, three = run(max_failures=1), run(max_failures=3)
    assert (one.failures, three.failures) == (1, 3)
    assert one.steps < three.steps < 2000
    assert one.stopped == "stopped after 1 failing walk"
    assert three.overall is Overall.NON_CONFORMANT


def test_a_run_that_leaves_something_out_does_not_end_as_complete():
    budget = Budget.parse("300steps")
    result = Campaign(create, profile="modernized", budget=budget, seed=1, until_complete=True).run()
    assert result.stopped != COMPLETE
    assert result.overall is Overall.INCOMPLETE


class TestCounterexamples:
    def test_no_single_step_and_no_two_steps_can_be_left_out(self, all_found, wrong):
        session = Session(
            Connection(wrong.factory()), stepper(), PropertyMonitors(properties_of("modernized"), EvidenceKind.LIVE)
        )
        minimiser = Minimiser(session, lts())
        for found in all_found:
            assert found.complete
            assert len(found.actions) <= SHORT_ENOUGH_FOR_PAIRS
            assert minimiser.replays(found.configuration, found.actions, found.requirements[:1]) is not None
            for left_out in (1, 2):
                for rest in combinations(found.actions, len(found.actions) - left_out):
                    assert minimiser.replays(found.configuration, rest, found.requirements[:1]) is None

    def test_tell_what_the_design_asks_for(self, all_found):
        for found in all_found:
            lines = "\n".join(found.lines())
            first = found.requirements[0]
            assert f"breaks {first} ({CATALOGUE[first].section}" in lines
            for number, (action, answer) in enumerate(zip(found.actions, found.answers, strict=True), 1):
                assert f"{number:3}. {action}" in lines
                assert answer in lines
            last = f"step {len(found.actions)}"
            if found.allowed:
                assert f"{last}: no state of the model agrees any more: {found.observed}" in lines
                assert f"  allowed: {found.allowed[0]}" in lines
            else:
                assert f"{last} breaks a property:" in lines
            for seen, right in zip(found.seen, found.right, strict=True):
                assert f"  seen:  {seen}\n  right: {right}" in lines
            assert f"  last agreed: {found.before[0]}" in lines
            assert found.replay_command("x.json").startswith("asr-conformance replay x.json")

    def test_are_not_flaky(self, all_found):
        assert all(found.flaky is None for found in all_found)


@pytest.mark.parametrize("text", ["", "0s", "-1s", "10", "ten steps", "5 days"])
def test_what_is_no_budget_is_said_so(text):
    with pytest.raises(InvalidBudget, match="500steps"):
        Budget.parse(text)


class TestDrillsThatDoNotExclude:
    """A12: whether other operations are possible while a drill awaits its cleanup can be left unjudged."""

    class Lenient(ReplicatedItem):
        """Takes a failover while a drill awaits its cleanup."""

        __slots__ = ()

        def allowed_operations(self):
            listed = super().allowed_operations()
            return [*listed, "fail_over"] if self.drill == "drill_awaiting_cleanup" else listed

    def run(self, **options):
        factory = lambda: ReferenceService(item_class=self.Lenient)  # noqa: E731
        return Campaign(factory, profile="modernized", budget=Budget.parse("900steps"), seed=2, **options).run()

    def test_are_found_by_default(self):
        assert {v.requirement: v.outcome for v in self.run().verdicts}["X15"] is Verdict.FAILED

    def test_are_left_alone_when_turned_off(self):
        result = self.run(drills_exclude=False)
        assert result.counterexamples == []
        assert {v.requirement: v.outcome for v in result.verdicts}["X15"] is Verdict.NOT_APPLICABLE


def test_an_adapter_of_another_profile_is_told_how_to_run_it():
    class Classic(ReferenceService):
        def hello(self, protocol):
            return {**super().hello(protocol), "profile": "classic"}

    result = campaign(Classic).run()
    assert result.overall is Overall.ADAPTER_ERROR
    assert "--profile classic" in result.adapter_error.hint


class BreaksAfterAFinding(ReferenceService):
    """Keeps its points after a commit, and fails for good some items later."""

    def __init__(self):
        super().__init__(item_class=KeptPoints)
        self.items = 0

    def new_item(self, configuration):
        self.items += 1
        if self.items > 100:
            raise RuntimeError("out of items")
        super().new_item(configuration)


def test_what_was_found_before_the_adapter_broke_stands():
    result = campaign(BreaksAfterAFinding, budget="20000steps", seed=3).run()
    assert "out of items" in result.adapter_error.got
    assert [c.requirements[0] for c in result.counterexamples] == ["R40"]
    assert result.overall is Overall.NON_CONFORMANT
    assert result.overall.exit_status == 1


def test_what_was_seen_stands_even_if_the_adapter_breaks_while_it_is_done_again():
    class Breaks(BreaksAfterAFinding):
        def new_item(self, configuration):
            if self.committed:
                raise RuntimeError("cannot begin again")
            super().new_item(configuration)

        def item(self):
            seen = super().item()
            kept = seen and seen["phase"] == "failover_committed" and len(super().recovery_points()) > 1
            self.committed = self.committed or bool(kept)
            return seen

        committed = False

    result = campaign(Breaks, budget="1000steps", seed=3).run()
    assert result.overall is Overall.NON_CONFORMANT
    assert "begin again" in result.adapter_error.got
    assert result.counterexamples[0].requirements == ("R40",)


def test_what_is_done_again_counts_neither_as_steps_nor_as_items():
    budget = Budget.parse("2000steps")
    made_short, left = (
        Campaign(kept_points, profile="modernized", budget=budget, seed=1, max_failures=1, repeats=repeats).run()
        for repeats in (True, False)
    )
    assert made_short.counterexamples[0].steps_spent > 0
    assert (made_short.steps, made_short.items) == (left.steps, left.items)
