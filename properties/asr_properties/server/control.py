"""The control path, beside the ARM surface: a fresh machine, time, writes, power, faults, choices.

`control_methods` declares its methods. Parameters and results are the contract's; jobs go by the names that ARM shows.
`replication` also tells the `direction` (the contract's field `replicating`), and `recovery_points` gives, by name, the
`sequence` of each point that has one: ARM has no such fields. Settings are in the words of ARM. Errors are
`{"error": {"code": n, "message": "..."}}` with the contract's codes: status 409 for a refusal, else 400.

Who asks says the token of the server (`access`), in the header `X-Control-Token` or as the option `token` of the query.

An item's clock runs for a hundred years at most. Intervals of recovery points are a minute at least, and retention
keeps no more points at these intervals than a list of the contract has.
"""

from __future__ import annotations

import json
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from asr_properties.arm.addresses import is_nameable, read_item
from asr_properties.contract.errors import ContractError, InvalidParameters, InvalidRequest, Refused, UnknownMethod
from asr_properties.contract.messages import OPTIONAL_CONTROLS, Message
from asr_properties.contract.methods import METHODS
from asr_properties.server import settings
from asr_properties.server.access import PREFIX
from asr_properties.server.control_methods import OF_AN_ITEM, OF_THE_SERVER, Choice, document
from asr_properties.server.documents import read
from asr_properties.server.http_faults import HttpFault, HttpFaults
from asr_properties.server.intervals import check_intervals
from asr_properties.server.replies import Reply, Request
from asr_properties.server.slot import LAST, Slot
from asr_properties.server.slots import Vaults, choices_of, choose_of

CONTROL_OF: Final = {name: method.control for name, method in METHODS.items() if method.control in OPTIONAL_CONTROLS}
"""A method of the contract -> the optional control that it takes."""


class Control:
    """Answers the requests of the control path. name: who is served; faults: those of the way."""

    def __init__(self, vaults: Vaults, name: str, faults: HttpFaults) -> None:
        self._vaults, self._name, self._faults = vaults, name, faults

    def answer(self, request: Request) -> Reply:
        """The answer; `request.path` begins with the prefix."""
        rest = request.path.removeprefix(PREFIX)
        if rest in ("", "/") and request.method == "GET":
            told = {"serves": self._name, "speed": self._vaults.speed, "hello": self._vaults.hello}
            return Reply(200, document(told))
        try:
            return Reply(200, {"result": self._call(request, rest)})
        except ContractError as error:
            message = error.reason if isinstance(error, Refused) else str(error)
            status = 409 if isinstance(error, Refused) else 400
            return Reply(status, {"error": {"code": error.code, "message": message}})

    def _call(self, request: Request, path: str) -> Any:
        match request.method, path.strip("/"):
            case "GET", "choices":
                return self._vaults.choices()
            case "POST", "choose":
                return self._vaults.choose(**_fitting(Choice, _parameters(request)).model_dump())
            case "GET", "http_faults":
                return self._faults.waiting()
            case "POST", "http_faults":
                return self._faults.add(_fitting(HttpFault, _parameters(request)))
            case "DELETE", "http_faults":
                return self._faults.clear()
        found = read_item(path)
        if found is None or not found[0].item or not is_nameable(path):
            known = ", ".join(f"{one.verb} {PREFIX}/{one.name}".rstrip("/") for one in OF_THE_SERVER)
            raise UnknownMethod(f"no control {path!r}: it names no item; of the server there are: {known}")
        address, method = found
        if request.method == "DELETE" and not method:
            self._vaults.forget(address)
            return None
        parameters = _parameters(request)
        fresh = method == "new_item" and request.method == "POST"
        slot = self._vaults.make(address) if fresh else self._vaults.find(address)
        if slot is None:
            raise InvalidRequest(f"there is no item {address.item!r}: new_item comes first")
        with slot.held():
            try:
                return _control(slot, request.method, method, parameters)
            except TypeError as error:
                raise InvalidParameters(f"{method} does not take {sorted(parameters)}: {error}") from error


def _control(slot: Slot, verb: str, method: str, parameters: dict[str, Any]) -> Any:
    served = slot.implementation
    match verb, method:
        case "POST", "new_item":
            check_intervals(parameters.get("configuration"))
            return slot.begin(**parameters)
        case "POST", "wait":
            _check_clock(slot, parameters.get("seconds"))
            if "job" in parameters:
                job = slot.identifier("job", str(parameters["job"])) or dict(slot.jobs()).get(str(parameters["job"]))
                if job is None:
                    raise InvalidParameters(f"unknown job {parameters['job']!r}")
                parameters = {**parameters, "job": job}
            return slot.let_pass(**parameters)
        case "POST", "write":
            return served.write(**parameters)
        case "POST", "inject":
            return served.inject(**parameters)
        case "POST", "clear":
            return served.clear(**parameters)
        case "GET", "replication":
            return {**served.replication(), "direction": (served.item() or {}).get("replicating")}
        case "GET", "recovery_points":
            return {slot.name("point", point["id"]): point.get("sequence") for point in served.recovery_points()}
        case "GET", "machine":
            return served.machine(**parameters)
        case "GET", "choices":
            return choices_of(served)
        case "POST", "choose":
            return choose_of(served, **_fitting(Choice, parameters).model_dump())
        case _ if CONTROL_OF.get(method) in slot.hello["controls"]:
            return _optional(slot, verb, method, parameters)
    known = ", ".join(f"{one.verb} {one.name}" for one in OF_AN_ITEM if one.name)
    raise UnknownMethod(f"no control {verb} {method!r}; there are: {known}")


def _optional(slot: Slot, verb: str, method: str, parameters: dict[str, Any]) -> Any:
    """What takes a control that not every implementation offers."""
    served = slot.implementation
    match verb, method:
        case "POST", "update_settings":
            if isinstance(changes := parameters.get("changes"), dict):
                parameters = {**parameters, "changes": settings.own(slot, changes)}
            started = served.update_settings(**parameters)
            return started and {"job": slot.name("job", started["job"])}
        case "GET", "settings":
            if (shown := settings.shown(slot)) is None:
                raise Refused("the implementation shows no settings")
            return shown
        case "GET", "azure_machine":
            shown = served.azure_machine()
            return shown and settings.worded(slot, shown)
        case "GET", "disks":
            return served.disks(**parameters)
        case "GET", "sites":
            return served.sites()
    raise UnknownMethod(f"no control {verb} {method!r}")


def _check_clock(slot: Slot, seconds: object) -> None:
    left = max(0.0, LAST - slot.implementation.now())
    if isinstance(seconds, int | float) and seconds > left:
        raise InvalidParameters(f"seconds can't be {seconds!r}: {left:.0f} are left on the item's clock")


Parameters = TypeVar("Parameters", bound=Message)


def _fitting(kind: type[Parameters], given: dict[str, Any]) -> Parameters:
    """Parameters that fit.

    Raises:
        InvalidParameters: they don't; the message says what would.
    """
    try:
        return kind.model_validate_json(json.dumps(given))
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise InvalidParameters(told) from None


def _parameters(request: Request) -> dict[str, Any]:
    if request.method == "GET":
        return dict(request.query)
    try:
        parameters = read(request.body or b"{}")
    except ValueError:
        raise InvalidParameters("the body is not JSON") from None
    if not isinstance(parameters, dict):
        raise InvalidParameters("the body is not an object")
    return parameters
