"""Walks written down for the controls `settings`, `disks` and `sites`; each only where its control is offered."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from asr_model.stepper import Stepper
from asr_model.vocabulary import Fault, Operation
from asr_properties.contract.faults import JOB_FAULTS
from asr_properties.evidence.actions import AS_AT_FIRST, WAIT_FOR_JOB, WRITE, Action, new_item, request, update_settings
from asr_properties.generation.changes import CHANGES, IMPOSSIBLE, LATER
from asr_properties.generation.configurations import APPLIANCES
from asr_properties.generation.scenarios import (
    CANCEL,
    CLEAN_UP,
    COMMIT,
    DRILL,
    PROTECT,
    REPROTECT,
    WRITTEN,
    Scenario,
    fail_over,
)

DISABLE = (request(Operation.DISABLE_REPLICATION), WAIT_FOR_JOB)
OVER = (fail_over(shut_down=True), WAIT_FOR_JOB)
CHANGE_POINT = (request(Operation.CHANGE_RECOVERY_POINT, recovery_point="listed")._replace(pick=2), WAIT_FOR_JOB)


def change(**changes: str | None) -> tuple[Action, ...]:
    """A change of settings, and the end of its job if it takes one."""
    return update_settings(**changes), WAIT_FOR_JOB


def each(values: dict[str, str]) -> tuple[Action, ...]:
    """One change after the other."""
    return tuple(action for key, value in values.items() for action in change(**{key: value}))


def through(appliance: str) -> tuple[Action, ...]:
    """A reprotect through this kind of appliance, and the end of its job."""
    return request(Operation.REPROTECT, appliance=appliance), WAIT_FOR_JOB


UNKNOWN_ACCOUNT = (request(Operation.REPROTECT, cache_storage_account="unknown"), WAIT_FOR_JOB)
"""A reprotect towards Azure with a cache storage account that there is not."""


def of_controls(stepper: Stepper, controls: Collection[str]) -> Iterator[Scenario]:
    """The walks for a profile and for the controls that are offered."""
    if any(t.event == Operation.PLANNED_FAILOVER for t in stepper.efsm.transitions):
        failback = (request(Operation.PLANNED_FAILOVER, recovery_point_type="crash_consistent"), WAIT_FOR_JOB)
        undo: tuple[Action, ...] = (*CANCEL, *failback)
    else:
        failback, undo = (fail_over(shut_down=True), WAIT_FOR_JOB), ()
    if "settings" in controls:
        yield from _settings(failback, undo)
    if "disks" in controls:
        yield from _disks(failback, undo)
    if "sites" in controls:
        yield from _sites(failback)


def _settings(failback: tuple[Action, ...], undo: tuple[Action, ...]) -> Iterator[Scenario]:
    """Changed one by one and all together, back and to what is impossible; and what becomes of them in a cycle."""
    back = dict.fromkeys(CHANGES, AS_AT_FIRST)
    yield Scenario({}, (*PROTECT, *each(CHANGES), *each(back), *each(IMPOSSIBLE), *change(**CHANGES), *OVER, *COMMIT))
    rest = (*REPROTECT, *failback, *undo, *COMMIT, *REPROTECT)
    changed_over = (*OVER, *each(LATER), *CHANGE_POINT, *change(**LATER))
    cycle = (*change(**CHANGES), *changed_over, *rest, *change(ip_address=None), *OVER, *each(CHANGES))
    yield Scenario({}, (*PROTECT, *cycle, *DISABLE, *PROTECT))
    meanwhile = (*change(**LATER), DRILL, *change(**CHANGES), WAIT_FOR_JOB, *CLEAN_UP)
    renamed = (update_settings(**LATER), *(update_settings(name=name) for name in ("third", "fourth", "fifth")))
    running = (fail_over(), *renamed, WAIT_FOR_JOB, WAIT_FOR_JOB)
    yield Scenario({}, (*PROTECT, *meanwhile, *running, *rest, *OVER))
    several = (*PROTECT, update_settings(**CHANGES), update_settings(name="third"), WAIT_FOR_JOB, WAIT_FOR_JOB, *OVER)
    anew = (*PROTECT, *each(CHANGES), *DISABLE, *PROTECT, *OVER)
    yield Scenario({}, (*several, new_item({}), *anew, new_item({}), *PROTECT, *OVER))


def _disks(failback: tuple[Action, ...], undo: tuple[Action, ...]) -> Iterator[Scenario]:
    """Disks of each kind in two cycles, in a drill, after a cancel, and after a failback that fails: also early, in a
    second life."""
    disks = {"iscsi_disks": 2, "data_disks": 3}
    reverse = (*PROTECT, DRILL, WAIT_FOR_JOB, *CLEAN_UP, *OVER, *REPROTECT)
    again = (*COMMIT, *REPROTECT, *OVER, *REPROTECT, *failback)
    yield Scenario(disks, (*reverse, *failback, *undo, *failback, *undo, *again, *DISABLE))
    for fault in (Fault.PLANNED_FAILOVER_FAILS, Fault.FAILOVER_FAILS):
        early, late = (
            (Action("inject", fault, task=task), *failback, WAIT_FOR_JOB, Action("clear", fault))
            for task in (JOB_FAULTS[fault].tasks[1], JOB_FAULTS[fault].tasks[-1])
        )
        yield Scenario({"iscsi_disks": 1}, (*PROTECT, *OVER, *CHANGE_POINT, *REPROTECT, *late, *failback, WRITE))
        life = (*PROTECT, *OVER, *REPROTECT)
        yield Scenario({"iscsi_disks": 1}, (*life, *failback, *DISABLE, *life, *early))


def _sites(failback: tuple[Action, ...]) -> Iterator[Scenario]:
    """A reprotect through each kind of appliance, both ways, with whatever kind is listed first. One on another host
    is named before any that is unfit: if it does not work, its host is the reason."""
    for listed, before, reprotect in (
        (APPLIANCES, (), through("elsewhere")),
        (APPLIANCES[::-1], (*through("unknown"), *through("blind")), REPROTECT),
        (APPLIANCES[2:0:-1], through("unknown"), through("elsewhere")),
    ):
        for committed in ((), COMMIT):
            there = (*PROTECT, *OVER, *committed, *before, *reprotect, *PROTECT[2:], *WRITTEN)
            home = (*through("unknown"), *UNKNOWN_ACCOUNT, *reprotect, *PROTECT[2:])
            yield Scenario({"appliances": listed}, (*there, *failback, *committed, *home, *OVER, *REPROTECT))
    unfit = (*through("unhealthy"), *REPROTECT, *failback, *through("blind"), *through("unhealthy"), *REPROTECT)
    for committed in ((), COMMIT):
        yield Scenario({"appliances": APPLIANCES}, (*PROTECT, *OVER, *committed, *unfit, *OVER))
