"""Walks written down: what chance seldom puts together, because it takes the right things in the right order.

Each walk of a run's tour starts from one of these until all were walked. They judge nothing themselves; where an
implementation answers otherwise than foreseen, the rest of a walk is asked for all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from asr_model.stepper import Stepper
from asr_model.vocabulary import Fault, Operation
from asr_properties.contract.faults import JOB_FAULTS
from asr_properties.evidence.actions import (
    OPTION_WORDS,
    TIME_THE_JOB,
    WAIT_FOR_JOB,
    WRITE,
    Action,
    new_item,
    request,
    wait,
)

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


class Scenario(NamedTuple):
    """A walk from a fresh item of this configuration."""

    configuration: Mapping[str, Any]
    actions: tuple[Action, ...]


PROTECT = (request(Operation.ENABLE_REPLICATION), WAIT_FOR_JOB, wait(6 * HOUR))
DRILL = request(Operation.TEST_FAILOVER, recovery_point="latest")
CLEAN_UP = (request(Operation.CLEAN_UP_TEST_FAILOVER), WAIT_FOR_JOB)
COMMIT = (request(Operation.COMMIT), WAIT_FOR_JOB)
CANCEL = (request(Operation.CANCEL_FAILOVER), WAIT_FOR_JOB)
REPROTECT = (request(Operation.REPROTECT), WAIT_FOR_JOB, wait(6 * HOUR))
RECORD = (WRITE, wait(90))
"""A record, and the time that it takes to be received but perhaps not to be processed."""

WRITTEN = (WRITE, wait(HOUR))
"""A record, and the time that it takes to be received and to come into a point."""
OTHER_POINTS = (*(WRITE, wait(HOUR)) * 3, *(WRITE, wait(6 * MINUTE)) * 4)
"""Records such that recovery points hold others than those a few before them, whether made often or once an hour."""


OTHER_FROM_THE_FIRST = (*PROTECT[:2], *(WRITE, wait(20 * MINUTE)) * 12, *PROTECT[2:])
"""A protected item whose oldest points hold other records, too."""

FOLLOWED = tuple(wait(MINUTE / 2 * 1.25**number) for number in range(24))
"""Looks at a job until it ends, be that after seven hours; from some minutes on the last one comes near its end."""

POINTS = ("latest", "latest_processed", "latest_app_consistent", "listed")
"""What a failover can be to: of each kind of recovery point, where there is one."""

OLDEST = -1
"""Picks the oldest of the listed recovery points; 0 is the newest."""


def fail_over(point: str = "latest", *, shut_down: bool = False, pick: int = 0) -> Action:
    """A failover to Azure."""
    return request(Operation.FAIL_OVER, recovery_point=point, shut_down_source=shut_down)._replace(pick=pick)


def scenarios(stepper: Stepper) -> Iterator[Scenario]:
    """The walks for a profile; the first one is a plain cycle."""
    if any(t.event == Operation.PLANNED_FAILOVER for t in stepper.efsm.transitions):
        failback = request(Operation.PLANNED_FAILOVER, recovery_point_type="crash_consistent")
        loose = request(Operation.PLANNED_FAILOVER, recovery_point_type="app_consistent")
        undo = CANCEL
    else:
        failback, loose, undo = fail_over(), fail_over("latest_app_consistent"), COMMIT
    yield _plain_cycle(failback, undo)
    if undo is COMMIT:
        yield from _failback_by_failover()
    yield from _durations()
    yield from _looked_at(failback, undo)
    yield from _fresh_items(stepper.efsm.faults, failback)
    yield from _faults_that_pass(stepper.efsm.faults, failback)
    yield from _failures_at_each_task(stepper.efsm.faults, failback, loose)
    yield from _data(failback, loose, undo)
    yield from _each_point()
    if undo is CANCEL:
        yield from _two_cycles(failback, loose)
        yield from _after_cancelled_jobs(failback)
    yield from _aborted(stepper.efsm.faults)
    yield from _nothing_replicates(stepper.efsm.faults, failback)
    yield from _lives(failback, undo)
    yield from _forbidden_again(failback)
    yield from _points()
    hidden = (*PROTECT, fail_over(), WAIT_FOR_JOB, *REPROTECT, *COMMIT, *REPROTECT)
    yield Scenario({"datastore_visible": False}, hidden)


def _plain_cycle(failback: Action, undo: tuple[Action, ...]) -> Scenario:
    """There and back with all that one usually does: most mistakes show here, and are found at once."""
    change = request(Operation.CHANGE_RECOVERY_POINT, recovery_point="listed")._replace(pick=3)
    there = (*PROTECT, DRILL, WAIT_FOR_JOB, *CLEAN_UP, WRITE, fail_over(shut_down=True), WAIT_FOR_JOB)
    back = (change, WAIT_FOR_JOB, *COMMIT, *REPROTECT, WRITE, failback, WAIT_FOR_JOB)
    home = (failback, WAIT_FOR_JOB, *COMMIT, *REPROTECT) if undo is CANCEL else REPROTECT
    return Scenario({}, (*there, *back, *undo, *home))


def _durations() -> Iterator[Scenario]:
    """The same failovers of a plain machine and of one that needs the extra step (R26 to R29), then drills (R30)."""
    failover, drill = (*PROTECT, fail_over(), TIME_THE_JOB), (*PROTECT, DRILL, TIME_THE_JOB)
    others = [new_item(reason) for reason in ({"operating_system": "linux"}, {"dhcp": False}, {"boot_drivers": False})]
    failovers, drills = ([a for other in others for a in (other, *one)] for one in (failover, drill))
    again = (new_item({}), *failover)  # equal ones, to see whether they take equal time at all
    yield Scenario({}, (*failover, *again, *again, *failovers, new_item({}), *drill, *drills))
    # Records that were received and not processed, however soon that is done: none, or some (R20).
    pending = (*(WRITE, wait(MINUTE)) * 10, WRITE, wait(30))
    processed = (fail_over("latest_processed"), TIME_THE_JOB)
    without = (*PROTECT, *processed, new_item({}))
    yield Scenario({}, (*without, *without, *without, *PROTECT, *pending, *processed))


def _looked_at(failback: Action, undo: tuple[Action, ...]) -> Iterator[Scenario]:
    """Jobs that are looked at as they run (R25), and an item that is left alone for long (R15)."""
    looks = (*[wait(MINUTE)] * 4, wait(2 * MINUTE), TIME_THE_JOB)
    change = request(Operation.CHANGE_RECOVERY_POINT, recovery_point="listed")._replace(pick=5)
    there = (*PROTECT, wait(10 * MINUTE), fail_over(), *FOLLOWED, change, *looks)
    yield Scenario({}, (*there, *REPROTECT, failback, *looks, undo[0], *looks))
    yield Scenario({}, (*PROTECT, wait(DAY), wait(3 * DAY), DRILL, WAIT_FOR_JOB, *CLEAN_UP, wait(2 * DAY)))
    days = (WAIT_FOR_JOB, wait(DAY), wait(3 * DAY))
    yield Scenario({}, (*PROTECT, DRILL, *days, *CLEAN_UP, fail_over(), *days, *COMMIT, *days, *REPROTECT, *days))
    yield Scenario({}, (*PROTECT, fail_over(), WAIT_FOR_JOB, *REPROTECT, failback, *days, *undo, *days))


def _fresh_items(faults: Iterable[str], failback: Action) -> Iterator[Scenario]:
    """A fault that is on, and an item in the midst of things, are forgotten with the next item (X22)."""
    cycle = (*PROTECT, WRITE, fail_over(shut_down=True), WAIT_FOR_JOB, *REPROTECT, failback, WAIT_FOR_JOB)
    for fault in faults:
        yield Scenario({}, (*PROTECT[:2], Action("inject", fault), new_item({}), *cycle))
    yield Scenario({}, (*cycle, new_item({}), *PROTECT, new_item({}), *cycle))
    yield Scenario({"app_consistent_minutes": 60, "multi_vm_group": "g"}, (*PROTECT, new_item({}), *PROTECT))


def _faults_that_pass(faults: Iterable[str], failback: Action) -> Iterator[Scenario]:
    """What a fault prevented works again once it is over (contract 7)."""
    reverse = (*PROTECT, fail_over(), WAIT_FOR_JOB)
    for fault in faults:
        passes = (Action("inject", fault), wait(2 * HOUR), Action("clear", fault), wait(2 * HOUR), WRITE, wait(HOUR))
        yield Scenario({}, (*PROTECT, *passes, fail_over(shut_down=True), WAIT_FOR_JOB))
        yield Scenario({}, (*PROTECT, Action("inject", fault), fail_over(), WAIT_FOR_JOB))
        yield Scenario({}, (*reverse, *REPROTECT, *passes, failback, WAIT_FOR_JOB))
    hidden = (Action("inject", Fault.DATASTORE_UNREACHABLE), wait(HOUR), Action("clear", Fault.DATASTORE_UNREACHABLE))
    yield Scenario({}, (*reverse, *COMMIT, *hidden, *REPROTECT, failback, WAIT_FOR_JOB))


def _failures_at_each_task(faults: Iterable[str], failback: Action, loose: Action) -> Iterator[Scenario]:
    """A job that fails at each of its tasks, what the service does then, and the next try."""
    app = {"app_consistent_minutes": 60}
    reverse = (*PROTECT, WRITE, fail_over(shut_down=True), WAIT_FOR_JOB, *RECORD, *REPROTECT, *RECORD, wait(HOUR))
    again = (failback, WAIT_FOR_JOB, *CANCEL, *WRITTEN)
    fails: tuple[Action, ...]
    for fault in faults:
        if fault not in JOB_FAULTS:
            continue
        for number, task in enumerate(JOB_FAULTS[fault].tasks):
            begin, end = Action("inject", fault, task=task), Action("clear", fault)
            one, other = (failback, loose) if number % 2 else (loose, failback)
            if JOB_FAULTS[fault].fails is Operation.FAIL_OVER:
                fails = (fail_over(shut_down=True), WAIT_FOR_JOB)
                yield Scenario({}, (*PROTECT, WRITE, begin, *fails, *fails, end, *fails, *REPROTECT))
            elif JOB_FAULTS[fault].fails is Operation.PLANNED_FAILOVER:
                waits = (WAIT_FOR_JOB, WAIT_FOR_JOB)
                fails = (WRITE, one, *waits, *WRITTEN, WRITE, other, *waits)
                yield Scenario(app, (*reverse, begin, *fails, end, *WRITTEN, *again))
            elif JOB_FAULTS[fault].fails is Operation.CANCEL_FAILOVER:
                retried = (begin, *CANCEL, WRITE, *CANCEL, end, *CANCEL, *RECORD)
                yield Scenario(app, (*reverse, one, WAIT_FOR_JOB, WRITE, *retried, *again))


def _failback_by_failover() -> Iterator[Scenario]:
    """Classic's failback to every kind of point, in two cycles; one that fails or is cancelled; cancels all along.

    Whether the points of a life are listed, and whether one of them is taken, is left open and may change from request
    to request. So there are several walks of a kind, with more and more records written at first, and what may be
    refused is asked for more than once.
    """
    rest = wait(30 * MINUTE)
    back = (WAIT_FOR_JOB, rest, REPROTECT[0], WAIT_FOR_JOB, request(Operation.COMMIT), WAIT_FOR_JOB, *REPROTECT)
    cancel = (request(Operation.CANCEL_FAILOVER), wait(5 * MINUTE))
    for number, option in enumerate(POINTS * 3):
        there = (*PROTECT, *[WRITE] * (number + 1), wait(HOUR), fail_over(shut_down=True), *back)
        chosen = fail_over(option, shut_down=number % 2 == 0, pick=number % 4)
        home = (*RECORD, wait(2 * HOUR), *RECORD, chosen, chosen, chosen, *back, *RECORD)
        yield Scenario({}, (*there, *home, *there[3:], *home))
    reverse = (*PROTECT, WRITE, fail_over(shut_down=True), *back, WRITE, wait(2 * HOUR), *RECORD)
    failback = fail_over(shut_down=True)
    for task in JOB_FAULTS[Fault.FAILOVER_FAILS].tasks:
        faulty = (Action("inject", Fault.FAILOVER_FAILS, task=task), failback, WAIT_FOR_JOB, *cancel)
        cleared = (Action("clear", Fault.FAILOVER_FAILS), *RECORD, wait(DAY))
        yield Scenario({}, (*reverse, *faulty, *cleared, *[failback] * 3, *back))
    for seconds in (30.0, 120.0, 300.0, 900.0):
        stopped = (failback, wait(seconds), Action("cancel_job", "running"), WAIT_FOR_JOB, *RECORD)
        yield Scenario({}, (*reverse, WRITE, *stopped, WRITE, *stopped, failback, *back))
    member = (*PROTECT, fail_over(), WAIT_FOR_JOB, rest, *COMMIT, rest, *REPROTECT[:2] * 2)
    yield Scenario({"multi_vm_group": "g"}, member)
    watched = (failback, *[WRITE, wait(120)] * 12)
    everywhere = (*cancel, failback, wait(MINUTE), *cancel, WAIT_FOR_JOB, *cancel, *COMMIT, *cancel)
    yield Scenario({}, (*reverse, *everywhere, rest, *REPROTECT, fail_over(shut_down=True), *back, *everywhere))
    yield Scenario({}, (*reverse, *watched, *back))


def _forbidden_again(failback: Action) -> Iterator[Scenario]:
    """What each phase of a cycle forbids, asked for in a second cycle, and in a second life."""
    commit, cancel, reprotect = COMMIT[0], CANCEL[0], REPROTECT[0]
    change = request(Operation.CHANGE_RECOVERY_POINT, recovery_point="listed")

    def asked(*forbidden: Action) -> tuple[Action, ...]:
        return tuple(action for request in forbidden for action in (request, wait(2 * MINUTE)))

    def cycle(*, asking: bool) -> tuple[Action, ...]:
        pieces = (
            ((fail_over(shut_down=True), WAIT_FOR_JOB, wait(30 * MINUTE)), (fail_over(), DRILL, cancel)),
            ((change, WAIT_FOR_JOB, change, WAIT_FOR_JOB), (fail_over(), cancel)),
            (COMMIT, (commit, change, fail_over(), failback, cancel)),
            (REPROTECT[:2], (fail_over(), failback, commit, change)),
            ((wait(6 * HOUR),), (commit, change, DRILL)),
            ((failback, WAIT_FOR_JOB, wait(30 * MINUTE)), (DRILL, change, fail_over(), failback)),
            (COMMIT, (commit, cancel, fail_over(), failback)),
            (REPROTECT[:2], (fail_over(), DRILL, commit, change)),
            ((wait(6 * HOUR), DRILL, WAIT_FOR_JOB, WRITE, wait(HOUR), *CLEAN_UP), (commit, change, reprotect, cancel)),
        )
        return tuple(a for way, forbidden in pieces for a in (*way, *(asked(*forbidden) if asking else ())))

    again = (request(Operation.DISABLE_REPLICATION), WAIT_FOR_JOB, *PROTECT[:2])
    early = asked(fail_over(), DRILL, commit, change, reprotect)
    yield Scenario({}, (*PROTECT, *cycle(asking=False), *cycle(asking=True)))
    yield Scenario({}, (*PROTECT, *again, *early, wait(6 * HOUR), *cycle(asking=True)))


def _data(failback: Action, loose: Action, undo: tuple[Action, ...]) -> Iterator[Scenario]:
    """Records written at every stage of a cycle, over every kind of recovery point."""
    for option in POINTS:
        there = (*PROTECT, *RECORD, *OTHER_POINTS, *RECORD, fail_over(option, shut_down=True, pick=2), *RECORD)
        back = (WAIT_FOR_JOB, *RECORD, *REPROTECT, *RECORD, wait(2 * HOUR), *RECORD)
        change = (WAIT_FOR_JOB, request(Operation.CHANGE_RECOVERY_POINT, recovery_point="listed")._replace(pick=3))
        for first in (failback, loose):
            rest = (first, WRITE, WAIT_FOR_JOB, *RECORD, *undo, *RECORD, wait(2 * HOUR), failback, WRITE, WAIT_FOR_JOB)
            again = (*RECORD, *REPROTECT, *RECORD, wait(2 * HOUR), *RECORD)
            yield Scenario({"app_consistent_minutes": 60}, (*there, *back, *rest, *again))
        yield Scenario({"app_consistent_minutes": 60}, (*there, *change, *back, WAIT_FOR_JOB, *COMMIT, *RECORD))
    for option in POINTS:
        group = {"app_consistent_minutes": 60, "multi_vm_group": "g", "operating_system": "linux"}
        yield Scenario(group, (*PROTECT, *OTHER_POINTS, fail_over(option, pick=2), WAIT_FOR_JOB, *RECORD))
        drill = request(Operation.TEST_FAILOVER, recovery_point=option)._replace(pick=2)
        during = (drill, WRITE, wait(MINUTE), WRITE, WAIT_FOR_JOB, WRITE, wait(HOUR), *CLEAN_UP, *RECORD)
        yield Scenario({"app_consistent_minutes": 60}, (*PROTECT, *OTHER_POINTS, *during))


def _each_point() -> Iterator[Scenario]:
    """Failovers to the oldest point and to others, and one change after the other: each time to other data (R22, R37).
    They are timed: how old the points are tells whether any may be gone. Then points of both kinds, as old as each
    other. Then the source's shutdown fails, after a drill, before a failover to each kind of point (R24)."""
    for first, *others in ((OLDEST, 0, OLDEST, 1), (1, OLDEST, 0, OLDEST), (0, 1, OLDEST, 0)):
        there = (*OTHER_FROM_THE_FIRST, *WRITTEN * 2, fail_over("listed", pick=first), TIME_THE_JOB)
        changes = (request(Operation.CHANGE_RECOVERY_POINT, recovery_point="listed")._replace(pick=n) for n in others)
        yield Scenario({}, (*there, *(a for change in changes for a in (change, TIME_THE_JOB)), WRITE, *COMMIT))
    changed = (request(Operation.CHANGE_RECOVERY_POINT, recovery_point="listed")._replace(pick=n) for n in range(5))
    both = (*PROTECT, *OTHER_POINTS, fail_over(), WAIT_FOR_JOB, *(a for one in changed for a in (one, WAIT_FOR_JOB)))
    yield Scenario({"app_consistent_minutes": 15}, both)
    fault = Action("inject", Fault.SOURCE_SHUTDOWN_FAILS)
    drill = (DRILL, WAIT_FOR_JOB, *CLEAN_UP)
    for number, option in enumerate(POINTS):
        failover = (fault, fail_over(option, shut_down=True), WAIT_FOR_JOB, *COMMIT)
        yield Scenario({"app_consistent_minutes": 60}, (*PROTECT, *drill[: 4 * (number % 2)], *failover))


