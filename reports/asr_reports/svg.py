"""DOT text to SVG, through the `graphviz-pure` program or a Graphviz that is installed on the system."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig

PROGRAMS = ("graphviz-pure", "dot")
"""What can draw, best first: the wheel's program gives the same bytes everywhere."""


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
    """Draw DOT text as an SVG document that can stand alone or be put into an HTML page.

    The document begins with its `<svg` element; one unit of the drawing is one pixel.

    Raises:
        RendererMissing: no program that draws was found.
        RenderingFailed: it ended with an error or did not end within `timeout` seconds.
    """
    program = find_renderer()
    try:
        done = subprocess.run([program, "-Tsvg"], input=dot.encode(), capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise RenderingFailed(f"{program} did not draw the graph within {timeout:g} s") from None
    except OSError as error:
        raise RenderingFailed(f"{program} could not be run: {error}") from None
    svg = done.stdout.decode(errors="replace")
    start = svg.find("<svg")
    if done.returncode != 0 or start < 0:
        said = done.stderr.decode(errors="replace").strip() or "it wrote nothing"
        raise RenderingFailed(f"{program} ended with status {done.returncode}: {said}")
    return re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', svg[start:], count=2)
