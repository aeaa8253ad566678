"""Each engine finds what a textbook search finds, on random components; and what one stores is what symmetry says."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr_model.composition.component import Component, Contradiction
from asr_model.composition.decision_diagrams import explore_symbolically
from asr_model.composition.explored import Bound, TooLarge
from asr_model.composition.packed import explore
from asr_model.composition.path import shortest_path
from asr_model.composition.seen import Sorted
from composition.plain import of_component

MEBIBYTE = 2**20
ENGINES = {
    "explicit": explore,
    "symmetry": lambda *given, **options: explore(*given, symmetric=True, **options),
    "symbolic": lambda *given, **options: explore_symbolically(*given, **{"bound": Bound(64 * MEBIBYTE), **options}),
}


@st.composite
def components(draw):
    """A component of two to six states, with up to two labels of joint steps and one pair that is never together."""
    states = draw(st.integers(2, 6))
    state = st.integers(0, states - 1)
    step = st.tuples(state, state)
    alone = draw(st.frozensets(step.filter(lambda s: s[0] != s[1]), max_size=8))
    joint = draw(st.lists(st.frozensets(step, min_size=1, max_size=5), max_size=2))
    one = draw(st.frozensets(state, max_size=2))
    other = draw(st.frozensets(state, max_size=3)) - one
    return Component(states, alone, tuple(joint), ((one, other),))


@pytest.mark.parametrize("name", ENGINES)
@settings(deadline=None, max_examples=40)
@given(component=components(), items=st.integers(1, 3))
def test_an_engine_finds_what_a_plain_search_finds(name, component, items):
    plain, found = of_component(component, items), ENGINES[name](component, items)
    assert (found.states, found.transitions, found.deadlocks) == (
        len(plain.vectors),
        plain.transitions,
        len(plain.deadlocks),
    )
    assert found.depth in (plain.depth, None)
    assert found.visited == {state for vector in plain.vectors for state in vector}
    assert found.truncated is None
    assert found.deadlock in plain.deadlocks or (found.deadlock is None and not plain.deadlocks)
    ((one, other),) = component.never_together
    broken = {vector for vector in plain.vectors if one & set(vector) and other & set(vector)}
    assert found.together.get(0) in broken or (not found.together and not broken)


@settings(deadline=None, max_examples=40)
@given(component=components(), items=st.integers(1, 3))
def test_symmetry_stores_one_vector_of_those_that_differ_in_who_is_who(component, items):
    plain = of_component(component, items).vectors
    assert explore(component, items, symmetric=True).stored == len({tuple(sorted(vector)) for vector in plain})
    assert all(set(permutations(vector)) <= plain for vector in plain)


@settings(deadline=None, max_examples=40)
@given(component=components(), items=st.integers(1, 3))
def test_lists_hold_what_bytes_hold(component, items):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("asr_model.composition.packed.seen_for", lambda size, memory: Sorted())
        by_lists = explore(component, items)
    assert replace(by_lists, memory=0) == replace(explore(component, items), memory=0)


@settings(deadline=None, max_examples=40)
@given(component=components(), items=st.integers(1, 3))
def test_a_path_is_as_short_as_can_be_and_each_stage_is_a_step(component, items):
    found = explore(component, items)
    goal = found.together.get(0, found.deadlock)
    if goal is None:
        return
    path = shortest_path(component, goal, Bound())
    at = (0,) * items
    for stage in path:
        steps = component.alone if stage.label is None else component.joint[stage.label]
        assert len(stage.steps) == (1 if stage.label is None else items)
        assert all(step in steps and step[0] == at[item] for item, step in stage.steps)
        moved = dict(stage.steps)
        at = tuple(moved[item][1] if item in moved else state for item, state in enumerate(at))
        assert at == stage.after
    assert at == goal
    assert len(path) <= found.depth


@settings(deadline=None, max_examples=40)
@given(component=components(), items=st.integers(1, 3))
def test_what_is_never_together_without_joint_steps_never_is_with_them(component, items):
    """The law: what items can do together they can do one after the other."""
    own = frozenset(step for steps in component.joint for step in steps if step[0] != step[1])
    alone = replace(component, alone=component.alone | own, joint=())
    assert of_component(component, items).vectors <= of_component(alone, items).vectors
    assert explore(component, items).together.keys() <= explore(alone, items).together.keys()


@pytest.mark.parametrize("items", [1, 2, 3, 4])
def test_independent_items_are_the_product(items):
    """The law: S^N states, and N T S^(N-1) transitions; as many multisets as there are ways to choose N of S again and
    again."""
    circle = Component(7, frozenset((state, (state + by) % 7) for state in range(7) for by in (1, 3)))
    for name, engine in ENGINES.items():
        found = engine(circle, items)
        assert (found.states, found.transitions) == (7**items, items * 14 * 7 ** (items - 1)), name
    assert explore(circle, items, symmetric=True).stored == comb(7 + items - 1, items)


CHAIN = Component(50, frozenset((state, state + 1) for state in range(49)))


@pytest.mark.parametrize("name", ["explicit", "symmetry"])
def test_a_bound_on_states_truncates_and_says_so(name):
    found = ENGINES[name](CHAIN, 3, bound=Bound(states=100))
    assert "--max-states is 100" in found.truncated
    assert 100 < found.stored < 300
    assert ENGINES[name](CHAIN, 3, bound=Bound(states=50**3)).truncated is None


@pytest.mark.parametrize("name", ["explicit", "symmetry"])
def test_a_bound_on_memory_truncates_and_says_so(name):
    found = ENGINES[name](CHAIN, 3, bound=Bound(memory=20_000))
    assert "take more than" in found.truncated
    assert found.states < 50**3


def test_a_bound_on_memory_truncates_diagrams():
    entangled = Component(97, frozenset((s, (7 * s + 1) % 97) for s in range(97) if s != (7 * s + 1) % 97), (
        frozenset((s, (5 * s + 3) % 97) for s in range(97)),
    ))  # fmt: skip
    assert "take more than" in explore_symbolically(entangled, 3, bound=Bound(memory=100_000)).truncated


def test_what_does_not_fit_into_63_bits_is_told():
    with pytest.raises(TooLarge, match="more than 63 bits"):
        explore(CHAIN, 12)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"alone": frozenset({(0, 9)})}, "no states of a component"),
        ({"alone": frozenset({(1, 1)})}, "leads to another state"),
        ({"alone": frozenset(), "never_together": ((frozenset({1}), frozenset({1})),)}, "never together with itself"),
    ],
)
def test_a_component_that_contradicts_itself_is_refused(given, says):
    with pytest.raises(Contradiction, match=says):
        Component(3, **given)
