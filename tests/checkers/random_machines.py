"""Small random machines whose steps make propositions true or false: judged by a property's monitor, and by Spin."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import NamedTuple

from asr_properties.exports.tla_patterns import PATTERNS
from asr_properties.specification.patterns import VIOLATED, Letter, Property
from checkers import tlc
from checkers.programs import output_of, program


class Arrow(NamedTuple):
    """A step from one state to another. true: the propositions that hold at it."""

    source: int
    target: int
    true: frozenset[str]


def random_machine(propositions: tuple[str, ...], draw: random.Random) -> list[Arrow]:
    """A machine of two to five states, 0 the first, each of which can be left."""
    states = draw.randint(2, 5)
    arrows = []
    for source in range(states):
        for _ in range(draw.randint(1, 2)):
            true = frozenset(name for name in propositions if draw.random() < 0.4)
            arrows.append(Arrow(source, draw.randrange(states), true))
    return arrows


def holds_by_monitor(candidate: Property, machine: list[Arrow]) -> bool:
    """Whether no run breaks the property: none violates its monitor, none waits for ever."""
    first = (0, candidate.step(candidate.start, letter_of(candidate, frozenset())))
    found, todo, waits = {first}, [first], {}
    while todo:
        node = todo.pop()
        for arrow in machine:
            if arrow.source != node[0]:
                continue
            memory = candidate.step(node[1], letter_of(candidate, arrow.true))
            if memory == VIOLATED:
                return False
            there = (arrow.target, memory)
            if candidate.is_pending(memory):
                waits.setdefault(node, set()).add(there)
            if there not in found:
                found.add(there)
                todo.append(there)
    waiting = {node for node in found if candidate.is_pending(node[1])}
    while leaving := {node for node in waiting if not waits.get(node, set()) & waiting}:
        waiting -= leaving
    return not waiting


def letter_of(candidate: Property, true: frozenset[str]) -> Letter:
    """What a property is told of a step at which these hold."""
    asked = [p.name for p in candidate.propositions if p.name not in ("after", "until")]
    body = tuple(name in true for name in asked)
    return Letter(after="after" in true, until="until" in true, exercised=True, body=body)


class BySpin:
    """Spin's judgement of one property on many machines, which it is built with once."""

    def __init__(self, candidate: Property, machines: list[list[Arrow]], folder: Path) -> None:
        self._folder = folder
        (folder / "model.pml").write_text(_promela(candidate, machines), encoding="utf-8")
        output_of([program("spin", "spin"), "-a", "model.pml"], folder)
        output_of([program("gcc", "gcc"), "-O0", "-w", "-DNOREDUCE", "-o", "pan", "pan.c"], folder)

    def holds(self, number: int) -> bool:
        """Whether every run of the machine of this number obeys the formula."""
        said = output_of(["./pan", "-n", "-a", "-w10", "-m1000"], self._folder, MACHINE=str(number))
        assert "errors: 0" in said or "errors: 1" in said, said
        return "errors: 0" in said


def broken_by_tlc(candidate: Property, machines: list[list[Arrow]], folder: Path) -> set[int]:
    """The numbers of the machines on which the pattern as it is written in TLA+ is broken."""
    names = [p.name for p in candidate.propositions]
    ends = ['"after" \\in true' if "after" in names else "FALSE", '"until" \\in true' if "until" in names else "FALSE"]
    asked = [f'"{name}" \\in true' for name in names if name not in ("after", "until")]
    first = "closed" if "after" in names else "open"
    arrows = ",\n".join(
        "{"
        + ", ".join(f"<<{a.source}, {a.target}, {{{', '.join(map(_quoted, sorted(a.true)))}}}>>" for a in machine)
        + "}"
        for machine in machines
    )
    module = f"""---- MODULE Lifecycle ----
EXTENDS Integers, Sequences, TLC
{PATTERNS}
VARIABLES machine, state, memory
Watch(was, true) == {type(candidate).__name__}(was, {", ".join([*ends, *asked])})
Arrows == <<{arrows}>>
Init == machine \\in 1..{len(machines)} /\\ state = 0 /\\ memory = Watch("{first}", {{}})
Next == \\E arrow \\in Arrows[machine] :
    /\\ arrow[1] = state /\\ state' = arrow[2] /\\ memory' = Watch(memory, arrow[3]) /\\ UNCHANGED machine
Told == memory = "broken" => PrintT(<<"broken", machine>>)
====
"""
    said = tlc.said_of(module, "INIT Init\nNEXT Next\nINVARIANT Told\n", folder)
    return {int(number) - 1 for number in re.findall(r'<<"broken", (\d+)>>', said)}


def _quoted(name: str) -> str:
    return f'"{name}"'


def _promela(candidate: Property, machines: list[list[Arrow]]) -> str:
    names = [p.name for p in candidate.propositions]
    lines = ["c_decl { \\#include <stdlib.h>\n}", "short machine; byte state;"]
    lines += [f"bool {name}_holds;" for name in names]
    lines += ["active proctype item() {", '  c_code { now.machine = atoi(getenv("MACHINE")); };', "  do"]
    for number, machine in enumerate(machines):
        for source, target, true in machine:
            told = "; ".join(f"{name}_holds = {int(name in true)}" for name in names)
            lines.append(f"  :: d_step {{ machine == {number} && state == {source} -> state = {target}; {told} }}")
    lines += ["  od", "}", f"ltl holds {{ {candidate.formula.promela(lambda name: f'{name}_holds')} }}"]
    return "\n".join(lines) + "\n"
