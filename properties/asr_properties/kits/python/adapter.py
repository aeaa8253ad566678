"""The adapter: the contract's methods, each a few lines that ask your product. This one asks `product.py`.

What you leave out of `hello` is not judged: begin with little, and add operations, fields and controls one by one.
"""

from __future__ import annotations

from product import FIRST_SETTINGS, Product
from protocol import InvalidParameters, NotOffered, Refused, serve

FIELDS = ["id", "phase", "active_site", "replicating", "drill", "health", "current_job"]
OPERATIONS = ["enable_replication", "disable_replication"]


class Adapter:
    def __init__(self):
        self.given = 0
        self.product = None

    def new_id(self, kind):
        """Ids are counted over all items: none is ever given twice."""
        self.given += 1
        return f"{kind}-{self.given}"

    def hello(self, protocol: int):
        if protocol != 1:
            raise InvalidParameters(f"protocol {protocol} is not spoken here")
        return {
            "name": "python-kit",
            "version": "0.1.0",
            "protocol": 1,
            "profile": "modernized",
            "controls": ["clock", "settings"],
            "fields": FIELDS,
            "configuration": ["crash_consistent_minutes", "retention_minutes"],
            "operations": OPERATIONS,
        }

    def new_item(self, configuration: dict):
        known = {"crash_consistent_minutes": 5, "retention_minutes": 4320}
        for key, value in configuration.items():
            least = 0 if key == "retention_minutes" else 1e-9
            if key not in known or type(value) not in (int, float) or value < least:
                raise InvalidParameters(f"configuration: {key} can't be {value!r}")
        self.product = Product(self.new_id, **{**known, **configuration})

    def request(self, operation: str, arguments: dict):
        if operation not in OPERATIONS:
            raise NotOffered(f"no operation {operation}")
        if arguments:
            raise InvalidParameters(f"{operation} takes no arguments")
        if not self.product.allows(operation):
            raise Refused(f"{operation} is not possible in {self.product.phase}")
        return {"job": getattr(self.product, operation)()}

    def job(self, job: str):
        found = self._job(job)
        return {"state": found["state"], "scenario": found["scenario"], "tasks": [], "errors": [], "may_cancel": False}

    def jobs(self):
        return list(reversed(self.product.jobs))

    def cancel_job(self, job: str):
        self._job(job)
        raise Refused("jobs can't be cancelled")

    def item(self):
        return self.product.seen(FIELDS)

    def recovery_points(self):
        return self.product.recovery_points()

    def wait(self, job: str = "", seconds: int | float = -1):
        if (job == "") == (seconds < 0):
            raise InvalidParameters("wait takes exactly one of job and seconds, which is not negative")
        now = self.product.now
        self.product.pass_time_until(max(now, self._job(job)["ends"]) if job else now + seconds)

    def settings(self):
        if self.product.settings is None:
            raise Refused("nothing is replicated")
        return self.product.settings

    def update_settings(self, changes: dict):
        """Changes are done at once: there is no job."""
        for key, value in changes.items():
            if key not in FIRST_SETTINGS or not (isinstance(value, str) or (value is None and key == "ip_address")):
                raise InvalidParameters(f"the setting {key} can't be {value!r}")
        if not changes:
            raise InvalidParameters("there are no changes")
        if not self.product.changes_settings(changes):
            raise Refused("Azure can't have such a machine, or nothing is replicated")

    def azure_machine(self):
        return None  # nothing is failed over here

    def bye(self):
        self.product = None

    def _job(self, job):
        if job not in self.product.jobs:
            raise InvalidParameters(f"no job {job}")
        return self.product.jobs[job]


if __name__ == "__main__":
    serve(Adapter())
