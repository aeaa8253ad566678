"""What is shown of long work while it goes on, on stderr: a bar on a terminal, elsewhere a line every ten seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Annotated, Final, TypeVar

import typer

from asr_properties.cli.console import errors

T = TypeVar("T")
Progress = Callable[[float, str, int], None]
"""Told how much is done, from 0 to 1; what is being done; and how much that is, in units."""

EVERY: Final = 10.0
"""Seconds from one line to the next."""

Quiet = Annotated[
    bool, typer.Option("-q", "--quiet", help="Show what is wrong and the conclusion only, and no progress.")
]


class State:
    """How far the work is. title: what it is. unit: of what is counted, in the plural."""

    def __init__(self, title: str, unit: str) -> None:
        self._title, self._unit = title, unit
        self._begin = time.monotonic()
        self.part, self._note, self._done = 0.0, "", 0

    def take(self, part: float, note: str, done: int) -> None:
        """Note how far it is, as a `Progress` is told."""
        self.part, self._note, self._done = min(part, 1.0), note, done

    @property
    def what(self) -> str:
        """The work, and what of it is being done."""
        return f"{self._title} ({self._note})" if self._note else self._title

    @property
    def pace(self) -> str:
        """The rate until now, and the time that is left if it stays like that."""
        took = time.monotonic() - self._begin
        rate = self._done / took if took > 0 else 0.0
        rounded = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
        told = f"{self._done:,} {self._unit}, {rounded}/s"
        return f"{told}, {_duration(took * (1 - self.part) / self.part)} left" if self.part else told


def with_progress(title: str, work: Callable[[Progress], T], *, unit: str, quiet: bool = False) -> T:
    """Do `work`, show how it goes on, and give its result. unit: of what is counted. quiet: show nothing."""
    state = State(title, unit)
    if quiet:
        return work(state.take)
    if errors.is_terminal and not errors.is_dumb_terminal:
        return _with_bar(state, work)
    return _with_lines(state, work)


def _with_bar(state: State, work: Callable[[Progress], T]) -> T:
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), TextColumn("{task.percentage:>3.0f} %"))
    with Bar(*columns, TextColumn("{task.fields[pace]}"), console=errors, transient=True) as bar:
        task = bar.add_task(state.what, total=1.0, pace="")

        def take(part: float, note: str, done: int) -> None:
            state.take(part, note, done)
            bar.update(task, completed=state.part, description=state.what, pace=state.pace)

        return work(take)


def _with_lines(state: State, work: Callable[[Progress], T]) -> T:
    """The lines come from a thread of their own: they come as well while an implementation is waited for."""
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(EVERY):
            errors.print(f"{state.what}: {state.part:.0%}, {state.pace}", markup=False)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        return work(state.take)
    finally:
        ended.set()
        teller.join()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
