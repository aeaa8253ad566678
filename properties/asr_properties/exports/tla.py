"""TLA+, for TLC: a module with the names of the model, and its configuration.

An action for each event, and for each property what it remembers from step to step: TLC has no `until`, so a scope is a
history variable, as usual in TLA+. Only the properties in the constant `Watched` are followed; with none, TLC counts
the states and steps of the model.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from asr_model.efsm import Transition
from asr_properties.exports.logic import FALSE, conjunction, negation, simplified
from asr_properties.exports.machine import NO_ARGUMENT, ExportedEvent, Machine, assignments, enabled
from asr_properties.exports.printing import Language
from asr_properties.exports.propositions import Evidence
from asr_properties.exports.tla_patterns import PATTERNS
from asr_properties.specification.patterns import Absence, Precedence, Property, Proposition, Response, Universality
from asr_properties.specification.reachability import GraphProperty, NoDeadlock, OnlyThrough, Sometimes
from asr_properties.specification.remembered import Remembered
from asr_properties.specification.rule import EvidenceKind, Rule

MODULE = "Lifecycle"
"""The name of the module, and so of its file, where none is given."""

_HEAD = """\
(* The lifecycle of a replicated item of Azure Site Recovery, profile {profile}.
   Written by `asr-conformance export tla`. Each transition tells its requirements.

   With Watched = {{}} TLC generates {generated} states, the initial one included, and finds {states} distinct ones.
   (`= TRUE` after a disjunction: else TLC takes a step twice where both sides hold.) Run it with -deadlock: a step that
   changes nothing is no deadlock here.
   To check a property, watch it and make it an invariant (one that ends in a leads-to: a property). *)"""


def to_tla(machine: Machine, properties: tuple[Rule, ...], module: str = MODULE) -> str:
    """The module of this name. properties: those that are no rules of the model are left out, and those
    that neither an invariant nor a leads-to expresses are named in a comment."""
    return "\n".join([f"---- MODULE {module} ----", *_Writer(machine, properties).lines()]) + "\n"


def to_cfg(machine: Machine, properties: tuple[Rule, ...], watched: Iterable[str] = ()) -> str:
    """The configuration that watches these properties; with none it counts."""
    names = list(watched)
    kinds = {p.name: p for p in properties}
    lines = [f"CONSTANT Watched = {{{', '.join(_quoted(n) for n in names if not _is_free(kinds[n]))}}}"]
    responses = [n for n in names if isinstance(kinds[n], Response)]
    lines.append(f"SPECIFICATION {'FairSpec' if responses else 'Spec'}")
    if not names:
        lines.append("INVARIANT TypeOK")
    for name in names:
        lines.append(f"{'PROPERTY' if name in responses else 'INVARIANT'} {tla_name(kinds[name])}")
    return "\n".join(lines) + "\n"


def tla_name(candidate: Rule) -> str:
    """What a property is called: the denial of one that says that a run exists, which TLC is to refute."""
    return f"no_run_{candidate.name}" if isinstance(candidate, Sometimes) else candidate.name


def in_tla(properties: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Those that an invariant or a leads-to expresses."""
    on_model = [p for p in properties if EvidenceKind.MODEL in p.evidence]
    return tuple(p for p in on_model if isinstance(p, Property | Sometimes | OnlyThrough | NoDeadlock))


def inputs_of(machine: Machine, candidate: Rule) -> tuple[str, ...]:
    """The surroundings that are tried at every step while a property is watched."""
    return Evidence(machine).surroundings(candidate) if isinstance(candidate, Property) else ()


def _is_free(candidate: Rule) -> bool:
    """Whether it remembers nothing."""
    return isinstance(candidate, NoDeadlock)


@dataclass(frozen=True, kw_only=True)
class _Steps(Language):
    """Expressions over a step: its words are fields of a record; what was before it is unprimed."""

    fields: frozenset[str]

    def name(self, name: str) -> str:
        if name in self.fields:
            return f"step.{name}"
        return name.removeprefix("was_") if name.startswith("was_") else f"{name}'"

    def value(self, value: object) -> str:
        return self.text.format(value) if isinstance(value, str) else super().value(value)


_SYNTAX: Mapping[str, str] = {
    "conjunction": "/\\",
    "disjunction": "\\/",
    "negation": "~",
    "equal": "=",
    "unequal": "#",
    "true": "TRUE",
    "false": "FALSE",
    "text": '"{0}"',
    "member": "{0} \\in {1}",
    "no_member": "{0} \\notin {1}",
    "literal_set": "{{{0}}}",
}


