"""Checks of what an adapter does with calls that do not fit: parameters, arguments, and names it does not know."""

from __future__ import annotations

from asr_model.vocabulary import Fault, Operation
from asr_properties.contract.errors import InvalidParameters, NotOffered
from asr_properties.contract.faults import JOB_FAULTS
from asr_properties.contract.methods import REQUESTABLE, Configuration
from asr_properties.smoke.beginning import enabled
from asr_properties.smoke.probe import Advisable, Check, NothingToCheck, NotInOrder, Probe, in_words, written
from asr_properties.smoke.samples import UNKNOWN_JOB, bad_arguments, bad_calls


def bad_parameters(method: str) -> Check:
    """A check that parameters that do not fit are refused as such."""

    def check(probe: Probe) -> None:
        if method == "hello":  # before it was said: it is said once
            for parameters in bad_calls(method, UNKNOWN_JOB):
                probe.expect([InvalidParameters], method, _FIRST, **parameters)
            probe.greet()
            return
        job = enabled(probe)
        probe.need(method)
        if method == "request" and not probe.operations:
            raise NothingToCheck("an operation")
        operation = next(iter(probe.operations), Operation.ENABLE_REPLICATION)
        for parameters in bad_calls(method, job, operation, probe.hello.configuration):
            if parameters or method != "new_item":  # without a configuration: see `new_item_without_configuration`
                probe.expect([InvalidParameters], method, _FIRST, **parameters)
        probe.result("item")

    check.__doc__ = f"{method} with parameters that do not fit is -32602"
    return check


_FIRST = "check names and types before anything else, and take nothing for what it merely resembles"


def new_item_without_configuration(probe: Probe) -> None:
    """new_item without a configuration should be -32602"""
    probe.greet()
    answer = probe.answer("new_item")
    if not isinstance(answer, InvalidParameters):
        hint = "the suite always sends one, be it {}: nothing depends on it"
        raise Advisable("new_item()", f"{InvalidParameters.code} (InvalidParameters)", in_words(answer), hint)


def bad_request_arguments(probe: Probe) -> None:
    """request with arguments that do not fit is -32602"""
    probe.fresh()
    for operation in probe.operations:
        for arguments in bad_arguments(operation, with_sites=probe.offers("sites")):
            hint = "arguments are checked before the state: a refusal is for arguments that fit"
            probe.expect([InvalidParameters], "request", hint, operation=operation, arguments=arguments)
    if jobs := probe.result("jobs"):
        raise NotInOrder("jobs()", "no job", in_words(jobs), "what does not fit begins nothing")


def unknown_operation(probe: Probe) -> None:
    """an operation that is not offered is 1001"""
    probe.fresh()
    offered = probe.hello.operations
    missing = [] if offered is None else [operation for operation in REQUESTABLE if operation not in offered]
    for operation in ("reboot", "cancel_job", *missing):
        if operation in ("reboot", "cancel_job") or not list(bad_arguments(operation))[1:]:
            probe.expect([NotOffered], "request", "unknown is not refused", operation=operation, arguments={})


def unknown_job(probe: Probe) -> None:
    """an unknown job is -32602"""
    probe.fresh()
    for method in ("job", "cancel_job", "wait"):
        if probe.offers(method):
            probe.expect([InvalidParameters], method, "unknown is not refused", job=UNKNOWN_JOB)


def unknown_fault(probe: Probe) -> None:
    """an unknown fault is 1001"""
    probe.fresh().need("inject")
    for method in ("inject", "clear"):
        probe.expect([NotOffered], method, "a fault that you do not have is not offered", fault="flood")


def unknown_task(probe: Probe) -> None:
    """a fault's task that its job does not have is -32602"""
    probe.fresh().need("inject")
    for fault in map(Fault, JOB_FAULTS):  # with one that concerns no job a task may be refused or ignored
        if probe.answer("inject", fault=fault.value) is None:
            hint = "know the tasks of the fault's job, and take no other"
            probe.expect([InvalidParameters], "inject", hint, fault=fault.value, task="NoSuchTask")


def faults_twice(probe: Probe) -> None:
    """each fault can be begun and ended twice, or is 1001"""
    probe.fresh().need("inject")
    for fault in Fault:
        taken = {method: probe.answer(method, fault=fault.value) for method in ("inject", "clear")}
        offered = [not isinstance(answer, NotOffered) for answer in taken.values()]
        if offered[0] != offered[1]:
            got = ", ".join(map(in_words, taken.values()))
            raise NotInOrder(f"inject and clear of {fault}", "both offered, or none", got, "what begins can be ended")
        if offered[0]:
            for method in ("inject", "inject", "clear", "clear"):
                probe.raw(method, fault=fault.value)


def configuration_is_taken(probe: Probe) -> None:
    """the configuration keys of hello are taken by new_item"""
    probe.greet()
    defaults = Configuration().model_dump()
    for key in probe.hello.configuration:
        call = {"configuration": {key: defaults[key]}}
        if (answer := probe.answer("new_item", **call)) is not None:
            hint = "take the key with its default too, or leave it out of hello"
            raise NotInOrder(written("new_item", call), "null", in_words(answer), hint)
    if not probe.hello.configuration:
        raise NothingToCheck("no configuration key is honoured")
