"""The tests pass where SIGINT is ignored, as under `nohup`: what they start can be interrupted all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SHOWN = "from signal import *; import conftest; print([getsignal(n) is SIG_IGN for n in (SIGINT, SIGHUP)])"


@pytest.mark.parametrize("ignored", ["", "trap '' INT HUP; "])
def test_no_test_ignores_what_would_end_it(ignored):
    script = f'{ignored}exec {sys.executable} -c "{SHOWN}"'
    done = subprocess.run(
        ["bash", "-c", script], cwd=Path(__file__).parent, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[False, False]\n"
