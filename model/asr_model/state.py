"""The state of the model: one immutable value that hashes.

Phases and drill states are the states of the lifecycle's chart; the other variables are declared here, each with its
finite domain.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple, get_args, get_type_hints

Value = str | bool

DISABLED_FROM = (
    "enabling_failed",
    "initial_replication",
    "awaiting_first_recovery_point",
    "protected",
    "failover_failed",
    "failover_aborted",
    "failed_over",
    "failover_committed",
    "reverse_initial_replication",
    "reverse_protected",
    "failed_back",
    "failback_cancel_failed",
    "failback_committed",
)
"""The phases that replication can be disabled from: every steady one (X12). `cancel_job` on the disable job leads
back to where it came from (contract 5)."""

BEFORE = ("nothing", *DISABLED_FROM, "failing_back")
"""The domain of `before`."""


class State(NamedTuple):
    """One state of the model. The first value of each type is the initial one; each has a finite domain."""

    phase: Annotated[str, "where the item is in its lifecycle"]
    drill: Annotated[str, "where its test failover is"]
    points: Annotated[Literal["none", "crash", "app"], "the best kind of recovery point listed, the one in use apart"]
    on_premises: Annotated[Literal["on", "off", "unspecified"], "power of the on-premises machine"]
    azure: Annotated[Literal["absent", "on", "off", "unspecified"], "power of the production machine in Azure"]
    shutdown_pending: Annotated[bool, "the running failover has still to shut down its source"]
    fresh_point: Annotated[Literal["not_needed", "needed", "made"], "the point of the running planned failover (A5)"]
    committed: Annotated[bool, "the running reprotect is past its commit task"]
    before: Annotated[str, "the phase that the running job started from"]
    stopping: Annotated[bool, "cancelling the running job was accepted"]
    resynchronizing: Annotated[bool, "a resynchronize job runs"]


def _domains() -> dict[str, tuple[Value, ...]]:
    found: dict[str, tuple[Value, ...]] = {}
    for name, hint in get_type_hints(State, include_extras=True).items():
        kind = get_args(hint)[0]
        if name == "before":
            found[name] = BEFORE
        elif kind is bool:
            found[name] = (False, True)
        elif kind is not str:
            found[name] = get_args(kind)
    return found


#: The variables beside phase and drill: name -> domain. The first value of a domain is the initial one.
DOMAINS = MappingProxyType(_domains())
