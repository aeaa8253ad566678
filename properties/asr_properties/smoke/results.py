"""Checks of what methods give: results as declared, fields, lists, and what an operation may answer."""

from __future__ import annotations

from itertools import pairwise

from asr_model.vocabulary import Operation
from asr_properties.contract.errors import ContractError, NotOffered, Refused
from asr_properties.smoke.beginning import DAY, enabled, enabling
from asr_properties.smoke.probe import Check, NothingToCheck, NotInOrder, Probe, in_words, written
from asr_properties.smoke.samples import good_call

_FEW = 100
_MAY_BE_REFUSED = ("settings", "update_settings")
"""By an item whose replication has only just been asked for."""


def answers(method: str) -> Check:
    """A check that a method gives what is declared."""

    def check(probe: Probe) -> None:
        probe.greet().need(method)
        if method == "new_item":
            probe.fresh()
        elif method == "request":
            enabling(probe)
        elif method == "job":
            probe.raw("job", job=enabling(probe))
        elif method == "cancel_job":  # may be refused, and must be then: the job has ended
            job = enabling(probe)
            probe.need("wait")
            probe.raw("wait", job=job)
            probe.expect([Refused], method, "a job that has ended cannot be cancelled", job=job)
        elif method in ("inject", "clear"):
            probe.fresh()
            answer = probe.answer(method, **good_call(method))
            if not isinstance(answer, NotOffered):
                probe.raw(method, **good_call(method))
        else:
            enabled(probe)
            answer = probe.answer(method, **good_call(method))
            if not (method in _MAY_BE_REFUSED and isinstance(answer, Refused)):
                probe.raw(method, **good_call(method))

    check.__doc__ = f"{method} answers as declared"
    return check


def fields(probe: Probe) -> None:
    """an observation has the fields of hello, no other and no fewer"""
    enabling(probe)
    if probe.raw("item") is None:
        hint = "null is for an item that is not replicated, and shows no operation's job"
        raise NotInOrder("item() after enable_replication", "an observation", "null", hint)


def offered_operations(probe: Probe) -> None:
    """an operation that is offered begins a job or is refused, whatever the state"""
    probe.fresh()
    for operation in sorted(probe.operations, key=lambda name: name == Operation.ENABLE_REPLICATION):
        call = good_call("request", operation=operation, with_sites=probe.offers("sites"))
        answer = probe.answer("request", **call)
        if isinstance(answer, ContractError) and not isinstance(answer, Refused):
            hint = (
                "what the state or its points forbid is refused; what you don't have is left out of hello's operations"
            )
            raise NotInOrder(written("request", call), "a job, or 1000 (Refused)", in_words(answer), hint)
        if not isinstance(answer, Refused):
            probe.as_declared(answer, "request", call)


def refusal(probe: Probe) -> None:
    """an operation that the state forbids is refused, with 1000 or by its job"""
    probe.fresh().need_operation(Operation.COMMIT)
    answer = probe.answer("request", operation="commit", arguments={})
    if isinstance(answer, Refused):
        return
    job = probe.result("job", job=answer["job"]) if isinstance(answer, dict) and "job" in answer else None
    if job is None or job.state == "succeeded":
        sent = "request(operation='commit', arguments={}) on a fresh item"
        hint = "nothing was failed over: refuse, or let the job fail"
        raise NotInOrder(sent, "1000 (Refused), or a job that fails", in_words(answer), hint)


def jobs_of_the_item(probe: Probe) -> None:
    """jobs lists the jobs of the item and no other, newest first"""
    job = enabling(probe)
    seen, listed = probe.raw("item"), probe.result("jobs")
    if job not in listed:
        hint = "a job is listed from its request on, also when it has ended"
        raise NotInOrder("jobs() after enable_replication", f"{job} among them", in_words(listed), hint)
    current = (seen or {}).get("current_job")
    if current is not None and current not in listed:
        hint = "it is the id of the job that runs, as jobs lists it, or null"
        raise NotInOrder("item()", f"a current_job that jobs lists ({in_words(listed)})", in_words(current), hint)
    for other in listed[:_FEW]:
        if isinstance(answer := probe.answer("job", job=other), ContractError):
            hint = "list the jobs of this item only, and know all that you list"
            raise NotInOrder(f"job(job={other!r}), which jobs lists", "a job", in_words(answer), hint)
    if not probe.offers("wait") or Operation.DISABLE_REPLICATION not in probe.operations:
        return
    probe.raw("wait", job=job)
    answer = probe.answer("request", **good_call("request", operation=Operation.DISABLE_REPLICATION))
    if isinstance(answer, dict):
        listed = probe.result("jobs")
        if answer["job"] not in listed or listed.index(answer["job"]) > listed.index(job):
            expected = f"{answer['job']} (disable_replication) before {job} (enable_replication)"
            raise NotInOrder("jobs()", expected, in_words(listed), "the newest job is the first")


def points_of_the_item(probe: Probe) -> None:
    """recovery_points are listed newest first"""
    probe.greet().need("wait")
    enabling(probe)
    probe.raw("wait", seconds=DAY)
    probe.raw("wait", seconds=DAY / 12)
    points = probe.result("recovery_points")
    for newer, older in pairwise(points):
        if newer.created < older.created:
            got = f"{newer.id}, created at {newer.created:g}, before {older.id}, created at {older.created:g}"
            raise NotInOrder("recovery_points()", "the newest first", got, "sort them by `created`, descending")
    if len(points) < 2:
        raise NothingToCheck("two recovery points")


def ids_are_new(probe: Probe) -> None:
    """ids of jobs are never used again"""
    first = enabling(probe)
    second = enabling(probe)
    if first == second:
        raise NotInOrder("request after another new_item", "another job id", repr(second), "count over all items")
