"""Export the model in every format, have every checker judge it, and write what they say into the reports."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
from aalpy.utils.FileHandler import load_automaton_from_file

from asr_model.profiles import CHARTS, stepper
from asr_properties.exports.graphs import to_dot, to_graphml
from asr_properties.exports.json_document import read_json, to_json
from asr_properties.exports.kiss2 import machine_of, to_kiss2
from asr_properties.exports.machine import Machine
from asr_properties.exports.murphi import to_murphi
from asr_properties.exports.promela import to_promela
from asr_properties.exports.tla import in_tla, tla_name, to_cfg, to_tla
from asr_properties.files import write_whole
from asr_properties.specification.declared import properties_of
from checkers import rumur, spin, tlc
from checkers.interpreter import departures
from checkers.judging import holds_by_spin, on_model, refuted, right, together
from checkers.machines import EVERY_BREAK, broken, declared, rule
from suites.kiss2 import read_kiss2

TABLE = Path(__file__).resolve().parents[2] / "reports" / "exports.md"

_HEAD = """\
# Exports, read and judged by others

Written by `make exports`. Every number is what the checker itself says; *agrees* compares it with what follows from the
declaration ([docs/exports.md](../docs/exports.md) tells how). *hold*: the properties that the checker was asked about
and found to hold, of those that are judged on the model. *refuted*: the models, each broken so that one property fails,
on which it finds that property to fail, of those it can be asked about. For SCXML the states and steps are those that
were tried; for DOT and GraphML those of the enumerated graph, of the surroundings that matter in each state; for JSON
phases and declared transitions; for KISS2 those of the [deterministic machine](../docs/suites.md). The seconds are of
one run on one machine, with the translation.

| format | profile | read by | version | states | steps | hold | refuted | agrees | seconds |
|---|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """What a checker says of one exported model; hold and refuted: how many of how many, if it judges properties."""

    form: str
    checker: str
    version: str
    states: int
    steps: int
    agrees: bool
    hold: tuple[int, int] | None = None
    refuted: tuple[int, int] | None = None

    def line(self, profile: str, seconds: float) -> str:
        """The row of the table."""
        counts = [f"{self.states:,}", f"{self.steps:,}", *map(_of, (self.hold, self.refuted))]
        told = [self.form, profile, self.checker, self.version, *counts, "yes" if self.agrees else "**no**"]
        return f"| {' | '.join(told)} | {seconds:.0f} |\n"


def _of(counted: tuple[int, int] | None) -> str:
    return "" if counted is None else f"{counted[0]} of {counted[1]}"


def _breaks(profile: str, askable: Callable[..., object]) -> list[str]:
    return [name for of, name in EVERY_BREAK if of == profile and askable((rule(of, name),))]


def by_spin(machine: Machine, folder: Path) -> Row:
    """Promela: the counts, every property, every broken model."""
    profile = machine.efsm.profile
    properties = properties_of(profile)
    counted = spin.counted(to_promela(machine, properties), folder)
    asked = on_model(properties)
    hold = sum(holds_by_spin(machine, p, folder) for p in asked)
    breaks = _breaks(profile, on_model)
    found = sum(not holds_by_spin(broken(profile, name), rule(profile, name), folder) for name in breaks)
    agrees = counted == (machine.states, sum(machine.steps), 0) and hold == len(asked) and found == len(breaks)
    judged = {"hold": (hold, len(on_model(properties))), "refuted": (found, len(breaks))}
    return Row("promela", "Spin", spin.version(folder), counted.states, counted.steps, agrees, **judged)


