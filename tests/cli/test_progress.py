"""Progress on a terminal and in a pipe, colours, and -q: on a real pseudo-terminal, and on real pipes."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time

import pytest

from asr_properties.cli import progress
from asr_properties.cli.progress import State, with_progress

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LONG_ENOUGH = ("run", "--seed", "1", "--budget", "1s", "--engine", "hypothesis", "--no-report")


def on_terminal(*arguments, columns="80", **environment):
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "asr_properties", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": columns, **environment},
    )  # fmt: skip
    os.close(theirs)
    written = b""
    try:
        while chunk := _read(ours):
            written += chunk
    finally:
        running.kill()
        running.wait()
        os.close(ours)
    return written.decode()


def _read(handle):
    try:
        return os.read(handle, 65536)
    except OSError:  # Linux says so when nobody has the other end any more
        return b""


def in_a_pipe(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "asr_properties", *arguments],
        env={**os.environ, "TERM": "xterm-256color", **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_terminal_shows_rate_and_time_left_and_colours():
    shown = on_terminal(*LONG_ENOUGH, columns="120")
    assert re.search(r"judging \(hypothesis\).* %.* steps, [\d,.]+/s, \d+ s left", shown)
    assert COLOUR.search(shown)


@pytest.mark.parametrize("arguments", [LONG_ENOUGH, ("-h",), ("explain", "-h")], ids=" ".join)
def test_no_color_means_no_colour_on_a_terminal(arguments):
    shown = on_terminal(*arguments, NO_COLOR="1")
    assert shown
    assert COLOUR.findall(shown) == []


def test_quiet_shows_no_progress_on_a_terminal():
    assert "steps" not in on_terminal(*LONG_ENOUGH, "-q", NO_COLOR="1").replace("steps, ", "", 1).split("INCOMPLETE")[0]


def test_a_pipe_has_no_escape_codes():
    done = in_a_pipe(*LONG_ENOUGH)
    assert "INCOMPLETE" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stderr == ""  # a line comes every ten seconds


QUICK = """
import sys, time
from asr_properties.cli import progress
from asr_properties.cli.main import main
progress.EVERY = 0.2
main()
"""


@pytest.mark.parametrize("quiet", [False, True])
def test_a_pipe_gets_a_line_now_and_then(quiet):
    arguments = [*LONG_ENOUGH, "-q"] if quiet else [*LONG_ENOUGH, "--budget", "3s"]
    done = subprocess.run([sys.executable, "-c", QUICK, *arguments], capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines()
    begun = [line for line in lines if " 0 steps, 0/s" not in line]
    assert begun if not quiet else lines == []
    for line in begun:
        assert re.fullmatch(r"judging \(hypothesis\): \d+%, [\d,]+ steps, [\d,.]+/s, \d+ s left", line), line


def test_a_line_comes_also_while_nothing_goes_on(monkeypatch, capsys):
    monkeypatch.setattr(progress, "EVERY", 0.05)
    assert with_progress("waiting", lambda tell: time.sleep(0.3) or "done", unit="steps") == "done"
    assert capsys.readouterr().err.splitlines()[0] == "waiting: 0%, 0 steps, 0/s"


def test_rate_and_time_left_are_those_of_the_work_until_now(monkeypatch):
    now = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    state = State("judging", "steps")
    now = 160.0
    state.take(0.25, "tour", 1500)
    assert (state.what, state.pace) == ("judging (tour)", "1,500 steps, 25/s, 3 min 0 s left")
    state.take(0.001, "tour", 30)
    assert state.pace == "30 steps, 0.5/s, 16 h 39 min left"


def test_quiet_shows_what_is_wrong_and_the_conclusion(inside):
    wrong = inside("run", "--adapter", "cli.adapters:kept_points", "--seed", 1, "--budget", "300steps", "-x", "-q")
    assert wrong.stdout.startswith("\nbreaks R40")
    assert wrong.stdout.splitlines()[-1].startswith("NON_CONFORMANT")
    assert inside("check", "-q").stdout.startswith("all properties hold")
    assert inside("smoke", "-q").stdout.startswith("\nthe adapter is in order")
    assert inside("trace", "-q").stdout == "CONFORMANT (2 files, 2 items)\n"


NARROW = [
    *("smoke", "trace", "requirements --status", "explain R40", "-h", "run -h"),
    *(pytest.param(shown, marks=pytest.mark.long) for shown in ("check", "requirements", "explain")),
]


@pytest.mark.parametrize("arguments", NARROW)
def test_what_is_shown_fits_80_columns_and_nothing_is_cut(arguments):
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", on_terminal(*arguments.split(), columns="80"))
    lines = shown.replace("\r", "").splitlines()
    assert lines
    assert [line for line in lines if len(line) > 80] == []
    assert "…" not in shown or arguments.endswith("-h")  # typer cuts long words of help
