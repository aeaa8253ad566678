"""The contract's controls over the ARM API.

What ARM shows is taken from it: the settings of the future machine, of an item that Azure protects, and their change.
All else goes over the control path of `serve`: time, writes, power, faults; the machine in Azure, the kinds of disks,
what appliances see; the type of the disks, which no update has; and the settings while the item is failed back.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from asr_properties.adapters.arm.client import Arm
from asr_properties.arm.addresses import ItemAddress
from asr_properties.arm.machine_settings import MACHINE_KEYS
from asr_properties.arm.tokens import instance_of
from asr_properties.contract.errors import InvalidParameters, Refused
from asr_properties.contract.methods import METHODS


class Controls(ABC):
    """The methods of the contract that take a control."""

    _arm: Arm
    _address: ItemAddress
    _started: list[str]

    @abstractmethod
    def _steer(self, verb: str, method: str, parameters: Mapping[str, Any]) -> Any:
        """Call a control of the item over the control path; gives its result.

        Raises:
            NotOffered: there is no such path.
            ContractError: the answer is one of its errors.
        """

    @abstractmethod
    def _present(self) -> None:
        """Whether there has been a `new_item`.

        Raises:
            InvalidRequest: there has not.
        """

    @abstractmethod
    def _names_account(self) -> bool:
        """Whether a reprotect to Azure can name a cache storage account."""

    def wait(self, *, job: str | None = None, seconds: float | None = None) -> None:
        """Let virtual time pass."""
        given = {name: value for name, value in (("job", job), ("seconds", seconds)) if value is not None}
        fits("wait", **given)
        self._steer("POST", "wait", given)

    def write(self) -> dict[str, int]:
        """The guest at the active site writes one record."""
        return dict(self._steer("POST", "write", {}))

    def replication(self) -> dict[str, int]:
        """How far replication is."""
        result = self._steer("GET", "replication", {})
        return {"sent": result["sent"], "processed": result["processed"]}

    def machine(self, *, site: str) -> dict[str, Any]:
        """A production machine."""
        fits("machine", site=site)
        return dict(self._steer("GET", "machine", {"site": site}))

    def inject(self, *, fault: str, task: str | None = None) -> None:
        """Begin a fault; which there are and for which tasks, the server says."""
        if not isinstance(fault, str) or not isinstance(task, str | None):
            raise InvalidParameters(f"inject: fault={fault!r}, task={task!r}")
        self._steer("POST", "inject", {"fault": fault} if task is None else {"fault": fault, "task": task})

    def clear(self, *, fault: str) -> None:
        """End a fault."""
        if not isinstance(fault, str):
            raise InvalidParameters(f"clear: fault={fault!r}")
        self._steer("POST", "clear", {"fault": fault})

    def settings(self) -> dict[str, str | None]:
        """The settings of the future machine, from the item's details where they are there."""
        details = self._details()
        keys = MACHINE_KEYS.get(str(details.get("instanceType")))
        if keys is None:
            return dict(self._steer("GET", "settings", {}))
        told = keys.settings(details)
        if not any(told.values()):
            raise Refused("the item shows no settings")
        return {name: value if name == "ip_address" else value or "" for name, value in told.items()}

    def update_settings(self, *, changes: dict[str, str | None]) -> dict[str, str] | None:
        """Change settings by an update of the item, or over the control path where an update can't."""
        self._present()
        fits("update_settings", changes=changes)
        details = self._details()
        instance = str(details.get("instanceType"))
        if instance not in MACHINE_KEYS:
            raise Refused(f"the API has no update of an item that is {instance}")
        try:
            body = MACHINE_KEYS[instance].body(instance, changes, details)
        except KeyError:
            started = self._steer("POST", "update_settings", {"changes": changes})
            return None if started is None else {"job": str(started["job"])}
        job = self._arm.update(self._address, body)
        if job is None:
            return None
        self._started.append(job)
        return {"job": job}

    def azure_machine(self) -> dict[str, str | None] | None:
        """The settings that the machine in Azure has."""
        shown = self._steer("GET", "azure_machine", {})
        return None if shown is None else dict(shown)

    def disks(self, *, site: str) -> list[dict[str, Any]]:
        """The disks of a production machine."""
        fits("disks", site=site)
        return list(self._steer("GET", "disks", {"site": site}))

    def sites(self) -> dict[str, Any]:
        """What a reprotect may name; no accounts where the API has no key for one."""
        shown = dict(self._steer("GET", "sites", {}))
        return shown if self._names_account() else {**shown, "cache_storage_accounts": []}

    def _details(self) -> Mapping[str, Any]:
        """The item's `providerSpecificDetails`.

        Raises:
            Refused: there is no item.
        """
        self._present()
        body = self._arm.item(self._address)
        if body is None or instance_of(body) is None:
            raise Refused("nothing is replicated")
        return dict(body["properties"]["providerSpecificDetails"])


def fits(method: str, **parameters: Any) -> None:
    """Whether parameters are those of a method of the contract.

    Raises:
        InvalidParameters: they are not.
    """
    try:
        METHODS[method].parameters.model_validate(parameters)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or method
        raise InvalidParameters(f"{method}: {where}: {first['msg']}") from None
