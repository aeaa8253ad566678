"""The chart behind the contract's methods."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from pydantic import ValidationError

from asr_model.lifecycle.chart import Lifecycle
from asr_model.vocabulary import Fault, Operation, Site
from asr_properties.adapters.chart.engine import ChartEngine, Engine
from asr_properties.adapters.chart.item import ChartItem, ChartJob
from asr_properties.contract.errors import ContractError, InvalidParameters, InvalidRequest, NotOffered
from asr_properties.contract.messages import PROTOCOL
from asr_properties.contract.methods import METHODS, REQUESTABLE

CONFIGURATION = ("datastore_visible", "multi_vm_group")
FIELDS = (
    "id", "phase", "profile_instance", "active_site", "replicating", "allowed_operations", "drill",
    "failover_recovery_point", "current_job",
)  # fmt: skip


class ChartService:
    """An implementation that is a chart.

    It has no records, no settings, no disks, no tasks and no health: what needs them is not observable. runs: the
    declared lifecycle of a profile, or a changed one; or another engine than python-statemachine's that runs one.

    Attributes:
        item_kind: what makes an item.
    """

    item_kind: type[ChartItem] = ChartItem

    def __init__(self, runs: type[Lifecycle] | Engine) -> None:
        self._engine: Engine = ChartEngine(runs) if isinstance(runs, type) else runs
        self._declared = self._engine.declared
        self._faults = frozenset(fault for surrounding in self._declared.surroundings for fault in surrounding.faults)
        self._given = 0
        self._greeted = False
        self._item: ChartItem | None = None

    def hello(self, *, protocol: int) -> dict[str, Any]:
        """Say what is offered."""
        _checked("hello", protocol=protocol)
        self._greeted = True
        return {
            "name": "asr-model",
            "version": version("asr-conformance"),
            "protocol": PROTOCOL,
            "profile": self._declared.profile,
            "controls": ["clock", "machines", "faults"],
            "fields": list(FIELDS),
            "configuration": list(CONFIGURATION),
        }

    def new_item(self, *, configuration: dict[str, Any]) -> None:
        """Begin with a fresh machine."""
        _checked("new_item", configuration=configuration)
        if not self._greeted:
            raise InvalidRequest("hello comes first")
        self._engine.restart()
        self._item = self.item_kind(self._engine, configuration, self._new_id)

    def request(self, *, operation: str, arguments: dict[str, Any]) -> dict[str, str]:
        """Ask for an operation."""
        item = self._present()
        if isinstance(operation, str) and operation not in REQUESTABLE:
            raise NotOffered(f"no operation {operation}")
        _checked("request", operation=operation, arguments=arguments)
        if operation == Operation.REPROTECT and arguments:
            raise InvalidParameters("reprotect takes no arguments here")
        return {"job": item.request(Operation(operation), arguments)}

    def job(self, *, job: str) -> dict[str, Any]:
        """A job as it is now; one that failed tells by what transition of the chart."""
        found = self._job(job)
        errors = [{"code": found.why, "message": f"the chart took {found.why}"}] if found.why else []
        return {"state": found.state, "errors": errors}

    def jobs(self) -> list[str]:
        """The jobs, newest first."""
        return list(reversed(self._present().jobs))

    def cancel_job(self, *, job: str) -> None:
        """Cancel a job."""
        self._job(job)
        self._present().cancel_job(job)

    def item(self) -> dict[str, Any] | None:
        """A look at the item."""
        item = self._present()
        phase = item.engine.phase
        if item.id is None:
            return None
        facts = self._declared.phases[phase]
        return {
            "id": item.id,
            "phase": phase,
            "profile_instance": facts.instance,
            "active_site": facts.serving,
            "replicating": facts.replicating,
            "allowed_operations": item.allowed_operations,
            "drill": item.engine.drill,
            "failover_recovery_point": item.in_use,
            "current_job": item.current_job,
        }

    def recovery_points(self) -> list[dict[str, Any]]:
        """The listed recovery points, newest first."""
        item = self._present()
        shared = item.configuration.get("multi_vm_group") is not None
        return [
            {"id": point.id, "kind": point.kind, "created": point.created, "multi_vm": shared} for point in item.points
        ]

    def wait(self, *, job: str | None = None, seconds: float | None = None) -> None:
        """Let time pass."""
        item = self._present()
        _checked("wait", **({} if job is None else {"job": job}), **({} if seconds is None else {"seconds": seconds}))
        if job is not None:
            item.wait_for(self._job(job).id)
        elif seconds is not None:
            item.wait(seconds)

    def machine(self, *, site: str) -> dict[str, Any]:
        """A production machine; nothing is ever written."""
        item = self._present()
        _checked("machine", site=site)
        power = item.power(Site(site))
        return {"power": power, "sequence": None if power == "absent" else 0}

    def inject(self, *, fault: str, task: str | None = None) -> None:
        """Begin a fault; no job has tasks."""
        item = self._present()
        if task is not None:
            raise InvalidParameters(f"no job has a task {task!r}")
        item.faults.add(self._known(fault))

    def clear(self, *, fault: str) -> None:
        """End a fault."""
        self._present().faults.discard(self._known(fault))

    def bye(self) -> None:
        """The last call."""
        if not self._greeted:
            raise InvalidRequest("hello comes first")
        self._greeted, self._item = False, None

    def _present(self) -> ChartItem:
        if self._item is None:
            raise InvalidRequest("new_item comes first")
        return self._item

    def _job(self, job: str) -> ChartJob:
        _checked("job", job=job)
        jobs = self._present().jobs
        if job not in jobs:
            raise InvalidParameters(f"no job {job!r}")
        return jobs[job]

    def _known(self, fault: str) -> Fault:
        if isinstance(fault, str) and fault not in self._faults:
            raise NotOffered(f"no fault {fault}")
        _checked("clear", fault=fault)
        return Fault(fault)

    def _new_id(self, kind: str) -> str:
        self._given += 1
        return f"{kind}-{self._given}"


def _checked(method: str, **parameters: Any) -> None:
    try:
        METHODS[method].parameters.model_validate(parameters)
    except (ValidationError, ContractError) as error:
        raise InvalidParameters(str(error)) from None