def by_tlc(machine: Machine, folder: Path) -> Row:
    """TLA+: the counts, every property that an invariant or a leads-to expresses, every broken model."""
    profile = machine.efsm.profile
    properties = properties_of(profile)
    counted = tlc.counted(to_tla(machine, properties), to_cfg(machine, properties), folder)
    groups = together(machine, properties)
    hold = sum(len(group) for group in groups if refuted(machine, group, folder) == right(group))
    breaks, found = _breaks(profile, in_tla), 0
    for name in breaks:
        judged = rule(profile, name)
        found += refuted(broken(profile, name), [judged], folder) == right([judged]) ^ {tla_name(judged)}
    agrees = counted == (machine.states, sum(machine.steps), frozenset())
    agrees = agrees and hold == len(in_tla(properties)) and found == len(breaks)
    judged_by = {"hold": (hold, len(on_model(properties))), "refuted": (found, len(breaks))}
    return Row("tla", "TLC", tlc.version(folder), counted.states, counted.steps, agrees, **judged_by)


def by_rumur(machine: Machine, folder: Path) -> Row:
    """Murphi: the counts."""
    counted = rumur.counted(to_murphi(machine), folder)
    agrees = counted == (machine.states, sum(machine.steps))
    return Row("murphi", "rumur", rumur.version(folder), *counted, agrees)


def by_statemachine(machine: Machine, folder: Path) -> Row:
    """SCXML: every state, event and choice of the surroundings that the event depends on there."""
    compiled = stepper(machine.efsm.profile)
    agrees = next(departures(machine, compiled), None) is None
    tried = sum(2 ** len(compiled.relevant(state, event)) for state in machine.lts.states for event in compiled.events)
    return Row("scxml", "python-statemachine", version("python-statemachine"), machine.states, tried, agrees)


def by_pydantic(machine: Machine, folder: Path) -> Row:
    """JSON: read back to an equal EFSM."""
    read = read_json(to_json(machine))
    return Row("json", "pydantic", version("pydantic"), len(read.phases), len(read.transitions), read == machine.efsm)


def by_aalpy(machine: Machine, folder: Path) -> Row:
    """DOT: the same states and edges."""
    (folder / "lifecycle.dot").write_text(to_dot(machine), encoding="utf-8")
    read = load_automaton_from_file(folder / "lifecycle.dot", "onfsm")
    edges = sum(len(ways) for state in read.states for ways in state.transitions.values())
    agrees = (read.size, edges) == (machine.states, len(list(machine.lts.edges)))
    return Row("dot", "AALpy", version("aalpy"), read.size, edges, agrees)


def by_networkx(machine: Machine, folder: Path) -> Row:
    """GraphML: the same nodes and edges."""
    read = nx.parse_graphml(to_graphml(machine), force_multigraph=True)
    found = (read.number_of_nodes(), read.number_of_edges())
    return Row(
        "graphml", "networkx", version("networkx"), *found, found == (machine.states, len(list(machine.lts.edges)))
    )


def by_aalpy_of_bits(machine: Machine, folder: Path) -> Row:
    """KISS2: the same states and steps of the deterministic machine."""
    read, right = read_kiss2(to_kiss2(machine)), machine_of(machine)
    found = read.size, sum(len(state.transitions) for state in read.states)
    agrees = found == (len(right.steps), sum(map(len, right.steps)))
    return Row("kiss2", "AALpy", version("aalpy"), *found, agrees)


CHECKERS = (by_spin, by_tlc, by_rumur, by_statemachine, by_pydantic, by_aalpy, by_aalpy_of_bits, by_networkx)


def lines() -> Iterator[tuple[bool, str]]:
    """The rows, each with whether it agrees."""
    for check in CHECKERS:
        for profile in CHARTS:
            begin = time.monotonic()
            with TemporaryDirectory() as folder:
                row = check(declared(profile), Path(folder))
            yield row.agrees, row.line(profile, time.monotonic() - begin)


def main() -> None:
    """Write the table; the exit status is 1 if a checker disagrees."""
    text, all_agree = _HEAD, True
    for agrees, line in lines():
        all_agree = all_agree and agrees
        text += line
        print(line, end="", flush=True)
    write_whole(TABLE, text)
    print(f"wrote {TABLE.name}; {'all agree' if all_agree else 'NOT ALL AGREE'}")
    sys.exit(0 if all_agree else 1)


if __name__ == "__main__":
    main()
