"""Checks of the control `clock`: only wait lets time pass, for as long as it shall, and nothing is left to chance."""

from __future__ import annotations

import time
from typing import Any

from asr_properties.contract.messages import Job
from asr_properties.smoke.beginning import DAY, enabling, everything
from asr_properties.smoke.probe import NothingToCheck, NotInOrder, Probe
from asr_properties.smoke.walk import a_short_walk, apart, difference

_LOOKS, _SECONDS_OF_LOOKING = 200, 2.0
_LONG, _LONGEST_INTERVAL = 6 * 3600.0, 3600.0
"""Seconds to wait for a point, and from one to the next at most (contract, Time)."""

_INSTANT = 0.01
"""Seconds: as near as we come to the end of a job."""

_FLAKY = "an answer may depend on the calls since new_item, and on nothing else: no real clock, no chance"


def wait_for_a_job(probe: Probe) -> None:
    """wait for a job returns when it has ended"""
    probe.greet().need("wait")
    job = enabling(probe)
    probe.raw("wait", job=job)
    state: Job = probe.result("job", job=job)
    if state.state == "in_progress":
        hint = "wait returns at the instant the job leaves in_progress"
        raise NotInOrder(f"wait(job={job!r})", "a job that has ended", "in_progress", hint)
    probe.raw("wait", job=job)  # at once
    probe.raw("wait", seconds=0)


def wait_ends_with_the_job(probe: Probe) -> None:
    """wait for a job returns at the instant it ends, and not later"""
    probe.greet().need("wait")
    by_job = _after(probe, None)
    if _after(probe, None) != by_job or not _after(probe, DAY)[0]:
        raise NothingToCheck("a job that ends each time, and in a day")
    begins, ends = 0.0, float(DAY)
    while ends - begins > _INSTANT:
        between = (begins + ends) / 2
        begins, ends = (begins, between) if _after(probe, between)[0] else (between, ends)
    _, at_its_end = _after(probe, ends)
    if by_job[1] != at_its_end:
        sent = f"wait for the job of enable_replication, which takes {ends:g} s"
        hint = "let no more time pass than until the job leaves in_progress"
        raise NotInOrder(sent, *apart(at_its_end, by_job[1]), hint)


def _after(probe: Probe, seconds: float | None) -> tuple[bool, dict[str, Any]]:
    """Whether the first job of a fresh item has ended after so many seconds, or after a wait for it, and what is seen
    then, without ids."""
    job = enabling(probe)
    probe.raw("wait", **({"job": job} if seconds is None else {"seconds": seconds}))
    seen, points = probe.raw("item"), probe.raw("recovery_points")
    told = {key: value for key, value in (seen or {}).items() if key not in _IDS}
    return probe.result("job", job=job).state != "in_progress", {**told, "recovery points": len(points)}


_IDS = ("id", "failover_recovery_point", "current_job")


def units(probe: Probe) -> None:
    """created is in seconds: it moves by what wait waited"""
    probe.greet().need("wait")
    enabling(probe)
    probe.raw("wait", seconds=DAY)
    before = probe.result("recovery_points")
    probe.raw("wait", seconds=_LONG)
    after = probe.result("recovery_points")
    if not before or not after or before[0].id == after[0].id:
        raise NothingToCheck("a recovery point before a wait, and another one after it")
    moved = after[0].created - before[0].created
    if abs(moved - _LONG) > _LONGEST_INTERVAL:
        sent = f"wait(seconds={_LONG:g}), and recovery_points() before and after it"
        expected = f"created moves by about {_LONG:g}"
        raise NotInOrder(sent, expected, f"by {moved:g}", "created, and what wait is told, are numbers of seconds")


def looks_change_nothing(probe: Probe) -> None:
    """only wait lets time pass, and to look changes nothing"""
    probe.greet().need("wait")
    job = enabling(probe)
    until = time.monotonic() + _SECONDS_OF_LOOKING
    first = {**everything(probe), f"job(job={job!r})": probe.raw("job", job=job)}
    for _ in range(_LOOKS):
        again = {**everything(probe), f"job(job={job!r})": probe.raw("job", job=job)}
        for call, answer in first.items():
            if again[call] != answer:
                raise NotInOrder(f"{call}, once more", *apart(answer, again[call]), _FLAKY)
        if time.monotonic() > until:
            break


def deterministic(probe: Probe) -> None:
    """the same short walk twice gives the same answers, ids apart"""
    probe.greet().need("wait")
    if found := difference(a_short_walk(probe), a_short_walk(probe)):
        call, answer, again = found
        raise NotInOrder(f"{call}, the second time", answer, again, _FLAKY)
