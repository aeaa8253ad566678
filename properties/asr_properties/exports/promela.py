"""Promela, for Spin: the model with every property that is judged on it as an LTL formula.

Each step is atomic: what the property that is checked asks of it is worked out within the step, and kept until the
next one. So `spin -a` alone gives the states and transitions of the model, and `-DCHECK_name` one property.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from asr_model.efsm import Transition
from asr_model.state import State
from asr_properties.exports.logic import simplified
from asr_properties.exports.machine import NO_ARGUMENT, ExportedEvent, Machine, assignments, enabled
from asr_properties.exports.printing import Language
from asr_properties.exports.propositions import Evidence
from asr_properties.specification.patterns import Property, Proposition, Response
from asr_properties.specification.reachability import GraphProperty, OnlyThrough, Sometimes
from asr_properties.specification.remembered import Remembered
from asr_properties.specification.rule import EvidenceKind, Rule
from asr_properties.specification.temporal import Formula, always, atom, eventually

_HEAD = """\
/* The lifecycle of a replicated item of Azure Site Recovery, profile {profile}, as an extended state machine.
 * Written by `asr-conformance export promela`. Each transition tells its requirements (docs of asr-conformance).
 *
 *   states and transitions:  spin -a FILE && gcc -DNOREDUCE -o pan pan.c && ./pan
 *                            finds {states} states and {steps} transitions, the initial one counted as Spin does
 *   one property:            spin -DCHECK_name -a FILE && gcc -DNOREDUCE -o pan pan.c && ./pan -a
 *                            no error: it holds. Of a property `some_run_...` an error is the run that is looked for
 *
 * Surroundings (faults, settings) are inputs of a step: each event is tried under every choice of those it reads.
 */
"""


def to_promela(machine: Machine, properties: tuple[Rule, ...]) -> str:
    """The model and its properties. properties: those that are no rules of the model are left out, those that linear
    time cannot express are named in a comment."""
    return "\n".join(_Writer(machine, properties).lines()) + "\n"


def in_linear_time(properties: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Those that an LTL formula expresses."""
    on_model = [p for p in properties if EvidenceKind.MODEL in p.evidence]
    return tuple(p for p in on_model if isinstance(p, Property | Sometimes | OnlyThrough))


