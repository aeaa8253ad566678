"""An implementation whose time is its own is waited for in real time, to a stated limit; nothing is concluded there."""

from __future__ import annotations

import time
from random import Random

import pytest

from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.requirement_verdicts import Overall, Verdict


class OwnTime(ReferenceService):
    """Its time passes while somebody rests, so many times as fast; nobody can ask for it."""

    __slots__ = ("_speed",)

    def __init__(self, speed):
        super().__init__(freedom=Fixed())
        self._speed = speed

    def hello(self, protocol):
        offered = super().hello(protocol)
        return {**offered, "controls": [control for control in offered["controls"] if control != "clock"]}

    def rest(self, seconds):
        time.sleep(min(seconds, 0.001))
        item = self._present_item()
        item.clock.run_until(item.clock.now + seconds * self._speed)


def run(speed, patience, steps=800):
    service = OwnTime(speed)
    options = {"budget": Budget(steps=steps), "seed": 1, "patience": patience, "rest": service.rest}
    return Campaign(lambda: service, profile="modernized", **options).run()


def test_what_takes_a_while_is_waited_for():
    result = run(speed=10_000, patience=0.05)
    assert not [v.requirement for v in result.verdicts if v.outcome is Verdict.FAILED]
    assert result.overall is Overall.INCOMPLETE
    assert {"protected", "failed_over", "reverse_protected"} <= result.coverage.phases


def test_running_into_the_limit_is_no_failure():
    result = run(speed=0.001, patience=0.01, steps=60)
    assert not result.counterexamples
    assert result.overall is Overall.INCOMPLETE
    assert "protected" not in result.coverage.phases


class NeverStill(ReferenceService):
    """Its time is its own and passes before every call: jobs end, and points are made, between a look and a request."""

    __slots__ = ("_random",)

    def __init__(self, kind, seed):
        super().__init__(kind, freedom=Fixed())
        self._random = Random(seed)

    def hello(self, protocol):
        offered = super().hello(protocol)
        return {**offered, "controls": [control for control in offered["controls"] if control != "clock"]}

    def rest(self, seconds):
        self.passes(seconds * 10_000)

    def passes(self, seconds):
        clock = self._present_item().clock
        clock.run_until(clock.now + seconds)

    def before(self):
        if self._item is not None:
            self.passes(self._random.choice((0, 0, 1, 20, 60, 300, 900)))

    def __getattribute__(self, name):
        if name in ("request", "cancel_job", "inject", "clear", "write", "item", "machine", "replication"):
            object.__getattribute__(self, "before")()
        return super().__getattribute__(name)


@pytest.mark.parametrize("kind", [ReplicatedItem, ClassicItem])
@pytest.mark.parametrize("seed", [1, 2])
def test_what_happens_between_a_look_and_a_request_is_no_departure(kind, seed):
    service = NeverStill(kind, seed)
    options = {"budget": Budget(steps=800), "seed": seed, "patience": 0.05, "rest": service.rest}
    result = Campaign(lambda: service, profile=kind.profile.name, **options).run()
    assert result.adapter_error is None
    assert [found.lines() for found in result.counterexamples] == []
    assert result.overall is Overall.INCOMPLETE
