"""Where the command line prints, and how it ends when something is wrong."""

from __future__ import annotations

import io
import os
import re
import sys
import traceback
from contextlib import suppress
from typing import Any, Literal, NoReturn, TextIO

from rich.console import Console
from rich.markup import escape

from asr_properties.contract.text import printable

WIDTH_OF_A_PIPE = 140
USAGE = 2
INFRASTRUCTURE = 3
INTERRUPTED = 130


class _Patient(Console):
    """A console whose output may fail: the command goes on, for its exit status tells the verdict all the same.

    Attributes:
        lost: why nothing is shown any more; None while all is well.
        debug: whether tracebacks are shown.
    """

    lost: OSError | None = None
    debug = False

    def print(self, *objects: Any, **options: Any) -> None:
        """Print, or note that it can't be.

        Raises:
            BrokenPipeError: the reader has left early, as `head` does.
        """
        if self.lost is not None:
            return
        try:
            super().print(*objects, **options)
        except BrokenPipeError:
            raise
        except OSError as error:
            self.lost = error
            _give_up(sys.stderr if self.stderr else sys.stdout)

    def on_broken_pipe(self) -> NoReturn:
        """Leave the rest unsaid."""
        raise BrokenPipeError


def _give_up(stream: TextIO) -> None:
    """What a stream still holds must not fail a second time, when the interpreter ends."""
    with suppress(OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())
        os.close(devnull)


for _stream in (sys.stdout, sys.stderr):
    if isinstance(_stream, io.TextIOWrapper):
        _stream.reconfigure(errors="backslashreplace")

_terminal = sys.stdout is not None and sys.stdout.isatty()
#: rich leaves bold and dim where a variable says NO_COLOR; of those that read it nobody expects any escape codes.
COLOURS: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
console = _Patient(
    highlight=False,
    emoji=False,
    soft_wrap=not _terminal,
    width=None if _terminal else WIDTH_OF_A_PIPE,
    color_system=COLOURS,
)
errors = _Patient(stderr=True, highlight=False, emoji=False, soft_wrap=True, color_system=COLOURS)


#: A backslash before a bracket that begins no tag: rich's `escape` leaves it, and its markup takes it away.
_BEFORE_NO_TAG = re.compile(r"\\(?=\[(?![a-z#/@][^\[]*?\]))")


def plain(text: object) -> str:
    """Any text as it is shown: nothing in it is taken for markup, and nothing moves the cursor."""
    return escape(_BEFORE_NO_TAG.sub(r"\\\\", printable(str(text))))


def show_command(title: str, command: str) -> None:
    """Print a command to copy: on one line, however long it is."""
    console.print(f"{title}{plain(command)}", soft_wrap=True)


def show_traceback(error: BaseException) -> None:
    """Print where an exception came from."""
    for part in traceback.format_exception(error):
        for line in part.splitlines():
            console.print(plain(line), soft_wrap=True)


def show_unwritable(why: str) -> None:
    """Print that a file could not be written. What it would hold was shown."""
    console.print(f"[bold yellow]not written[/]: {plain(why)}")


class Stop(Exception):
    """Ends the command with a line on stderr and an exit status."""

    def __init__(self, message: str, status: int = USAGE) -> None:
        super().__init__(message)
        self.status = status


def fail(message: str, status: int = USAGE) -> NoReturn:
    """End the command: one clear line, and the exit status."""
    raise Stop(message, status)