def _two_cycles(failback: Action, loose: Action) -> Iterator[Scenario]:
    """All that a cycle has, twice: what is wrong the second time only."""
    drill = (DRILL, WAIT_FOR_JOB, *CLEAN_UP)
    change = (request(Operation.CHANGE_RECOVERY_POINT, recovery_point="listed")._replace(pick=3), WAIT_FOR_JOB)
    fault = Action("inject", Fault.SOURCE_SHUTDOWN_FAILS)
    for there in (
        (fail_over("listed", shut_down=True, pick=2), WAIT_FOR_JOB, *change, *change),
        (fail_over(), *change),
        (fault, fail_over(shut_down=True), WAIT_FOR_JOB),
    ):
        undone = ((*RECORD, one, WRITE, WAIT_FOR_JOB, *RECORD, *CANCEL, *WRITTEN) for one in (failback, loose))
        returned = (*REPROTECT, *(a for each in undone for a in each), failback, WAIT_FOR_JOB, *COMMIT, *REPROTECT)
        cycle = (*drill, *OTHER_POINTS, *there, *COMMIT, *RECORD, *returned)
        yield Scenario({"app_consistent_minutes": 60}, (*PROTECT, *cycle, *cycle))


TRIED = (
    request(Operation.ENABLE_REPLICATION),
    request(Operation.RESYNCHRONIZE),
    request(Operation.TEST_FAILOVER, recovery_point="latest"),
    request(Operation.CLEAN_UP_TEST_FAILOVER),
    request(Operation.PLANNED_FAILOVER, recovery_point_type="crash_consistent"),
    Action("cancel_job", "ended"),
)
"""What is refused wherever nothing replicates (X02, R25), and must not wake replication."""


