"""Looking at an item: everything that can be seen at one instant, in the model's words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from asr_model.vocabulary import Operation, Site
from asr_properties.contract.connection import Connection
from asr_properties.contract.messages import Job, RecoveryPoint
from asr_properties.oracle.matching import Seen, besides, best_kind, seen_of
from asr_properties.specification.evidence import UNKNOWN, View
from asr_properties.specification.relations.entry import Look
from asr_properties.specification.relations.relation import Owners

NOT_REPLICATED = "not_replicated"
MOST_GLANCES = 5
"""So often an item whose time is its own is looked at again when it changes while it is looked at."""
MOST_OF_ITS_OWN = 20
"""Jobs that nobody asked for are looked at, so many at once; there should be one at most."""
FAILING_BACK, CANCEL_FAILED = "failing_back", "failback_cancel_failed"


#: Tasks whose order is judged, by operation (contract 6); the service's own jobs are reverts.
TASK_ORDERS: dict[str, tuple[str, ...]] = {
    Operation.FAIL_OVER: ("VmShutdownVmOnPrimary", "VmFailover"),
    Operation.PLANNED_FAILOVER: ("VmFailover", "VmFoStartVmOnSecondary"),
    Operation.CANCEL_FAILOVER: ("CancelFailoverRecovery", "CancelFailoverPrimary", "StartVmOnPrimary"),
}


def in_order(operation: str, job: Job) -> bool | None:
    """Whether the known tasks of a job come in their order, and none begins before the one ahead of it; None where
    fewer than two are known, so that nothing is concluded (contract 6)."""
    states = {task.name: task.state for task in job.tasks}
    expected = [name for name in TASK_ORDERS.get(operation, ()) if name in states]
    if len(expected) < 2:
        return None
    if [name for name in states if name in expected] != expected:
        return False
    return not any(
        states[b] == "succeeded" and states[a] in ("not_started", "in_progress") for a, b in pairwise(expected)
    )


class Observer:
    """Looks at the item of a connection and keeps track of its jobs.

    Attributes:
        last: all that was seen at the last look, as it was answered. ended: the jobs that have ended since the look
            before, with the operation that began them.
        point_in_use: the one the item failed over to, None if there is none or it is not reported.
        named_point: the one that the last request named.
        service_jobs: the jobs that the service started by itself since the look before, oldest first.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known_jobs = Owners()
        self._items = 0
        self._told_tasks = {True: 0, False: 0}
        self.restart()

    def restart(self) -> None:
        """Begin with a fresh item."""
        self._items += 1
        self.last = Look()
        self.ended: list[tuple[str, str, Job]] = []
        self.point_in_use: str | None = None
        self.named_point: str | None = None
        self.service_jobs: list[str] = []
        self._open: dict[str, str] = {}
        self._ended: list[str] = []
        self._failback_job: str | None = None
        self._current: str | None = None
        self._in_order: bool | None = None

    @property
    def points(self) -> tuple[RecoveryPoint, ...]:
        """The recovery points listed at the last look, newest first."""
        return self.last.points

    @property
    def hides_tasks(self) -> bool:
        """Whether jobs whose tasks have an order have ended, and none named its tasks."""
        return self._told_tasks[False] > 0 and not self._told_tasks[True]

    def knows_job(self, job: str) -> bool:
        """Whether this id was given to a job, of this item or of the last ones before it."""
        return job in self._known_jobs

    def opened(self, job: str, operation: str) -> None:
        """A request started this job."""
        self._known_jobs.owner(job, self._items)
        self._open[job] = operation
        under_way = self.last.item is not None and self.last.item.phase == FAILING_BACK
        if operation == Operation.PLANNED_FAILOVER and not under_way:  # then it is one that is being refused
            self._failback_job = job

    def running_job(self) -> str | None:
        """The job that runs: the item's own word for it, else the one opened last."""
        return self._current or next(reversed(self._open), None)

    def ended_job(self) -> str | None:
        """A job that has ended."""
        return self._ended[-1] if self._ended else None

    def look(self) -> tuple[Seen, dict[str, str]]:
        """What is seen, and the states of the jobs that were running at the last look."""
        connection = self._connection
        last, jobs = self._glance()
        for _ in range(0 if connection.has_clock else MOST_GLANCES):  # time may pass between two answers
            if connection.item() == last.item:
                break
            last, jobs = self._glance()
        self.last, item = last, last.item
        self._current = item.current_job if item is not None else None
        reports_in_use = "failover_recovery_point" in connection.fields
        self.point_in_use = item.failover_recovery_point if item is not None and reports_in_use else None
        self.service_jobs = [job for job in reversed(last.jobs) if job not in self._known_jobs]
        for job in self.service_jobs:
            self.opened(job, Operation.CANCEL_FAILOVER)
        self._note_ends(jobs)
        seen = Seen(phase=NOT_REPLICATED)
        if item is not None:
            seen = seen_of(item, reports_current_job="current_job" in connection.fields)
            seen = seen._replace(job_has_errors=self._failback_errors(item.phase))
        others = besides(last.points, self.point_in_use, reports_in_use)
        seen = seen._replace(points=best_kind(last.points), other_points=best_kind(others))
        if last.on_premises is not None and last.azure is not None:
            seen = seen._replace(
                on_premises=last.on_premises.power,
                azure=last.azure.power,
                on_premises_newest=last.on_premises.sequence,
                azure_newest=last.azure.sequence,
            )
        return seen, {job: state.state for job, state in jobs.items()}

    def _glance(self) -> tuple[Look, dict[str, Job]]:
        """One answer to each question, and the jobs that were running at the last look or have begun since."""
        connection = self._connection
        item = connection.item()
        on_premises, azure = (connection.machine(site) if connection.has_machines else None for site in Site)
        told = item is not None and item.phase != NOT_REPLICATED
        replication = connection.replication() if connection.has_workload and told else None
        points = tuple(connection.recovery_points())
        jobs = tuple(connection.jobs())
        begun = [job for job in reversed(jobs) if job not in self._known_jobs]
        states = {job: connection.job(job) for job in (*self._open, *begun[-MOST_OF_ITS_OWN:])}
        return Look(item, points, on_premises, azure, replication, jobs), states

    def view(self, seen: Seen, phase: str | None) -> View:
        """The look as evidence for the properties."""
        last = self.last
        # Without a clock another point may have been made by the time that something is asked for.
        lasting = self.points if self._connection.has_clock else ()
        apps = [point.id for point in lasting if point.kind == "app_consistent"]
        return seen.view(phase)._replace(
            received_newest=UNKNOWN if last.replication is None else last.replication.sent,
            in_use_id=UNKNOWN if self.point_in_use is None else self.point_in_use,
            named_id=UNKNOWN if self.named_point is None else self.named_point,
            listed_newest_id=lasting[0].id if lasting else UNKNOWN,
            app_newest_id=apps[0] if apps else UNKNOWN,
            item_id=UNKNOWN if last.item is None or last.item.id is None else last.item.id,
            ended_operation=self.ended[-1][0] if self.ended else UNKNOWN,
            tasks_in_order=UNKNOWN if self._in_order is None else self._in_order,
            newest_first=all(a.created >= b.created for a, b in pairwise(self.points)),
        )

    def _failback_errors(self, phase: str | None) -> bool | None:
        """Whether the job of the planned failover tells why."""
        if phase != CANCEL_FAILED or self._failback_job is None:
            return None
        return bool(self._connection.job(self._failback_job).errors)

    def _note_ends(self, jobs: Mapping[str, Job]) -> None:
        self.ended, self._in_order = [], None
        for identifier, job in jobs.items():
            if job.state != "in_progress":
                operation = self._open.pop(identifier)
                self._ended.append(identifier)
                self.ended.append((operation, identifier, job))
                self._in_order = in_order(operation, job)
                if operation in TASK_ORDERS:
                    self._told_tasks[self._in_order is not None] += 1
