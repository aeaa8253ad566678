"""`trace`: judge recordings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from asr_model import profiles
from asr_model.requirements import CATALOGUE
from asr_properties.adapters.secrets import Secrets
from asr_properties.cli.completion import ids
from asr_properties.cli.console import console, errors, show_unwritable
from asr_properties.cli.event_words import counted
from asr_properties.cli.json_output import STDOUT, JsonFile, scrubbed, write_json
from asr_properties.cli.options import requirements_in
from asr_properties.cli.progress import Quiet
from asr_properties.cli.report import recordings_page
from asr_properties.cli.timeline_output import show_timeline
from asr_properties.cli.trace_output import Output, show_reading, show_requirements, show_verdict
from asr_properties.files import Unwritable, write_whole
from asr_properties.running.requirement_verdicts import Overall
from asr_properties.traces.events import TraceError
from asr_properties.traces.formats import read_joined
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judged_recordings import judged_recordings
from asr_properties.traces.judging import judge
from asr_properties.traces.stored_trace import InvalidTrace, trace_from_json
from asr_properties.traces.timeline import Timeline
from asr_properties.traces.trace_record import JudgedTrace, trace_record
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict, conclusion


def trace(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="vcrpy cassettes, Azure PowerShell session records, HAR or JSON Lines; without any, the two golden "
            "traces.",
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            help="The lifecycle to judge by, for items that do not tell theirs; items of another one are not judged."
        ),
    ] = None,
    require: Annotated[
        str | None,
        typer.Option(
            metavar="ID,ID",
            autocompletion=ids,
            help="Requirements that a recording must have put to the test; without, the verdict is incomplete.",
        ),
    ] = None,
    timeline: Annotated[
        bool,
        typer.Option(
            "--timeline",
            help="Also show every event of each item and what the model took it for, and which entries were skipped.",
        ),
    ] = False,
    join: Annotated[
        bool, typer.Option("--join", help="The same item in several files is one history, ordered by time.")
    ] = False,
    quiet: Quiet = False,
    record: JsonFile = None,
    report: Annotated[
        Path | None, typer.Option(help="Write all of it as a page, timelines included.", metavar="FILE.html")
    ] = None,
) -> None:
    """Judge recordings: did what happened agree with the documented lifecycle?

    Exit status: 0 conformant, 1 non-conformant, 2 usage, or a file that cannot be read, 4 incomplete.
    """
    if profile is not None:
        profiles.efsm(profile)
    required = requirements_in("--require", require)
    out = Output(errors if record == STDOUT else console)
    verdicts: list[TraceVerdict] = []
    judged: list[JudgedTrace] = []
    paths = files or golden_traces()
    histories = [paths] if join else [[path] for path in paths]
    unread: list[TraceError] = []
    for together in histories:
        path = ", ".join(map(str, together))
        rows = Timeline()
        try:
            read = read_joined(together)
            found = judge(read, profile, rows if timeline or record is not None or report is not None else None)
        except TraceError as error:
            if len(histories) == 1:
                raise
            out.line(f"{path}: not read: {error}")
            unread.append(error)
            continue
        shown = [one for one in found if not quiet or one.conformance is not Conformance.CONFORMANT]
        if shown or not quiet or not found:
            out.line(path)
        if not quiet:
            show_reading(out, read, found, numbers=timeline)
        for verdict in shown:
            show_verdict(out, verdict, read)
            if timeline:
                show_timeline(out, rows.rows.get(verdict.item, []), rows.left_out[verdict.item], read)
        if not found:
            out.line("  no item in it: nothing was judged")
        verdicts += found
        if record is not None or report is not None:
            judged.append(JudgedTrace(read, found, rows))
    outcome = conclusion(verdicts)
    missing = [key for key in required if not any(verdict.exercised.get(key) for verdict in verdicts)]
    if missing and outcome is Conformance.CONFORMANT:
        outcome = Conformance.INCOMPLETE
    if not quiet:
        show_requirements(out, verdicts)
    for key in missing:
        out.line(f"required and never exercised: {key} ({CATALOGUE[key].section}): {CATALOGUE[key].sentence}")
    unread_too = f", {len(unread)} not read" if unread else ""
    files_and_items = f" ({counted(len(paths), 'file')}{unread_too}, {counted(len(verdicts), 'item')})"
    out.line("", outcome, files_and_items)
    if record is not None or report is not None:
        data = trace_record(judged, outcome, missing, [str(error) for error in unread])
        write_json(record, data)
        if report is not None:
            _write_page(report, data)
    if unread and outcome is not Conformance.NON_CONFORMANT:
        raise unread[0]
    raise typer.Exit(Overall(outcome.value).exit_status)


def _write_page(path: Path, data: dict[str, Any]) -> None:
    """Write the page of a record; what can't be written is told, and changes no verdict."""
    document = json.loads(json.dumps(scrubbed(data, Secrets())))
    try:
        write_whole(path, recordings_page(judged_recordings(trace_from_json(document))))
    except (Unwritable, InvalidTrace) as error:
        show_unwritable(str(error))
