"""Adapters that are not in order: the reference behind a face that has one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asr_properties.contract.errors import InvalidParameters, InvalidRequest, NotOffered, Refused
from asr_properties.contract.faults import JOB_FAULTS
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
    """Every second walk is slower by an hour: by less than a point's interval, a grid of points may look so too."""
    service = ReferenceService()
    calls = [0]

    def wait(**parameters: Any) -> None:
        calls[0] += 1
        if "seconds" in parameters and calls[0] % 7 == 0:
            parameters["seconds"] += 3600
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


def late(right: Callable[..., Any], **parameters: Any) -> None:
    """wait for a job returns two hours after its end."""
    right(**parameters)
    if "job" in parameters:
        right(seconds=7200)


def looking_takes_time(right: Callable[..., Any]) -> Any:
    """item lets a minute pass."""
    right.__self__.wait(seconds=60)
    return right()


def flickering(right: Callable[..., Any]) -> Any:
    """Every 30th look shows another health."""
    global looks
    looks += 1
    seen = right()
    return seen and {**seen, "health": "warning" if looks % 30 == 0 else seen["health"]}


looks = 0


def not_taken(right: Callable[..., Any], **parameters: Any) -> Any:
    """An operation that hello names is answered as one that is not there."""
    if parameters.get("operation") == "resynchronize" and parameters.get("arguments") == {}:
        raise NotOffered("no")
    return right(**parameters)


def coercing(method: str, name: str, take: Callable[[Any], Any]) -> Face:
    """A method takes for its parameter what only resembles it."""

    def wrong(right: Callable[..., Any], **parameters: Any) -> Any:
        if name in parameters:
            parameters[name] = take(parameters[name])
        try:
            return right(**parameters)
        except TypeError as error:
            raise InvalidParameters(str(error)) from error

    return changed(**{method: wrong})


def coercing_argument(operation: str, name: str, take: Callable[[Any], Any]) -> Face:
    """The same with an argument of an operation."""

    def wrong(right: Callable[..., Any], **parameters: Any) -> Any:
        arguments = parameters.get("arguments")
        if parameters.get("operation") == operation and isinstance(arguments, dict) and name in arguments:
            parameters["arguments"] = {**arguments, name: take(arguments[name])}
        return right(**parameters)

    return changed(request=wrong)


def any_configuration(right: Callable[..., Any], **parameters: Any) -> Any:
    """new_item takes the default for values that do not fit."""
    try:
        return right(**parameters)
    except TypeError as error:
        raise InvalidParameters(str(error)) from error
    except InvalidParameters:
        if "nonsense" in str(parameters):
            raise
        return right(configuration={})


def later(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., Any]:
    """An observation that is another once the first job has ended."""

    def wrong(right: Callable[..., Any]) -> Any:
        seen = right()
        return seen if seen is None or seen["phase"] == "enabling_replication" else change(seen)

    return wrong


def lasting_faults() -> Any:
    """new_item leaves faults on."""
    service = ReferenceService()
    faults: list[str] = []

    def new_item(configuration: dict[str, Any]) -> None:
        service.new_item(configuration)
        for fault in faults:
            service.inject(fault)

    def inject(fault: str, task: str | None = None) -> None:
        service.inject(fault, task)
        faults.append(fault)

    return _with(service, new_item=new_item, inject=inject)


def lasting_configuration() -> Any:
    """new_item keeps what it was told before."""
    service = ReferenceService()
    known: dict[str, Any] = {}

    def new_item(configuration: dict[str, Any]) -> None:
        service.new_item({**known, **configuration} if isinstance(configuration, dict) else configuration)
        known.update(configuration)

    return _with(service, new_item=new_item)


def remembering_jobs() -> Any:
    """A job of an earlier item can't be cancelled, which is said as if there were one."""
    service = ReferenceService()
    begun: list[str] = []

    def request(operation: str, arguments: dict[str, Any]) -> Any:
        started = service.request(operation, arguments)
        begun.append(started["job"])
        return started

    def cancel_job(job: str) -> Any:
        if job in begun and job not in service.jobs():
            raise Refused("it has ended")
        return service.cancel_job(job)

    return _with(service, request=request, cancel_job=cancel_job)


def of_its_own_clock() -> Any:
    """In order: instants and sequence numbers go on from item to item, and hello is said once."""
    service = ReferenceService()
    items, written, greeted = [0], [0], [0]

    def hello(protocol: int) -> Any:
        answer = service.hello(protocol)
        greeted[0] += 1
        if greeted[0] > 1:
            raise InvalidRequest("it was said")
        return answer

    def new_item(configuration: dict[str, Any]) -> None:
        service.new_item(configuration)
        items[0] += 1

    def write() -> dict[str, int]:
        written[0] += 1
        service.write()
        return {"sequence": written[0]}

    def recovery_points() -> Any:
        return [{**p, "created": p["created"] + 1e6 * items[0], "sequence": None} for p in service.recovery_points()]

    return _with(service, hello=hello, new_item=new_item, write=write, recovery_points=recovery_points)


def in_milliseconds(right: Callable[..., Any]) -> Any:
    """Instants in another unit."""
    return [{**point, "created": point["created"] * 1000} for point in right()]


def by_default(right: Callable[..., Any], **parameters: Any) -> Any:
    """new_item that may be called without its parameter."""
    if parameters.keys() - {"configuration"}:
        raise InvalidParameters("there is no such parameter")
    return right(**{"configuration": {}, **parameters})


def any_task_where_there_is_no_job(right: Callable[..., Any], fault: str, task: str | None = None) -> Any:
    """inject that ignores the task of a fault that concerns no job."""
    return right(fault=fault, **({"task": task} if fault in JOB_FAULTS and task is not None else {}))


def points_more_each_time(more: int) -> Face:
    """A factory whose implementation lists so many points more in every other life, as on a grid of its own."""

    def make() -> Any:
        lives = 0

        def new_item(right: Callable[..., Any], configuration: dict[str, Any]) -> Any:
            nonlocal lives
            lives += 1
            return right(configuration=configuration)

        def recovery_points(right: Callable[..., Any]) -> Any:
            listed = right()
            if not listed or lives % 2:
                return listed
            oldest = listed[-1]
            return [
                *listed,
                *({**oldest, "id": f"{oldest['id']}-{n}", "created": oldest["created"] - n} for n in range(more)),
            ]

        return changed(new_item=new_item, recovery_points=recovery_points)()

    return make


one_point_more_each_time = points_more_each_time(1)
