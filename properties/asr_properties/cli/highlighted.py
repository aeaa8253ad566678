"""What `graph --highlight` shows of a run or a counterexample."""

from __future__ import annotations

from pathlib import Path

from asr_model import profiles
from asr_properties.cli.graph import Highlighted
from asr_properties.cli.recorded_files import file_of, form_of
from asr_properties.counterexamples.counterexample import read_counterexample
from asr_properties.running.judged_run import shown_counterexample
from asr_properties.running.stored_record import FORMAT as RUN
from asr_properties.running.stored_record import read_record
from asr_reports.marks import counted


def highlighted(path: Path) -> Highlighted:
    """What there is in a file, or in the record of a folder.

    Raises:
        InvalidRecord, InvalidCounterexample: it is neither, or it is damaged.
        UnknownProfile: it is of a profile that does not exist.
    """
    file = file_of(path)
    if form_of(file) == RUN:
        record = read_record(file)
        marks = counted(profiles.efsm(record.profile), record.coverage.transitions)
        return Highlighted(marks, profile=record.profile)
    found = read_counterexample(file)
    return Highlighted(walk=shown_counterexample(1, found).walk, profile=found.profile)
