"""`report`: a run that was recorded, in a format that people or other programs read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Annotated, Any

import typer

from asr_model import profiles
from asr_model.profiles import UnknownProfile
from asr_properties.adapters.secrets import Secrets
from asr_properties.cli.console import console, fail, plain
from asr_properties.cli.json_output import scrubbed
from asr_properties.cli.recorded_files import file_of, form_of
from asr_properties.counterexamples.stored import InvalidCounterexample
from asr_properties.files import write_whole
from asr_properties.running.judged_run import judged_run
from asr_properties.running.stored_record import InvalidRecord, read_record, record_from_json
from asr_properties.traces.judged_recordings import judged_recordings
from asr_properties.traces.stored_trace import read_trace
from asr_properties.traces.trace_record import FORMAT as TRACE
from asr_reports.formats.ctrf import to_ctrf
from asr_reports.formats.junit import to_junit
from asr_reports.formats.sarif import to_sarif
from asr_reports.formats.step_summary import to_step_summary
from asr_reports.html.recordings_page import to_html as recordings_html
from asr_reports.html.run_page import to_html
from asr_reports.judged_recordings import JudgedRecordings
from asr_reports.judged_run import JudgedRun


class Format(StrEnum):
    """What a report can be."""

    HTML = "html"
    JUNIT = "junit"
    CTRF = "ctrf"
    SARIF = "sarif"
    MARKDOWN = "markdown"


ENDINGS: Mapping[str, Format] = {
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xml": Format.JUNIT,
    ".json": Format.CTRF,
    ".sarif": Format.SARIF,
    ".md": Format.MARKDOWN,
}
"""The format of a file, by how its name ends."""


def report(
    record: Annotated[
        Path, typer.Argument(metavar="RECORD", help="What `run` (the file or its folder) or `trace --json` wrote.")
    ],
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="A page, JUnit XML, CTRF, SARIF, or the Markdown of a GitHub step summary; default: as FILE ends "
            "(.html, .xml, .json, .sarif, .md).",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write it; default: to stdout.")
    ] = None,
) -> None:
    """Show a recorded run in a format that people or other programs read.

    The verdict stays what it was. Exit status: 0 the report was made, 2 usage, or no record.
    """
    chosen = form or _format_of(output)
    path = file_of(record)
    found: JudgedRun | JudgedRecordings
    if form_of(path) == TRACE:
        if chosen is not Format.HTML:
            fail(f"{path} is of recordings, which `report` shows as a page only (--format html)")
        found = judged_recordings(read_trace(path))
        text = recordings_page(found)
    else:
        found = read_run(record)
        text = WRITERS[chosen](found, path)
    if output is None:
        console.print(text, markup=False, soft_wrap=True, end="")
        return
    write_whole(output, text)
    console.print(f"wrote {plain(output)}: {plain(found.headline)}")


def read_run(record: Path) -> JudgedRun:
    """The run that a record file tells of, or the one in a folder.

    Raises:
        InvalidRecord: there is none, or it is damaged.
    """
    path = file_of(record)
    try:
        return judged_run(read_record(path), folder=_folder(path))
    except (InvalidCounterexample, UnknownProfile) as error:
        raise InvalidRecord(f"{path}: {error}") from None


def reports_of(data: dict[str, Any], path: Path, forms: Iterable[Format]) -> dict[Format, str]:
    """The reports of a run that has just been recorded, without secrets. path: where its record will be.

    Raises:
        InvalidRecord: what the adapter said of itself is nothing that a record holds.
    """
    document = json.loads(json.dumps(scrubbed(data, Secrets())))
    run = judged_run(record_from_json(document), folder=_folder(path))
    return {form: WRITERS[form](run, path) for form in forms}


def recordings_page(found: JudgedRecordings) -> str:
    """The page of recordings."""
    return recordings_html(found, profiles.efsm, profiles.DEFAULT)


def _format_of(output: Path | None) -> Format:
    known = ENDINGS.get(output.suffix.lower()) if output is not None else None
    if known is None:
        fail(f"--format is needed here: {', '.join(Format)}; or a FILE that ends in {', '.join(ENDINGS)}")
    return known


def _folder(path: Path) -> str:
    """What stands before the name of a counterexample's file, in a command that is typed where this one was."""
    return "" if path.parent == Path() else f"{path.parent}/"


def _uri(path: Path) -> str:
    """A path as code scanning takes it: relative, where it can be."""
    if path.is_absolute():
        return path.as_uri()
    return PurePath(path).as_posix()


WRITERS: Mapping[Format, Callable[[JudgedRun, Path], str]] = {
    Format.HTML: lambda run, path: to_html(run, profiles.efsm(run.profile)),
    Format.JUNIT: lambda run, path: to_junit(run),
    Format.CTRF: lambda run, path: to_ctrf(run),
    Format.SARIF: lambda run, path: to_sarif(run, _uri(path)),
    Format.MARKDOWN: lambda run, path: to_step_summary(run),
}
