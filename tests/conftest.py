"""Running the real command in a real process."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["pytester", "leftovers"]
TESTS = Path(__file__).resolve().parent

for _ignored in (signal.SIGINT, signal.SIGHUP):
    # Under `nohup`, or in the background of a shell, these are ignored, and so they would be by what tests start.
    if signal.getsignal(_ignored) is signal.SIG_IGN:
        signal.signal(_ignored, signal.default_int_handler if _ignored == signal.SIGINT else signal.SIG_DFL)

# Where nothing compiled is kept, each of the hundreds of processes that tests start would compile the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Walks make many objects and few circles of them: looking for these at the usual pace takes a tenth of the time.
gc.set_threshold(20_000, 20, 20)

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(tmp_path: Path) -> Run:
    """Run `asr-conformance` in an empty folder, with the tests' own modules importable."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "asr_properties.cli.main", *map(str, arguments)],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]),
                "COLUMNS": "140",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:  # a process takes a second to start
    """Run `asr-conformance` in an empty folder, in this process: for what does not depend on having one of its own."""
    from asr_properties.cli.commands import run_command_line
    from asr_properties.cli.console import console

    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        words = list(map(str, arguments))
        monkeypatch.setattr(sys, "argv", ["asr-conformance", *words])
        monkeypatch.setattr(console, "stderr", False)
        with pytest.raises(SystemExit) as ended:
            run_command_line()
        out, err = capsys.readouterr()
        status = ended.value.code
        return subprocess.CompletedProcess(words, status if isinstance(status, int) else 1, out, err)

    return run
