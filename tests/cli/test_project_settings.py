"""Settings of a project in a file: what is taken from it is told, the command line has the last word."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files

import pytest

from asr_properties.running.run_folder import LATEST, RUNS

OWN, SHARED = "asr-conformance.toml", "pyproject.toml"
FILE = """
adapter = "cli.adapters:kept_points"
budget = "1500steps"
seed = 1
formats = ["junit", "sarif", "ctrf", "markdown"]

[known-deviations]
R40 = "points are deleted a day later"
X02 = "follows from R40"
R41 = "nobody remembers"
"""
ONCE = ("run", "-x", "--no-report")


@pytest.fixture
def project(tmp_path):
    def write(text, name=OWN):
        (tmp_path / name).write_text(text)

    return write


def test_what_is_taken_is_told_and_is_what_the_run_does(inside, project):
    project(FILE)
    done = inside(*ONCE)
    first, command, *_ = done.stdout.splitlines()
    assert first == (
        f"from {OWN}: 3 known deviations; adapter cli.adapters:kept_points; budget 1500steps; seed 1; "
        "formats junit, sarif, ctrf, markdown"
    )
    assert "--adapter cli.adapters:kept_points --profile modernized --budget 1500steps --seed 1 " in command
    assert "breaks R40" in done.stdout


def test_the_table_of_pyproject_is_read_where_there_is_no_file_of_our_own(inside, project):
    project('[project]\nname = "x"\n[tool.asr-conformance]\nseed = 11\nbudget = "20steps"\n', SHARED)
    assert inside(*ONCE).stdout.startswith(f"from {SHARED} [tool.asr-conformance]: budget 20steps; seed 11\n")
    project("seed = 12\n")
    assert inside(*ONCE, "--budget", "20steps").stdout.startswith(f"from {OWN}: seed 12\n")


def test_the_command_line_has_the_last_word(inside, project):
    project('seed = 3\nbudget = "9000steps"\nprofile = "classic"\n')
    done = inside(*ONCE, "--budget", "20steps", "--profile", "modernized")
    assert done.stdout.startswith(f"from {OWN}: seed 3\n")
    assert "--profile modernized --budget 20steps --seed 3" in done.stdout
    done = inside(*ONCE, "--no-config", "--seed", 4, "--budget", "20steps")
    assert done.stdout.startswith("asr-conformance run ")


def test_a_file_without_a_table_of_ours_says_nothing(inside, project):
    project('[project]\nname = "x"\n', SHARED)
    assert inside(*ONCE, "--budget", "20steps").stdout.startswith("asr-conformance run ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('bugdet = "60s"', "unknown key 'bugdet': did you mean 'budget'?"),
        ('known_deviations = {R40 = "x"}', "unknown key 'known_deviations': did you mean 'known-deviations'?"),
        ("zzz = 1", "unknown key 'zzz': there is adapter, profile, budget, seed, formats, keep-runs, known-deviations"),
        ('allow-failover-of = "prod"', "unknown key 'allow-failover-of': there is adapter"),
        ('seed = "7"', "seed: Input should be a valid integer"),
        ("keep-runs = 0", "keep-runs: Input should be greater than or equal to 1"),
        ('profile = "modern"', "modern"),
        ('budget = "soon"', "'soon' is no budget"),
        ('formats = ["pdf"]', "formats.0: Input should be 'junit', 'ctrf', 'sarif' or 'markdown'"),
        ('[known-deviations]\nR400 = "x"', "there is no requirement 'R400'"),
        ('[known-deviations]\nR40 = ""', "known-deviations.R40: String should have at least 1 character"),
        ("seed = ", "no TOML: "),
        ("a." * 3000 + "b = 1", ""),
    ],
)
def test_what_does_not_fit_is_said_in_a_line(inside, project, text, said):
    project(text)
    done = inside(*ONCE)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"asr-conformance: {OWN}: ")
    assert said in line
    assert inside(*ONCE, "--no-config", "--budget", "20steps").returncode == 4


def test_a_table_that_is_none_and_a_file_that_is_none(inside, project, tmp_path):
    project("[tool]\nasr-conformance = 1\n", SHARED)
    assert "a table is due here" in inside(*ONCE).stderr
    (tmp_path / OWN).mkdir()
    assert inside(*ONCE).stderr.startswith(f"asr-conformance: {OWN}: ")


def test_known_deviations_are_failed_and_told_and_what_is_left_decides(inside, project):
    project(FILE)
    done = inside(*ONCE, "--json", "run.json")
    assert done.returncode == 4  # the run ended at its first failure: most was not put to the test
    lines = done.stdout.splitlines()
    assert "known deviation: R40: points are deleted a day later" in lines
    assert "every failure is a known deviation; without them INCOMPLETE: exit status 4" in lines
    assert lines[-1].startswith("NON_CONFORMANT (seed 1")
    (row,) = [line for line in lines if line.startswith("R40 ")]
    assert "FAILED (known)" in row
    assert "(known: points are deleted a day later)" in row


def test_json_tells_which_are_known(inside, project, tmp_path):
    project(FILE)
    inside(*ONCE, "--json", "run.json")
    data = json.loads((tmp_path / "run.json").read_text())
    verdicts = {verdict["requirement"]: verdict for verdict in data["verdicts"]}
    assert (verdicts["R40"]["outcome"], verdicts["R40"]["known"]) == ("FAILED", "points are deleted a day later")
    assert verdicts["R15"]["known"] == ""
    assert (data["overall"], data["exit_status"]) == ("NON_CONFORMANT", 4)
    assert "known deviation: R40: points are deleted a day later" in data["known_deviations"]


def test_one_failure_that_is_not_known_is_enough(inside, project):
    project(FILE.replace("R40 =", "R38 ="))
    done = inside(*ONCE)
    assert done.returncode == 1
    assert "FAILED (known)" not in done.stdout


def test_known_deviations_of_another_adapter_do_not_count(inside, project):
    project(FILE.replace("cli.adapters:kept_points", "my.adapter:factory"))
    done = inside(*ONCE, "--adapter", "cli.adapters:kept_points")
    assert done.returncode == 1
    assert "no known deviations, for they are of its own adapter" in done.stdout.splitlines()[0]
    assert "known deviation:" not in done.stdout


def test_a_deviation_that_no_longer_occurs_warns(inside, project):
    project('[known-deviations]\nR15 = "fixed long ago"\nR82 = "was not put to the test"\n')
    done = inside(*ONCE, "--budget", "60steps", "--seed", 1)
    assert done.returncode == 4
    assert "warning: R15 is met: take it out of the known deviations" in done.stdout.splitlines()
    assert "R82 is met" not in done.stdout


def test_reports_of_the_formats_are_written_and_replaced(inside, project, tmp_path):
    project(FILE)
    done = inside("run", "-x")
    folder = (tmp_path / RUNS / LATEST).resolve()
    reports = {"report.html", "report.xml", "report.ctrf.json", "report.sarif", "report.md"}
    assert {path.name for path in folder.iterdir()} == {"record.json", "counterexample-1-R40.json", *reports}
    assert "report.sarif" in done.stdout
    again = inside("report", f"{RUNS}/{folder.name}", "--format", "markdown")
    assert (folder / "report.md").read_text() == again.stdout
    named = ("run", "--no-config", "--report", folder, "--budget", "20steps")
    inside(*named, "--format", "junit", "--seed", 1)
    assert {path.name for path in folder.iterdir()} == {"record.json", "report.html", "report.xml"}


def test_smoke_reads_the_adapter_too(inside, project, tmp_path):
    for name in ("adapter.py", "product.py"):
        shutil.copy(str(files("asr_properties.kits") / "python" / name), tmp_path)
    project('adapter = "adapter:KitAdapter"\nseed = 1\n')
    done = inside("smoke")
    assert done.stdout.startswith(f"from {OWN}: adapter adapter:KitAdapter\n")
    assert done.returncode == 0


def test_replay_runs_nothing_that_the_file_names(inside, project, tmp_path):
    wrong = ("--adapter", "cli.adapters:kept_points", "--seed", 1, "--budget", "1500steps")
    inside("run", "-x", "--report", "run", *wrong)
    (tmp_path / "trap.py").write_text("raise SystemExit('it was run')\n")
    project('adapter = "trap:create"\n')
    (stored,) = (tmp_path / "run").glob("counterexample-*.json")
    done = inside("replay", stored)
    assert "it was run" not in done.stdout + done.stderr
    assert done.returncode == 2  # an adapter has to be named
    assert "it was run" in inside(*ONCE).stderr


@pytest.mark.long
def test_a_run_whose_deviations_are_all_known_is_a_success(inside, project):
    project(FILE.replace("1500steps", "20000steps") + 'R38 = "as R40"\nX03 = "as R40"\n')
    done = inside("run", "--no-report")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-3] == "every failure is a known deviation: exit status 0"
