"""The state of the model: one immutable value that hashes.

Phases and drill states are the states of the lifecycle's chart; the other variables are declared here, each with its
finite domain.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple, get_args, get_type_hints

Value = str | bool


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
    failback_failed: Annotated[bool, "a failback failed or was cancelled: what is possible now is open (contract 15)"]


def _domains() -> dict[str, tuple[Value, ...]]:
    found: dict[str, tuple[Value, ...]] = {}
    for name, hint in get_type_hints(State, include_extras=True).items():
        kind = get_args(hint)[0]
        if name == "before":
            found[name] = ("nothing",)
        elif kind is bool:
            found[name] = (False, True)
        elif kind is not str:
            found[name] = get_args(kind)
    return found


def variables() -> dict[str, str]:
    """Each variable of the state with its meaning."""
    return {name: get_args(hint)[1] for name, hint in get_type_hints(State, include_extras=True).items()}


#: The variables beside phase and drill: name -> domain. The first value of a domain is the initial one. `before` can
#: also be any phase of the profile; `Efsm.domains` has them all.
DOMAINS = MappingProxyType(_domains())
