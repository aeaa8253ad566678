"""KISS2: the deterministic machine of the lifecycle, as tools for finite state machines read it.

Inputs and outputs are codes of bits; comments tell what each stands for. What the machine does not define has no line.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from asr_model import machine as model
from asr_model.deterministic_machine import Shown, deterministic_machine
from asr_model.suites.mealy import Mealy
from asr_properties.exports.machine import Machine
from asr_properties.specification.rule import Rule


def machine_of(machine: Machine) -> Mealy:
    """The deterministic machine that is written: its states that can be told apart."""
    return deterministic_machine(model.Machine(machine.lts.stepper)).minimised()


def to_kiss2(machine: Machine, properties: tuple[Rule, ...] = ()) -> str:
    """`.i`, `.o`, `.p`, `.s` and `.r`, then a line for each step: input, state, next state, output."""
    return "\n".join(_lines(machine_of(machine))) + "\n"


def _lines(mealy: Mealy) -> Iterator[str]:
    outputs = list(dict.fromkeys(step.output for steps in mealy.steps for step in steps.values()))
    number: dict[Hashable, int] = {output: index for index, output in enumerate(outputs)}
    wide, wider = _bits(len(mealy.inputs)), _bits(len(outputs))
    yield f".i {wide}"
    yield f".o {wider}"
    yield f".p {sum(map(len, mealy.steps))}"
    yield f".s {len(mealy.steps)}"
    yield ".r s0"
    yield from (f"# input {index:0{wide}b}: {name}" for index, name in enumerate(mealy.inputs))
    yield from (f"# output {index:0{wider}b}: {_told(output)}" for index, output in enumerate(outputs))
    for state, steps in enumerate(mealy.steps):
        for index, step in steps.items():
            yield f"{index:0{wide}b} s{state} s{step.target} {number[step.output]:0{wider}b}"
    yield ".e"


def _bits(count: int) -> int:
    """How many bits tell so many apart."""
    return max(1, (count - 1).bit_length())


def _told(output: Hashable) -> str:
    """All that is answered and seen, so that no two are told alike."""
    assert isinstance(output, Shown)
    fields = (f"{name}={'+'.join(sorted(v)) if isinstance(v, frozenset) else v}" for name, v in output.look)
    return " ".join([str(output.answer or "time passed"), *(f"job {end}" for end in output.ends), *fields])
