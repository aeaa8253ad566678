"""Starting programs, within a time."""

from __future__ import annotations

import shlex
import signal
import sys

import pytest

from adapters.programs import assert_gone, pid_of
from asr_properties.adapters.stdio import StdioAdapter, parse


@pytest.fixture
def _nothing_hangs():
    """A test that hangs is a failure, not a wait."""

    def too_long(number, frame):
        raise AssertionError("hangs")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def start(_nothing_hangs):
    """Start a program of this folder; at the end nothing of it is left."""
    started = []

    def begin(*words: str, limits: str = "call=10") -> StdioAdapter:
        adapter = StdioAdapter(parse(f"stdio,{limits}:{' '.join(map(shlex.quote, (sys.executable, *words)))}"))
        started.append(adapter)
        return adapter

    yield begin
    for adapter in started:
        adapter.close()
        assert_gone(pid_of(adapter))
