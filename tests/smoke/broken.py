"""Adapters that are not in order: the reference behind a face that has one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asr_properties.contract.errors import InvalidParameters, InvalidRequest, Refused
from asr_properties.contract.methods import METHODS
from asr_properties.reference import ReferenceService
from asr_properties.smoke.samples import good_call

Face = Callable[[], Any]

CONTROLLED = {method for method in METHODS if METHODS[method].control}


def changed(**methods: Callable[..., Any]) -> Face:
    """The reference with these methods instead of its own; each gets the reference's method first."""

    def make() -> Any:
        service = ReferenceService()
        for name, method in methods.items():
            face.__dict__[name] = _bound(method, getattr(service, name))
        for name in METHODS.keys() - methods.keys():
            face.__dict__[name] = getattr(service, name)
        return face

    class Faced:
        pass

    face = Faced()
    return make


def _bound(method: Callable[..., Any], right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **parameters: method(right, **parameters)


def hello(**changes: Any) -> Face:
    """The reference with another hello."""
    return changed(hello=lambda right, **parameters: {**right(**parameters), **changes})


def nonsense(method: str) -> Face:
    """A method gives what is not declared."""

    def wrong(right: Callable[..., Any], **parameters: Any) -> Any:
        right(**parameters)
        return {"nonsense": 1}

    return changed(**{method: wrong})


def tolerant(method: str) -> Face:
    """A method takes any parameters."""
    of_any_job: dict[str, Any] = {"job": {"state": "succeeded"}, "cancel_job": None}

    def wrong(right: Callable[..., Any], **parameters: Any) -> Any:
        try:
            return right(**parameters)
        except InvalidRequest:
            raise
        except Exception:
            return of_any_job[method] if method in of_any_job else right(**good_call(method))

    return changed(**{method: wrong})


def without(method: str, error: type[Exception], result: Any) -> Face:
    """A method gives a result where it must answer an error."""

    def wrong(right: Callable[..., Any], **parameters: Any) -> Any:
        try:
            return right(**parameters)
        except error:
            return result

    return changed(**{method: wrong})


def eager(right: Callable[..., Any], **parameters: Any) -> Any:
    """hello that makes an item too."""
    answer = right(**parameters)
    right.__self__.new_item(configuration={})
    return answer


def leaking() -> Any:
    """new_item keeps the old item."""
    service = ReferenceService()
    right = service.new_item

    def keep(configuration: dict[str, Any]) -> None:
        if service._item is None:
            right(configuration)

    return _with(service, new_item=keep)


def counting_anew() -> Any:
    """new_item counts ids from the beginning."""
    service = ReferenceService()
    right = service.new_item

    def anew(configuration: dict[str, Any]) -> None:
        service._identifiers._count = 0
        right(configuration)

    return _with(service, new_item=anew)


def flaky() -> Any:
    """Every second walk is slower."""
    service = ReferenceService()
    calls = [0]

    def wait(**parameters: Any) -> None:
        calls[0] += 1
        if "seconds" in parameters and calls[0] % 7 == 0:
            parameters["seconds"] += 1
        service.wait(**parameters)

    return _with(service, wait=wait)


def _with(service: ReferenceService, **methods: Any) -> Any:
    class Faced:
        pass

    face = Faced()
    face.__dict__.update({name: getattr(service, name) for name in METHODS} | methods)
    return face


def refusing_twice(right: Callable[..., Any], **parameters: Any) -> Any:
    """inject refuses a fault that is on."""
    active = right.__self__._item.faults.active if right.__self__._item else {}
    if parameters.get("fault") in active:
        raise Refused("it is on")
    return right(**parameters)


def rigid(right: Callable[..., Any], **parameters: Any) -> Any:
    """new_item takes no configuration, whatever hello says."""
    if parameters["configuration"]:
        raise InvalidParameters("no configuration here")
    return right(**parameters)


def fewer_fields(right: Callable[..., Any], **parameters: Any) -> Any:
    """An observation without its health."""
    seen = right(**parameters)
    return None if seen is None else {key: value for key, value in seen.items() if key != "health"}


def impatient(right: Callable[..., Any], **parameters: Any) -> Any:
    """wait for a job returns at once."""
    if "job" in parameters:
        right.__self__.job(job=parameters["job"])
        return None
    return right(**parameters)
