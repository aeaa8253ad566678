"""Murphi, for rumur: a rule for each step of an event, with the names of the model. Properties are not part of it."""

from __future__ import annotations

from collections.abc import Iterator

from asr_model.efsm import Transition
from asr_properties.exports.logic import disjunction, negation, simplified
from asr_properties.exports.machine import ExportedEvent, Machine, assignments, enabled
from asr_properties.exports.printing import Language
from asr_properties.specification.rule import Rule

_HEAD = """\
-- The lifecycle of a replicated item of Azure Site Recovery, profile {profile}.
-- Written by `asr-conformance export murphi`. Each rule tells its requirements.
--
--   rumur --deadlock-detection off -o model.c FILE && gcc -O1 -mcx16 -o model model.c -lpthread && ./model
--   finds {states} states and fires {steps} rules"""


def to_murphi(machine: Machine, properties: tuple[Rule, ...] = ()) -> str:
    """The model. Arguments and surroundings are parameters of its rulesets."""
    return "\n".join(_Writer(machine).lines()) + "\n"


class _Writer:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._write = Language(
            conjunction="&",
            disjunction="|",
            negation="!",
            equal="=",
            unequal="!=",
            member="{1}({0})",
            no_member="!{1}({0})",
            sets=machine.phase_sets,
        ).write

    def lines(self) -> Iterator[str]:
        machine = self._machine
        efsm = machine.efsm
        yield _HEAD.format(profile=efsm.profile, states=machine.states, steps=sum(machine.steps))
        words: dict[str, None] = {}
        for domain in (*efsm.domains.values(), *machine.arguments.values()):
            words.update((str(value), None) for value in domain if not isinstance(value, bool))
        yield f"type word: enum {{ {', '.join(words)} }};"
        for name, values in machine.arguments.items():
            yield "-- the values of " + name + ": " + ", ".join(map(str, values))
        yield ""
        yield "var"
        for name, value in efsm.initial._asdict().items():
            yield f"  {name}: {'boolean' if isinstance(value, bool) else 'word'};"
        yield ""
        for name, members in machine.phase_sets.items():
            among = " | ".join(f"p = {phase}" for phase in members) or "false"
            yield f"function {name}(p: word): boolean; begin return {among}; end;"
        yield ""
        yield "startstate begin"
        for name, value in efsm.initial._asdict().items():
            text = str(value).lower() if isinstance(value, bool) else value
            yield f"  {name} := {text};"
        yield "end;"
        yield ""
        for event in machine.events:
            yield from self._event(event)

    def _event(self, event: ExportedEvent) -> Iterator[str]:
        bound = [f"{name}: boolean" for name in event.reads]
        for name, values in event.arguments.items():
            bound.append(f"{name}: {'boolean' if isinstance(values[0], bool) else 'word'}")
        among = [
            "(" + " | ".join(f"{name} = {value}" for value in values) + ")"
            for name, values in event.arguments.items()
            if not isinstance(values[0], bool)
        ]
        if bound:
            yield f"ruleset {'; '.join(bound)} do"
        for transition in event.transitions:
            yield f'rule "{transition.id}"  -- {", ".join(transition.requirements)}'
            yield f"  {' & '.join([*among, f'({self._write(simplified(enabled(transition)))})'])}"
            yield "==>"
            yield from (f"  {name} := {self._write(tree)};" for name, tree in assignments(transition))
            yield "endrule;"
        if event.is_operation:
            yield f'rule "{event.name} is refused"'
            yield f"  {' & '.join([*among, f'({self._refused(event.transitions)})'])}"
            yield "==>"
            yield "endrule;"
        if bound:
            yield "endruleset;"
        yield ""

    def _refused(self, transitions: tuple[Transition, ...]) -> str:
        accepted = disjunction(simplified(enabled(t)) for t in transitions)
        free = [simplified(f"({enabled(t)}) and ({t.may_refuse})") for t in transitions]
        return self._write(disjunction([negation(accepted), *free]))