def _passing(faults: Iterable[str]) -> Iterator[Action]:
    """Each fault begins and ends, and the guest writes on if it can."""
    for fault in faults:
        yield from (Action("inject", fault), WRITE, wait(MINUTE), Action("clear", fault), wait(MINUTE))


def _after_cancelled_jobs(failback: Action) -> Iterator[Scenario]:
    """A cycle in which the job of every operation is cancelled once, if that is possible, and then asked for again."""
    stop = (wait(20), Action("cancel_job", "running"), WAIT_FOR_JOB)
    change = request(Operation.CHANGE_RECOVERY_POINT, recovery_point="listed")._replace(pick=3)
    drill = (DRILL, *stop, *CLEAN_UP[:1], *stop, *CLEAN_UP)
    enabled = (PROTECT[0], *stop, *PROTECT)
    there = (
        fail_over(shut_down=True),
        WAIT_FOR_JOB,
        change,
        *stop,
        COMMIT[0],
        Action("cancel_job", "running"),
        *COMMIT,
    )
    back = (REPROTECT[0], *stop, *REPROTECT, *RECORD, failback, *stop, WAIT_FOR_JOB, *WRITTEN)
    again = (failback, WAIT_FOR_JOB, CANCEL[0], *stop, *CANCEL, *WRITTEN, failback, WAIT_FOR_JOB)
    home = (*COMMIT, REPROTECT[0], *stop, *REPROTECT, *WRITTEN, request(Operation.DISABLE_REPLICATION), *stop)
    for records in range(3):  # whether a job can be cancelled may differ from one to the next
        begin = (*enabled, *drill, *[WRITE] * records, *OTHER_POINTS)
        yield Scenario({}, (*begin, *there, *back, *again, *home, *drill, *there))


