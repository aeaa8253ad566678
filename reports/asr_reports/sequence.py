"""A walk as a UML sequence diagram: who asks whom for what, what is answered, and what becomes of the machines.

The messages are independent of any format. In DOT each has its place, for a sequence has one: nothing is left to be
laid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from asr_model.vocabulary import Operation
from asr_reports.dot_style import ARROW, GRAPH, NODE, TEXT
from asr_reports.dot_syntax import Html, attributes
from asr_reports.guards_in_words import words
from asr_reports.mermaid_syntax import mermaid_text
from asr_reports.palette import INK, LINES, QUIET, SERVING, WRONG, WRONG_BACK
from asr_reports.state_graph import Kind
from asr_reports.walk_steps import DrawnStep, in_lines


class Actor(StrEnum):
    """Who takes part, from left to right."""

    OPERATOR = "operator"
    SERVICE = "service"
    ON_PREMISES = "on_premises"
    AZURE = "azure"


NAMES: Final = {
    Actor.OPERATOR: "Operator",
    Actor.SERVICE: "Site Recovery",
    Actor.ON_PREMISES: "On-premises machine",
    Actor.AZURE: "Azure machine",
}


class Form(StrEnum):
    """What a message is."""

    REQUEST = "request"
    ANSWER = "answer"
    EFFECT = "effect"
    """The service does something to a machine."""
    NOTE = "note"
    """Time passes, or something happens around the item."""
    DEPARTS = "departs"
    """A note on what no state of the model agrees with."""


@dataclass(frozen=True, slots=True)
class Message:
    """From one to another; a note lies over all that there is between the two."""

    form: Form
    source: Actor
    target: Actor
    text: str


def messages(steps: Sequence[DrawnStep]) -> Iterator[Message]:
    """The messages of the steps of a walk, in their order."""
    for one in steps:
        yield from _messages(one)


def _messages(one: DrawnStep) -> Iterator[Message]:
    action = f"{one.number}. {one.step.action}"
    asked = one.step.action.partition("(")[0] in set(Operation)
    if asked:
        yield Message(Form.REQUEST, Actor.OPERATOR, Actor.SERVICE, action)
        yield Message(Form.ANSWER, Actor.SERVICE, Actor.OPERATOR, one.step.answer)
    else:
        yield Message(Form.NOTE, Actor.OPERATOR, Actor.AZURE, action)
    for name, value in one.changes:
        if name in (Actor.ON_PREMISES, Actor.AZURE):
            yield Message(Form.EFFECT, Actor.SERVICE, Actor(name), _POWER.get(value, words(value)))
    if one.after != one.before:
        yield Message(Form.ANSWER, Actor.SERVICE, Actor.OPERATOR, f"now {words(one.after)}")
    for told in one.told if one.step.departs else ():
        yield Message(Form.DEPARTS, Actor.OPERATOR, Actor.AZURE, told)


_POWER = {"on": "turned on", "off": "shut down", "absent": "removed"}


# -- Mermaid -----------------------------------------------------------------------------------------------------------


def to_mermaid(steps: Sequence[DrawnStep]) -> str:
    """The Mermaid text of the diagram."""
    return "\n".join(["sequenceDiagram", *(f"  {text}" for text in _mermaid(steps)), ""])


def _mermaid(steps: Sequence[DrawnStep]) -> Iterator[str]:
    for actor, name in NAMES.items():
        yield f"{'actor' if actor is Actor.OPERATOR else 'participant'} {actor} as {name}"
    for message in messages(steps):
        text = mermaid_text(in_lines([message.text], _NOTE if message.form in _NOTES else _LINE))
        if message.form in _NOTES:
            yield f"Note over {message.source},{message.target}: {text}"
        else:
            arrow = "->>" if message.form is Form.REQUEST else "-->>" if message.form is Form.ANSWER else "-)"
            yield f"{message.source}{arrow}{message.target}: {text}"


# -- DOT: one unit is a point ------------------------------------------------------------------------------------------

_COLUMN = 270
_ROW = 15
_GAP = 14
_LINE = 38
"""Characters in a line between two lifelines."""
_NOTE = 100
"""Characters in a line of a note, which lies over all of them."""
_NOTES = (Form.NOTE, Form.DEPARTS)
_X: Final = {actor: number * _COLUMN for number, actor in enumerate(Actor)}
_STROKES: Final = {
    Form.REQUEST: {"color": LINES[Kind.OPERATION], "penwidth": "1.6"},
    Form.ANSWER: {"color": LINES[Kind.HAPPENING], "style": "dashed", "arrowhead": "vee"},
    Form.EFFECT: {"color": INK, "arrowhead": "vee"},
}


def to_dot(steps: Sequence[DrawnStep]) -> str:
    """The DOT text of the diagram; it names the engine that leaves each node where it is put."""
    return "\n".join(["digraph sequence {", *(f"  {text}" for text in _body(steps)), "}", ""])


def _body(steps: Sequence[DrawnStep]) -> Iterator[str]:
    shown = {"layout": "neato", "splines": "line", "tooltip": "A walk, from top to bottom", "outputorder": "edgesfirst"}
    yield f"graph {attributes({**GRAPH, **shown})}"
    yield f"node {attributes(NODE)}"
    yield f"edge {attributes(ARROW)}"
    y = 0
    drawn: list[str] = []
    for number, message in enumerate(messages(steps)):
        lines = in_lines([message.text], _NOTE if message.form in _NOTES else _LINE)
        y -= _GAP + _ROW * len(lines)
        drawn += _note(number, message, lines, y) if message.form in _NOTES else _message(number, message, lines, y)
        y -= _GAP // 2
    bottom = y - _GAP
    for actor, x in _X.items():
        fill = {Actor.ON_PREMISES: "on_premises", Actor.AZURE: "azure"}.get(actor)
        look = {"fillcolor": next((c for site, c in SERVING.items() if site == fill), SERVING[None])}
        head = {"label": Html(f"<b>{NAMES[actor]}</b>"), "id": actor.value, **_at(x, 26), **look}
        yield f"{actor} {attributes(head)}"
        yield f"{actor}_end {attributes({**_POINT, **_at(x, bottom)})}"
        lifeline = {"style": "dashed", "dir": "none", "color": QUIET, "class": "lifeline"}
        yield f"{actor} -> {actor}_end {attributes(lifeline)}"
    yield from drawn


def _message(number: int, message: Message, lines: list[str], y: int) -> Iterator[str]:
    begins, ends = _X[message.source], _X[message.target]
    middle = begins + (_COLUMN if ends > begins else -_COLUMN) / 2  # beside the one that it comes from
    above = y + _ROW * len(lines) / 2 + 2
    text = {**TEXT, "fontcolor": INK, "label": "\n".join(lines), "height": "0", "id": f"message-{number}"}
    yield f"from_{number} {attributes({**_POINT, **_at(begins, y)})}"
    yield f"to_{number} {attributes({**_POINT, **_at(ends, y)})}"
    yield f"text_{number} {attributes({**text, **_at(middle, above)})}"
    yield f"from_{number} -> to_{number} {attributes({'class': message.form.value, **_STROKES[message.form]})}"


def _note(number: int, message: Message, lines: list[str], y: int) -> Iterator[str]:
    height = _ROW * len(lines) + 6
    box = {
        "label": "\n".join(lines),
        "fontsize": "10",
        "style": "filled",
        "id": f"message-{number}",
        "width": f"{(_X[message.target] - _X[message.source] + 60) / 72:.2f}",
        "height": f"{height / 72:.2f}",
        "fillcolor": WRONG_BACK if message.form is Form.DEPARTS else SERVING[None],
        "color": WRONG if message.form is Form.DEPARTS else QUIET,
        **_at((_X[message.source] + _X[message.target]) / 2, y + height / 2 - 4),
    }
    yield f"text_{number} {attributes(box)}"


_POINT: Final = {"shape": "point", "width": "0.01", "height": "0.01", "label": "", "style": "invis"}


def _at(x: float, y: float) -> dict[str, str]:
    return {"pos": f"{x / 72:.4f},{y / 72:.4f}!"}
