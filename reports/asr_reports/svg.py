"""DOT text to SVG or PNG, through the `graphviz-pure` program or a Graphviz that is installed on the system.

Which font a reader has is not known: where Helvetica is missing, another takes its place. So a drawing is laid out with
the widths of `WIDEST`, the widest of the fonts in `FONTS`, and texts stand in the middle of their boxes: in a narrower
font they leave room at both sides. A PNG has its letters in it and is laid out for those.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
import xml.etree.ElementTree as ElementTree
from typing import Final

from asr_reports.palette import dark_rules, in_the_dark

PROGRAMS = ("graphviz-pure", "dot")
"""What can draw, best first: the wheel's program gives the same bytes everywhere."""

WIDEST: Final = "DejaVu Sans"
"""The font that drawings are measured with; of those that stand in for Helvetica none is wider (Verdana is as wide)."""
FONTS: Final = "Helvetica, Arial, 'Liberation Sans', 'Nimbus Sans', Roboto, Verdana, 'DejaVu Sans', sans-serif"
DRAWN: Final = "Helvetica"
"""The font of a PNG: the program has one of these widths in it."""
SHARPNESS: Final = 144
"""Dots per inch of a PNG; 72 is one dot for each unit of the drawing."""

LABEL: Final = "--label"
TAIL: Final = "--tail"
"""What the ids of the label and of the first half of an arrow end in; the rest is that of the arrow."""

SVG: Final = "{http://www.w3.org/2000/svg}"
XLINK: Final = "{http://www.w3.org/1999/xlink}"


class RendererMissing(RuntimeError):
    """No program that lays out graphs was found; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "no program was found that draws the graph; install one of them (`pip install graphviz-pure`, or Graphviz "
            "so that `dot` is on the PATH), or ask for Mermaid or DOT, which need none"
        )


class RenderingFailed(RuntimeError):
    """The program that draws did not give a picture; the message has what it wrote."""


def find_renderer() -> str:
    """The path of the program that draws: beside this Python's other scripts, or on the PATH.

    Raises:
        RendererMissing: there is none.
    """
    for program in PROGRAMS:
        for directory in (sysconfig.get_path("scripts"), None):  # None: the PATH
            if found := shutil.which(program, path=directory):
                return found
    raise RendererMissing


def render_svg(dot: str, *, timeout: float = 30) -> str:
    """Draw DOT text as an SVG document that stands alone, light or dark as its reader's page is.

    The document begins with its `<svg` element; one unit of the drawing is one pixel.

    Raises:
        RendererMissing: no program that draws was found.
        RenderingFailed: it ended with an error or did not end within `timeout` seconds.
    """
    root = laid_out(dot, timeout=timeout)
    style = ElementTree.Element(f"{SVG}style")
    style.text = dark_rules()
    root.insert(0, style)
    return written(root)


def laid_out(dot: str, *, timeout: float = 30) -> ElementTree.Element:
    """The elements of the drawing, without a style of its own; raises as `render_svg`."""
    text = _drawn(dot, "svg", timeout).decode(errors="replace")
    start = text.find("<svg")
    try:
        root = ElementTree.fromstring(text[max(0, start) :])
    except ElementTree.ParseError as error:
        raise RenderingFailed(f"{find_renderer()} wrote no SVG: {error}") from None
    for size in ("width", "height"):
        root.attrib[size] = re.sub(r"^([\d.]+)pt$", r"\1", root.get(size, ""))
    root.attrib |= {"font-family": FONTS, "role": "group"}
    if (link := next(root.iter(f"{SVG}a"), None)) is not None:  # the first is that of the whole
        root.attrib["aria-label"] = link.get(f"{XLINK}title", "")
    for text_element in root.iter(f"{SVG}text"):
        text_element.attrib.pop("font-family", None)
    for group in root.iter(f"{SVG}g"):
        if "node" in group.get("class", "").split():
            _centre(group)
    _join_arrows(root)
    return root


def written(root: ElementTree.Element) -> str:
    """The elements as text."""
    ElementTree.register_namespace("", SVG.strip("{}"))
    ElementTree.register_namespace("xlink", XLINK.strip("{}"))
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def render_png(dot: str, *, dark: bool = False, timeout: float = 30) -> bytes:
    """Draw DOT text as a PNG, on white or on a dark ground; raises as `render_svg`."""
    drawn = dot.replace(f'fontname="{WIDEST}"', f'fontname="{DRAWN}"')
    picture = _drawn(in_the_dark(drawn) if dark else drawn, "png", timeout, f"-Gdpi={SHARPNESS}")
    if not picture.startswith(b"\x89PNG"):
        raise RenderingFailed(f"{find_renderer()} wrote no PNG")
    return picture


def _centre(node: ElementTree.Element) -> None:
    """Put the texts of a node into the middle of its outline: the program places each by the width it measured."""
    outline = next((one for form in ("path", "polygon") for one in node.iter(f"{SVG}{form}")), None)
    points = "" if outline is None else outline.get("d", outline.get("points", ""))
    across = [float(x) for x in re.findall(r"(-?[\d.]+),-?[\d.]+", points)]
    if not across:
        return
    for text in node.iter(f"{SVG}text"):
        text.attrib |= {"text-anchor": "middle", "x": f"{(min(across) + max(across)) / 2:g}"}


def _join_arrows(root: ElementTree.Element) -> None:
    """Put the label and the first half of each arrow into the element of the arrow."""
    groups = {group.get("id", ""): group for group in root.iter(f"{SVG}g")}
    for parent in list(root.iter(f"{SVG}g")):
        for part in parent.findall(f"{SVG}g"):
            name = part.get("id", "")
            whole = groups.get(name.removesuffix(LABEL).removesuffix(TAIL))
            if whole is None or whole is part or not part.get("class"):
                continue
            parent.remove(part)
            _inside(whole).extend(child for child in _inside(part) if child.tag != f"{SVG}title")
            title = whole.find(f"{SVG}title")
            if title is not None:
                title.text = whole.get("id")


def _inside(group: ElementTree.Element) -> ElementTree.Element:
    """Where the shapes of a node or an arrow are: the link that bears its tooltip, if it has one."""
    link = group.find(f".//{SVG}a")
    return group if link is None else link


def _drawn(dot: str, form: str, timeout: float, *options: str) -> bytes:
    program = find_renderer()
    command = [program, f"-T{form}", *options]
    try:
        done = subprocess.run(command, input=dot.encode(), capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise RenderingFailed(f"{program} did not draw the graph within {timeout:g} s") from None
    except OSError as error:
        raise RenderingFailed(f"{program} could not be run: {error}") from None
    if done.returncode != 0 or not done.stdout:
        said = done.stderr.decode(errors="replace").strip() or "it wrote nothing"
        raise RenderingFailed(f"{program} ended with status {done.returncode}: {said}")
    return done.stdout