def _aborted(faults: Iterable[str]) -> Iterator[Scenario]:
    """Nothing replicates after an aborted failover, whatever is tried and however long one waits (R34).

    Whether the job of a failover can be cancelled is open (A1), so it is tried more than once, under other conditions.
    """
    tried = (*TRIED, fail_over(), request(Operation.REPROTECT), request(Operation.COMMIT), wait(HOUR), *WRITTEN)
    again = (request(Operation.DISABLE_REPLICATION), WAIT_FOR_JOB, *PROTECT)
    drill = (DRILL, WAIT_FOR_JOB, *CLEAN_UP)
    for records, option in enumerate(POINTS):
        begin = (*PROTECT, wait(600), *drill[: 4 * (records % 2)], *[WRITE] * records, *_abort(option))
        for rest in (
            (*tried, *_passing(faults), *WRITTEN, wait(3 * DAY), *WRITTEN),
            (wait(DAY), WRITE, wait(DAY), *WRITTEN, *again, *WRITTEN, *_abort(option), *WRITTEN, wait(DAY), *WRITTEN),
        ):
            yield Scenario({"app_consistent_minutes": 60}, (*begin, *WRITTEN, wait(2 * HOUR), *rest))


def _abort(option: str) -> tuple[Action, ...]:
    """A failover whose job is cancelled, with records written before and after that."""
    running = (fail_over(option), WRITE, wait(20), Action("cancel_job", "running"), WRITE)
    return (*running, wait(20), Action("cancel_job", "running"), TIME_THE_JOB)


