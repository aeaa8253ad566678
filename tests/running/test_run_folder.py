"""The folder of a run: one run in each, whole files, `latest`, and nothing that nobody asked for."""

from __future__ import annotations

import json
import shlex

import pytest

from asr_properties import files
from asr_properties.files import write_whole
from asr_properties.running import kept_counterexamples
from asr_properties.running.run_folder import LATEST, RUNS, RunFolder, run_in
from asr_properties.running.run_record import record
from asr_properties.running.run_result import RunResult

RIGHT = ("run", "--seed", 1, "--budget", "20steps")
WRONG = ("run", "--adapter", "cli.adapters:kept_points", "--seed", 1, "--budget", "1500steps", "-x")


def folders(where):
    return sorted(path for path in where.iterdir() if path.is_dir() and not path.is_symlink())


def test_each_run_has_a_folder_of_its_own_and_latest_is_the_newest(inside, tmp_path):
    first, second = inside(*RIGHT), inside(*WRONG)
    one, other = (path for path in folders(tmp_path / RUNS) if path.name != "failing-walks")
    assert {path.name for path in one.iterdir()} == {"record.json", "report.html"}
    assert {path.name for path in other.iterdir()} == {"record.json", "report.html", "counterexample-1-R40.json"}
    assert (tmp_path / RUNS / LATEST).resolve() == other
    for done, path, held in ((first, one, ""), (second, other, ", 1 counterexample")):
        (said,) = [line for line in done.stdout.splitlines() if line.startswith("report: ")]
        assert said == f"report: {RUNS}/{path.name} (record.json, report.html{held}); {RUNS}/{LATEST} is the newest"
    assert f"replay {RUNS}/{other.name}/counterexample-1-R40.json" in second.stdout
    summary = inside("report", RUNS, "--format", "markdown")
    assert summary.stdout.startswith("## ❌ ")
    assert inside("compare", RUNS / one.name, RUNS).returncode == 1


def test_no_report_writes_nothing(inside, tmp_path):
    done = inside(*WRONG, "--no-report")
    assert done.returncode == 1
    assert "breaks R40" in done.stdout
    assert list(tmp_path.iterdir()) == []
    again = shlex.split(done.stdout.splitlines()[0])
    assert "--no-report" in again
    assert inside(*again[1:]).stdout.splitlines()[-1] == done.stdout.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []
    assert inside(*WRONG, "--no-report", "--report", "out").returncode == 2


def test_a_page_elsewhere_is_written_beside_the_folder(inside, tmp_path):
    assert inside(*RIGHT, "--report", "page.html").returncode == 4
    assert (tmp_path / "page.html").read_text() == (tmp_path / RUNS / LATEST / "report.html").read_text()


def empty():
    from asr_model import profiles
    from asr_properties.generation.coverage import Coverable

    return RunResult("modernized", 1, "20steps", "tour", "", Coverable.of(profiles.lts("modernized")))


def test_two_runs_of_one_second_have_two_folders(tmp_path):
    result = empty()
    data = record(result, started="2026-01-01T00:00:00", seconds=1)
    stored = [RunFolder.new(tmp_path / "runs", "now").store(result, data, {}) for _ in range(2)]
    assert [one.folder.name for one in stored] == ["now", "now-2"]
    assert all(one.files == ("record.json",) and not one.unwritable for one in stored)
    assert run_in(tmp_path / "runs").resolve() == tmp_path / "runs" / "now-2" / "record.json"


def test_what_is_called_latest_and_is_no_link_stays(tmp_path):
    (tmp_path / LATEST).write_text("my own")
    stored = RunFolder.new(tmp_path, "now").store(empty(), {}, {})
    (why,) = stored.unwritable
    assert why.startswith("cannot link ")
    assert (tmp_path / LATEST).read_text() == "my own"
    assert {path.name for path in tmp_path.iterdir()} == {LATEST, "now"}


