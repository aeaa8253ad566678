"""`protocol`: the adapter contract, for whoever has installed the suite and has no folder of documentation."""

from __future__ import annotations

import difflib
import re
from typing import Annotated

import typer

from asr_model.vocabulary import Fault
from asr_properties.cli.console import console, fail
from asr_properties.cli.protocol_page import page
from asr_properties.contract import faults, points
from asr_properties.evidence.tasks import TASK_ORDERS
from asr_reports.text_layout import heading


def protocol(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[METHOD|FAULT|TASK]",
            help="A method, a type, a fault, a task of a job, `contract 7` or a heading. Without: the whole page.",
            autocompletion=lambda incomplete: [word for word in _known() if word.startswith(incomplete)],
        ),
    ] = None,
) -> None:
    """Show the contract of adapters: methods, parameters, errors, time, what each fault does, what is judged.

    It is the page docs/protocol.md. Exit status: 0, or 2 where nothing has this name.
    """
    if what is None:
        console.print(page(), markup=False, soft_wrap=True, end="")
        return
    console.print(_told(what), markup=False)


def _told(what: str) -> str:
    """The part of the page about a word."""
    known, name = _known(), what.strip()
    if point := points.told(name):
        return _wrapped([point])
    alike = [word for word in known if word.lower() == name.lower().replace("-", "_")]
    found = name if name in alike else next(iter(alike), None)
    if found is None:
        near = difflib.get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "give a method, a type, a fault or a task"
        fail(f"the protocol has no {what!r}; {hint}")
    if found in faults.tasks():
        return _wrapped(_of_task(found))
    if found in set(Fault):
        return _wrapped([f"{found}: a fault", *faults.told(Fault(found))])
    return _sections()[found].strip()


def _wrapped(paragraphs: list[str]) -> str:
    return "\n\n".join("\n".join(heading(paragraph)) for paragraph in paragraphs)


def _known() -> list[str]:
    return [*_sections(), *faults.tasks(), *(f"contract {number}" for number in points.POINTS)]


def _sections() -> dict[str, str]:
    """Heading -> what stands below it, up to the next heading."""
    parts = re.split(r"^#{2,3} (.*)\n", page(), flags=re.MULTILINE)[1:]
    return {heading: f"{heading}\n{text}" for heading, text in zip(parts[::2], parts[1::2], strict=True)}


def _of_task(task: str) -> list[str]:
    """A task: which faults can be for it, and where its order among others is judged."""
    of = [f"`inject` can be for it with {', '.join(faults.tasks()[task])}."]
    of += [f"Judged in {name}: {', then '.join(order)}." for name, order in TASK_ORDERS.items() if task in order]
    return [f"{task}: a task of a job", *of, faults.OF_JOBS]
