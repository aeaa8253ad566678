"""How much longer a failover takes: what "about 8 to 10 minutes" admits is no failure, and no difference is one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.messages import Job
from asr_properties.evidence.step import Agreed, EndedJob, Step
from asr_properties.specification.relations.durations import LEAST, MOST, ONLY_SOME, STEP, Durations

STEP_AND_A_SLICE = int(STEP) + 20
PLAIN = {"operating_system": "windows", "dhcp": True, "boot_drivers": True}


def step(
    event: str, settings, elapsed=(0.0, 0.0), last_wait=0.0, ended=(), faults=frozenset(), phase="protected"
) -> Step:
    asked = event == Operation.FAIL_OVER
    return Step(
        event,
        Answer.ACCEPTED if asked else None,
        recovery_point="latest" if asked else None,
        agreed_before=Agreed(phase=phase),
        job="job" if asked else None,
        elapsed=elapsed,
        last_wait=last_wait,
        ended=ended,
        settings=settings,
        faults=faults,
    )


def judgements(*failovers, slice_=0.0, faults=frozenset(), phase="protected"):
    """What is concluded from failovers, each of a machine configured so, that took so long (known up to a slice)."""
    monitor = Durations()
    monitor.begin_walk()
    found = []
    for changes, took in failovers:
        settings = {**PLAIN, **changes}
        seconds = took if not slice_ else -(-took // slice_) * slice_
        ended = (EndedJob(Operation.FAIL_OVER, "job", Job(state="succeeded"), False),)
        monitor.begin_item()
        found += monitor.enter(step(Operation.FAIL_OVER, settings, faults=faults, phase=phase))
        found += monitor.enter(step("wait", settings, (seconds, seconds), slice_, ended, faults))
    return [(one.relation.name, one.holds) for one in found if one.relation is not ONLY_SOME or not one.holds]


LINUX, STATIC, NO_DRIVERS = {"operating_system": "linux"}, {"dhcp": False}, {"boot_drivers": False}


ADMITTED = st.sampled_from([int(LEAST), int(MOST)]) | st.integers(int(LEAST), int(MOST))


@given(plain=st.integers(1, 5000), more=ADMITTED, slice_=st.sampled_from([0, 20]))
def test_a_difference_that_about_eight_to_ten_minutes_admits_is_no_failure(plain, more, slice_):
    name = "fail_over_takes_longer_with_linux"
    assert judgements(({}, plain), (LINUX, plain + more), slice_=slice_) == [(name, True)]
    assert judgements((LINUX, plain + more), ({}, plain), slice_=slice_) == [(name, True)]


@given(plain=st.integers(100, 5000), less=st.integers(0, 99), slice_=st.sampled_from([0, 20]))
def test_no_difference_is_one_in_whichever_order(plain, less, slice_):
    name = "fail_over_takes_longer_with_no_dhcp"
    slower = -(-plain // slice_) * slice_ - slice_ if slice_ else plain
    both = slower >= STEP  # so long that both may have taken the step; else neither has
    wrong = [] if both else [(name, False)]
    assert judgements(({}, plain), (STATIC, plain - less), slice_=slice_) == wrong
    assert judgements((STATIC, plain - less), ({}, plain), slice_=slice_) == wrong


@given(plain=st.integers(STEP_AND_A_SLICE, 5000), slice_=st.sampled_from([0, 20]))
def test_where_both_may_have_taken_the_step_the_other_reasons_tell(plain, slice_):
    none = [({}, plain), *((reason, plain) for reason in (LINUX, STATIC, NO_DRIVERS))]
    assert judgements(*none, slice_=slice_) == [(ONLY_SOME.name, False)]
    linux = (LINUX, plain + int(STEP))
    for order in ([({}, plain), (STATIC, plain), linux], [linux, (STATIC, plain), ({}, plain)]):
        told = dict(judgements(*order, slice_=slice_))
        assert told == {"fail_over_takes_longer_with_linux": True, "fail_over_takes_longer_with_no_dhcp": False}


def test_nothing_is_concluded_from_machines_that_differ_in_two_ways_or_from_failovers_under_faults():
    assert judgements((LINUX, 100), (STATIC, 100)) == []
    assert judgements(({}, 100), ({**LINUX, **STATIC}, 100)) == []
    assert judgements(({}, 100), (LINUX, 100), faults=frozenset({"failover_fails"})) == []


def test_the_failback_of_classic_is_not_compared():
    """R26 and R27 speak of failovers to Azure (contract 15)."""
    assert judgements(({}, 100), (LINUX, 100), phase="reverse_protected") == []


@given(plain=st.integers(1, 5000), more=st.integers(int(LEAST) + 1, 5000), reason=st.sampled_from([LINUX, STATIC]))
def test_where_equal_failovers_take_unequal_time_nothing_is_concluded(plain, more, reason):
    assert judgements(({}, plain), ({}, plain + more), (reason, plain)) == []
    assert judgements(({}, plain + more), ({}, plain), (reason, plain)) == []
