"""Adapters made with the base class: one that offers little, as an author begins, and one that offers everything."""

from __future__ import annotations

import os
import sys

from asr_properties.contract.adapter import Adapter, Configuration
from asr_properties.contract.messages import Job
from asr_properties.contract.methods import METHODS, REQUESTABLE
from asr_properties.contract.program import serve
from asr_properties.reference import create
from asr_properties.reference.service import FIELDS


class Little(Adapter):
    """Two operations and a clock; what it does is the reference's, seen in three fields."""

    name, version = "little", "1.0"
    fields = ("phase", "replicating", "current_job")

    def __init__(self):
        self.service = create()
        self.service.hello(1)

    def new_item(self, configuration: Configuration):
        print("a fresh item")  # which must not become a reply
        os.system("echo from a program of its own")
        self.service.new_item({})

    def enable_replication(self):
        return self.service.request("enable_replication", {})["job"]

    def disable_replication(self):
        return self.service.request("disable_replication", {})["job"]

    def job(self, job):
        return Job(state=self.service.job(job)["state"])

    def jobs(self):
        return [job for job in self.service.jobs() if self.job(job).state]

    def item(self):
        seen = self.service.item()
        return seen and {field: seen[field] for field in self.fields}

    def recovery_points(self):
        return self.service.recovery_points()

    def wait(self, job, seconds):
        self.service.wait(job=job, seconds=seconds)


def _operation(name):
    return lambda self, **arguments: self.service.request(name, arguments)["job"]


def _method(name):
    return lambda self, **parameters: getattr(self.service, name)(**parameters)


class Whole(Little):
    """Everything of the contract."""

    name = "whole"
    fields = FIELDS
    configuration_keys = tuple(Configuration.model_fields)

    def new_item(self, configuration: Configuration):
        self.service.new_item(configuration.model_dump(exclude_unset=True))

    def job(self, job):
        return self.service.job(job)

    def jobs(self):
        return self.service.jobs()

    def sites(self):
        return self.service.sites()

    def update_settings(self, changes):
        return self.service.update_settings(changes)

    locals().update({name: _operation(name) for name in REQUESTABLE})
    locals().update({name: _method(name) for name in (
        "cancel_job", "write", "replication", "machine", "inject", "clear", "settings", "azure_machine", "disks",
    )})  # fmt: skip


assert {name for name, method in METHODS.items() if method.control} <= set(dir(Whole))

if __name__ == "__main__":
    serve({"little": Little, "whole": Whole}[sys.argv[1]]())
