"""How our pictures look in DOT: the attributes of the page, of boxes, of arrows, and of a legend below it all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Final

from asr_reports.dot_syntax import attributes, quoted
from asr_reports.guards_in_words import words
from asr_reports.palette import INK, LINES, PAPER, QUIET, TEXTS
from asr_reports.state_graph import Kind
from asr_reports.svg import LABEL, TAIL, WIDEST

GRAPH: Final = {
    "rankdir": "TB",
    "newrank": "true",
    "nodesep": "0.22",
    "ranksep": "0.14",
    "pad": "0.15",
    "fontname": WIDEST,
    "fontsize": "13",
    "fontcolor": INK,
    "bgcolor": PAPER,
}
NODE: Final = {
    "shape": "box",
    "style": "rounded,filled",
    "fontname": WIDEST,
    "fontsize": "11",
    "fontcolor": INK,
    "color": QUIET,
    "fillcolor": PAPER,
    "margin": "0.09,0.03",
    "height": "0.3",
}
ARROW: Final = {"fontname": WIDEST, "fontsize": "10", "fontcolor": INK, "color": QUIET, "arrowsize": "0.7"}
TRANSITIONAL: Final = {"style": "rounded,filled,dashed", "fontcolor": QUIET}
TEXT: Final = {"shape": "plaintext", "style": "", "fontcolor": QUIET, "fontsize": "10", "margin": "0.02,0"}
INVISIBLE: Final = {"style": "invis"}

STYLES: Final[Mapping[Kind, Mapping[str, str]]] = {
    Kind.OPERATION: {"color": LINES[Kind.OPERATION], "fontcolor": TEXTS[Kind.OPERATION], "penwidth": "1.9"},
    Kind.HAPPENING: {"color": LINES[Kind.HAPPENING], "fontcolor": TEXTS[Kind.HAPPENING], "penwidth": "1.0"},
    Kind.FAILURE: {
        "color": LINES[Kind.FAILURE],
        "fontcolor": TEXTS[Kind.FAILURE],
        "penwidth": "1.2",
        "style": "dashed",
    },
}
UNSPECIFIED: Final = {"style": "dotted"}
"""Added to the style of an operation that an implementation is free to refuse."""


def labelled(
    between: tuple[str, str], texts: Iterable[str], look: Mapping[str, str], *, along: bool = True
) -> Iterator[str]:
    """The lines of DOT for an arrow with its label, which is a node in the middle of it.

    A label of the program's own may lie across the border of a cluster, or on another; no node does. `asr_reports.svg`
    makes one element of the parts again. between: the node of the higher rank first. along: whether it points down.
    look: must have an `id`; also a tooltip, and the attributes of its style.
    """
    upper, lower = between
    label = f"{look['id']}{LABEL}"
    text = "\n".join(part for one in texts for part in wrap(words(one), 18))
    shared = {name: value for name, value in look.items() if name in ("class", "tooltip")}
    box = {**TEXT, "fontsize": ARROW["fontsize"], "fontcolor": look.get("fontcolor", INK), "margin": "0.03,0.02"}
    yield f"{quoted(label)} {attributes({**box, **shared, 'id': label, 'label': text, 'height': '0', 'width': '0'})}"
    ends = {"dir": "forward" if along else "back"}
    first, second = ({"dir": "none"}, ends) if along else (ends, {"dir": "none"})
    plain = {**look, "id": f"{look['id']}{TAIL}"}
    yield f"{quoted(upper)} -> {quoted(label)} {attributes({**(plain if along else look), **first})}"
    yield f"{quoted(label)} -> {quoted(lower)} {attributes({**(look if along else plain), **second})}"


Entry = tuple[str, str]
"""A row of a legend: the cell that shows something, and what it means."""


def line(color: str, *, width: int = 1, style: str = "solid") -> str:
    """The cell of a legend that shows a line."""
    side = f'border="{width}" sides="b" color="{color}" style="{style}"'
    return (
        '<td fixedsize="true" width="44" height="14"><table border="0" cellborder="0" cellspacing="0" cellpadding="0">'
        f'<tr><td fixedsize="true" width="40" height="6" {side}></td></tr>'
        '<tr><td fixedsize="true" width="40" height="6"></td></tr></table></td>'
    )


def swatch(fill: str, *, style: str = "solid") -> str:
    """The cell of a legend that shows a box."""
    return (
        '<td fixedsize="true" width="44" height="14" align="left">'
        '<table border="0" cellborder="1" cellspacing="0" cellpadding="0">'
        f'<tr><td fixedsize="true" width="22" height="10" bgcolor="{fill}" color="{QUIET}" style="{style}"></td></tr>'
        "</table></td>"
    )


def nothing() -> str:
    """The cell of a legend beside what goes on from the row before."""
    return '<td fixedsize="true" width="44" height="14"></td>'


def legend_of(entries: Sequence[Entry], notes: Iterable[str] = (), columns: int = 3) -> Iterator[str]:
    """The lines of DOT that put a legend below the picture, in even columns, and the notes below that.

    They come last: what is said of the page before is said of each cluster too.
    """
    columns = min(columns, len(entries))
    height = -(-len(entries) // columns)
    rows = []
    for place in range(height):
        cells = ""
        for mark, said in entries[place::height]:
            cells += f'{mark}<td align="left">{escape(said)}  </td>'
        rows.append(f"<tr>{cells}</tr>")
    rows += [f'<tr><td align="left" colspan="{2 * columns}">{escape(note)}</td></tr>' for note in notes]
    table = f'<table border="0" cellborder="0" cellspacing="2" cellpadding="1">{"".join(rows)}</table>'
    yield f'label=<<font point-size="10" color="{INK}">{table}</font>>'
    yield "labelloc=b"
    yield "labeljust=l"
