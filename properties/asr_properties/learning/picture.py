"""The learned machine as a graph in the DOT language, with the differences from the model marked."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from asr_properties.learning.abstraction import NOTHING_TO_NAME, Look
from asr_properties.learning.comparison import Comparison, Difference
from asr_reports.dot_style import ARROW, GRAPH, NODE
from asr_reports.dot_syntax import attributes
from asr_reports.guards_in_words import event_in_words
from asr_reports.palette import PAPER, SERVING, WRONG

WRONG_STEP = {"color": WRONG, "fontcolor": WRONG, "penwidth": "2"}
"""A step that the model does not allow."""
WIDTH = 44
"""So many characters a line of a label has at most."""


def to_dot(comparison: Comparison) -> str:
    """The states that were found and what leads from one to another; refusals are left out where they are right."""
    lines = ["digraph learned {"]
    lines += [f"  graph {attributes({**GRAPH, 'ranksep': '0.5'})}"]
    lines += [f"  node {attributes(NODE)}", f"  edge {attributes(ARROW)}"]
    lines += list(_nodes(comparison))
    lines += list(_arrows(comparison))
    return "\n".join([*lines, "}"]) + "\n"


def _nodes(comparison: Comparison) -> Iterator[str]:
    looks = looks_of(comparison)
    serving = {str(site): colour for site, colour in SERVING.items()}
    for number, look in looks.items():
        powers = [
            f"{site} {power}" for site, power in (("on-premises", look.on_premises), ("Azure", look.azure)) if power
        ]
        label = "\n".join(
            [
                f"{number}: {look.phase}",
                *([look.drill] if look.drill not in ("", "no_drill") else []),
                *([", ".join(powers)] if powers else []),
            ]
        )
        yield f"  s{number} {attributes({'label': label, 'fillcolor': serving.get(look.serving, PAPER)})}"


def looks_of(comparison: Comparison) -> dict[int, Look]:
    """How each state of the machine looks: as the step that leads to it shows."""
    machine = comparison.machine
    looks = {0: Look("not_replicated")}
    for steps in machine.steps:
        for output, target in steps:
            looks.setdefault(target, output.look)
    return dict(sorted(looks.items()))


def _arrows(comparison: Comparison) -> Iterator[str]:
    machine = comparison.machine
    wrong: dict[tuple[int, int], Difference] = {
        (found.state, machine.inputs.index(found.step)): found for found in comparison.differences
    }
    right: dict[tuple[int, int], list[str]] = {}
    for state, steps in enumerate(machine.steps):
        for number, (output, target) in enumerate(steps):
            told = event_in_words(machine.inputs[number])
            found = wrong.get((state, number))
            if found is not None:
                should = " | ".join(found.fields) or f"allowed: {' | '.join(found.allowed)}"
                label = _wrapped(f"{told} {output.answer} ({found.kind}); {should}")
                yield f"  s{state} -> s{target} {attributes({'label': label, **WRONG_STEP})}"
            elif output.answer not in ("refused", NOTHING_TO_NAME):
                right.setdefault((state, target), []).append(told)
    for (state, target), inputs in right.items():
        yield f"  s{state} -> s{target} {attributes({'label': _wrapped(', '.join(inputs))})}"


def _wrapped(text: str) -> str:
    return "\n".join(wrap(text, WIDTH))
