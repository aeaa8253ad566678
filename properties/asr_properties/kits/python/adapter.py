"""The adapter: what the suite asks, put to your product.

An operation is a method of its name; a control is offered by writing all of its methods; what is not written is not
offered. Names, types, words and the order of calls are checked before a method is called. A job's id is given by the
method that began it. Begin with little and go on one by one.
"""

from __future__ import annotations

import sys

from product import Product

try:
    from asr_properties.contract.adapter import Adapter, Refused
    from asr_properties.contract.program import serve
except ModuleNotFoundError as missing:
    sys.exit(f"no module {missing.name}: install asr-conformance for this Python, or use --adapter adapter:KitAdapter")


class KitAdapter(Adapter):
    name, version = "python-kit", "0.1.0"
    fields = ("id", "phase", "active_site", "replicating", "drill", "health", "current_job")
    configuration_keys = ("crash_consistent_minutes", "retention_minutes")

    def __init__(self):
        self.given = 0
        self.product = None

    def new_id(self, kind):
        """Ids are counted over all items: none is ever given twice."""
        self.given += 1
        return f"{kind}-{self.given}"

    def new_item(self, configuration):
        """Keys that were left out have their defaults."""
        self.product = Product(self.new_id, configuration.crash_consistent_minutes, configuration.retention_minutes)

    # Operations.

    def enable_replication(self):
        self.refuse_unless_allowed("enable_replication")
        return self.product.enable_replication()

    def disable_replication(self):
        self.refuse_unless_allowed("disable_replication")
        return self.product.disable_replication()

    def refuse_unless_allowed(self, operation):
        if not self.product.allows(operation):
            raise Refused(f"{operation} is not possible in {self.product.phase}")

    # What is seen.

    def job(self, job):
        found = self.product.jobs[job]
        return {"state": found["state"], "scenario": found["scenario"], "may_cancel": False}

    def jobs(self):
        return list(reversed(self.product.jobs))

    def item(self):
        return self.product.seen(self.fields)

    def recovery_points(self):
        return self.product.recovery_points()

    # The control `clock`: time passes here alone.

    def wait(self, job, seconds):
        """Until a job ends, or for a while: one of the two is None."""
        now = self.product.now
        self.product.pass_time_until(now + seconds if job is None else max(now, self.product.jobs[job]["ends"]))

    # The control `settings`: the machine in Azure.

    def settings(self):
        if self.product.settings is None:
            raise Refused("nothing is replicated")
        return self.product.settings

    def update_settings(self, changes):
        """Changes are done at once: there is no job."""
        if not self.product.changes_settings(changes):
            raise Refused("Azure can't have such a machine, or nothing is replicated")

    def azure_machine(self):
        return None  # nothing is failed over here


if __name__ == "__main__":
    serve(KitAdapter())