def _nothing_replicates(faults: Iterable[str], failback: Action) -> Iterator[Scenario]:
    """Nothing replicates from the failover to the reprotect, in either direction, in the first cycle and the next
    (R32, R86)."""
    meanwhile = (WRITE, wait(45), WRITE, wait(60), WRITE)
    there = (fail_over(), *meanwhile, TIME_THE_JOB, *WRITTEN, *TRIED, wait(MINUTE), *WRITTEN)
    changing = request(Operation.CHANGE_RECOVERY_POINT, recovery_point="listed")._replace(pick=2)
    change = (changing, WRITE, wait(60), WRITE, TIME_THE_JOB)
    back = (request(Operation.REPROTECT), TIME_THE_JOB, wait(6 * HOUR), *RECORD, failback, TIME_THE_JOB)
    home = (request(Operation.REPROTECT), TIME_THE_JOB, wait(6 * HOUR))
    begin = (*PROTECT, wait(600), WRITE)
    yield Scenario({}, (*begin, *there, *change, *WRITTEN, *COMMIT, *WRITTEN, *TRIED, wait(DAY), *WRITTEN))
    yield Scenario({}, (*begin, *there, *_passing(faults), *WRITTEN, wait(2 * DAY), *WRITTEN, *COMMIT, *WRITTEN))
    for after in ((), COMMIT):
        rest = (*after, *WRITTEN, *TRIED, wait(MINUTE), *WRITTEN, wait(3 * DAY), *WRITTEN)
        yield Scenario({}, (*begin, *there, *back, *WRITTEN, *rest, *_passing(faults), *WRITTEN))
        yield Scenario({}, (*begin, *there, *back, *rest, *home, *there, *back, *rest))


