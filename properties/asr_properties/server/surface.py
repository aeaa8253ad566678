"""The ARM surface: which request is answered how (facts 7.1). It knows nothing of the control path."""

from __future__ import annotations

from typing import Any, Final

from asr_properties.arm.addresses import ItemAddress, VaultAddress, is_nameable, read_item, read_vault, resource_type
from asr_properties.arm.operations import OPERATIONS
from asr_properties.arm.tokens import operation_of as asked_of
from asr_properties.server import site_surface
from asr_properties.server.api_versions import check_known, check_named
from asr_properties.server.filters import ListedJob, jobs_filter
from asr_properties.server.first_version import of_its_time
from asr_properties.server.item_bodies import item_body, points_of
from asr_properties.server.job_bodies import job_body
from asr_properties.server.neighbours import Neighbours
from asr_properties.server.operating import OperationRequests
from asr_properties.server.paging import TOKEN, listed
from asr_properties.server.replies import (
    ArmError,
    Reply,
    Request,
    bad_request,
    no_such_method,
    not_found,
    not_modelled,
    refused,
)
from asr_properties.server.site_bodies import association_job, operation_of
from asr_properties.server.slot import Slot
from asr_properties.server.slots import Vaults

__all__ = ["Request", "Surface"]

#: What the SDK has for items and no profile models (facts 2.12): ARM's own error says so.
_NOT_MODELLED: Final = frozenset(
    {
        "adddisks",
        "removedisks",
        "resolvehealtherrors",
        "switchprovider",
        "updateappliance",
        "updatemobilityservice",
        "reinstallmobilityservice",
        "targetcomputesizes",
    }
)

_ACTIONS: Final = frozenset(row.action.lower() for row in OPERATIONS.values() if row.action)


class Surface:
    """Answers the requests of the ARM API. retry_after: seconds that clients are told to wait; 0: not told. page_size:
    how many entries a list has at most before it goes on in a further page; 0: it has all of them."""

    def __init__(self, vaults: Vaults, *, retry_after: int = 1, page_size: int = 0) -> None:
        self._vaults, self._page_size = vaults, page_size
        self._neighbours = Neighbours(vaults.named)
        self._operations = OperationRequests(vaults, retry_after=retry_after)

    def answer(self, request: Request) -> Reply:
        """The answer; what is wrong with the request is an answer too."""
        try:
            return of_its_time(request, self._route(request))
        except ArmError as error:
            return error.reply()

    def _route(self, request: Request) -> Reply:
        if not is_nameable(request.path):
            raise bad_request(f"The path {request.path!r} has characters that no name can have.")
        check_named(request)
        request = request._replace(path=request.path.rstrip("/"))
        check_known(request, resource_type(request.path))
        if (found := read_item(request.path)) is not None:
            return self._in_items(request, *found)
        if (vault := read_vault(request.path)) is not None:
            if vault[1]:
                return self._in_vault(request, *vault)
            self._vaults.site_of(vault[0])  # lists show it from here on
        _check_options(request, TOKEN)
        reply = self._neighbours.answer(request, lambda bodies: self._listed(request, bodies))
        if reply is None:
            raise not_found(request.path)
        return reply

    # -- a vault -------------------------------------------------------------------------------------------------

    def _in_vault(self, request: Request, vault: VaultAddress, rest: str) -> Reply:
        site_surface.check_served(request, rest)
        parts = [part.lower() for part in rest.split("/")]
        site = self._vaults.site_of(vault)
        if (methods := _methods_in_vault(parts)) == ():
            _check_options(request, *_OPTIONS.get(parts[-1], (TOKEN,)))
            reply = site_surface.answer(site, request, rest, lambda bodies: self._listed(request, bodies))
            if reply is not None:
                return reply
        _check_method(request, methods)
        _check_options(request, *_OPTIONS.get(parts[-1] if len(parts) == 1 else "", ()))
        match parts:
            case ["replicationjobs", "export"]:
                raise not_modelled("The export of jobs")
            case ["replicationjobs", name, ("restart" | "resume") as action]:
                raise refused(f"The job {self._job(vault, name)[1]} does not allow {action.capitalize()}.")
            case ["replicationjobs" | "replicationoperationstatus" as kind, name] if done := site.done(name):
                if kind == "replicationoperationstatus":
                    return Reply(200, operation_of(site, done))
                if done.policy:
                    return Reply(200, association_job(site, done))
            case ["replicationprotecteditems"]:
                return self._listed(request, self._items(self._vaults.of(vault)))
            case ["replicationjobs"]:
                return self._listed(request, self._jobs(request, vault))
            case ["replicationjobs", name]:
                slot, job = self._job(vault, name)
                with slot.held():
                    return Reply(200, job_body(slot, job))
            case ["replicationjobs", name, "cancel"]:
                return self._operations.cancel(request, *self._job(vault, name))
            case ["replicationjobs", name, "operationresults", _]:
                return self._operations.cancelled(request, *self._job(vault, name))
            case ["replicationoperationstatus", name]:
                if (cancelling := self._vaults.with_job(vault, name, "cancel")) is not None:
                    return self._operations.cancelling(*cancelling)
                return self._operations.status(*self._job(vault, name))
        raise not_found(request.path)

    def _job(self, vault: VaultAddress, name: str) -> tuple[Slot, str]:
        found = self._vaults.with_job(vault, name)
        if found is None:
            raise not_found(f"{vault}/replicationJobs/{name}")
        return found

    def _jobs(self, request: Request, vault: VaultAddress) -> list[dict[str, Any]]:
        wanted = jobs_filter(request.query["$filter"]) if "$filter" in request.query else lambda job: True
        bodies = []
        for slot in self._vaults.of(vault):
            with slot.held():
                shown = [job_body(slot, job) for _, job in slot.jobs()]
            fabric = slot.address.fabric
            bodies += [body for body in shown if wanted(ListedJob(body["properties"], body["name"], fabric))]
        site = self._vaults.site_of(vault)
        for done in site.associations():
            body = association_job(site, done)
            if wanted(ListedJob(body["properties"], body["name"], done.resource.split("/")[-5])):
                bodies.append(body)
        return bodies

    def _listed(self, request: Request, bodies: list[dict[str, Any]]) -> Reply:
        return listed(request, bodies, self._page_size)

    def _items(self, slots: list[Slot]) -> list[dict[str, Any]]:
        bodies = []
        for slot in slots:
            with slot.held():
                if (seen := slot.observation()) is not None:
                    bodies.append(item_body(slot, seen))
        return bodies

    # -- an item -------------------------------------------------------------------------------------------------

    def _in_items(self, request: Request, address: ItemAddress, rest: str) -> Reply:
        parts = [part.lower() for part in rest.split("/") if part]
        _check_method(request, _methods_in_item(parts) if address.item else ("GET",))
        _check_options(
            request, *(_OPTIONS["recoverypoints"] if not address.item or parts == ["recoverypoints"] else ())
        )
        if not address.item:
            slots = self._vaults.of(address.vault)
            inside = [slot for slot in slots if slot.address.key[:-1] == address.key[:-1]]
            return self._listed(request, self._items(inside))
        if (operation := asked_of(request.method, rest)) is not None:
            return self._operations.ask(request, address, operation)
        slot = self._vaults.find(address)
        if slot is None:
            raise not_found(str(address))
        if request.method == "PATCH":
            return self._operations.update(request, slot)
        with slot.held():
            match parts:
                case [name] if name in _NOT_MODELLED:
                    _present(slot)
                    raise not_modelled(f"{parts[0]} of an item")
                case []:
                    return Reply(200, item_body(slot, _present(slot)))
                case ["recoverypoints"]:
                    _present(slot)
                    return self._listed(request, points_of(slot))
                case ["recoverypoints", name]:
                    _present(slot)
                    if (point := next((p for p in points_of(slot) if p["name"] == name), None)) is not None:
                        return Reply(200, point)
                case ["operationresults", name]:
                    return self._operations.result(request, slot, name)
        raise not_found(request.path)


