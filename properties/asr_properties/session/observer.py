"""Looking at an item: everything that an adapter shows of it becomes one observation."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from asr_model.vocabulary import Operation, Site
from asr_properties.contract.connection import Connection
from asr_properties.contract.messages import Job, RecoveryPoint
from asr_properties.contract.surroundings import Sites
from asr_properties.evidence.observation import NOT_REPLICATED, NOTHING_SEEN, Observation
from asr_properties.evidence.tasks import REVERT, TASK_ORDERS, in_order, tells_order
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.oracle.explanation import Explanation
from asr_properties.session.updating import Updates
from asr_properties.specification.relations.id_owners import IdOwners

MOST_LOOKS = 5
"""Without a clock an item may change while it is looked at. Then it is looked at again, so many times at most."""
MOST_OF_ITS_OWN = 20
"""So many jobs that nobody asked for are looked at in one look. There should be one at most."""
MOST_PRUNED = 20
"""So many recovery points that retention has deleted are remembered, so that they can be asked for."""
CANCEL_FAILED, PROTECTED = "failback_cancel_failed", "protected"


class Observer:
    """Looks at the item of a connection and keeps track of its jobs.

    Attributes:
        last: the last observation.
        ended: the jobs that have ended since the observation before it: operation, id and job.
        tasks_in_order: whether the tasks of the last of these came in their order; UNKNOWN where that is not told.
        service_jobs: the jobs that the service started by itself since the observation before and that may be reverts,
            oldest first.
        former_points: ids of recovery points that were listed before replication was disabled, newest first.
        updates: the changes of its settings.
        told_tasks: of the jobs that have ended and whose tasks have an order, how many named them (True) and did not.
        pruned_points: the last ones that retention has deleted from the list of a protected item, newest first.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known_jobs = IdOwners()
        self._items = 0
        self.told_tasks = {True: 0, False: 0}
        self.updates = Updates(connection)
        self.restart()

    def restart(self) -> None:
        """Begin with a fresh item."""
        self._items += 1
        self.last = NOTHING_SEEN
        self.updates.restart()
        self._sites: Sites | None = None
        self.ended: list[tuple[str, str, Job]] = []
        self.tasks_in_order: bool | object = UNKNOWN
        self.service_jobs: list[str] = []
        self._open: dict[str, str] = {}
        self._ended: list[str] = []
        self._received_before = 0
        self.former_points: tuple[str, ...] = ()
        self.pruned_points: tuple[str, ...] = ()
        self._last_listed: tuple[str, ...] = ()
        self._unsure: list[str] = []
        self._failbacks: list[str] = []

    @property
    def points(self) -> tuple[RecoveryPoint, ...]:
        """The recovery points listed at the last look, newest first."""
        return self.last.listed

    @property
    def point_in_use(self) -> str | None:
        """The recovery point that the item failed over to; None if there is none, or none is reported."""
        in_use: str | None = known(self.last.in_use_id)
        return in_use

    @property
    def deleted_points(self) -> tuple[str, ...]:
        """Recovery points that were listed in this life, where none is any more; the one in use apart."""
        return tuple(point for point in self._last_listed if point != self.point_in_use)

    @property
    def hides_tasks(self) -> bool:
        """Whether jobs whose tasks have an order have ended, and none named its tasks."""
        return self.told_tasks[False] > 0 and not self.told_tasks[True]

    def knows_job(self, job: str) -> bool:
        """Whether a job of this item, or of one of the last items, has had this id."""
        return job in self._known_jobs

    def opened(self, job: str, operation: str) -> None:
        """A request started this job."""
        self._known_jobs.owner(job, self._items)
        self._open[job] = operation
        if operation == Operation.PLANNED_FAILOVER:
            self._failbacks.append(job)

    def updating(self, job: str) -> None:
        """A change of the settings started this job."""
        self._known_jobs.owner(job, self._items)
        self.updates.begun(job)

    def sites(self) -> Sites:
        """What a reprotect can name just now."""
        self._sites = self._connection.sites()
        return self._sites

    def running_job(self) -> str | None:
        """The job that runs: the one that the item names, else the one that was started last."""
        return known(self.last.current_job) or next(reversed(self._open), None)

    @property
    def ended_jobs(self) -> list[str]:
        """The jobs that have ended, the last one first."""
        return self._ended[::-1]

    def look(self) -> Observation:
        """Look at everything, and note which jobs have begun and ended."""
        seen = self._answers()
        for _ in range(0 if self._connection.has_clock else MOST_LOOKS):  # time may pass between two answers
            if self._connection.item() == seen.item:
                break
            seen = self._answers()
        self._note_gone(self.last, seen)
        self.last = seen
        begun = [job for job in reversed(seen.jobs) if job not in self._known_jobs]
        for job in begun:
            self._known_jobs.owner(job, self._items)
        self.service_jobs = _possible_reverts(begun, seen.running)
        self._unsure += self.service_jobs
        return seen

    def explained(self, explanations: Collection[Explanation], *, asked_as: Collection[Explanation]) -> Observation:
        """Tell apart the jobs of the last look, now that it is explained; gives the look with what follows from that.

        Of the jobs that the service started, reverts are those that every explanation takes for one; those that none
        does are no business of ours (contract 8). A planned failover that was only refused need not tell why the
        revert failed. asked_as: the explanations before anything could have ended.
        """
        running: Mapping[str, Job] = known(self.last.running) or {}
        for job in tuple(self._unsure):
            taken = [_has_job(explanation, job) for explanation in explanations]
            if all(taken) or not any(taken):
                self._unsure.remove(job)
            if all(taken):
                self._open[job] = Operation.CANCEL_FAILOVER
        for job in tuple(self._failbacks):
            refusing = [explanation.refuses(job) for explanation in asked_as]
            if all(refusing):
                self._failbacks.remove(job)
            elif job in running and not any(refusing):  # then it is this one, and none before it
                del self._failbacks[: self._failbacks.index(job)]
        self._note_ends(running)
        if known(self.last.phase) == CANCEL_FAILED and self._failbacks:
            told = {bool(self._connection.job(job).errors) for job in self._failbacks}
            self.last = self.last._replace(job_has_errors=told.pop() if len(told) == 1 else UNKNOWN)
        return self.last

    def _answers(self) -> Observation:
        """Ask everything once, and put the answers together."""
        connection = self._connection
        item = connection.item()
        machines = [connection.machine(site) for site in Site] if connection.has_machines else []
        if not connection.has_clock and all(machine.power == "on" for machine in machines[:2]) and machines:
            machines[0] = connection.machine(Site.ON_PREMISES)  # it may have been off by the time the other came on
        told = item is not None and item.phase != NOT_REPLICATED
        replication = connection.replication() if connection.has_workload and told else None
        if not told:
            self._received_before = max(self._received_before, known(self.last.received_newest) or 0)
        points = connection.recovery_points()
        jobs = tuple(connection.jobs())
        begun = [job for job in reversed(jobs) if job not in self._known_jobs]
        running = {job: connection.job(job) for job in (*self._open, *self._unsure, *begun[-MOST_OF_ITS_OWN:])}
        seen = NOTHING_SEEN.with_item(item)._replace(jobs=jobs, running=running)
        tells_in_use = "failover_recovery_point" in connection.fields
        # Without a clock another point may have been made by the time that something is asked for.
        seen = seen.with_points(points, tells_in_use=tells_in_use, lasting=connection.has_clock)
        if machines:
            seen = seen.with_machines(*machines, are_written=connection.has_workload)
        if replication is not None:
            seen = seen.with_replication(replication, before=self._received_before)
        return self.updates.seen(self._with_disks(seen, told=told))

    def _with_disks(self, seen: Observation, *, told: bool) -> Observation:
        """With the disks, and with the sites as they were shown last. Of a machine in Azure that is left behind when
        replication is disabled nothing is asked."""
        connection = self._connection
        if connection.has_disks:
            azure = connection.disks(Site.AZURE) if told else UNKNOWN
            seen = seen._replace(on_premises_disks=connection.disks(Site.ON_PREMISES), azure_disks=azure)
        if connection.has_sites:
            seen = seen._replace(sites=self._sites or self.sites())
        return seen

    def _note_gone(self, was: Observation, now: Observation) -> None:
        """Keep the ids of some recovery points that are listed no more, for good."""
        listed = tuple(point.id for point in now.listed)
        if known(now.phase) == NOT_REPLICATED:
            self.former_points = self._last_listed or self.former_points
            self.pruned_points = self._last_listed = ()
        elif listed:
            self._last_listed = listed
        if known(was.phase) == known(now.phase) == PROTECTED:
            gone = [point.id for point in was.listed if point.id not in listed and point.id != known(now.in_use_id)]
            self.pruned_points = (*gone, *self.pruned_points)[:MOST_PRUNED]

    def _note_ends(self, running: Mapping[str, Job]) -> None:
        self.ended, self.tasks_in_order = [], UNKNOWN
        for identifier, job in running.items():
            if job.state != "in_progress" and identifier in self._open:
                operation = self._open.pop(identifier)
                self._ended.append(identifier)
                self.ended.append((operation, identifier, job))
                told = in_order(operation, job)
                self.tasks_in_order = UNKNOWN if told is None else told
                if operation in TASK_ORDERS:
                    self.told_tasks[tells_order(operation, job)] += 1


def _possible_reverts(begun: list[str], jobs: Mapping[str, Job]) -> list[str]:
    """Which of the jobs that nobody asked for may be reverts: those that are called so, else any of the last ones."""
    told = [job for job in begun if job in jobs]
    return [job for job in told if jobs[job].scenario == REVERT] or told


def _has_job(explanation: Explanation, job: str) -> bool:
    return job == explanation.job or any(job == ended for ended, _ in explanation.ended)
