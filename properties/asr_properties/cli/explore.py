"""`explore`: walk the lifecycle, in a browser or in the terminal."""

from __future__ import annotations

import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from asr_model import profiles
from asr_properties.cli.console import console, fail, plain
from asr_properties.cli.options import Profile
from asr_properties.files import write_whole
from asr_reports.exploration import Exploration, NoSuchStep

PAGE = "asr-conformance-explorer.html"


def explore(
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE.html",
            help="Where to write the page; default: a temporary file, which is opened.",
        ),
    ] = None,
    terminal: Annotated[
        bool, typer.Option("--terminal", help="In this terminal (extra `terminal`), without a page.")
    ] = False,
    path: Annotated[
        str, typer.Option(metavar="EVENT/EVENT~2/...", help="Begin after these steps, as the page's address has them.")
    ] = "",
    profile: Profile = profiles.DEFAULT,
) -> None:
    """Walk the lifecycle: choose what is asked for and what happens, see which guards hold, find the way to a phase.

    The page is one file that needs no network. Exit status: 0, or 2 where a step of the path is not possible.
    """
    here = Exploration(profiles.lts(profile))
    path = path.removeprefix("#").removeprefix(profile).strip("/")
    try:
        taken = here.follow(path)
    except NoSuchStep as error:
        fail(f"--path: {error}")
    if terminal:
        if output is not None:
            fail("--terminal shows no page: leave out -o")
        _in_the_terminal(here, path)
        return
    from asr_reports.html.explorer_page import to_html  # the terminal needs no page

    others = {name: Exploration(profiles.lts(name)) for name in profiles.CHARTS if name != profile}
    text = to_html({profile: here, **others}, profile)
    address = f"#{profile}/{here.written(taken)}" if taken else ""
    if output is not None:
        write_whole(output, text)
        console.print(f"wrote {plain(output)}" + (f"; the path is {plain(output.name + address)}" if taken else ""))
        return
    file = Path(tempfile.mkdtemp(prefix="asr-conformance-")) / PAGE
    write_whole(file, text)
    opened = webbrowser.open(file.as_uri() + address)
    console.print(
        f"{'opened' if opened else 'no browser was found; open'} {plain(file.as_uri() + address)}", soft_wrap=True
    )


def _in_the_terminal(here: Exploration, path: str) -> None:
    try:
        from asr_properties.cli.terminal_explorer import TerminalExplorer
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "textual":
            raise
        fail("--terminal needs the extra `terminal`: pip install 'asr-conformance[terminal]'")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        fail("--terminal needs a terminal; `explore -o FILE.html` writes a page instead")
    TerminalExplorer(here, path).run()