def _methods_in_vault(parts: list[str]) -> tuple[str, ...]:
    """The methods that a resource of a vault has; none: there is no such resource."""
    match parts:
        case ["replicationjobs", "export"]:
            return ("POST",)
        case ["replicationprotecteditems"] | ["replicationjobs"] | ["replicationjobs", _]:
            return ("GET",)
        case ["replicationjobs", _, "operationresults", _] | ["replicationoperationstatus", _]:
            return ("GET",)
        case ["replicationjobs", _, "cancel" | "restart" | "resume"]:
            return ("POST",)
    return ()


def _methods_in_item(parts: list[str]) -> tuple[str, ...]:
    """The methods that an item, or a resource of it, has; none: there is no such resource."""
    match parts:
        case []:
            return ("GET", "PUT", "PATCH", "DELETE")
        case ["recoverypoints"] | ["recoverypoints", _] | ["operationresults", _]:
            return ("GET",)
        case ["targetcomputesizes"]:
            return ("GET",)
        case [action] if action in _ACTIONS or action in _NOT_MODELLED:
            return ("POST",)
    return ()


def _check_method(request: Request, methods: tuple[str, ...]) -> None:
    if not methods:
        raise not_found(request.path)
    if request.method not in methods:
        raise no_such_method(request.method, methods)


#: A list -> the options of the query that it has, where that is not `skipToken` alone, which leads to a further page.
#: There are no events: whatever a filter asks for, the list is empty.
_OPTIONS: Final = {
    "replicationevents": ("$filter", TOKEN),
    "replicationjobs": ("$filter", TOKEN),
    "replicationprotecteditems": (TOKEN,),
    "recoverypoints": (TOKEN,),
}


def _check_options(request: Request, *known: str) -> None:
    """Options of lists are never passed over: who sets one relies on it."""
    for name in request.query:
        if (name.startswith("$") or name == TOKEN) and name not in known:
            raise bad_request(f"This server does not know the option {name!r} of {request.path}.")


def _present(slot: Slot) -> dict[str, Any]:
    seen = slot.observation()
    if seen is None:
        raise not_found(str(slot.address))
    return seen