class _Writer:
    def __init__(self, machine: Machine, properties: tuple[Rule, ...]) -> None:
        self._machine = machine
        self._evidence = Evidence(machine)
        self._properties = properties
        self._language = Language(
            conjunction="&&",
            disjunction="||",
            negation="!",
            equal="==",
            unequal="!=",
            member="{1}({0})",
            no_member="!{1}({0})",
            sets=machine.phase_sets,
        )
        self._write = self._language.write

    def lines(self) -> Iterator[str]:
        machine = self._machine
        taken, refused = machine.steps
        yield _HEAD.format(profile=machine.efsm.profile, states=machine.states, steps=taken + refused + 1)
        yield from self._declarations()
        yield from self._listed()
        yield from self._checks()
        yield from self._nothing_checked()
        for event in machine.events:
            yield from self._event(event)
        yield from self._process()

    # -- what there is ----------------------------------------------------------------------------------------------

    def _declarations(self) -> Iterator[str]:
        machine = self._machine
        seen: set[str] = set()
        for name, domain in machine.efsm.domains.items():
            if words := [str(v) for v in domain if not isinstance(v, bool) and v not in seen]:
                yield f"mtype = {{ {', '.join(words)} }}  /* {name} */"
                seen.update(words)
        for name, values in machine.arguments.items():
            if words := [str(v) for v in values if not isinstance(v, bool) and v not in seen]:
                yield f"mtype = {{ {', '.join(words)} }}  /* {name} */"
                seen.update(words)
        yield f"mtype = {{ accepted, refused, {NO_ARGUMENT} }}"
        yield f"mtype = {{ {', '.join(event.name for event in machine.events)} }}  /* events */"
        yield ""
        for name, members in machine.phase_sets.items():
            among = " || ".join(f"p == {phase}" for phase in members) or "false"
            yield f"#define {name}(p) ({among})"
        yield ""
        for name, value in machine.efsm.initial._asdict().items():
            kind = "bool" if isinstance(value, bool) else "mtype"
            yield f"{kind} {name} = {self._language.value(value)};  {_comment(_meaning(name))}"
        yield ""
        yield "/* One step, while it is taken: what was asked for, how it was answered, in which surroundings. */"
        yield "mtype event, response;"
        for name, values in machine.arguments.items():
            yield f"{'bool' if isinstance(values[0], bool) else 'mtype'} {name};"
        for surrounding in machine.efsm.surroundings:
            yield f"bool {surrounding.name};  {_comment(surrounding.meaning)}"
        yield ""

    def _listed(self) -> Iterator[str]:
        yield "/* Where an operation is listed as allowed for certain (contract 2). */"
        for operation in sorted({e.name for e in self._machine.events if e.is_operation}):
            yield f"#define listed_{operation} ({self._write(self._machine.listed(operation))})"
        yield ""
        for name in self._machine.surroundings:
            readers = [f"event == {event.name}" for event in self._machine.events if name in event.reads]
            yield f"#define reads_{name} ({' || '.join(readers) or 'false'})"
        yield ""

    # -- events -----------------------------------------------------------------------------------------------------

    def _event(self, event: ExportedEvent) -> Iterator[str]:
        parameters = "" if event.is_operation else ", ".join(f"with_{name}" for name in event.reads)
        yield f"inline do_{event.name}({parameters}) {{"
        if not event.transitions:
            asked = f"event = {event.name}; remember(); response = refused; look()"
            yield f"  {asked if event.is_operation else 'false'}"
        else:
            if event.is_operation:
                yield f"  event = {event.name};"
            yield "  if"
            for transition in event.transitions:
                yield from self._transition(event, transition)
            if event.is_operation:
                yield "  :: else -> remember(); response = refused"
            yield "  fi;"
            yield "  look()"
        yield "}"
        yield ""

    def _transition(self, event: ExportedEvent, transition: Transition) -> Iterator[str]:
        inputs = {} if event.is_operation else {name: f"with_{name}" for name in event.reads}
        write = replace(self._language, words=inputs).write
        yield f"  {_comment(f'{transition.id}   {_cited(transition.requirements)}')}"
        done = ["remember()"]
        if event.is_operation:
            done.append("response = accepted")
        else:
            done += [f"event = {event.name}", *(f"{name} = with_{name}" for name in event.reads)]
        done += [f"{name} = {write(tree)}" for name, tree in assignments(transition)]
        guard = enabled(transition)
        yield f"  :: {write(guard)} ->"
        yield f"     {'; '.join(done)}"
        if event.is_operation and transition.may_refuse != "False":
            both = f"({guard}) and ({transition.may_refuse})"
            yield f"  :: {write(simplified(both))} -> remember(); response = refused"

    def _process(self) -> Iterator[str]:
        machine = self._machine
        yield "inline choose(input) { if :: input = true :: input = false fi }"
        yield ""
        yield "active proctype item() {"
        yield "  do"
        for event in machine.events:
            if event.is_operation:
                yield from (f"  :: atomic {{ {call} }}" for call in self._requests(event))
            else:
                yield from (f"  :: atomic {{ {call} }}" for call in self._happenings(event))
        yield "#ifdef FALLS_SILENT"
        yield "  /* from here on nobody asks for anything, and nothing is wrong */"
        yield "  :: atomic { silent = true; break }"
        yield "#endif"
        yield "  od"
        yield "#ifdef FALLS_SILENT"
        yield "  ; do"
        for event in machine.events:
            if not event.is_operation:
                yield f"  :: atomic {{ do_{event.name}({', '.join('false' for _ in event.reads)}) }}"
        yield "  od"
        yield "#endif"
        yield "}"

    def _requests(self, event: ExportedEvent) -> Iterator[str]:
        for one in self._machine.lts.stepper.events:
            if one.name != event.name:
                continue
            set_to = [f"{name} = {self._language.value(value)}" for name, value in one.arguments]
            chosen = [f"choose({name})" for name in event.reads]
            yield "; ".join([*set_to, *chosen, f"do_{event.name}()"])

    def _happenings(self, event: ExportedEvent) -> Iterator[str]:
        for number in range(2 ** len(event.reads)):
            values = ["true" if number >> place & 1 else "false" for place in range(len(event.reads))]
            yield f"do_{event.name}({', '.join(values)})"

    # -- properties -------------------------------------------------------------------------------------------------

    def _nothing_checked(self) -> Iterator[str]:
        yield "#ifndef CHECKED"
        yield "inline remember() { skip }"
        yield "inline look() { d_step { forget() } }"
        yield "#endif"
        yield ""

    def _checks(self) -> Iterator[str]:
        cleared = [f"{name} = 0" for name in ("event", "response", *self._machine.arguments)]
        cleared += [f"{name} = false" for name in self._machine.surroundings]
        yield f"inline forget() {{ {'; '.join(cleared)} }}"
        yield ""
        expressible = in_linear_time(self._properties)
        for candidate in expressible:
            yield from self._check(candidate)
        for candidate in self._properties:
            if isinstance(candidate, GraphProperty) and candidate not in expressible:
                yield _comment(f"{candidate.name}: {candidate.ltl}: no linear time formula says so")
                yield ""

    def _check(self, candidate: Rule) -> Iterator[str]:
        asked, formula = self._asked(candidate)
        kept = self._evidence.kept(candidate) if isinstance(candidate, Remembered) else {}
        inputs = self._evidence.surroundings(candidate) if isinstance(candidate, Property) else ()
        trees = [*asked.values(), *(tree for pair in kept.values() for tree in pair)]
        former = sorted({n.id for t in trees for n in ast.walk(t) if isinstance(n, ast.Name) and _is_former(n.id)})
        name = f"some_run_{candidate.name}" if isinstance(candidate, Sometimes) else candidate.name
        yield f"#ifdef CHECK_{name}"
        yield f"/* {_cited(candidate.requirements)}: {candidate.says}"
        yield f" * {candidate.pattern} */"
        yield "#define CHECKED"
        if isinstance(candidate, Response):
            yield "#define FALLS_SILENT"
            yield "bool silent;"
        for proposition in asked:
            yield f"bool {proposition}_holds = {'true' if proposition in ('always', 'same') else 'false'};"
        for bit in kept:
            yield f"bool {bit};"
        for one in former:
            kind = "bool" if self._is_truth(one.removeprefix("was_")) else "mtype"
            yield f"{kind} {one};"
        remembered = [f"{one} = {one.removeprefix('was_')}" for one in former]
        yield f"inline remember() {{ {'; '.join(remembered) or 'skip'} }}"
        yield "inline look() {"
        for one in inputs:
            yield f"  if :: reads_{one} -> skip :: else -> choose({one}) fi;"
        yield "  d_step {"
        done = []
        for proposition, tree in asked.items():
            if proposition != "same":
                done.append(f"{proposition}_holds = {self._write(tree)}")
        for bit, (opening, _) in kept.items():
            done.append(f"{bit} = (after_holds -> {self._write(opening)} : {bit})")
        if kept:
            differs = " || ".join(f"({bit} && {self._write(tree)})" for bit, (_, tree) in kept.items())
            done.append(f"same_holds = !({differs})")
        done += [f"{one} = 0" for one in former]
        yield from (f"    {statement};" for statement in done)
        yield "    forget()"
        yield "  }"
        yield "}"
        if isinstance(candidate, Sometimes):
            yield from _some_run(name, len(candidate.waypoints))
        else:
            assert formula is not None
            yield f"ltl {name} {{ {formula.promela(lambda p: p if p == 'silent' else f'{p}_holds')} }}"
        yield "#endif"
        yield ""

    def _asked(self, candidate: Rule) -> tuple[dict[str, ast.expr], Formula | None]:
        """The propositions of a property as expressions, and its formula over them; None for a run that is looked for:
        Spin's own translation of formulas takes a time that is exponential in its waypoints."""
        match candidate:
            case Remembered():
                asked = {p.name: self._evidence.proposition(p) for p in candidate.propositions if p.name != "same"}
                return {**asked, "same": ast.Constant(True)}, candidate.formula
            case Response():
                asked = {p.name: self._evidence.proposition(p) for p in candidate.propositions}
                return asked, eventually(atom("silent")).implies(candidate.formula)
            case Property():
                return {p.name: self._evidence.proposition(p) for p in candidate.propositions}, candidate.formula
            case OnlyThrough(source=source, via=via, goal=goal):
                asked = self._certain(source=source, via=via, goal=goal)
                return asked, always(atom("source").implies((~atom("goal")).unless(atom("via"))))
            case Sometimes(waypoints=waypoints, avoiding=avoiding):
                names = [f"waypoint_{number}" for number in range(1, len(waypoints) + 1)]
                return self._certain(avoided=avoiding, **dict(zip(names, waypoints, strict=True))), None
        raise ValueError(f"{candidate.name} has no linear time formula")

    def _certain(self, **texts: str) -> dict[str, ast.expr]:
        return {name: self._evidence.proposition(Proposition(name, text, True)) for name, text in texts.items()}

    def _is_truth(self, name: str) -> bool:
        return name.startswith("listed_") or isinstance(getattr(self._machine.efsm.initial, name, ""), bool)


def _some_run(name: str, waypoints: int) -> Iterator[str]:
    """A never claim that comes to its end, which is an error, where a run has met all waypoints in their order."""
    yield f"never {name} {{"
    for number in range(1, waypoints + 1):
        met = f"(!avoided_holds && waypoint_{number}_holds) -> goto met_{number}"
        yield f"met_{number - 1}: do :: {met} :: (!avoided_holds) od;"
    yield f"met_{waypoints}: skip"
    yield "}"


def _cited(requirements: tuple[str, ...]) -> str:
    return ", ".join(requirements)


def _is_former(name: str) -> bool:
    return name.startswith("was_")


def _meaning(variable: str) -> str:
    return str(State.__annotations__[variable])


def _comment(text: str) -> str:
    return f"/* {text} */"
