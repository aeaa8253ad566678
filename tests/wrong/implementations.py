"""Deliberately wrong implementations: the reference with one documented behaviour broken each.

The suite must find each of them and name the requirements that it breaks. This module has them all: the classes under
their own names, and as factories, such as `--adapter wrong.implementations:kept_points`.
"""

from __future__ import annotations

from wrong import (
    after_failover,
    appliances,
    cancelling,
    classic_failback,
    classic_failed_failback,
    classic_failover,
    classic_reprotect,
    data,
    disk_lists,
    drill,
    enabling,
    failback,
    failover,
    machine_settings,
    one_option_only,
    points,
    quiet_jobs,
    quiet_later,
    quiet_lives,
    quiet_replication,
    refusals,
    services,
    timing_and_faults,
)
from wrong.registry import WRONG, Wrong

__all__ = ["SUBJECTS", "WRONG", "Wrong"]

SUBJECTS = (
    enabling,
    points,
    failover,
    data,
    after_failover,
    failback,
    cancelling,
    drill,
    refusals,
    services,
    timing_and_faults,
    quiet_replication,
    quiet_lives,
    quiet_jobs,
    quiet_later,
    one_option_only,
    machine_settings,
    disk_lists,
    appliances,
    classic_failback,
    classic_failed_failback,
    classic_failover,
    classic_reprotect,
)
"""The files in the order of the lifecycle, and then those of the classic profile."""

globals().update({wrong.kind.__name__: wrong.kind for wrong in WRONG} | {wrong.name: wrong.factory for wrong in WRONG})
