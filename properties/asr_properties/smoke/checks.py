"""The checks, in the order in which they are tried. Each gets an adapter that has just been started."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asr_model.vocabulary import Fault, Operation, Site
from asr_properties.contract.errors import InvalidParameters, InvalidRequest, NotOffered, Refused, UnknownMethod
from asr_properties.contract.messages import PROTOCOL, Hello, Job
from asr_properties.contract.methods import METHODS, REQUESTABLE, Configuration
from asr_properties.smoke.probe import NothingToCheck, NotInOrder, Probe, shown
from asr_properties.smoke.samples import UNKNOWN_JOB, bad_arguments, bad_calls, good_call
from asr_properties.smoke.walk import a_short_walk

Check = Callable[[Probe], None]

_ANYTIME = frozenset({"hello", "bye", "new_item"})


def hello(probe: Probe) -> None:
    """hello says who is there and what is offered"""
    probe.greet()
    for name in ("controls", "fields", "configuration", "operations"):
        listed = getattr(probe.hello, name) or []
        if len(listed) != len(set(listed)):
            raise NotInOrder("hello", f"each of the {name} once", repr(listed))
    unknown = set(probe.hello.configuration) - Configuration.model_fields.keys()
    if unknown:
        known = ", ".join(Configuration.model_fields)
        raise NotInOrder("hello", f"configuration keys of the contract ({known})", ", ".join(sorted(unknown)))


def another_protocol(probe: Probe) -> None:
    """hello with another protocol is -32602"""
    probe.expect([InvalidParameters], "hello", f"only protocol {PROTOCOL} exists", protocol=PROTOCOL + 1)


def before_hello(probe: Probe) -> None:
    """before hello every other method is -32600"""
    for method in METHODS:
        if method != "hello":
            probe.expect(_out_of_order(method), method, "hello comes first", **good_call(method))


def before_new_item(probe: Probe) -> None:
    """before the first new_item only hello and bye are answered"""
    probe.greet()
    for method in METHODS:
        if method not in _ANYTIME:
            probe.expect(_out_of_order(method), method, "new_item comes first", **good_call(method))


def _out_of_order(method: str) -> list[type[InvalidRequest] | type[UnknownMethod]]:
    return [InvalidRequest] if METHODS[method].control is None else [InvalidRequest, UnknownMethod]


def answers(method: str) -> Check:
    """A check that a method gives what is declared."""

    def check(probe: Probe) -> None:
        job = enabled(probe)
        probe.need(method)
        if method == "request":
            probe.need_operation(Operation.ENABLE_REPLICATION)
        elif method == "cancel_job":  # may be refused, and must be then: the job has ended
            probe.need_operation(Operation.ENABLE_REPLICATION)
            probe.need("wait")
            probe.raw("wait", job=job)
            probe.expect([Refused], method, "a job that has ended cannot be cancelled", job=job)
        elif method in ("inject", "clear"):
            answer = probe.answer(method, **good_call(method))
            if not isinstance(answer, NotOffered):
                probe.raw(method, **good_call(method))
        else:
            probe.raw(method, **good_call(method, job))

    check.__doc__ = f"{method} answers as declared"
    return check


def bye(probe: Probe) -> None:
    """bye is answered, and a program then ends with status 0"""
    probe.fresh().raw("bye")


def end_of_input(probe: Probe) -> None:
    """a program ends at the end of its input"""
    if probe.program is None:
        raise NothingToCheck("a program over stdio")
    probe.fresh()
    status = probe.program.hang_up()
    if status is None:
        raise NotInOrder("the end of its input", "the end of the program", "it still ran", "stop reading, then exit")


def enabled(probe: Probe) -> str:
    """A fresh item, and enable_replication asked for where it can be; the id of its job."""
    probe.fresh()
    if probe.hello.operations is not None and Operation.ENABLE_REPLICATION not in probe.hello.operations:
        return UNKNOWN_JOB
    return str(probe.result("request", **good_call("request")).job)


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


def bad_parameters(method: str) -> Check:
    """A check that parameters that do not fit are refused as such."""

    def check(probe: Probe) -> None:
        job = enabled(probe)
        probe.need(method)
        for parameters in bad_calls(method, job):
            probe.expect([InvalidParameters], method, "check names and types before anything else", **parameters)
        probe.result("item")

    check.__doc__ = f"{method} with parameters that do not fit is -32602"
    return check


def bad_request_arguments(probe: Probe) -> None:
    """request with arguments that do not fit is -32602"""
    probe.fresh()
    for operation in probe.hello.operations if probe.hello.operations is not None else REQUESTABLE:
        for arguments in bad_arguments(operation):
            hint = "arguments are checked before the state: a refusal is for arguments that fit"
            probe.expect([InvalidParameters], "request", hint, operation=operation, arguments=arguments)
    if probe.result("jobs"):
        raise NotInOrder("jobs()", "no job", shown(probe.answer("jobs")), "what does not fit begins nothing")


def unknown_operation(probe: Probe) -> None:
    """an operation that is not offered is 1001"""
    probe.fresh()
    offered = probe.hello.operations
    missing = [] if offered is None else [operation for operation in REQUESTABLE if operation not in offered]
    for operation in ("reboot", "cancel_job", *missing):
        if operation in ("reboot", "cancel_job") or not list(bad_arguments(operation))[1:]:
            probe.expect([NotOffered], "request", "unknown is not refused", operation=operation, arguments={})


def refusal(probe: Probe) -> None:
    """an operation that the state forbids is refused, with 1000 or by its job"""
    probe.fresh()
    probe.need_operation(Operation.COMMIT)
    answer = probe.answer("request", operation="commit", arguments={})
    if isinstance(answer, Refused):
        return
    job = probe.result("job", job=answer["job"]) if isinstance(answer, dict) and "job" in answer else None
    if job is None or job.state == "succeeded":
        sent = "request(operation='commit', arguments={}) on a fresh item"
        raise NotInOrder(sent, "1000 (Refused), or a job that fails", shown(answer))


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
    for fault in Fault:
        if probe.answer("inject", fault=fault.value) is None:
            probe.expect([InvalidParameters], "inject", "", fault=fault.value, task="NoSuchTask")


def faults_twice(probe: Probe) -> None:
    """each fault can be begun and ended twice, or is 1001"""
    probe.fresh().need("inject")
    for fault in Fault:
        taken = {method: probe.answer(method, fault=fault.value) for method in ("inject", "clear")}
        offered = [not isinstance(answer, NotOffered) for answer in taken.values()]
        if offered[0] != offered[1]:
            raise NotInOrder(f"inject and clear of {fault}", "both offered, or none", shown(list(taken.values())))
        if offered[0]:
            for method in ("inject", "inject", "clear", "clear"):
                probe.raw(method, fault=fault.value)


def fields(probe: Probe) -> None:
    """an observation has the fields of hello, no other and no fewer"""
    enabled(probe)
    probe.need_operation(Operation.ENABLE_REPLICATION)
    observation = probe.raw("item")
    if observation is None:
        raise NotInOrder("item() after enable_replication", "an observation", "null")
    reported, told = set(observation), set(probe.hello.fields)
    if reported != told:
        wrong = ", ".join(f"{field} is not in hello" for field in sorted(reported - told))
        wrong += ", ".join(f"{field} is missing" for field in sorted(told - reported))
        raise NotInOrder("item()", ", ".join(sorted(told)), wrong, "what is unknown just now is null")


def wait_for_a_job(probe: Probe) -> None:
    """wait for a job returns when it has ended"""
    job = enabled(probe)
    probe.need("wait")
    probe.need_operation(Operation.ENABLE_REPLICATION)
    probe.raw("wait", job=job)
    state: Job = probe.result("job", job=job)
    if state.state == "in_progress":
        raise NotInOrder(f"wait(job={job!r})", "a job that has ended", "in_progress")
    probe.raw("wait", job=job)  # at once
    probe.raw("wait", seconds=0)


def forgets(probe: Probe) -> None:
    """new_item forgets everything: the item, its jobs and points, faults, machines"""
    probe.fresh()
    before = _everything(probe)
    job = enabled(probe)
    if probe.offers("wait"):
        probe.raw("wait", seconds=24 * 3600)
    if probe.offers("write"):
        probe.answer("write")
    if probe.offers("inject"):
        probe.answer("inject", fault=Fault.AZURE_VM_OFF.value)
    probe.result("new_item", configuration={})
    after = _everything(probe)
    for method, seen in before.items():
        if after[method] != seen:
            raise NotInOrder(f"{method} after another new_item", shown(seen), shown(after[method]))
    probe.expect([InvalidParameters], "job", "the jobs of the item before are unknown", job=job)


def _everything(probe: Probe) -> dict[str, Any]:
    seen: dict[str, Any] = {name: probe.raw(name) for name in ("item", "jobs", "recovery_points")}
    if probe.offers("machine"):
        for site in Site:
            seen[f"machine {site}"] = probe.raw("machine", site=site.value)
    if probe.offers("replication"):
        seen["replication"] = probe.raw("replication")
    return seen


def fresh_item(probe: Probe) -> None:
    """a fresh item is not replicated and has no job and no point"""
    probe.fresh()
    seen = _everything(probe)
    phase = None if seen["item"] is None else seen["item"].get("phase")
    if phase not in (None, "not_replicated"):
        raise NotInOrder("item() after new_item", "null or phase not_replicated", shown(seen["item"]))
    for method in ("jobs", "recovery_points"):
        if seen[method]:
            raise NotInOrder(f"{method}() after new_item", "[]", shown(seen[method]))
    if "machine on_premises" in seen and seen["machine on_premises"]["power"] != "on":
        raise NotInOrder("machine(site='on_premises') after new_item", "power on", shown(seen["machine on_premises"]))


def ids_are_new(probe: Probe) -> None:
    """ids of jobs are never used again"""
    first = enabled(probe)
    probe.need_operation(Operation.ENABLE_REPLICATION)
    probe.result("new_item", configuration={})
    second = probe.result("request", **good_call("request")).job
    if first == second:
        raise NotInOrder("request after another new_item", "another job id", repr(second), "count over all items")


def hello_again(probe: Probe) -> None:
    """the configuration keys of hello are taken by new_item"""
    probe.greet()
    defaults = Configuration().model_dump()
    said: Hello = probe.hello
    for key in said.configuration:
        probe.raw("new_item", configuration={key: defaults[key]})
    if not said.configuration:
        raise NothingToCheck("no configuration key is honoured")


def deterministic(probe: Probe) -> None:
    """the same short walk twice gives the same answers, ids apart"""
    probe.greet().need("wait")
    first, second = a_short_walk(probe), a_short_walk(probe)
    for (call, answer), (_, again) in zip(first, second, strict=False):
        if answer != again:
            raise NotInOrder(f"{call}, the second time", shown(answer), shown(again), _FLAKY)
    if len(first) != len(second):
        raise NotInOrder("the walk, the second time", f"{len(first)} calls", f"{len(second)} calls", _FLAKY)


_FLAKY = "an answer may depend on the calls since new_item, and on nothing else: no real clock, no chance"

CHECKS: tuple[Check, ...] = (
    hello,
    another_protocol,
    before_hello,
    before_new_item,
    *(answers(method) for method in METHODS if method not in ("hello", "bye")),
    bye,
    end_of_input,
    unknown_method,
    controls_not_offered,
    *(bad_parameters(method) for method in METHODS),
    bad_request_arguments,
    unknown_operation,
    refusal,
    unknown_job,
    unknown_fault,
    unknown_task,
    faults_twice,
    hello_again,
    fields,
    wait_for_a_job,
    fresh_item,
    forgets,
    ids_are_new,
    deterministic,
)
