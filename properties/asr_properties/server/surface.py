"""The ARM surface: which request is answered how (facts 7.1, 7.2). It knows nothing of the control path."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from asr_model.vocabulary import Operation
from asr_properties.arm.addresses import ItemAddress, VaultAddress, read_item, read_vault
from asr_properties.arm.inputs import missing_in
from asr_properties.arm.words import arguments_of, operation_of
from asr_properties.contract.errors import ContractError, Refused
from asr_properties.server.bodies import error_of, item_body, job_body, job_id, operation_body, points_of
from asr_properties.server.replies import ArmError, Reply, bad_request, not_found, refused
from asr_properties.server.slots import Slot, Vaults


class Request(NamedTuple):
    """A request: `origin` is scheme and host, `path` is decoded, `query` has lower-case names."""

    method: str
    origin: str
    path: str
    query: Mapping[str, str]
    body: bytes = b""


class Surface:
    """Answers the requests of the ARM API. retry_after: seconds that clients are told to wait; 0: not told."""

    def __init__(self, vaults: Vaults, *, retry_after: int = 1) -> None:
        self._vaults, self._retry_after = vaults, retry_after

    def answer(self, request: Request) -> Reply:
        """The answer; what is wrong with the request is an answer too."""
        try:
            return self._route(request)
        except ArmError as error:
            return error.reply()

    def _route(self, request: Request) -> Reply:
        if "api-version" not in request.query:
            raise bad_request("The query has no api-version.")
        if (found := read_item(request.path)) is not None:
            return self._in_items(request, *found)
        if (vault := read_vault(request.path)) is not None:
            return self._in_vault(request, *vault)
        raise not_found(request.path)

    # -- a vault -------------------------------------------------------------------------------------------------

    def _in_vault(self, request: Request, vault: VaultAddress, rest: str) -> Reply:
        match (request.method, *[part.lower() for part in rest.split("/")]):
            case ("GET", "replicationprotecteditems"):
                return _listed(self._items(self._vaults.of(vault)))
            case ("GET", "replicationjobs"):
                if "$filter" in request.query:
                    raise bad_request("This server does not know $filter.", "Unsupported")
                return _listed([body for slot in self._vaults.of(vault) for body in _jobs(slot)])
            case ("GET", "replicationjobs", name):
                slot, job = self._job(vault, name)
                with slot.held():
                    return Reply(200, job_body(slot, job))
            case ("POST", "replicationjobs", name, "cancel"):
                return self._cancel_job(request, *self._job(vault, name))
            case ("GET", "replicationjobs", name, "operationresults", _):
                return self._cancelled_job(request, *self._job(vault, name))
            case ("GET", "replicationoperationstatus", name):
                if (cancelling := self._vaults.with_job(vault, name, "cancel")) is not None:
                    return self._cancelling(*cancelling)
                slot, job = self._job(vault, name)
                with slot.held():
                    return Reply(200, operation_body(slot, job), self._patience(slot, job))
        raise not_found(request.path)

    def _job(self, vault: VaultAddress, name: str) -> tuple[Slot, str]:
        found = self._vaults.with_job(vault, name)
        if found is None:
            raise not_found(f"{vault}/replicationJobs/{name}")
        return found

    def _cancel_job(self, request: Request, slot: Slot, job: str) -> Reply:
        with slot.held():
            _refusable(lambda: slot.implementation.cancel_job(job=job))
            operation = slot.name("cancel", job)
            return self._accepted(request, slot, job, f"{job_id(slot, job)}/operationresults/{operation}", operation)

    def _cancelling(self, slot: Slot, job: str) -> Reply:
        """Cancelling is an operation of its own: it has succeeded once the job has ended, however that did."""
        with slot.held():
            body = operation_body(slot, job)
            ended = body["status"] != "InProgress"
            status = {"name": slot.name("cancel", job), "status": "Succeeded" if ended else "InProgress", "error": None}
            return Reply(200, body | status, self._patience(slot, job))

    def _cancelled_job(self, request: Request, slot: Slot, job: str) -> Reply:
        """The result of cancelling a job is the job, once it has ended."""
        with slot.held():
            body = job_body(slot, job)
            if body["properties"]["state"] == "InProgress":
                return Reply(202, None, {"Location": request.origin + request.path + _version(request)})
            return Reply(200, body)

    def _items(self, slots: list[Slot]) -> list[dict[str, Any]]:
        bodies = []
        for slot in slots:
            with slot.held():
                if (seen := slot.observation()) is not None:
                    bodies.append(item_body(slot, seen))
        return bodies

    # -- an item -------------------------------------------------------------------------------------------------

    def _in_items(self, request: Request, address: ItemAddress, rest: str) -> Reply:
        if not address.item:
            if request.method != "GET":
                raise not_found(request.path)
            slots = self._vaults.of(address.vault)
            return _listed(self._items([slot for slot in slots if slot.address.key[:-1] == address.key[:-1]]))
        operation = operation_of(request.method, rest)
        if operation is not None:
            return self._operate(request, address, operation)
        slot = self._vaults.find(address)
        if slot is None:
            raise not_found(str(address))
        with slot.held():
            match (request.method, *[part.lower() for part in rest.split("/") if part]):
                case ("GET",):
                    return Reply(200, item_body(slot, _present(slot)))
                case ("GET", "recoverypoints"):
                    _present(slot)
                    return _listed(points_of(slot))
                case ("GET", "recoverypoints", name):
                    _present(slot)
                    if (point := next((p for p in points_of(slot) if p["name"] == name), None)) is not None:
                        return Reply(200, point)
                case ("GET", "operationresults", name):
                    return self._result(request, slot, name)
        raise not_found(request.path)

    def _operate(self, request: Request, address: ItemAddress, operation: Operation) -> Reply:
        body = _parsed(request.body)
        if request.method != "DELETE" and (lacking := missing_in(operation, body)) is not None:
            raise bad_request(lacking)
        slot = self._vaults.make(address) if request.method == "PUT" else self._vaults.find(address)
        if slot is None:
            raise not_found(str(address))
        with slot.held():
            arguments = dict(arguments_of(operation, body))
            if (named := arguments.get("recovery_point")) is not None:
                arguments["recovery_point"] = slot.identifier("point", str(named)) or named
            absent = slot.observation() is None
            if request.method == "DELETE" and absent:
                raise not_found(str(address))
            try:
                started = _refusable(lambda: slot.implementation.request(operation=str(operation), arguments=arguments))
            except ArmError:
                if absent and operation is not Operation.ENABLE_REPLICATION:
                    raise not_found(str(address)) from None
                raise
            if operation is Operation.ENABLE_REPLICATION and isinstance(body, dict) and absent:
                slot.enabled_with = body.get("properties") or {}
            job = str(started["job"])
            return self._accepted(request, slot, job, f"{address}/operationresults/{slot.name('job', job)}")

    def _accepted(self, request: Request, slot: Slot, job: str, results: str, operation: str = "") -> Reply:
        """202 with both headers; the job's ARM id is the id of the request (facts 2.13, 7.2)."""
        slot.dates(job, running=True)
        status = f"{slot.address.vault}/replicationOperationStatus/{operation or slot.name('job', job)}"
        headers = {
            "Azure-AsyncOperation": request.origin + status + _version(request),
            "Location": request.origin + results + _version(request),
            "x-ms-request-id": job_id(slot, job),
        }
        return Reply(202, None, headers | self._patience(slot, job))

    def _result(self, request: Request, slot: Slot, name: str) -> Reply:
        """What an operation led to: the item, nothing if it is gone, an error if the operation failed."""
        job = slot.identifier("job", name)
        if job is None:
            raise not_found(request.path)
        shown = slot.implementation.job(job=job)
        if shown["state"] == "in_progress":
            location = {"Location": request.origin + request.path + _version(request)}
            return Reply(202, None, location | self._patience(slot, job))
        if shown["state"] != "succeeded":
            return Reply(400, {"error": error_of(shown.get("errors") or ())})
        seen = slot.observation()
        return Reply(204) if seen is None else Reply(200, item_body(slot, seen))

    def _patience(self, slot: Slot, job: str) -> dict[str, str]:
        running = slot.implementation.job(job=job)["state"] == "in_progress"
        return {"Retry-After": str(self._retry_after)} if self._retry_after and running else {}


def _jobs(slot: Slot) -> list[dict[str, Any]]:
    with slot.held():
        return [job_body(slot, job) for _, job in slot.jobs()]


def _listed(bodies: list[dict[str, Any]]) -> Reply:
    return Reply(200, {"value": bodies, "nextLink": None})


def _present(slot: Slot) -> dict[str, Any]:
    seen = slot.observation()
    if seen is None:
        raise not_found(str(slot.address))
    return seen


def _refusable(call: Any) -> Any:
    """The result of a call of the contract; what is not one is an error of ARM."""
    try:
        return call()
    except Refused as refusal:
        raise refused(refusal.reason) from refusal
    except ContractError as error:
        raise bad_request(str(error)) from error


def _parsed(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise bad_request("The body is not JSON.") from None


def _version(request: Request) -> str:
    return f"?api-version={request.query['api-version']}"
