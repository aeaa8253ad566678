"""Checks of how an adapter is talked with: hello and bye, the order of calls, methods that are not there."""

from __future__ import annotations

from asr_properties.contract.errors import InvalidParameters, InvalidRequest, UnknownMethod
from asr_properties.contract.messages import PROTOCOL
from asr_properties.contract.methods import METHODS, Configuration
from asr_properties.smoke.beginning import enabled
from asr_properties.smoke.probe import NothingToCheck, NotInOrder, Probe
from asr_properties.smoke.samples import good_call

_ANYTIME = frozenset({"hello", "bye", "new_item"})


def hello(probe: Probe) -> None:
    """hello says who is there and what is offered"""
    probe.greet()
    for name in ("controls", "fields", "configuration", "operations"):
        listed = getattr(probe.hello, name) or []
        if len(listed) != len(set(listed)):
            raise NotInOrder("hello", f"each of the {name} once", repr(listed), "name each once")
    unknown = set(probe.hello.configuration) - Configuration.model_fields.keys()
    if unknown:
        known = ", ".join(Configuration.model_fields)
        expected = f"configuration keys of the contract ({known})"
        raise NotInOrder("hello", expected, ", ".join(sorted(unknown)), "there are no keys of your own")


def another_protocol(probe: Probe) -> None:
    """hello with another protocol is -32602"""
    probe.expect([InvalidParameters], "hello", f"only protocol {PROTOCOL} exists", protocol=PROTOCOL + 1)


def before_hello(probe: Probe) -> None:
    """before hello every other method but bye is -32600"""
    for method in METHODS:
        if method not in ("hello", "bye"):  # to answer bye is right at any time
            probe.expect(_out_of_order(method), method, "hello comes first", **good_call(method))


def before_new_item(probe: Probe) -> None:
    """before the first new_item only hello and bye are answered"""
    probe.greet()
    for method in METHODS:
        if method not in _ANYTIME:
            probe.expect(_out_of_order(method), method, "new_item comes first", **good_call(method))


def _out_of_order(method: str) -> list[type[InvalidRequest] | type[UnknownMethod]]:
    return [InvalidRequest] if METHODS[method].control is None else [InvalidRequest, UnknownMethod]


def bye(probe: Probe) -> None:
    """bye is answered, and a program then ends with status 0"""
    probe.fresh().raw("bye")


def end_of_input(probe: Probe) -> None:
    """a program ends at the end of its input"""
    if probe.program is None:
        raise NothingToCheck("a program over stdio")
    probe.fresh()
    if probe.program.hang_up() is None:
        raise NotInOrder("the end of its input", "the end of the program", "it still ran", "stop reading, then exit")


def unknown_method(probe: Probe) -> None:
    """an unknown method is -32601"""
    if probe.program is None:
        raise NothingToCheck("a program over stdio")
    probe.fresh().expect([UnknownMethod], "reboot", "answer an error, and go on")
    probe.result("item")


def controls_not_offered(probe: Probe) -> None:
    """a method whose control is not offered is -32601"""
    job = enabled(probe)
    missing = [method for method in METHODS if not probe.offers(method)]
    for method in missing:
        hint = f"offer the control {METHODS[method].control} in hello, or leave the method out"
        probe.expect([UnknownMethod], method, hint, **good_call(method, job))
    if not missing:
        raise NothingToCheck("every control is offered")
