"""Bringing an item back to where a walk can begin: on-premises serves, and nothing is replicated.

On a real service nobody can make a machine anew, so what a run has failed over it fails back, and commits, so that no
machine stays in Azure, before it disables the replication. Each step is an operation that the item lists itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from asr_model.vocabulary import Operation, Site
from asr_properties.contract.errors import ContractError

HOURS: Final = 6.0
"""How long the whole way may take; both recordings show it done within two."""

#: What is asked for of what is listed, the first first, where on-premises serves and where it does not.
_AT_HOME: Final = (Operation.CLEAN_UP_TEST_FAILOVER, Operation.COMMIT, Operation.DISABLE_REPLICATION)
_AWAY: Final = (
    Operation.PLANNED_FAILOVER,
    Operation.FAIL_OVER,
    Operation.REPROTECT,
    Operation.COMMIT,  # Classic may not list reprotect before it
    Operation.CANCEL_FAILOVER,
)

_ARGUMENTS: Final[Mapping[Operation, Mapping[str, Any]]] = {
    Operation.PLANNED_FAILOVER: {"recovery_point_type": "crash_consistent"},
    Operation.FAIL_OVER: {"recovery_point": "latest", "shut_down_source": True},
}
_LONGEST_REST: Final = 30.0


class Driven(Protocol):
    """What is needed of an implementation."""

    def item(self) -> Mapping[str, Any] | None: ...
    def job(self, *, job: str) -> Mapping[str, Any]: ...
    def request(self, *, operation: str, arguments: dict[str, Any]) -> Mapping[str, str]: ...


class AstrayError(Exception):
    """The item does not come home; the message says where it is."""


def next_step(seen: Mapping[str, Any]) -> Operation | None:
    """The next operation on the way, for an item as the contract shows it; None: wait and look again.

    Raises:
        AstrayError: there is no way from there (the facts know none from an aborted failover).
    """
    if seen.get("phase") == "failover_aborted":
        raise AstrayError("its failover was aborted: what became of its machines is not specified")
    if seen.get("current_job") is not None:
        return None
    listed = seen.get("allowed_operations") or ()
    at_home = seen.get("active_site") == Site.ON_PREMISES and seen.get("phase") != "failback_cancel_failed"
    return next((operation for operation in (_AT_HOME if at_home else _AWAY) if operation in listed), None)


def bring_home(implementation: Driven, rest: Callable[[float], None], hours: float = HOURS) -> None:
    """Have the item fail back, and its replication disabled; `rest` lets so many seconds pass.

    Raises:
        AstrayError: it is not done after so many hours, or there is no way.
    """
    rested, pause, job, asked, last = 0.0, 1.0, None, "", ""
    while (seen := implementation.item()) is not None and seen.get("phase") != "not_replicated":
        if job is not None and (state := implementation.job(job=job)["state"]) != "in_progress":
            job, last = None, f"; the job of {asked} ended as {state}"
        step = next_step(seen) if job is None else None
        if step is not None:
            try:
                asked = str(step)
                job = implementation.request(operation=asked, arguments=dict(_ARGUMENTS.get(step, {})))["job"]
            except ContractError as error:  # an agent may need a while to register (facts 1.1): asked again later
                last = f"; {step} was refused: {getattr(error, 'reason', error)}"
        if rested >= hours * 3600:
            raise AstrayError(f"after {hours:g} h it is still {_where(seen)}{last}")
        rest(pause)
        rested, pause = rested + pause, min(_LONGEST_REST, pause * 2)


def _where(seen: Mapping[str, Any]) -> str:
    phase, site = seen.get("phase") or "in a phase that has no name here", seen.get("active_site") or "no known site"
    return f"{phase}, active at {site}, listing {', '.join(seen.get('allowed_operations') or ()) or 'nothing'}"