def _lives(failback: Action, undo: tuple[Action, ...]) -> Iterator[Scenario]:
    """Replication is disabled at every stage, and enabled again: the machines stay as they are, and no recovery point
    of a former life serves (contract 14; X19). Nor does one that was pruned, nor a word where an id must be."""
    disable = (request(Operation.DISABLE_REPLICATION), WAIT_FOR_JOB, WRITE, wait(2 * DAY), WRITE)
    there = (fail_over(shut_down=True), WAIT_FOR_JOB)
    back = (*REPROTECT, failback, WAIT_FOR_JOB)
    named = [
        action._replace(pick=pick)
        for pick, which in ((0, "former"), (7, "former"), (0, "pruned"))
        for action in (request(Operation.TEST_FAILOVER, recovery_point=which), fail_over(which))
    ]
    change = (fail_over(), WAIT_FOR_JOB, *_changes("former", "pruned", *OPTION_WORDS))
    again = (*PROTECT, *named, wait(MINUTE), *PROTECT[2:])
    for stage in ((), there, (*there, *COMMIT), (*there, *REPROTECT), (*there, *back), (*there, *back, *undo)):
        yield Scenario({}, (*PROTECT, WRITE, wait(HOUR), *stage, *disable, *again, *change))
    yield Scenario({"retention_minutes": 120}, (*PROTECT, wait(2 * HOUR), *named, wait(MINUTE), *change))
    yield Scenario({}, (*PROTECT, *there, *back, *COMMIT, *REPROTECT, WRITE, *change, *disable, *again, *change))


def _changes(*points: str) -> Iterator[Action]:
    """Ask for a change of the recovery point to each of these."""
    for point in points:
        yield request(Operation.CHANGE_RECOVERY_POINT, recovery_point=point)
        yield WAIT_FOR_JOB


def _points() -> Iterator[Scenario]:
    """Recovery points over weeks, under several policies (facts 3.1, 3.2; X20)."""
    weeks = (wait(90 * MINUTE), wait(5 * HOUR), wait(20 * HOUR), wait(5 * DAY), wait(3 * HOUR), wait(12 * DAY))
    again = (request(Operation.DISABLE_REPLICATION), WAIT_FOR_JOB, *PROTECT)
    for configuration in (
        {},
        {"app_consistent_minutes": 60, "retention_minutes": 1440},
        {"app_consistent_minutes": 240, "retention_minutes": 21_600, "multi_vm_group": "group"},
        {"crash_consistent_minutes": 10, "retention_minutes": 2880},
        {"crash_consistent_minutes": 90, "retention_minutes": 21_600},
        {"retention_minutes": 0},
    ):
        yield Scenario(configuration, (*PROTECT, *weeks, WRITE, wait(HOUR), *again))
