"""Where the command line prints, and how it ends when something is wrong."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

WIDTH_OF_A_PIPE = 140
USAGE = 2
INFRASTRUCTURE = 3
INTERRUPTED = 130

T = TypeVar("T")
Progress = Callable[[float, str], None]
"""Told how much is done, from 0 to 1, and what is being done."""


class _Quiet(Console):
    """A console whose reader may leave early, as `head` does."""

    def on_broken_pipe(self) -> NoReturn:
        """Leave the rest unsaid."""
        raise BrokenPipeError


for _stream in (sys.stdout, sys.stderr):
    if isinstance(_stream, io.TextIOWrapper):
        _stream.reconfigure(errors="backslashreplace")

_terminal = sys.stdout is not None and sys.stdout.isatty()
console = _Quiet(highlight=False, soft_wrap=not _terminal, width=None if _terminal else WIDTH_OF_A_PIPE)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


class Stop(Exception):
    """Ends the command with a line on stderr and an exit status."""

    def __init__(self, message: str, status: int = USAGE) -> None:
        super().__init__(message)
        self.status = status


def fail(message: str, status: int = USAGE) -> NoReturn:
    """End the command: one clear line, and the exit status."""
    raise Stop(message, status)


def with_progress(title: str, work: Callable[[Progress], T]) -> T:
    """Do `work` with a progress bar on a terminal, and quietly in a pipe; what it gives."""
    if not _terminal:
        return work(lambda part, note: None)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with ProgressBar(*columns, console=errors, transient=True) as bar:
        task = bar.add_task(title, total=1.0)
        return work(lambda part, note: bar.update(task, completed=min(part, 1.0), description=f"{title} ({note})"))
