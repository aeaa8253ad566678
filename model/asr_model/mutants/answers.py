"""Refusals that are missing, answers that are wrong, and what is shown wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from asr_model.efsm import Efsm, Transition
from asr_model.lifecycle.chart import PhaseFacts
from asr_model.mutants.mutant import Feigned, Mutant, Operator, Shown
from asr_model.mutants.transitions import changed
from asr_model.vocabulary import Direction, JobEnd, Operation, Site

POINTS = ("none", "crash", "app")
POWERS = ("on", "off", "absent")
_OPERATIONS = frozenset(map(str, Operation))


def missing_refusals(efsm: Efsm) -> Iterator[Mutant]:
    """Each operation is accepted in each phase, or state of the drill, that has no transition of it, with whatever
    arguments, and does each of the things that it does elsewhere."""
    for operation in Operation:
        declared = [t for t in efsm.transitions if t.event == operation]
        for effect in {(t.variable, _effect(t)): t for t in declared}.values():
            taken = {t.source for t in declared if t.variable == effect.variable}
            for place in efsm.domains[effect.variable]:
                if place not in taken:
                    yield _accepted(effect, str(place), "True")
        if any(t.variable == "drill" for t in declared) and operation == Operation.TEST_FAILOVER:
            first = next(t for t in declared if t.variable == "drill")
            for phase in efsm.phases:
                if phase not in first.guard:
                    yield _accepted(first, first.source, f"phase == {phase!r}", where=phase)


def _effect(transition: Transition) -> tuple[object, ...]:
    """What tells apart what transitions of an operation do."""
    stays = transition.source == transition.target
    return ("stays" if stays else transition.target, transition.updates)


def _accepted(like: Transition, source: str, guard: str, where: str = "") -> Mutant:
    target = source if like.source == like.target else like.target
    added = replace(like, id=f"{like.event}: {source} -> {target} (mutant)", source=source, target=target, guard=guard)
    place = where or source
    what = f"{like.event} is accepted in {place}, as in {like.source}"
    with_updates = ", ".join(f"{name} = {value}" for name, value in like.updates)
    name = f"{Operator.REFUSAL_MISSING}: {like.event} in {place} -> {target}; {with_updates}"
    return Mutant(Operator.REFUSAL_MISSING, name, what, ("X02",), added=added)


def wrong_responses(efsm: Efsm) -> Iterator[Mutant]:
    """Each accepted operation is done while its answer is that it is refused; each operation that a phase has no
    transition of is accepted and its job succeeds without doing anything; each job ends otherwise than it does."""
    for transition in efsm.transitions:
        if transition.event in _OPERATIONS:
            what = "is done, and answered as refused"
            name = f"{Operator.WRONG_RESPONSE}: {transition.id}: {what}"
            yield Mutant(
                Operator.WRONG_RESPONSE, name, f"{transition.id}: {what}", transition.requirements, hushed=transition.id
            )
        for end in JobEnd if transition.ends is not None else ():
            if end is not transition.ends:
                what = f"its job ends {end}"
                yield changed(Operator.WRONG_RESPONSE, transition, replace(transition, ends=end), what)
    for operation in Operation:
        declared = [t for t in efsm.transitions if t.event == operation]
        if operation is not Operation.CANCEL_JOB and not any(t.variable == "drill" for t in declared):
            for phase in efsm.phases:
                if not any(t.source == phase for t in declared):
                    what = f"{operation} in {phase} is accepted, and its job succeeds with no effect"
                    name = f"{Operator.WRONG_RESPONSE}: {what}"
                    feigned = Feigned(phase, operation)
                    yield Mutant(Operator.WRONG_RESPONSE, name, what, ("X02",), feigned=feigned)


def wrong_observations(efsm: Efsm) -> Iterator[Mutant]:
    """Each field shows in each phase something else: a phase that one transition leads to it, or from it, another site,
    direction, provider, kind of points or power; a listed operation too many or too few; no job while one runs."""
    for phase, facts in efsm.phases.items():
        for field, values in _fields(efsm, phase, facts):
            for value in values:
                yield _shown(phase, field, value)
    for drill in efsm.drills:
        for other in efsm.drills:
            if other != drill:
                yield _shown(drill, "drill", other)


def _fields(efsm: Efsm, phase: str, facts: PhaseFacts) -> Iterator[tuple[str, tuple[str, ...]]]:
    moves = [t for t in efsm.transitions if t.variable == "phase" and t.source != t.target]
    near = {t.target: None for t in moves if t.source == phase} | {t.source: None for t in moves if t.target == phase}
    yield "phase", tuple(near)
    yield "active_site", tuple(site for site in Site if facts.serving is not None and site is not facts.serving)
    directions = tuple(way for way in Direction if facts.replicating is not None and way is not facts.replicating)
    yield "replicating", directions
    instances = dict.fromkeys(f.instance for f in efsm.phases.values() if f.instance is not None)
    yield "profile_instance", tuple(name for name in instances if facts.instance not in (None, name))
    yield "allowed_operations", tuple(operation for operation in Operation if operation is not Operation.CANCEL_JOB)
    yield "recovery_points", POINTS if facts.lists_points else ()
    for machine in Site if facts.machines_specified else ():
        yield machine, POWERS
    yield "current_job", () if facts.steady else ("",)


def _shown(place: str, field: str, value: str) -> Mutant:
    wrong = f"{field} without the job that runs" if field == "current_job" else f"{field} {value}"
    what = f"{place} shows {wrong}"
    if field == "allowed_operations":
        what = f"{place} lists {value} where it must not, and does not where it must"
    return Mutant(
        Operator.WRONG_OBSERVATION,
        f"{Operator.WRONG_OBSERVATION}: {what}",
        what,
        ("X02",),
        shown=Shown(place, field, value),
    )
