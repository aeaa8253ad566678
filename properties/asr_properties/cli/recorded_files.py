"""What a file that was written earlier holds, and which file is meant where a folder is named."""

from __future__ import annotations

import json
from pathlib import Path

from asr_properties.running.run_folder import run_in
from asr_properties.running.stored_record import FORMAT as RUN
from asr_properties.traces.trace_record import FORMAT as TRACE


def form_of(path: Path) -> str:
    """What a document says it is; empty where it says nothing, or there is none."""
    try:
        with path.open("rb") as file:
            head = file.read(200).decode(errors="replace")
    except (OSError, ValueError):
        return ""
    return next((form for form in (TRACE, RUN) if json.dumps(form) in head), "")


def file_of(record: Path) -> Path:
    """The file of a record that may be named by its folder, or by that of many runs, which means the latest."""
    return run_in(record) if record.is_dir() else record
