"""The public `RuleBasedStateMachine`: subclassed, run and failing as users of Hypothesis expect it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, currently_in_test_context, seed, settings
from hypothesis.errors import InvalidDefinition
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from asr_model.profiles import efsm
from asr_model.vocabulary import Operation
from asr_properties.contract.connection import AdapterError
from asr_properties.generation import machine_class
from asr_properties.generation.lifecycle_machine import LifecycleMachine
from asr_properties.generation.told_failure import RequirementBroken
from asr_properties.reference import ReferenceService, create, create_classic
from asr_properties.session.nonconformance import NonConformance
from asr_properties.specification.declared import properties_of
from asr_properties.specification.rule import EvidenceKind
from wrong import implementations

QUICK = settings(max_examples=10, stateful_step_count=20, deadline=None, database=None)


class Reference(LifecycleMachine):
    implementation = create


class ClassicReference(LifecycleMachine):
    implementation = create_classic
    profile = "classic"


class KeptPoints(LifecycleMachine):
    implementation = implementations.kept_points


def failure_of(machine) -> RequirementBroken:
    test = machine.TestCase
    test.settings = settings(database=None, derandomize=True)
    with pytest.raises(RequirementBroken) as caught:
        test("runTest").runTest()
    return caught.value


@pytest.fixture(scope="module")
def kept_points():
    return failure_of(KeptPoints)


class TestRulesAndInvariants:
    @pytest.mark.parametrize("machine", [Reference, ClassicReference])
    def test_each_operation_of_the_profile_is_a_rule_of_its_name(self, machine):
        asked = {str(event.name) for event in efsm(machine.profile).events() if event.is_operation}
        rules = {rule.function.__name__ for rule in machine.setup_state().rules}
        assert rules & set(map(str, Operation)) == asked

    @pytest.mark.parametrize("machine", [Reference, ClassicReference])
    def test_each_property_of_the_profile_that_runs_can_show_is_an_invariant_of_its_name(self, machine):
        declared = {p.name for p in properties_of(machine.profile) if EvidenceKind.LIVE in p.evidence}
        assert {i.function.__name__ for i in machine.setup_state().invariants} == declared | {"agrees_with_the_model"}

    def test_a_rule_takes_the_arguments_of_the_contract_and_no_others(self):
        state = Reference()
        state.new_item(configuration={})
        with pytest.raises(TypeError, match="colour"):
            state.fail_over(recovery_point="latest", shut_down_source=True, colour="red")
        state.teardown()

    def test_rules_and_invariants_of_a_subclass_count_too(self):
        class Counting(Reference):
            asked, looked = [], []

            @rule()
            def ask(self):
                self.asked.append(1)

            @invariant()
            def look(self):
                self.looked.append(1)

        run_state_machine_as_test(seed(1)(Counting), settings=QUICK)
        assert Counting.asked
        assert len(Counting.looked) > 50


class TestTheReference:
    @pytest.mark.parametrize("machine", [Reference, ClassicReference])
    def test_passes_under_hypothesis_itself(self, machine):
        run_state_machine_as_test(seed(1)(machine), settings=QUICK)

    @pytest.mark.long
    @pytest.mark.parametrize("machine", [Reference, ClassicReference])
    def test_passes_as_a_test_case_of_unittest(self, machine):
        machine.TestCase("runTest").runTest()


class TestAFailure:
    def test_names_the_requirement_and_the_property(self, kept_points):
        assert type(kept_points).__name__ == "R40"
        assert isinstance(kept_points, NonConformance | AssertionError)
        assert "breaks R40 (Connect to failed-over VM; documented): After commit all other" in str(kept_points)
        assert "property commit_deletes_other_points: " in str(kept_points)

    def test_comes_from_the_invariant_of_the_property(self, kept_points):
        frames, traceback = [], kept_points.__traceback__
        while traceback is not None:
            frames.append(traceback.tb_frame.f_code.co_name)
            traceback = traceback.tb_next
        assert frames[-1] == "commit_deletes_other_points"

    def test_has_the_fewest_steps(self, kept_points):
        assert len(kept_points.steps) <= 7

    def test_reads_like_a_runbook(self, kept_points):
        told = next(note for note in kept_points.__notes__ if note.startswith("Failing test case"))
        heading, state, new_item, *steps, invariant, teardown = told.splitlines()
        assert (heading, state) == ("Failing test case:", "state = KeptPoints()")
        assert new_item == "state.new_item(configuration={})"
        assert steps[0] == "state.enable_replication()"
        assert "state.commit()" in steps
        failover = r"state\.fail_over\(recovery_point='latest', shut_down_source=(True|False)\)"
        assert len([step for step in steps if re.fullmatch(failover, step)]) == 1
        assert (invariant, teardown) == ("state.commit_deletes_other_points()", "state.teardown()")

    @pytest.mark.parametrize(
        "name", ["kept_points", "source_left_on", "cancellable_failover", "resumed_replication", "committed_in_vain"]
    )
    def test_can_be_put_into_a_test_and_runs(self, name):
        machine = type("Mine", (LifecycleMachine,), {"implementation": getattr(implementations, name)})
        found = failure_of(machine)
        steps = next(note for note in found.__notes__ if note.startswith("Failing test case")).split("\n", 1)[1]
        with pytest.raises(type(found)):
            exec(steps, {"Mine": machine})
        fine = type("Mine", (LifecycleMachine,), {"implementation": create})
        exec(steps, {"Mine": fine})

    def test_is_raised_at_the_next_step_where_no_invariant_is_checked(self):
        state = KeptPoints()
        state.new_item(configuration={})
        state.head_for(phase="failover_committed")
        with pytest.raises(RequirementBroken, match="R40"):
            state.write()
        state.teardown()

    def test_is_told_by_teardown_at_the_latest(self):
        state = KeptPoints()
        state.new_item(configuration={})
        state.head_for(phase="failover_committed")
        with pytest.raises(RequirementBroken, match="R40"):
            state.teardown()

    def test_that_does_not_come_again_is_told_as_it_was_found(self):
        class Once(ReferenceService):
            commits = 0

            def recovery_points(self):
                listed = super().recovery_points()
                if (self.item() or {}).get("phase") == "failover_committed" and Once.commits == 0:
                    Once.commits += 1
                    return [{"id": "x", "kind": "crash_consistent", "created": 1, "multi_vm": False}] * 2
                return listed

        class Mine(LifecycleMachine):
            implementation = Once

        test = Mine.TestCase("runTest")
        type(test).settings = settings(database=None)
        with pytest.raises(Exception) as caught:  # noqa: PT011  # Hypothesis' own word for it, or ours
            test.runTest()
        assert "did not fail again" in "\n".join(getattr(caught.value, "__notes__", ())) or "laky" in repr(caught.value)


class TestWhatIsLeftOutOrMisspelt:
    def test_without_an_implementation_a_test_fails_at_once_and_says_what_to_write(self):
        class Mine(LifecycleMachine):
            pass

        with pytest.raises(InvalidDefinition, match="Mine does not say what to judge: write `implementation = FACTORY"):
            Mine.TestCase("runTest").runTest()
        with pytest.raises(InvalidDefinition, match="Mine does not say what to judge"):
            Mine()

    def test_a_misspelt_implementation_is_told_when_the_class_is_made(self):
        with pytest.raises(InvalidDefinition, match="'implementatoin': did you mean `implementation`"):

            class Mine(LifecycleMachine):
                implementatoin = create

    def test_a_method_is_no_factory_either(self):
        class Mine(LifecycleMachine):
            def implementation(self):
                return create()

        with pytest.raises(InvalidDefinition, match=r"Mine\.implementation takes arguments.*write `implementation = "):
            Mine()

    def test_an_implementation_that_is_no_factory_is_told(self):
        class Mine(LifecycleMachine):
            implementation = create()

        with pytest.raises(InvalidDefinition, match="no factory"):
            Mine.TestCase("runTest").runTest()

    def test_an_implementation_of_another_profile_is_told(self):
        class Mine(LifecycleMachine):
            implementation = create_classic

        with pytest.raises(AdapterError, match="write `profile = 'classic'` in Mine"):
            Mine()


class TestSettings:
    def test_a_deadline_and_health_checks_are_not_undone_by_settings_of_ones_own(self):
        chosen = machine_class.fit(settings(max_examples=20))
        assert chosen.max_examples == 20
        assert chosen.deadline is None
        assert set(chosen.suppress_health_check) == set(HealthCheck)

    def test_what_is_chosen_stays(self):
        chosen = machine_class.fit(settings(deadline=500, suppress_health_check=[HealthCheck.nested_given]))
        assert chosen.deadline == timedelta(milliseconds=500)
        assert list(chosen.suppress_health_check) == [HealthCheck.nested_given]

    @pytest.mark.parametrize("how", ["assigned", "decorated"])
    def test_settings_reach_the_run(self, how):
        class Counting(Reference):
            items = 0

            def __init__(self):
                super().__init__()
                type(self).items += currently_in_test_context()

        own = settings(max_examples=7, stateful_step_count=3, database=None, phases=[Phase.generate])
        if how == "assigned":
            Counting.TestCase.settings = own
        else:
            own(Counting)
        Counting.TestCase("runTest").runTest()
        assert Counting.items == 7


def test_the_names_of_the_errors_are_requirements(kept_points):
    assert re.fullmatch(r"[RX]\d+", type(kept_points).__name__)


def test_a_program_is_started_for_each_example_and_ends_with_it():
    class Counting(ReferenceService):
        begun = ended = 0

        def __init__(self):
            super().__init__()
            Counting.begun += 1

        def bye(self):
            Counting.ended += 1
            super().bye()

    class Mine(LifecycleMachine):
        implementation = Counting

    run_state_machine_as_test(Mine, settings=QUICK)
    assert Counting.begun == Counting.ended == 10


def test_a_failure_stands_even_if_the_adapter_fails_at_its_end():
    class Rude(ReferenceService):
        def bye(self):
            raise RuntimeError("no goodbyes")

    class Mine(LifecycleMachine):
        @staticmethod
        def implementation():
            return Rude(item_class=implementations.KeptPoints)

    state = Mine()
    state.new_item(configuration={})
    state.head_for(phase="failover_committed")
    with pytest.raises(RequirementBroken, match="R40"):
        state.teardown()