class _Writer:
    def __init__(self, machine: Machine, properties: tuple[Rule, ...]) -> None:
        self._machine = machine
        self._properties = properties
        self._evidence = Evidence(machine)
        sets = machine.phase_sets
        self._write = Language(**_SYNTAX, sets=sets).write  # type: ignore[arg-type]
        words = frozenset({"event", "response", *machine.arguments, *machine.surroundings})
        self._of_step = _Steps(**_SYNTAX, sets=sets, fields=words).write  # type: ignore[arg-type]
        self._variables = tuple(machine.efsm.initial._fields)

    def lines(self) -> Iterator[str]:
        machine = self._machine
        yield _HEAD.format(profile=machine.efsm.profile, states=machine.states, generated=sum(machine.steps) + 1)
        yield "EXTENDS Integers, Sequences"
        yield ""
        yield "CONSTANT Watched  \\* the names of the properties that are followed"
        yield ""
        yield from self._state()
        for event in machine.events:
            yield from self._event(event)
        yield PATTERNS
        yield from self._watching()
        yield from self._next()
        yield from self._verdicts()
        yield "===="

    # -- states -----------------------------------------------------------------------------------------------------

    def _state(self) -> Iterator[str]:
        efsm = self._machine.efsm
        names = ", ".join(self._variables)
        yield f"VARIABLES {names},"
        yield "          memory,  \\* of each watched property"
        yield "          silent   \\* from now on nobody asks for anything, and nothing is wrong"
        yield ""
        yield f"item == <<{names}>>"
        yield "vars == <<item, memory, silent>>"
        yield ""
        for name, members in self._machine.phase_sets.items():
            yield f"{name} == {{{', '.join(map(_quoted, members))}}}"
        yield ""
        yield "TypeOK =="
        for name, domain in efsm.domains.items():
            is_truth = isinstance(domain[0], bool)
            yield f"    /\\ {name} \\in {'BOOLEAN' if is_truth else '{' + ', '.join(map(_quoted, domain)) + '}'}"
        yield ""
        yield "\\* Where an operation is listed as allowed for certain (contract 2)."
        for operation in (event.name for event in self._machine.events if event.is_operation):
            yield f"listed_{operation} == {self._write(self._machine.listed(operation))}"
        yield ""

    # -- events -----------------------------------------------------------------------------------------------------

    def _event(self, event: ExportedEvent) -> Iterator[str]:
        inputs = [*event.arguments, *event.reads]
        signature = f"{event.name}({', '.join(inputs)})" if inputs else event.name
        yield f"{signature} =="
        if not event.transitions:
            yield "    FALSE"
        for transition in event.transitions:
            yield from self._transition(transition)
        if event.is_operation:
            yield ""
            yield "\\* where it is not accepted, and where it may be refused all the same"
            yield f"refused_{signature} =="
            free = [t for t in event.transitions if t.may_refuse != "False"]
            for transition in free:
                both = simplified(f"({enabled(transition)}) and ({transition.may_refuse})")
                beginning = "/\\ ~(\\/ " if transition is free[0] else "      \\/ "
                end = f") => ~ENABLED {signature}" if transition is free[-1] else ""
                yield f"    {beginning}({self._write(both)}){end}"
            if not free:
                yield f"    /\\ ~ENABLED {signature}"
            yield "    /\\ UNCHANGED item"
        yield ""

    def _transition(self, transition: Transition) -> Iterator[str]:
        yield f"    \\* {transition.id}   {', '.join(transition.requirements)}"
        guard = simplified(enabled(transition))
        parts = guard.values if isinstance(guard, ast.BoolOp) and isinstance(guard.op, ast.And) else [guard]
        new = assignments(transition)
        left = [name for name in self._variables if name not in dict(new)]
        conjuncts = [self._in_a_list(part) for part in parts]
        conjuncts += [f"{name}' = {self._write(tree)}" for name, tree in new]
        conjuncts.append(f"UNCHANGED <<{', '.join(left)}>>")
        for number, text in enumerate(conjuncts):
            yield f"    {'  ' if number else chr(92) + '/'} /\\ {text}"

    def _in_a_list(self, part: ast.expr) -> str:
        text = self._write(part)
        return f"({text}) = TRUE" if isinstance(part, ast.BoolOp) else text

    # -- properties -------------------------------------------------------------------------------------------------

    def _watching(self) -> Iterator[str]:
        machine = self._machine
        fields = {"event": '"none"', "response": '"none"'}
        for name, values in machine.arguments.items():
            fields[name] = "FALSE" if isinstance(values[0], bool) else _quoted(NO_ARGUMENT)
        fields |= dict.fromkeys(machine.surroundings, "FALSE")
        yield f"NoStep == [{', '.join(f'{name} |-> {value}' for name, value in fields.items())}]"
        yield ""
        watchable = [p for p in in_tla(self._properties) if not _is_free(p)]
        for candidate in watchable:
            yield f"\\* {', '.join(candidate.requirements)}: {candidate.says}"
            yield f"\\* {candidate.pattern}"
            yield f"Watch_{candidate.name}(was, step) =="
            yield f"    {self._monitor(candidate)}"
            yield ""
        for candidate in self._properties:
            if isinstance(candidate, GraphProperty) and candidate not in in_tla(self._properties):
                yield f"\\* {candidate.name}: {candidate.ltl}: neither an invariant nor a leads-to says so"
                yield ""
        yield "Fresh(name) =="
        yield from _cases({p.name: self._fresh(p) for p in watchable})
        yield ""
        yield "Watch(name, was, step) =="
        yield from _cases({p.name: f"Watch_{p.name}(was, step)" for p in watchable})
        yield ""
        yield "\\* The surroundings that the watched properties read: inputs of every step."
        yield "Inputs == UNION {"
        reading = [(p, self._evidence.surroundings(p)) for p in watchable if isinstance(p, Property)]
        sets = [
            f"    {{n \\in {{{', '.join(map(_quoted, inputs))}}} : {_quoted(p.name)} \\in Watched}}"
            for p, inputs in reading
            if inputs
        ]
        yield ",\n".join(sets or ["    {}"])
        yield "    }"
        yield ""
        yield "\\* What the watched properties see of a step; `reads` are the surroundings that it depends on."
        yield "Seen(step, reads) =="
        yield "    /\\ UNCHANGED silent"
        yield "    /\\ \\E more \\in (IF silent THEN {{}} ELSE SUBSET (Inputs \\ reads)) :"
        yield "         LET seen == [n \\in DOMAIN step |-> IF n \\in more THEN TRUE ELSE step[n]]"
        yield "         IN  memory' = [name \\in Watched |-> Watch(name, memory[name], seen)]"
        yield ""

    def _monitor(self, candidate: Rule) -> str:
        match candidate:
            case Property():
                trees = {p.name: self._evidence.proposition(p) for p in candidate.propositions if p.name != "same"}
                ends = ", ".join((self._of_step(trees.get("after", FALSE)), self._of_step(trees.get("until", FALSE))))
                if isinstance(candidate, Remembered):
                    return self._remembering(candidate, ends, trees["where"])
                if isinstance(candidate, Absence):
                    return f"Absence(was, {ends}, {self._of_step(trees['never'])})"
                if isinstance(candidate, Universality):
                    wrong = conjunction([trees["where"], negation(trees["always"])])
                    return f"Absence(was, {ends}, {self._of_step(wrong)})"
                if isinstance(candidate, Response):
                    return (
                        f"Response(was, {ends}, {self._of_step(trees['trigger'])}, {self._of_step(trees['reaction'])})"
                    )
                if isinstance(candidate, Precedence):
                    return f"Precedence(was, {ends}, {self._of_step(trees['then'])}, {self._of_step(trees['first'])})"
            case OnlyThrough(source=source, via=via, goal=goal):
                return f"Absence(was, {self._asked(source)}, {self._asked(via)}, {self._asked(goal)})"
            case Sometimes(waypoints=waypoints, avoiding=avoiding):
                return f"Waypoints(was, {self._asked(avoiding)}, <<{', '.join(map(self._asked, waypoints))}>>)"
        raise ValueError(f"{candidate.name}: its pattern is not written in TLA+ yet")

    def _remembering(self, candidate: Remembered, ends: str, where: ast.expr) -> str:
        kept = self._evidence.kept(candidate)
        opening = " \\cup ".join(
            f"{{n \\in {{{_quoted(bit)}}} : {self._of_step(tree)}}}" for bit, (tree, _) in kept.items()
        )
        differs = " \\cup ".join(
            f"{{n \\in {{{_quoted(bit)}}} : {self._of_step(tree)}}}" for bit, (_, tree) in kept.items()
        )
        return f"Remembered(was, {ends},\n        {opening},\n        {self._of_step(where)},\n        {differs})"

    def _asked(self, text: str) -> str:
        return self._of_step(self._evidence.proposition(Proposition("", text, True)))

    def _fresh(self, candidate: Rule) -> str:
        if isinstance(candidate, Sometimes):
            return "0"
        has_scope = isinstance(candidate, OnlyThrough) or (isinstance(candidate, Property) and candidate.scope.after)
        state = '"closed"' if has_scope else '"open"'
        return f"[scope |-> {state}, bits |-> {{}}]" if isinstance(candidate, Remembered) else state

    # -- behaviours -------------------------------------------------------------------------------------------------

    def _next(self) -> Iterator[str]:
        machine = self._machine
        yield "Init =="
        for name, value in machine.efsm.initial._asdict().items():
            yield f"    /\\ {name} = {self._write(ast.Constant(value))}"
        yield "    /\\ memory = [name \\in Watched |-> Fresh(name)]"
        yield "    /\\ silent = FALSE"
        yield ""
        yield "\\* What a user asks for."
        yield "Asked =="
        for event in machine.events:
            if event.is_operation:
                call = _call(event)
                yield from self._quantified(
                    event,
                    (
                        f"{call} /\\ {self._seen(event, 'accepted')}",
                        f"refused_{call} /\\ {self._seen(event, 'refused')}",
                    ),
                )
        yield ""
        yield "\\* What the service does by itself."
        yield "Happens =="
        for event in machine.events:
            if not event.is_operation:
                yield from self._quantified(event, (f"{_call(event)} /\\ {self._seen(event)}",))
        yield ""
        yield "\\* What it does by itself with nothing wrong."
        yield "Undisturbed =="
        for event in machine.events:
            if not event.is_operation:
                arguments = f"({', '.join('FALSE' for _ in event.reads)})" if event.reads else ""
                yield f"    \\/ {event.name}{arguments} /\\ Seen([NoStep EXCEPT !.event = {_quoted(event.name)}], {{}})"
        yield ""
        yield "FallsSilent == ~silent /\\ silent' = TRUE /\\ UNCHANGED <<item, memory>>"
        yield ""
        yield "Next == ~silent /\\ (Asked \\/ Happens)"
        yield "Spec == Init /\\ [][Next]_vars"
        yield ""
        yield "\\* Somebody stops asking, in the end, and then the service goes on as long as it can."
        yield "FairSpec == Init /\\ [][Next \\/ FallsSilent \\/ (silent /\\ Undisturbed)]_vars"
        yield "                 /\\ WF_vars(FallsSilent) /\\ WF_vars(silent /\\ Undisturbed)"
        yield ""

    def _quantified(self, event: ExportedEvent, bodies: tuple[str, ...]) -> Iterator[str]:
        bound = []
        for name, values in event.arguments.items():
            domain = "BOOLEAN" if isinstance(values[0], bool) else "{" + ", ".join(map(_quoted, values)) + "}"
            bound.append(f"{name} \\in {domain}")
        bound += [f"{name} \\in BOOLEAN" for name in event.reads]
        if not bound:
            yield from (f"    \\/ {body}" for body in bodies)
            return
        yield f"    \\/ \\E {', '.join(bound)} :"
        yield from (f"         \\/ {body}" for body in bodies)

    def _seen(self, event: ExportedEvent, response: str = "") -> str:
        fields = [f"!.event = {_quoted(event.name)}"]
        fields += [f"!.response = {_quoted(response)}"] if response else []
        fields += [f"!.{name} = {name}" for name in (*event.arguments, *event.reads)]
        reads = "{" + ", ".join(map(_quoted, event.reads)) + "}"
        return f"Seen([NoStep EXCEPT {', '.join(fields)}], {reads})"

    def _verdicts(self) -> Iterator[str]:
        for candidate in in_tla(self._properties):
            name = _quoted(candidate.name)
            match candidate:
                case NoDeadlock():
                    says = "ENABLED <<Next>>_item"
                case Response():
                    says = f'(memory[{name}] = "waiting") ~> (memory[{name}] # "waiting")'
                case Remembered():
                    says = f'memory[{name}].scope # "broken"'
                case Sometimes(waypoints=waypoints):
                    says = f"memory[{name}] # {len(waypoints)}"
                case _:
                    says = f'memory[{name}] # "broken"'
            yield f"{tla_name(candidate)} == {says}"


def _call(event: ExportedEvent) -> str:
    inputs = [*event.arguments, *event.reads]
    return f"{event.name}({', '.join(inputs)})" if inputs else event.name


def _cases(found: Mapping[str, str]) -> Iterator[str]:
    for number, (name, value) in enumerate(found.items()):
        yield f"    {'  []' if number else 'CASE'} name = {_quoted(name)} -> {value}"
    if not found:
        yield "    FALSE"


def _quoted(word: object) -> str:
    return f'"{word}"'
