"""What linear time cannot say, judged by Spin all the same: one search from each state that can be reached.

The states are our own list; that it is complete is what Spin's count of the model says.
"""

from __future__ import annotations

from pathlib import Path

from asr_model.state import State
from asr_properties.exports.machine import Machine
from asr_properties.exports.printing import Language
from asr_properties.exports.promela import to_promela
from asr_properties.exports.propositions import Evidence
from asr_properties.specification.patterns import Proposition
from asr_properties.specification.reachability import AlwaysPossible, GraphProperty
from checkers.programs import CheckerFailed, output_of, program

_WRITTEN = Language(conjunction="&&", disjunction="||", negation="!", equal="==", unequal="!=")


def holds_from_each_state(machine: Machine, candidate: GraphProperty, folder: Path) -> bool:
    """Whether from every state the goal can be reached; of a property without a goal: another state."""
    if isinstance(candidate, AlwaysPossible):
        asked = Evidence(machine).proposition(Proposition("goal", candidate.goal, True))
        goal = _WRITTEN.write(asked)
    else:
        goal = " || ".join(f"{name} != start_{name}" for name in State._fields)
    (folder / "model.pml").write_text(_from_any_state(machine, goal), encoding="utf-8")
    output_of([program("spin", "spin"), "-a", "model.pml"], folder)
    output_of([program("gcc", "gcc"), "-O0", "-w", "-DNOREDUCE", "-o", "pan", "pan.c"], folder)
    return all(_is_reached(number, folder) for number in range(machine.states))


def _is_reached(number: int, folder: Path) -> bool:
    said = output_of(["./pan", "-n", "-a", "-w14", "-m10000"], folder, START=str(number))
    if "errors: 1" not in said and "errors: 0" not in said:
        raise CheckerFailed(f"Spin's answer is not understood:\n{said[-2000:]}")
    return "errors: 1" in said


def _from_any_state(machine: Machine, goal: str) -> str:
    """The exported model, begun in the state whose number is in the environment; that the goal is met is an error."""
    types = {
        name: "bool" if isinstance(value, bool) else "mtype" for name, value in machine.efsm.initial._asdict().items()
    }
    declared = ["c_decl { \\#include <stdlib.h>\n}", "#define CHECKED", "short start = -1;", "bool goal_holds;"]
    declared += [f"{kind} start_{name};" for name, kind in types.items()]
    declared += ["inline remember() { skip }", f"inline look() {{ d_step {{ goal_holds = ({goal}); forget() }} }}"]
    declared += ["ltl never_met { [] !goal_holds }", ""]
    begun = ["active proctype item() {", '  atomic { c_code { now.start = atoi(getenv("START")); };', "  if"]
    for number, state in enumerate(machine.lts.states):
        values = {name: _WRITTEN.value(value) for name, value in state._asdict().items()}
        done = "; ".join(f"{name} = {value}; start_{name} = {value}" for name, value in values.items())
        begun.append(f"  :: start == {number} -> {done}")
    text = to_promela(machine, ()).replace("#ifndef CHECKED", "\n".join(declared) + "#ifndef CHECKED")
    return text.replace("active proctype item() {\n", "\n".join([*begun, "  fi }", ""]))
