"""How most checks begin: a fresh item, replication of which is asked for; and all that is seen of an item."""

from __future__ import annotations

from typing import Any

from asr_model.vocabulary import Operation, Site
from asr_properties.smoke.probe import Probe
from asr_properties.smoke.samples import UNKNOWN_JOB, good_call

DAY = 24 * 3600
"""Seconds within which there is a first recovery point, and each job ends (contract, Time)."""


def enabled(probe: Probe) -> str:
    """A fresh item, and enable_replication asked for where it can be; the id of its job, else of none."""
    probe.fresh()
    if Operation.ENABLE_REPLICATION not in probe.operations:
        return UNKNOWN_JOB
    return str(probe.result("request", **good_call("request")).job)


def enabling(probe: Probe) -> str:
    """A fresh item whose replication was asked for; the id of the job.

    Raises:
        NothingToCheck: enable_replication is not offered.
    """
    probe.greet().need_operation(Operation.ENABLE_REPLICATION)
    return enabled(probe)


def everything(probe: Probe) -> dict[str, Any]:
    """What is seen of the item: call -> answer."""
    seen: dict[str, Any] = {f"{name}()": probe.raw(name) for name in ("item", "jobs", "recovery_points")}
    if probe.offers("machine"):
        for site in Site:
            seen[f"machine(site={site.value!r})"] = probe.raw("machine", site=site.value)
    if probe.offers("replication"):
        seen["replication()"] = probe.raw("replication")
    return seen
