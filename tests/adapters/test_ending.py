"""However a program over stdio ends, it may clean up, nothing of it is left, and nobody else is touched."""

from __future__ import annotations

import contextlib
import gc
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.programs import HERE, assert_gone, begun, pid_of, script
from asr_properties.adapters.stdio import StdioAdapter, parse
from asr_properties.adapters.stdio.json_rpc import LONGEST_LINE
from asr_properties.contract.connection import AdapterError, Connection

pytestmark = pytest.mark.usefixtures("_nothing_hangs")


def test_after_bye_the_program_has_ended_and_no_call_is_left(start):
    adapter = begun(start)
    adapter.bye()
    assert_gone(pid_of(adapter))
    with pytest.raises(AdapterError, match="after bye"):
        adapter.item()


@pytest.mark.parametrize("behaviour", ["a daemon, and a good reply", "a daemon, and silence"])
def test_what_a_program_started_ends_with_it_and_nobody_else(start, foreign, behaviour):
    adapter = start(str(HERE / "hostile.py"), behaviour, limits="call=1")
    connection = Connection(adapter)
    connection.new_item({})
    with contextlib.suppress(AdapterError):
        connection.jobs()
        connection.bye()
    (pid,) = re.findall(r"grandchild (\d+)", " ".join(adapter._process.last_words(str)))
    assert not Path(f"/proc/{pid}").exists()
    assert foreign.poll() is None


@pytest.fixture
def foreign():
    """A process of somebody else."""
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_a_supervisor_that_is_killed_takes_the_program_along(start):
    adapter = begun(start)
    adapter._process._supervisor.kill()
    adapter._process._supervisor.wait()
    while Path(f"/proc/{pid_of(adapter)}").exists():  # it was left to init
        time.sleep(0.01)
    with pytest.raises(AdapterError, match="signal 9"):
        adapter.item()


GENTLE = """
def asked(number, frame):
    said.write("asked ")
    sys.exit()

said = open({path!r}, "w")
signal.signal(signal.SIGTERM, asked)
for line in sys.stdin:
    print('{{"jsonrpc": "2.0", "id": 1, "result": null}}', flush=True)
print("bye", file=sys.stderr, flush=True)
time.sleep({seconds})
said.write("done")
said.close()
"""


@pytest.mark.parametrize(("seconds", "told"), [(0.3, "done"), (600, "asked ")])
@pytest.mark.parametrize("forget", [False, True])
def test_a_program_may_clean_up_at_the_end_of_its_input_and_is_asked_before_it_is_killed(
    tmp_path, seconds, told, forget
):
    said = tmp_path / "said.txt"
    path = script(tmp_path, GENTLE.format(path=str(said), seconds=seconds))
    adapter = StdioAdapter(parse(f"stdio,stop=1:{shlex.join([sys.executable, path])}"))
    adapter.call("item")
    pid = pid_of(adapter)
    if forget:
        del adapter
        gc.collect()
    else:
        adapter.close()
    assert_gone(pid)
    assert said.read_text() == told


@pytest.mark.parametrize("ends", ["bye", "hang_up", "close"])
def test_what_is_written_until_it_ends_is_bounded(start, tmp_path, ends):
    text = """
sys.stdin.readline()
print('{"jsonrpc": "2.0", "id": 1, "result": null}', flush=True)
while True:
    sys.stdout.write("x" * 65536)
"""
    adapter = start(script(tmp_path, text), limits="stop=0.5")
    most = 0

    def watched(seconds):
        nonlocal most
        status = wait(seconds)
        most = max(most, len(adapter._process._received))
        return status

    wait, adapter._process.wait = adapter._process.wait, watched
    with contextlib.suppress(AdapterError):
        if ends != "bye":
            adapter.call("item")
        getattr(adapter, ends)()
    assert 0 < most < LONGEST_LINE + 100_000
    assert_gone(pid_of(adapter))


def test_a_word_after_bye_is_told(start):
    connection = Connection(start(str(HERE / "hostile.py"), "a word after bye"))
    with pytest.raises(AdapterError, match="after its reply to bye") as caught:
        connection.bye()
    assert caught.value.got == "goodbye"


STUBBORN = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.stdin.readline()
print('{"jsonrpc": "2.0", "id": 1, "result": null}', flush=True)
time.sleep(600)
"""


def test_a_program_that_goes_on_after_bye_is_ended(start, tmp_path):
    adapter = start(script(tmp_path, STUBBORN), limits="stop=0.3")
    with pytest.raises(AdapterError, match="did not end"):
        adapter.bye()
    assert_gone(pid_of(adapter))


def test_a_program_that_ends_badly_after_bye_is_told(start, tmp_path):
    adapter = start(script(tmp_path, STUBBORN.replace("time.sleep(600)", "sys.exit(5)")))
    with pytest.raises(AdapterError, match="status 5"):
        adapter.bye()


def test_an_adapter_that_is_forgotten_is_ended(start):
    adapter = StdioAdapter(parse(f"stdio:{shlex.quote(sys.executable)} {shlex.quote(str(HERE / 'serve.py'))} x:y"))
    pid = pid_of(adapter)
    del adapter
    gc.collect()
    assert_gone(pid)
