"""What is proved holds for all sizes; what is refuted is refuted by a way of the model; the rest is unknown."""

from __future__ import annotations

import ast
import sys

import pytest

from asr_model import profiles
from asr_model.counters import EXTENSION, PROPERTIES, Along, Become, Beside, Counter, CounterProperty, Extension, more
from asr_model.lts import enumerate_lts, subsets
from asr_model.requirements import requirement
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_properties.proving import symbols
from asr_properties.proving.extended import Extended, Moment, NotAccepted
from asr_properties.proving.induction import Outcome, ProverMissing, prove

LTS = profiles.lts("modernized")


def always(text, name="asked"):
    return CounterProperty(name, "what is asked", text, ("X20",))


def proof(text, extension=EXTENSION, **options):
    (found,) = prove(LTS, [always(text)], extension, **options)
    return found


@pytest.mark.parametrize("profile", profiles.CHARTS)
def test_every_declared_property_is_proved(profile):
    proofs = list(prove(profiles.lts(profile), PROPERTIES))
    assert {proof.judged.name: proof.outcome for proof in proofs} == {
        declared.name: Outcome.PROVED for declared in PROPERTIES
    }


def test_every_declared_property_cites_requirements_that_there_are():
    for declared in (*PROPERTIES, *EXTENSION.beside):
        assert declared.requirements
        for identifier in declared.requirements:
            requirement(identifier)


@pytest.fixture(scope="module")
def tried_twice():
    return proof("1 >= failovers_failed")


def test_what_holds_of_few_only_is_refuted_by_a_way_that_the_stepper_accepts(tried_twice):
    found = tried_twice
    assert found.outcome is Outcome.REFUTED
    *_, last = found.trace
    assert dict(zip([c.name for c in EXTENSION.counters], last.counters, strict=True))["failovers_failed"] == 2
    state = LTS.stepper.initial
    for moment in found.trace[1:]:
        if moment.event is not None:
            outcome = LTS.stepper.step(state, moment.event, moment.surroundings)
            assert outcome.transition is not None
            state = outcome.state
        assert moment.state == state


def test_a_way_that_refutes_is_a_shortest_one():
    """Of what the counters have no part in it is as long as the model says."""
    way = LTS.shortest_path(0, lambda number: LTS.states[number].phase == "protected")
    assert len(proof("phase != 'protected'").trace) == len(way) + 1


def test_what_is_so_and_follows_from_no_few_steps_is_unknown():
    """It is true, and proved with more said: that one which runs has not failed (`failed_failovers_were_begun`)."""
    assert proof("failovers >= failovers_failed", deepest=4).outcome is Outcome.UNKNOWN


def test_what_was_proved_helps_with_what_comes_after_it():
    alone = proof("written >= processed", deepest=4)
    first, second, last = prove(
        LTS, [always("written >= received", "a"), always("received >= processed", "b"), always("written >= processed")]
    )
    assert alone.outcome is Outcome.UNKNOWN
    assert (first.outcome, second.outcome, last.outcome) == (Outcome.PROVED,) * 3


def test_what_is_not_proved_helps_with_nothing():
    *_, last = prove(LTS, [always("0 >= crash_points", "wrong"), always("1 >= crash_points")])
    assert last.outcome is Outcome.REFUTED


def test_two_steps_are_taken_together_where_one_is_not_enough():
    swap = Along({"x": Become("y"), "y": Become("x")})
    swapping = Extension((Counter("x", "one"), Counter("y", "another")), (swap,), ())
    found = proof("x >= 0", swapping)
    assert (found.outcome, found.k) == (Outcome.PROVED, 2)


def test_a_state_that_nothing_leaves_is_not_passed_over():
    """An item that is being enabled for ever: whoever asked for two steps before finds it all the same."""
    efsm = LTS.stepper.efsm
    others = [transition.id for transition in efsm.transitions if transition.event != "enable_replication"]
    lts = enumerate_lts(Stepper(efsm.without(*others)))
    shift = Along({"x": Become("y"), "y": Become("z")})
    shifting = Extension((Counter("x", "one"), Counter("y", "two"), Counter("z", "three")), (shift,), ())
    asked = [always("x >= 0", "far"), always("phase != 'enabling_replication'")]
    far, near = prove(lts, asked, shifting)
    assert (far.outcome, far.k) == (Outcome.PROVED, 2)  # no way has two steps
    assert (near.outcome, len(near.trace)) == (Outcome.REFUTED, 2)


