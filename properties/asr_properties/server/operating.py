"""Operations: asking for one, and what is answered until it has ended (facts 2, 7.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from asr_model.vocabulary import Operation
from asr_properties.arm.addresses import ItemAddress, VaultAddress
from asr_properties.arm.instances import instances_of
from asr_properties.arm.tokens import OWN
from asr_properties.contract.errors import ContractError, Refused
from asr_properties.server.documents import of_request
from asr_properties.server.intervals import check_intervals
from asr_properties.server.item_bodies import item_body
from asr_properties.server.job_bodies import cancelling_body, error_of, errors_of, job_body, operation_body
from asr_properties.server.replies import ArmError, Reply, Request, bad_request, not_found, refused
from asr_properties.server.request_bodies import arguments, check, kept
from asr_properties.server.settings import update_of
from asr_properties.server.site_bodies import configuration_of
from asr_properties.server.sites import named_of
from asr_properties.server.slot import JobRequest, Slot
from asr_properties.server.slots import Vaults


class OperationRequests:
    """Asks the items for operations. retry_after: seconds that clients are told to wait; 0: not told."""

    def __init__(self, vaults: Vaults, *, retry_after: int = 1) -> None:
        self._vaults, self._retry_after = vaults, retry_after

    def ask(self, request: Request, address: ItemAddress, operation: Operation) -> Reply:
        """Ask an item for an operation."""
        body = of_request(request.body) if request.body else None
        purge = request.method == "DELETE"  # takes no body (facts 2.11)
        instances = instances_of(self._vaults.hello["profile"])
        slot = self._vaults.find(address)
        if slot is None:
            if operation is not Operation.ENABLE_REPLICATION:
                raise not_found(str(address))
            check(operation, body, None, instances)  # nothing is made for a body that does not fit
            slot = self._made(address, kept(body).get("policyId", ""))
        with slot.held():
            seen = slot.observation()
            if purge and seen is None:
                raise not_found(str(address))  # F8
            instance = None if seen is None else seen.get("profile_instance")
            if not purge:
                check(operation, body, instance, instances)
            if seen is None and operation is Operation.ENABLE_REPLICATION:
                self._follow_policy(slot, kept(body).get("policyId", ""))
            told = _arguments(slot, operation, body) | named_of(slot, operation, body, instance)
            slot.note_point(seen)
            try:
                started = _answered(lambda: slot.implementation.request(operation=str(operation), arguments=told))
            except ArmError:
                if seen is None and operation is not Operation.ENABLE_REPLICATION:
                    raise not_found(str(address)) from None
                raise
            job = str(started["job"])
            slot.begun(operation, job, seen, body)
            return self._accepted(request, slot, job, f"{address}/operationresults/{slot.name('job', job)}")

    def _made(self, address: ItemAddress, policy: str) -> Slot:
        """The slot of an item that nobody has named: a machine whose points are made as its policy says."""
        configuration = self._configuration(address.vault, policy)
        slot = self._vaults.make(address)
        with slot.held():
            if configuration and not slot.jobs() and not slot.configured:
                try:
                    slot.set_up(configuration)
                except ContractError as error:
                    self._vaults.forget(address)
                    raise _unfit(policy, error) from None
        return slot

    def _follow_policy(self, slot: Slot, policy: str) -> None:
        """Have a machine that is enabled once more make its points as its policy says, where the implementation can be
        told; one that the control path made keeps its configuration."""
        follow = getattr(slot.implementation, "follow_policy", None)
        if slot.configured or not slot.jobs() or not callable(follow):
            return
        try:
            follow(configuration=self._configuration(slot.address.vault, policy))
        except ContractError as error:
            raise _unfit(policy, error) from None

    def _configuration(self, vault: VaultAddress, policy: str) -> dict[str, Any]:
        """What a policy decides of a machine's configuration.

        Raises:
            ArmError: that can't be served.
        """
        found = self._vaults.site_of(vault).policy(policy)
        configuration: dict[str, Any] = {} if found is None else dict(configuration_of(found))
        try:
            check_intervals(configuration)
        except ContractError as error:
            raise _unfit(policy, error) from None
        return configuration

    def update(self, request: Request, slot: Slot) -> Reply:
        """Change settings of the future machine; an operation whose job is none of the item's lifecycle."""
        with slot.held():
            seen = slot.observation()
            if seen is None:
                raise not_found(str(slot.address))
            update = update_of(request, slot, seen.get("profile_instance"))
            started = _answered(lambda: slot.implementation.update_settings(changes=update.changes))
            slot.updates.append((None if started is None else str(started["job"]), update.properties))
            if started is None:
                return Reply(200, item_body(slot, seen))
            job = str(started["job"])
            slot.asked[job] = JobRequest(str(seen.get("profile_instance")), {})
            return self._accepted(request, slot, job, f"{slot.address}/operationresults/{slot.name('job', job)}")

    def status(self, slot: Slot, job: str) -> Reply:
        """How an operation is."""
        with slot.held():
            return Reply(200, operation_body(slot, job), self._patience(slot, job))

    def result(self, request: Request, slot: Slot, name: str) -> Reply:
        """What an operation led to: the item, nothing if it is gone, an error if the operation failed."""
        job = slot.identifier("job", name)
        if job is None:
            raise not_found(request.path)
        shown = slot.implementation.job(job=job)
        if shown["state"] == "in_progress":
            return Reply(202, None, {"Location": _url(request, request.path)} | self._patience(slot, job))
        if shown["state"] != "succeeded":
            return Reply(400, {"error": error_of(errors_of(slot, job))})
        seen = slot.observation()
        return Reply(204) if seen is None else Reply(200, item_body(slot, seen))

    def cancel(self, request: Request, slot: Slot, job: str) -> Reply:
        """Cancel a job."""
        with slot.held():
            _answered(lambda: slot.implementation.cancel_job(job=job))
            slot.cancelled[job] = slot.implementation.now()
            operation = slot.name("cancel", job)
            return self._accepted(request, slot, job, f"{slot.job_id(job)}/operationresults/{operation}", operation)

    def cancelling(self, slot: Slot, job: str) -> Reply:
        """How the cancelling of a job is."""
        with slot.held():
            return Reply(200, cancelling_body(slot, job), self._patience(slot, job))

    def cancelled(self, request: Request, slot: Slot, job: str) -> Reply:
        """The result of cancelling a job is the job, once it has ended."""
        with slot.held():
            body = job_body(slot, job)
            if body["properties"]["state"] == "InProgress":
                return Reply(202, None, {"Location": _url(request, request.path)} | self._patience(slot, job))
            return Reply(200, body)

    def _accepted(self, request: Request, slot: Slot, job: str, results: str, operation: str = "") -> Reply:
        """202 with both headers; the job's ARM id is the id of the request (facts 2.13, 7.2)."""
        status = f"{slot.address.vault}/replicationOperationStatus/{operation or slot.name('job', job)}"
        headers = {
            "Azure-AsyncOperation": _url(request, status),
            "Location": _url(request, results),
            "x-ms-request-id": quote(slot.job_id(job)),
        }
        return Reply(202, None, headers | self._patience(slot, job))

    def _patience(self, slot: Slot, job: str) -> dict[str, str]:
        running = slot.implementation.job(job=job)["state"] == "in_progress"
        return {"Retry-After": str(self._retry_after)} if self._retry_after and running else {}


def _arguments(slot: Slot, operation: Operation, body: object) -> dict[str, Any]:
    """The contract's arguments. The id of a point that was never shown is passed on as a word of our own: the
    implementation knows no such point, and it is the one that refuses."""
    told, named = arguments(operation, body)
    if named:
        told["recovery_point"] = slot.identifier("point", told["recovery_point"]) or OWN + told["recovery_point"]
    return told


def _unfit(policy: str, error: ContractError) -> ArmError:
    return bad_request(f"The policy {policy} does not fit: {error}")


def _answered(call: Callable[[], Any]) -> Any:
    """The result of a call of the contract; what is not one is an error of ARM."""
    try:
        return call()
    except Refused as refusal:
        raise refused(refusal.reason) from refusal
    except ContractError as error:
        raise bad_request(str(error)) from error


def _url(request: Request, path: str) -> str:
    return f"{request.origin}{quote(path)}?api-version={quote(request.query['api-version'])}"
