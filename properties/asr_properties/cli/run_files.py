"""What `run` writes, and what it says of it: the folder of the run, its page elsewhere, tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from asr_properties.cli.console import console, errors, fail, plain, show_command, show_unwritable
from asr_properties.cli.project_settings import KEPT_RUNS
from asr_properties.cli.report import Format, reports_of
from asr_properties.counterexamples.pytest_file import as_pytest
from asr_properties.files import Unwritable, make_folder, write_whole
from asr_properties.running.run_folder import LATEST, RECORD, REPORTS, RUNS, RunFolder, Stored
from asr_properties.running.run_result import RunResult
from asr_properties.running.stored_record import InvalidRecord

Report = Annotated[
    Path | None,
    typer.Option(
        help="The folder of this run: for its record, its page and its counterexamples; or an .html file for a page "
        f"beside the folder. Default: a new folder in {RUNS}.",
        metavar="DIR|FILE.html",
        show_default=False,
    ),
]
NoReport = Annotated[
    bool, typer.Option("--no-report", help="Write nothing that is not asked for, and try no walk of an earlier run.")
]


Formats = Annotated[
    list[Format] | None,
    typer.Option(
        "--format", help="A report to write into the run's folder beside the page; may be repeated.", show_default=False
    ),
]
KeepRuns = Annotated[
    int | None,
    typer.Option(
        min=1,
        help=f"How many runs are kept in {RUNS}, this one among them; older ones are removed. Default: {KEPT_RUNS}.",
        show_default=False,
    ),
]


class RunFiles:
    """Where a run is to be written.

    report, no_report: what --report and --no-report say. begun: when the run did. seed: of the run. formats: of the
    reports beside the page. keep_runs: how many runs are kept where nobody named the folder.

    Attributes:
        kept: the folder in which failing walks are kept for the next run; None: they aren't.
    """

    def __init__(
        self,
        report: Path | None,
        no_report: bool,
        begun: datetime,
        seed: int,
        *,
        formats: Sequence[Format] = (),
        keep_runs: int = KEPT_RUNS,
    ) -> None:
        if report is not None and no_report:
            fail("--report names what is to be written, and --no-report says that nothing is: leave one out")
        self._page_elsewhere = report if report is not None and report.suffix.lower() in (".html", ".htm") else None
        self._named = report if self._page_elsewhere is None else None
        self._nothing = no_report
        self._name = f"{begun:%Y%m%d-%H%M%S}-seed-{seed}"
        self._formats, self._keep_runs = (Format.HTML, *formats), keep_runs
        self.kept = None if no_report else self._named or RUNS

    def warn_if_unwritable(self) -> None:
        """Say so before the budget is spent; the run itself needs no file."""
        places = [self.kept, self._page_elsewhere and self._page_elsewhere.parent]
        for place in places:
            try:
                if place is not None:
                    make_folder(place)
            except Unwritable as error:
                errors.print(f"WARNING: {plain(error)}: the run goes on, and is only shown")

    def write(self, result: RunResult, data: dict[str, Any]) -> None:
        """Write what there is to write; what can't be is told, and changes no verdict. data: the record."""
        if self._nothing:
            return
        try:
            folder = RunFolder(self._named) if self._named is not None else RunFolder.new(RUNS, self._name)
        except Unwritable as error:
            show_unwritable(str(error))
            return
        reports = _reports(data, folder.path / RECORD, self._formats)
        page = reports.get(Format.HTML)
        stored = folder.store(result, data, {REPORTS[form.value]: text for form, text in reports.items()})
        if page is not None and self._page_elsewhere is not None:
            _written(self._page_elsewhere, page)
        _show_stored(result, stored)
        if stored.files:
            newest = "" if folder.runs is None else f"; {folder.runs / LATEST} is the newest"
            console.print(plain(f"report: {stored.folder} ({_in_words(stored.files)}){newest}"), soft_wrap=True)
        if folder.runs is not None and stored.files:
            _show_removed(folder.remove_older(self._keep_runs), self._keep_runs)


def emit(path: Path | None, result: RunResult, spec: str) -> None:
    """Write the counterexamples as a pytest file, where there are any. path: None where none is asked for."""
    if path is None:
        return
    if not result.counterexamples:
        console.print(f"no counterexample, so {plain(path)} was not written")
    elif _written(path, as_pytest(result.counterexamples, spec)):
        console.print(f"wrote {plain(path)}, {len(result.counterexamples)} tests")


def _show_stored(result: RunResult, stored: Stored) -> None:
    """Print how each counterexample that was stored is shown again, and what could not be written."""
    for found, path in zip(result.counterexamples, stored.counterexamples, strict=True):
        if path is not None:
            console.print(f"\n{', '.join(found.requirements[:1]) or 'the model'}, step {len(found.actions)}")
            command = found.replay_command(str(path))
            show_command("replay:    ", command)
            show_command("as a test: ", f"{command} --emit-pytest test_counterexample.py")
    console.print()
    for why in stored.unwritable:
        show_unwritable(why)


def _in_words(files: tuple[str, ...]) -> str:
    found = sum(name.startswith("counterexample-") for name in files)
    counted = [f"{found} counterexample{'' if found == 1 else 's'}"] if found else []
    return ", ".join([*(name for name in files if not name.startswith("counterexample-")), *counted])


def _show_removed(removed: int, kept: int) -> None:
    if removed:
        runs = f"{removed} old run{'' if removed == 1 else 's'}"
        console.print(f"removed {runs}: the newest {kept} are kept (--keep-runs)")


def _reports(data: dict[str, Any], path: Path, forms: Sequence[Format]) -> dict[Format, str]:
    """The reports of the run, if they can be made of it."""
    try:
        return reports_of(data, path, forms)
    except InvalidRecord as error:
        show_unwritable(f"the page: {error}")
        return {}


def _written(path: Path, text: str) -> bool:
    try:
        write_whole(path, text)
    except Unwritable as error:
        show_unwritable(str(error))
        return False
    return True
