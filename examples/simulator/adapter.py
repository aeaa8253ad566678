"""What the suite asks, put to the simulator. What is not written here is not offered, and not judged."""

from __future__ import annotations

from asr_properties.contract.adapter import Adapter, Refused

from .simulator import Job, NotNow, Simulator

PHASES = {
    "not replicated": "not_replicated",
    "enabling": "enabling_replication",
    "copying": "initial_replication",
    "catching up": "awaiting_first_recovery_point",
    "protected": "protected",
    "failing over": "failing_over",
    "failed over": "failed_over",
    "committing": "committing_failover",
    "committed": "failover_committed",
    "disabling": "disabling_replication",
}


class SimulatorAdapter(Adapter):
    name, version = "simulator", "1.0"
    fields = ("phase", "replicating", "active_site", "current_job")

    def __init__(self):
        self.items = 0

    def new_item(self, configuration):
        self.items += 1
        self.simulator = Simulator()

    # Operations.

    def enable_replication(self):
        return self.begun(self.simulator.enable)

    def disable_replication(self):
        return self.begun(self.simulator.disable)

    def fail_over(self, recovery_point, shut_down_source):
        return self.begun(self.simulator.fail_over, recovery_point.removeprefix(f"{self.items}: "))

    def commit(self):
        return self.begun(self.simulator.commit)

    def begun(self, ask, *arguments):
        try:
            return self.id_of(ask(*arguments))
        except NotNow as why:
            raise Refused(why) from None

    def id_of(self, job: Job):
        """Ids of jobs and points begin with the number of the item: none is ever given twice."""
        return f"{self.items}: job {self.simulator.jobs.index(job) + 1}"

    # What is seen.

    def job(self, job):
        found = self.found(job)
        return {"state": "in_progress" if found.running else "succeeded", "scenario": found.name}

    def found(self, job):
        return self.simulator.jobs[int(job.rpartition(" ")[2]) - 1]

    def jobs(self):
        return [self.id_of(job) for job in reversed(self.simulator.jobs)]

    def item(self):
        state = self.simulator.state
        if state == "not replicated":
            return None
        return {
            "phase": PHASES[state],
            "replicating": "to_azure" if state in ("copying", "catching up", "protected") else "none",
            "active_site": "azure" if state in ("failed over", "committing", "committed") else "on_premises",
            "current_job": next((self.id_of(job) for job in self.simulator.jobs if job.running), None),
        }

    def recovery_points(self):
        points = [
            {"id": f"{self.items}: {name}", "kind": "crash_consistent", "created": made, "multi_vm": False}
            for name, made in self.simulator.points.items()
        ]
        return list(reversed(points))

    # Time: the control `clock`.

    def wait(self, job, seconds):
        simulator = self.simulator
        simulator.advance(simulator.now + seconds if job is None else max(simulator.now, self.found(job).ends))
