"""SCXML (W3C): the chart with its two parallel regions, guards and assignments, as statechart tools read it.

Expressions are Python's, of the small part that python-statemachine's own reader evaluates without trust. The
arguments of an operation are the data of its event; the surroundings are variables that whoever runs it sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from asr_model.efsm import REGIONS, Transition
from asr_properties.exports.logic import simplified
from asr_properties.exports.machine import Machine, assignments
from asr_properties.exports.printing import Language
from asr_properties.specification.rule import Rule


def to_scxml(machine: Machine, properties: tuple[Rule, ...] = ()) -> str:
    """The document. Where the implementation may refuse as well, a comment says so: SCXML has no words for it."""
    return "\n".join(_Writer(machine).lines()) + "\n"


class _Writer:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._language = Language(
            conjunction="and",
            disjunction="or",
            negation="not ",
            equal="==",
            unequal="!=",
            true="True",
            false="False",
            text="'{0}'",
            sets=machine.phase_sets,
            words={name: f"_event.data.{name}" for name in machine.arguments},
        )

    def lines(self) -> Iterator[str]:
        efsm = self._machine.efsm
        name = f"lifecycle-{efsm.profile}"
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield f'<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="python" name="{name}"'
        yield '       initial="item">'
        yield "  <datamodel>"
        for variable, value in efsm.initial._asdict().items():
            yield f"    <data id={quoteattr(variable)} expr={quoteattr(repr(value))}/>"
        for surrounding in efsm.surroundings:
            yield f'    <data id={quoteattr(surrounding.name)} expr="False"/>  {_comment(surrounding.meaning)}'
        yield "  </datamodel>"
        yield '  <parallel id="item">'
        for region, variable in REGIONS.items():
            yield f"    <state id={quoteattr(region)} initial={quoteattr(getattr(efsm.initial, variable))}>"
            for state in efsm.domains[variable]:
                yield f"      <state id={quoteattr(str(state))}>"
                for event in self._machine.events:
                    for transition in event.transitions:
                        if (transition.variable, transition.source) == (variable, state):
                            yield from self._transition(transition)
                yield "      </state>"
            yield "    </state>"
        yield "  </parallel>"
        yield "</scxml>"

    def _transition(self, transition: Transition) -> Iterator[str]:
        guard = self._language.write(simplified(transition.guard))
        cond = "" if guard == "True" else f" cond={quoteattr(guard)}"
        cited = ", ".join(transition.requirements)
        if transition.may_refuse != "False":
            cited += f"; may be refused where {transition.may_refuse}"
        yield f"        {_comment(cited)}"
        head = f"<transition event={quoteattr(transition.event)}{cond} target={quoteattr(transition.target)}"
        done = [(name, self._language.write(tree)) for name, tree in assignments(transition)]
        if not done:
            yield f"        {head}/>"
            return
        yield f"        {head}>"
        for name, value in done:
            yield f"          <assign location={quoteattr(name)} expr={quoteattr(value)}/>"
        yield "        </transition>"


def _comment(text: str) -> str:
    return f"<!-- {text.replace('--', '- -')} -->"
