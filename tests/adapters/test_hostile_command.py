"""The command before hostile programs: one clear line, exit status 3, bounded memory, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
MEMORY = 700_000  # kB; the peak that is told counts what the process that started it held at the fork
"""Kilobytes that the command may take at most, whatever the program does; without one it takes about 150,000."""


def long(*values: object) -> object:
    """What in-process tests of the same programs, or another row, show most of: the command takes a second to start."""
    return pytest.param(*values, marks=pytest.mark.long)


class Running:
    """The real command on a hostile program, in a folder of its own that is also its place for temporary files."""

    def __init__(self, folder: Path, behaviour: str, call: float, *arguments: str) -> None:
        self.folder = folder
        spec = f"stdio,call={call},stop=1:{shlex.join([sys.executable, str(HERE / 'hostile.py'), behaviour])}"
        self.said = folder.parent / "said.txt"
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "asr_properties.cli.main", "run", "--adapter", spec, *arguments],
                cwd=folder,
                env={**os.environ, "TMPDIR": str(folder), "COLUMNS": "200"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def end(self) -> tuple[int, int]:
        """Its exit status, and the most memory it had, in kilobytes."""
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.process.returncode, usage.ru_maxrss

    def left(self) -> list[str]:
        """What still runs of all that it started: they have its environment."""
        mark = f"TMPDIR={self.folder}\0".encode()
        found = []
        for environment in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                pid = environment.parent.name
                if mark in environment.read_bytes() + b"\0" and int(pid) != self.process.pid:
                    found.append(pid)
        return found

    def hangs(self) -> None:
        """Wait until its program does."""
        while len(self.left()) < 2:  # the supervisor and the program
            time.sleep(0.05)
        time.sleep(1)

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def text(self) -> str:
        return self.said.read_text(encoding="utf-8")


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()

    def begin(behaviour: str, *arguments: str, call: float = 30) -> Running:
        return Running(folder, behaviour, call, *arguments)

    return begin


@pytest.mark.parametrize(
    ("behaviour", "said", "call"),
    [
        ("endless line", "more than 4194304 bytes", 30),
        long("deep nesting that is closed", "nested too deeply", 30),
        long("many small values", "does not fit the contract", 30),
        ("many keys", "an object of 300000 keys", 30),
        ("flooded stderr", "no reply to jobs within 2 s", 2),
        ("silence that ignores SIGTERM", "no reply to jobs within 2 s", 2),
        ("a grandchild", "ended with status 7", 30),
    ],
)
def test_a_hostile_program_ends_as_an_adapter_error(run, behaviour, said, call):
    running = run(behaviour, "--budget", "20steps", call=call)
    status, memory = running.end()
    text = running.text()
    assert status == 3, text
    assert said in text
    assert "ADAPTER_ERROR" in text
    assert "Traceback" not in text
    assert max(map(len, text.splitlines())) < 3000
    assert memory < MEMORY
    assert running.left() == []
    assert [path.name for path in running.folder.iterdir()] == ["asr-conformance-report"]


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [("a flood after bye", "did not end within 1 s after bye"), ("a word after bye", "after its reply to bye")],
)
def test_what_is_wrong_after_bye_is_told_beside_the_verdict(run, behaviour, said):
    running = run(behaviour, "--budget", "5steps")
    status, memory = running.end()
    assert status == 1, running.text()  # it refuses everything
    assert said in running.text()
    assert memory < MEMORY
    assert running.left() == []


@pytest.mark.parametrize(
    "behaviour",
    ["a huge version", "a forged line", *map(long, ("a huge id", "a huge key", "a huge job", "a long list"))],
)
def test_what_is_huge_or_forged_is_told_in_a_few_printable_lines(run, behaviour):
    running = run(behaviour, "--budget", "5steps")
    status, memory = running.end()
    lines = running.text().splitlines()
    assert status == 3
    assert memory < MEMORY
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) < 500
    assert not [line for line in lines if line.startswith("CONFORMANT")]


@pytest.mark.parametrize("behaviour", ["a daemon", *map(long, ("a grandchild", "a child in a session of its own"))])
def test_what_the_program_started_ends_with_it(run, behaviour):
    running = run(behaviour, "--budget", "20steps")
    running.end()
    (pid,) = set(re.findall(r"grandchild (\d+)", running.text()))
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize(
    ("behaviour", "signals"),
    [
        ("silence", [signal.SIGINT]),
        long("silence", [signal.SIGTERM]),
        long("silence", [signal.SIGHUP]),
        long("silence that ignores SIGTERM", [signal.SIGINT, signal.SIGINT]),
        ("silence that ignores SIGTERM", [signal.SIGTERM, signal.SIGHUP]),
    ],
)
def test_a_run_that_is_ended_ends_its_program_too(run, behaviour, signals):
    running = run(behaviour, "--report", "out")
    running.hangs()
    for number in signals:
        running.signal(number)
        time.sleep(0.3)
    status, _ = running.end()
    assert status == 4, running.text()
    assert "interrupted" in running.text()
    assert running.left() == []
    assert (running.folder / "out" / "record.json").exists()


def test_a_run_that_is_killed_leaves_nothing_behind(run):
    running = run("silence that ignores SIGTERM")
    running.hangs()
    running.signal(signal.SIGKILL)
    running.end()
    until = time.monotonic() + 10
    while running.left():
        assert time.monotonic() < until
        time.sleep(0.1)
