"""An item of a mutant, as far as it can be seen: the pure counterpart of `adapters.chart.item`, which draws what the
model leaves open where this gives every possibility.

An item has what the machine has and what follows from its past: the power of machines that is unspecified, the job that
runs, and what it offers, until something happens, of the operations that need not be offered at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from asr_model.efsm import Event
from asr_model.machine import Machine, MachineState, MachineStep
from asr_model.state import State
from asr_model.stepper import Surroundings
from asr_model.vocabulary import ARGUMENTS, Group, JobEnd, Operation, Site
from asr_properties.mutation.beliefs import ASKED, OWN, RUNNING, Look

NOT_REPLICATED = "not_replicated"


class Item(NamedTuple):
    """One item between two steps. on_premises, azure: the power of its machines. is_running: whether a job runs.
    is_there: whether anything is replicated. in_use: whether a recovery point is. has_several: whether more points than
    one are listed for certain: an app-consistent one after a crash-consistent one. has_ended: whether any job has.
    offers: of the operations that need not be offered, those for which that is decided until something happens."""

    at: MachineState
    on_premises: str = "on"
    azure: str = "absent"
    is_running: bool = False
    is_there: bool = False
    in_use: bool = False
    has_several: bool = False
    has_ended: bool = False
    offers: frozenset[tuple[str, bool]] = frozenset()


class Result(NamedTuple):
    """What one thing does to an item. is_done: whether what is asked for is done. is_accepted: whether that is the
    answer. running, asked, own: the states of these jobs afterwards, as in `Seen`."""

    item: Item
    is_done: bool = False
    is_accepted: bool = False
    running: str = ""
    asked: str = ""
    own: str = ""


class Items:
    """What the items of one machine do and show."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.happenings = tuple(event for event in machine.events if not event.is_operation)
        self.operations = tuple(event for event in machine.events if event.is_operation)

    @property
    def first(self) -> Item:
        """A fresh item."""
        return Item(self._machine.initial)

    def can_ask(self, item: Item, event: Event) -> bool:
        """Whether there is what a request names."""
        arguments = dict(event.arguments)
        match arguments.get("recovery_point"), arguments.get("job"):
            case "listed", _:
                apart = "in_use" in ARGUMENTS[Operation(event.name)]["recovery_point"]
                other = item.has_several or not (apart and item.in_use)
                return item.at.state.points != "none" and other
            case "in_use", _:
                return item.in_use and item.at.state.points != "none"
            case _, "running":
                return item.is_running
            case _, "ended":
                return item.has_ended
        return True

    def request(self, item: Item, event: Event, holds: Surroundings) -> Iterator[Result]:
        """Ask for an operation, in every way that it can be answered."""
        step = self._machine.step(item.at, event, holds)
        refused = Result(item, running="in_progress" if item.is_running else "")
        if not step.is_taken:
            yield refused
            return
        if not step.may_refuse:
            yield self._accepted(item, event, step)
            return
        _, free = self._machine.acceptable(item.at)
        if event.name not in free:
            yield self._accepted(item, event, step)
            yield refused
            return
        for decided in self._decided(item, (event.name,)):
            if (event.name, True) in decided.offers:
                yield self._accepted(decided, event, step)
            else:
                yield refused._replace(item=decided)

    def happen(self, item: Item, event: Event, holds: Surroundings) -> Result | None:
        """Let something happen by itself; None where it cannot."""
        step = self._machine.step(item.at, event, holds)
        if not step.is_taken:
            return None
        jobs = {RUNNING: "in_progress"} if item.is_running else {}
        return self._ended(item, step, jobs)

    def looks(self, item: Item, job: str) -> Iterator[tuple[Item, Look]]:
        """What can be seen of an item, with what it decides of what it offers. job: the name of the job that runs."""
        state = item.at.state
        declared = self._machine.efsm
        facts, drill = declared.phases[state.phase], declared.drills[state.drill]
        lists = facts.steady and drill.settles_within is None
        accepted, free = self._machine.acceptable(item.at) if lists else (frozenset[str](), frozenset[str]())
        for decided in self._decided(item, sorted(free)):
            refused = {name for name, offered in decided.offers if not offered}
            yield decided, self._shown(decided, accepted - (free & refused), job)

    # -- inside ------------------------------------------------------------------------------------------------

    def _shown(self, item: Item, allowed: frozenset[str], job: str) -> Look:
        state = item.at.state
        facts = self._machine.efsm.phases[state.phase]
        fields: dict[str, str] = {
            "phase": state.phase,
            "drill": state.drill,
            "active_site": facts.serving or "",
            "replicating": facts.replicating or "",
            "profile_instance": facts.instance or "",
            "recovery_points": state.points,
            Site.ON_PREMISES: item.on_premises,
            Site.AZURE: item.azure,
            "current_job": job if item.is_running else "",
        }
        wrong = self._machine.mutant.shown if self._machine.mutant is not None else None
        if wrong is not None and wrong.place in state[:2]:
            if wrong.field == "allowed_operations":
                allowed ^= {wrong.value}
            elif wrong.field != "recovery_points" or state.points != "none":
                fields[wrong.field] = wrong.value
        seen = fields if item.is_there else {**dict.fromkeys(fields, ""), "phase": NOT_REPLICATED}
        return Look(
            phase=seen["phase"],
            drill=seen["drill"],
            serving=seen["active_site"],
            replicating=seen["replicating"],
            instance=seen["profile_instance"],
            allowed=allowed if item.is_there else None,
            points=fields["recovery_points"],
            other_points="none" if item.in_use and not item.has_several else fields["recovery_points"],
            on_premises=fields[Site.ON_PREMISES],
            azure=fields[Site.AZURE],
            current_job=(seen["current_job"] or None) if item.is_there else "",
        )

    def _decided(self, item: Item, operations: list[str] | tuple[str, ...]) -> Iterator[Item]:
        """The item with each decision about the operations that it need not offer."""
        known = {name for name, _ in item.offers}
        left = [name for name in operations if name not in known]
        for choice in product((True, False), repeat=len(left)):
            yield item._replace(offers=item.offers.union(zip(left, choice, strict=True))) if left else item

    def _accepted(self, item: Item, event: Event, step: MachineStep) -> Result:
        jobs = {RUNNING: "in_progress"} if item.is_running else {}
        if event.name == Operation.CANCEL_JOB:
            return self._followed(item, step.after, jobs)._replace(is_done=True, is_accepted=step.is_told)
        if item.at.state.phase == NOT_REPLICATED != step.after.state.phase:
            item = item._replace(is_there=True, in_use=False)
        done = self._ended(item, step, {**jobs, ASKED: "in_progress"})
        if not step.is_told:
            return done._replace(is_done=True, asked="", own=done.asked)
        return done._replace(is_done=True, is_accepted=True)

    def _ended(self, item: Item, step: MachineStep, jobs: dict[str, str]) -> Result:
        """End the newest job if the step does so; what still runs is a job of the service's own."""
        if step.ends is not None:
            if jobs:
                jobs[next(reversed(jobs))] = str(step.ends)
            if step.after.state.phase == "failed_over" and step.ends is JobEnd.SUCCEEDED:
                item = item._replace(in_use=True)
            if self._machine.is_busy(step.after.state) and "in_progress" not in jobs.values():
                jobs[OWN] = "in_progress"
        return self._followed(item, step.after, jobs)

    def _followed(self, item: Item, after: MachineState, jobs: dict[str, str]) -> Result:
        """Let machines and jobs follow from what the machine has become."""
        state = after.state
        on_premises, azure = _powers(state, item.on_premises, item.azure)
        is_busy = self._machine.is_busy(state)
        running = [job for job, how in jobs.items() if how == "in_progress"]
        for job in running if not is_busy else running[:-1]:
            jobs[job] = str(JobEnd.CANCELLED)  # a resynchronization gives way to what was asked for
        is_running = "in_progress" in jobs.values()
        facts = self._machine.efsm.phases[state.phase]
        turned = facts.steady and facts.group is not Group.TOWARDS_AZURE
        new = item._replace(
            at=after,
            on_premises=on_premises,
            azure=azure,
            is_running=is_running,
            is_there=item.is_there and (state.phase != NOT_REPLICATED or is_running),
            in_use=item.in_use and not turned,
            has_several=state.points == "app" and (item.has_several or item.at.state.points == "crash"),
            has_ended=item.has_ended or any(how != "in_progress" for how in jobs.values()),
            offers=frozenset(),
        )
        return Result(new, running=jobs.get(RUNNING, ""), asked=jobs.get(ASKED, ""), own=jobs.get(OWN, ""))


def running_job(jobs: Mapping[str, str]) -> str:
    """The name of the job that runs; empty if none does."""
    return next((name for name, how in jobs.items() if how == "in_progress"), "")


def _powers(state: State, on_premises: str, azure: str) -> tuple[str, str]:
    """The power of both machines: what is unspecified stays as it was, but is off where the other machine is on."""
    if state.on_premises != "unspecified":
        on_premises = state.on_premises
    elif state.azure == "on" == on_premises:
        on_premises = "off"
    if state.azure != "unspecified":
        azure = state.azure
    elif state.on_premises == "on" == azure:
        azure = "off"
    return on_premises, azure
