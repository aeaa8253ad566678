"""A verdict is never lost to its report: outputs that can't be written, odd paths, folders that are gone."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from rich.markup import render

from asr_properties.cli.console import plain
from asr_properties.files import Unwritable, write_whole
from asr_properties.running.earlier_walks import FOLDER

TESTS = Path(__file__).resolve().parent.parent
ASR = f"{shlex.quote(sys.executable)} -m asr_properties.cli.main"
WRONG = "run --adapter cli.adapters:kept_points --seed 1 --budget 300steps -x"
RIGHT = "run --seed 1 --budget 20steps"


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def shows_its_verdict(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 1, done.stderr
    assert re.search("R40 +FAILED", done.stdout)
    assert "breaks R40" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("NON_CONFORMANT")
    assert "Traceback" not in done.stderr


UNWRITABLE = {
    "a folder that can't be made": "--report /proc/nowhere/out",
    "a device in the place of a folder": "--report /dev/full",
    "a file in the place of a folder": "--report asr-conformance-report",
    "a pytest file that can't be written": "--emit-pytest /proc/nowhere/test_it.py",
}


@pytest.mark.parametrize("options", UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_can_not_be_written_is_told_beside_the_verdict(inside, tmp_path, options):
    (tmp_path / "asr-conformance-report").touch()
    done = inside(*shlex.split(f"{WRONG} {options}"))
    shows_its_verdict(done)
    assert "not written: cannot " in done.stdout


def test_a_file_size_limit_is_told_beside_the_verdict(tmp_path):
    done = shell(f"ulimit -f 0; {ASR} {WRONG} --report out", tmp_path)
    shows_its_verdict(done)
    assert "not written: cannot " in done.stdout


def test_an_unwritable_report_is_told_before_the_budget_is_spent(inside):
    done = inside(*shlex.split(RIGHT), "--report", "/proc/nowhere")
    assert done.returncode == 4
    assert "WARNING: cannot make the folder /proc/nowhere" in done.stderr


@pytest.mark.parametrize(
    ("command", "status"),
    [
        *((WRONG, 1), ("trace", 0), ("explain R40", 3)),
        *(pytest.param(*each, marks=pytest.mark.long) for each in ((RIGHT, 4), ("graph", 3), ("requirements", 3))),
        pytest.param("check", 0, marks=pytest.mark.long),
    ],
)
def test_a_full_disk_leaves_the_verdict_as_exit_status(tmp_path, command, status):
    done = shell(f"{ASR} {command} > /dev/full", tmp_path)
    assert done.returncode == status
    told = [line for line in done.stderr.splitlines() if not line.startswith("judging")]  # where it takes ten seconds
    assert told == ["asr-conformance: cannot write the output: No space left on device"]


def test_a_file_size_limit_for_the_output_leaves_the_verdict_too(tmp_path):
    done = shell(f"ulimit -f 1; {ASR} {WRONG} > out.txt", tmp_path)
    assert done.returncode == 1
    assert done.stderr == "asr-conformance: cannot write the output: File too large\n"


def test_a_full_disk_for_errors_leaves_the_status(tmp_path):
    assert shell(f"{ASR} replay nothing.json 2> /dev/full", tmp_path).returncode == 2


def test_a_picture_without_room_is_no_wrong_usage(tmp_path):
    assert shell(f"ulimit -f 0; {ASR} graph -o lifecycle.mmd", tmp_path).returncode == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full"])
def test_a_device_is_written_to_and_never_replaced(tmp_path, device):
    link = tmp_path / "device"
    link.symlink_to(device)
    with nullcontext() if device == "/dev/null" else pytest.raises(Unwritable, match="No space left"):
        write_whole(link, "a text")
    assert link.is_symlink()
    assert list(tmp_path.iterdir()) == [link]


ODD_NAMES = ["[/a] b'c", *(pytest.param(name, marks=pytest.mark.long) for name in ("-o", "[bold]x", ":smile:", "x\\["))]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_paths_are_shown_as_they_are_and_commands_can_be_copied(tmp_path, name):
    done = shell(f"{ASR} {WRONG} --report ./{shlex.quote(name)} --emit-pytest ./{shlex.quote(name + '.py')}", tmp_path)
    shows_its_verdict(done)
    assert f"wrote {name}.py" in done.stdout
    (again,) = [line for line in done.stdout.splitlines() if line.startswith("replay: ") and "R40" in line]
    command = again.removeprefix("replay:").strip().replace("asr-conformance", ASR, 1)
    assert shell(command, tmp_path).returncode == 1


def test_odd_specs_are_shown_as_they_are(inside):
    spec = "stdio:sh -c 'echo [/a] :smile: >&2; exit 1'"
    done = inside("run", "--seed", 1, "--budget", "5steps", "--adapter", spec)
    assert done.returncode == 3
    assert done.stdout.splitlines()[0].startswith("asr-conformance run --adapter 'stdio:sh -c ")
    assert "[/a] :smile:" in done.stdout.splitlines()[0]
    assert "stderr: [/a] :smile:" in done.stdout


def test_a_path_cannot_steer_the_terminal(inside):
    done = inside(*shlex.split(RIGHT), "--emit-pytest", "\x1b]0;evil\a.py")
    assert "\x1b" not in done.stdout
    assert "\\x1b]0;evil" in done.stdout


TEXTS = ["\\[", "\\[a]", "\\\\[/a]", "[", "[a", "\\", "a\\", "[1]", "\\[1]", "[[a]]", "\\[[a]"]


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_rendered_as_it_is(text):
    assert render(plain(text) + "[bold]x[/]").plain == text + "x"


COMMANDS = ["--help", "run", "trace", "check", "graph", "explain R40", "requirements", "smoke", "replay x", "serve"]


@pytest.mark.parametrize("command", [*COMMANDS, "new-adapter --language python", "run --adapter nowhere:create"])
def test_a_folder_that_is_gone_is_one_line_and_status_2(tmp_path, command):
    done = shell(f"mkdir gone; cd gone; rmdir ../gone; {ASR} {command}", tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = [line for line in done.stderr.splitlines() if not line.startswith("shell-init")]
    assert "the current folder can't be used (No such file or directory)" in line


def test_what_a_second_run_leaves_belongs_to_it(inside, tmp_path):
    assert inside(*shlex.split(WRONG), "--report", "out").returncode == 1
    (tmp_path / "out" / "counterexample-9-X01.json").write_text("my own")
    (tmp_path / "out" / "notes.txt").write_text("my own")
    assert list((tmp_path / "out").glob("counterexample-*-R40.json"))
    assert inside(*shlex.split(RIGHT), "--report", "out").returncode == 4
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "record.json", "report.html", "notes.txt", "counterexample-9-X01.json", FOLDER,
    }  # fmt: skip
    assert json.loads((tmp_path / "out" / "record.json").read_text())["counterexamples"] == []