def test_a_run_of_which_nothing_can_be_written_leaves_no_folder(tmp_path, monkeypatch):
    folder = RunFolder.new(tmp_path, "now")
    monkeypatch.setattr(files.os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left")))
    assert folder.store(empty(), {}, {"report.html": "page"}).files == ()
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "record.json"
    path.write_text("old")

    def interrupted(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_without_a_counterexample_is_told_with_the_command_that_keeps_one(inside, tmp_path, monkeypatch):
    monkeypatch.setattr(kept_counterexamples, "MOST_COUNTEREXAMPLES", 0)
    done = inside(*WRONG, "--report", "out", "--no-database")
    assert "R40 failed too, in walks of which no counterexample was kept" in done.stdout
    assert "breaks R40" not in done.stdout
    (command,) = [line for line in done.stdout.splitlines() if line.endswith("--counterexample-of R40")]
    assert json.loads((tmp_path / "out" / "record.json").read_text())["counterexamples"] == []
    again = inside(*shlex.split(command)[1:], "--report", "out")
    assert "breaks R40" in again.stdout
    assert "failed too" not in again.stdout
    assert (tmp_path / "out" / "counterexample-1-R40.json").exists()


def test_the_walk_as_it_was_is_kept_where_what_was_made_of_it_breaks_something_else(inside, monkeypatch):
    def keep_nothing(self, *args):
        self._blame(args[1].blamed, "", 0)

    monkeypatch.setattr(kept_counterexamples.KeptCounterexamples, "_keep", keep_nothing)
    done = inside(*WRONG, "--no-report", "--counterexample-of", "R40")
    assert "breaks R40" in done.stdout
    assert "not made minimal" in done.stdout


def runs_in(where, *names):
    for name in names:
        (where / name).mkdir(parents=True)
        (where / name / "record.json").write_text('{"format": "asr-conformance run record"}')


def test_the_newest_runs_are_kept_and_it_is_told_how_many_were_not(inside, tmp_path):
    names = [f"2020010{day}-000000-seed-{day}" for day in range(1, 8)]
    runs_in(tmp_path / RUNS, *names)
    done = inside(*RIGHT, "--keep-runs", 3, "--no-database")
    assert "removed 5 old runs: the newest 3 are kept (--keep-runs)" in done.stdout.splitlines()
    kept = [path.name for path in folders(tmp_path / RUNS)]
    assert kept[:2] == names[-2:]
    assert len(kept) == 3
    assert (tmp_path / RUNS / LATEST / "record.json").exists()
    assert "removed" not in inside(*RIGHT, "--keep-runs", 4, "--no-database").stdout


def test_twenty_are_kept_where_nobody_says_otherwise(inside, tmp_path):
    runs_in(tmp_path / RUNS, *(f"20200101-0000{number}-seed-1" for number in range(10, 35)))
    inside(*RIGHT, "--no-database")
    assert len(folders(tmp_path / RUNS)) == 20


def test_what_is_not_a_runs_is_never_removed(tmp_path):
    runs, away = tmp_path / "runs", tmp_path / "away"
    runs_in(runs, *(f"2020010{day}-000000-seed-1" for day in range(1, 4)))
    runs_in(runs, "20200101-000000-seed-1-notes", "failing-walks")
    runs_in(away, "kept")
    (runs / "20200101-000000-seed-1" / "notes.txt").write_text("mine")
    (runs / "20200102-000000-seed-1" / "report.md").write_text("# mine")
    (runs / "20190101-000000-seed-1").symlink_to(away / "kept")
    newest = RunFolder.new(runs, "20180101-000000-seed-1")  # the clock went back: this run is the newest all the same
    assert newest.remove_older(1) == 1
    assert {path.name for path in runs.iterdir()} == {
        "20180101-000000-seed-1", "20190101-000000-seed-1", "20200101-000000-seed-1", "20200102-000000-seed-1",
        "20200101-000000-seed-1-notes", "failing-walks",
    }  # fmt: skip
    assert [path.name for path in (runs / "20200101-000000-seed-1").iterdir()] == ["notes.txt"]
    assert [path.name for path in (runs / "20200102-000000-seed-1").iterdir()] == ["report.md"]
    assert (away / "kept" / "record.json").exists()


def test_a_folder_that_somebody_named_has_nothing_to_remove(inside, tmp_path):
    runs_in(tmp_path, "20200101-000000-seed-1")
    inside(*RIGHT, "--report", "out", "--keep-runs", 1)
    assert (tmp_path / "20200101-000000-seed-1" / "record.json").exists()
