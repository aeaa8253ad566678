"""The command before hostile programs: one clear line, exit status 3, bounded memory, nothing left behind."""

from __future__ import annotations

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
MEMORY = 400_000
"""Kilobytes that the command may take at most, whatever the program does; without one it takes about 150,000."""


class Running:
    """The real command on a hostile program, in a folder of its own that is also its place for temporary files."""

    def __init__(self, folder: Path, behaviour: str, call: float, *arguments: str) -> None:
        self.folder = folder
        spec = f"stdio,call={call}:{shlex.quote(sys.executable)} {shlex.quote(str(HERE / 'hostile.py'))} '{behaviour}'"
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

    def text(self) -> str:
        return self.said.read_text(encoding="utf-8")


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()

    def begin(behaviour: str, *arguments: str, call: float = 30) -> Running:
        return Running(folder, behaviour, call, *arguments)

    return begin


def left_of(behaviour: str) -> list[str]:
    """Processes that still run this behaviour."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if str(HERE / "hostile.py").encode() in words and behaviour.encode() in words:
            found.append(entry.parent.name)
    return found


@pytest.mark.parametrize(
    ("behaviour", "said", "call"),
    [
        ("endless line", "more than 4194304 bytes", 30),
        ("deep nesting that is closed", "nested too deeply", 30),
        ("many small values", "does not fit the contract", 30),
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
    assert left_of(behaviour) == []
    assert list(running.folder.iterdir()) == []


def test_what_the_program_started_ends_with_it(run):
    running = run("a grandchild", "--budget", "20steps")
    running.end()
    (pid,) = set(re.findall(r"grandchild (\d+)", running.text()))
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.05)
    raise AssertionError("the grandchild is left")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_ends_its_program_too(run, number):
    running = run("silence", "--report", "out")
    while not left_of("silence"):
        time.sleep(0.05)
    time.sleep(1)
    running.process.send_signal(number)
    status, _ = running.end()
    assert status == 4, running.text()
    assert "interrupted" in running.text()
    assert left_of("silence") == []
    assert (running.folder / "out" / "record.json").exists()