BROKEN = {
    "processed_was_received": ("record_processed", Beside("record_processed", "True", more("processed"), ("R19",))),
    "points_are_what_is_listed": (
        "app_point_pruned",
        Beside("app_point_pruned", "points == 'app'", more("app_points", -1), ("X20",)),
    ),
    "received_was_written": ("record_received", Beside("record_received", "True", more("received", 2), ("R17",))),
}
"""Properties, each with an update that breaks it in the place of the one of that name."""


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_update_is_found(name):
    replaced, broken = BROKEN[name]
    beside = tuple(broken if each.event == replaced else each for each in EXTENSION.beside)
    proofs = prove(LTS, PROPERTIES, EXTENSION._replace(beside=beside), deepest=6)
    found = next(each for each in proofs if each.judged.name == name)
    assert found.outcome is Outcome.REFUTED
    assert found.trace[-1].move == replaced


def test_an_update_that_is_left_out_is_found():
    """Were points kept by a commit, some would be left."""
    along = tuple(each for each in EXTENSION.along if each.assigns is None)
    first, *_ = prove(LTS, PROPERTIES[:1], EXTENSION._replace(along=along), deepest=11)
    assert first.outcome is Outcome.REFUTED


def test_the_moves_are_what_the_stepper_does():
    """In every state, of every event: the guard of one move holds where a transition is taken, else that of none."""
    machine = Extended(LTS.stepper, Extension((), (), ()))
    guards = [(move, machine.compiled(move.guard)) for move in machine.moves]
    for state in LTS.states[::7]:
        for event in LTS.stepper.events:
            for holds in subsets(LTS.stepper.relevant(state, event)):
                taken = LTS.stepper.step(state, event, holds).transition
                moves = [move for move, guard in guards if move.event == event and guard(state, holds, ())]
                assert len(moves) == (taken is not None)


def test_a_way_that_is_not_the_models_is_not_accepted(tried_twice):
    machine = Extended(LTS.stepper, EXTENSION)
    wrong = machine.expression("1 >= failovers_failed")
    trace = tried_twice.trace
    machine.replay(trace, wrong)
    without_one = (*trace[:3], *trace[4:])
    other_counters = (*trace[:-1], trace[-1]._replace(counters=(0,) * len(EXTENSION.counters)))
    begun_elsewhere = (Moment(trace[0].state._replace(points="app"), trace[0].counters), *trace[1:])
    for way in (without_one, other_counters, begun_elsewhere, trace[:-1]):
        with pytest.raises(NotAccepted):
            machine.replay(way, wrong)


def test_what_it_does_not_know_is_not_passed_over():
    with pytest.raises(ValueError, match="unknown name 'points_made'"):
        proof("points_made >= 0")


def test_what_the_solver_gives_up_is_unknown(monkeypatch):
    def impatient():
        solver = symbols.z3.Solver()
        solver.set("rlimit", 1)
        return solver

    monkeypatch.setattr(symbols, "new_solver", impatient)
    assert proof("written >= received").outcome is Outcome.UNKNOWN


def test_without_z3_it_is_told_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(ProverMissing, match=r"pip install 'asr-conformance\[prove\]'"):
        proof("written >= 0")


def test_the_counters_have_names_of_their_own():
    names = [counter.name for counter in EXTENSION.counters]
    assert len({*names, *State._fields}) == len(names) + len(State._fields)
    for along in (*EXTENSION.along, *EXTENSION.beside):
        assert along.changes.keys() <= set(names)
        assert {change.base for change in along.changes.values() if isinstance(change.base, str)} <= set(names)


@pytest.mark.parametrize("along", EXTENSION.along, ids=str)
def test_everything_that_changes_a_counter_goes_along_with_some_transition(along):
    efsms = map(profiles.efsm, profiles.CHARTS)
    assert any(along.fits(transition) for efsm in efsms for transition in efsm.transitions)


def test_an_expression_that_prover_and_stepper_read_apart_is_none():
    """Chained comparisons are understood by neither."""
    with pytest.raises(NotImplementedError):
        proof(ast.unparse(ast.parse("0 <= written <= received", mode="eval")))
