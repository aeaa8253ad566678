"""The picture of the packages in their layers, from the contracts in `pyproject.toml` and the packages' docstrings."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from pathlib import Path
from textwrap import wrap

from asr_reports.dot_style import GRAPH, INVISIBLE, NODE
from asr_reports.dot_syntax import Html, attributes, quoted
from asr_reports.palette import BEHIND, LINE, QUIET

FLOORS = {"asr_model": "model", "asr_reports": "reports", "asr_properties": "properties"}
"""The packages that are released, and the folder that each lies in."""

HOUSE = "asr_properties"
"""The package whose own packages have layers."""

Layers = list[list[str]]
"""Modules by layer, the topmost first; those of one layer do not import each other."""


def layers_of(root: Path, package: str | None = None) -> Layers:
    """The layers of a package as declared for import-linter; without one, those of the released packages."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    wanted = None if package is None else [package]
    (found,) = [c for c in contracts if c["type"] == "layers" and c.get("containers") == wanted]
    return [[name.strip() for name in layer.split("|")] for layer in found["layers"]]


def purpose(root: Path, module: str) -> str:
    """The first sentence of the docstring of a package or a module, such as `asr_properties.oracle`."""
    package, *inner = module.split(".")
    path = root.joinpath(FLOORS[package], package, *inner)
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = " ".join((ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").split())
    return text.partition(". ")[0].rstrip(".")


def to_dot(root: Path) -> str:
    """The DOT text of the picture of the source tree at `root`."""
    return "\n".join(["digraph architecture {", *(f"  {line}" for line in _body(root)), "}", ""])


def _body(root: Path) -> Iterator[str]:
    yield f"graph {attributes({**GRAPH, 'ranksep': '0.25', 'tooltip': 'The packages in their layers'})}"
    yield f"node {attributes({**NODE, 'margin': '0.12,0.06'})}"
    yield f"edge {attributes({'color': QUIET, 'arrowsize': '0.7'})}"
    rooms = layers_of(root, HOUSE)
    yield f"subgraph {quoted(f'cluster {HOUSE}')} {{"
    title = Html(f"<b>{HOUSE}</b>: {escape(purpose(root, HOUSE))}")
    frame = {"label": title, "labeljust": "l", "style": "rounded,filled"}
    yield f"  graph {attributes({**frame, 'color': LINE, 'fillcolor': BEHIND[None], 'margin': '12'})}"
    for layer in rooms:
        for name in layer:
            yield f"  {_box(f'{HOUSE}.{name}', name, purpose(root, f'{HOUSE}.{name}'))}"
        yield f"  {{ rank=same; {'; '.join(quoted(f'{HOUSE}.{name}') for name in layer)} }}"
    yield from (f"  {line}" for line in _arrows([[f"{HOUSE}.{name}" for name in layer] for layer in rooms]))
    yield "}"
    floors = layers_of(root)
    others = [layer for layer in floors if layer != [HOUSE]]
    for layer in others:
        for name in layer:
            yield _box(name, name, purpose(root, name))
    yield from _arrows([[f"{HOUSE}.{name}" for name in rooms[-1]], *others])


def _box(identifier: str, name: str, text: str) -> str:
    lines = "<br/>".join(map(escape, wrap(text, 34)))
    label = Html(f'<b>{escape(name)}</b><br/><font point-size="9" color="{QUIET}">{lines}</font>')
    return f"{quoted(identifier)} {attributes({'label': label, 'tooltip': f'{name}: {text}'})}"


def _arrows(layers: Layers) -> Iterator[str]:
    """From each layer to the one below: one that is drawn; the others only keep the rows apart."""
    for above, below in pairwise(layers):
        middle = (above[(len(above) - 1) // 2], below[(len(below) - 1) // 2])
        for source in above:
            for target in below:
                shown = "" if (source, target) == middle else f" {attributes(INVISIBLE)}"
                yield f"{quoted(source)} -> {quoted(target)}{shown}"
