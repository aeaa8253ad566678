"""Where an adapter in Python raised what it should not: its own file and line always, the traceback with --debug."""

from __future__ import annotations

import pytest

ADAPTER = """
import json


class Adapter:
    def hello(self, protocol):
        return self.read()

    def read(self):
        return json.loads("{")  # line 10
"""
WHERE = "line 1 column 2 (char 1) (mine.py, line 10, in read)"


@pytest.mark.parametrize("arguments", [("run", "--budget", "5steps", "--no-report"), ("smoke",)], ids=" ".join)
def test_file_and_line_are_those_of_the_adapter(command, tmp_path, arguments):
    (tmp_path / "mine.py").write_text(ADAPTER)
    done = command(*arguments, "--adapter", "mine:Adapter")
    assert done.returncode == 3
    assert WHERE in " ".join(done.stdout.split())
    assert "Traceback" not in done.stdout + done.stderr


def test_debug_shows_the_traceback_of_the_adapter(command, tmp_path):
    (tmp_path / "mine.py").write_text(ADAPTER)
    shown = command("--debug", "run", "--budget", "5steps", "--no-report", "--adapter", "mine:Adapter").stdout
    assert "Traceback (most recent call last):" in shown
    assert 'return json.loads("{")  # line 10' in shown


def test_an_adapter_that_cannot_be_imported_tells_where(command, tmp_path):
    (tmp_path / "mine.py").write_text("import os\n\n1 / 0\n")
    done = command("run", "--adapter", "mine:Adapter")
    assert done.returncode == 2
    assert "ZeroDivisionError: division by zero (mine.py, line 3, in <module>)" in done.stderr
