"""What ends a command, and what does not: a second signal while the first is answered; and tests under `nohup`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from asr_properties.cli.signals import ending_signals, undisturbed

SHOWN = "from signal import *; import conftest; print([getsignal(n) is SIG_IGN for n in (SIGINT, SIGHUP)])"


@pytest.mark.parametrize("ignored", ["", "trap '' INT HUP; "])
def test_no_test_ignores_what_would_end_it(ignored):
    script = f'{ignored}exec {sys.executable} -c "{SHOWN}"'
    done = subprocess.run(
        ["bash", "-c", script], cwd=Path(__file__).parent, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[False, False]\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_is_answered_whole_is_not_interrupted_again(number):
    before = {each: signal.signal(each, signal.default_int_handler) for each in ending_signals()}
    try:
        with undisturbed(when=True):
            os.kill(os.getpid(), number)
        with pytest.raises(KeyboardInterrupt), undisturbed(when=False):
            os.kill(os.getpid(), number)
        with pytest.raises(KeyboardInterrupt):  # it is as it was before
            os.kill(os.getpid(), number)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
