"""Programs over stdio: right ones are judged as objects are, wrong ones end as one clear adapter error."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

from adapters.hostile import BEHAVIOURS
from adapters.programs import HERE, assert_gone, pid_of, script, serve
from asr_properties.adapters.loading import load
from asr_properties.adapters.options import UnknownAdapter
from asr_properties.adapters.stdio import parse
from asr_properties.adapters.stdio.json_rpc import LONGEST_LINE
from asr_properties.contract.connection import AdapterError, Connection
from asr_properties.contract.errors import InvalidParameters, InvalidRequest, NotOffered, Refused, UnknownMethod


def test_a_program_answers_as_the_object_behind_it_does(start):
    there, here = Connection(serve(start)), Connection(load("asr_properties.reference:create")())
    assert there.hello == here.hello
    for connection in (there, here):
        connection.new_item({})
        connection.wait(job=connection.request("enable_replication", {}))
        connection.wait(seconds=3600)
    assert there.item() == here.item()
    assert there.recovery_points() == here.recovery_points()
    assert there.jobs() == here.jobs()
    there.bye()


def test_every_error_of_the_contract_arrives_as_its_exception(start):
    adapter = serve(start)
    with pytest.raises(InvalidRequest):
        adapter.item()
    adapter.hello(protocol=1)
    adapter.new_item(configuration={})
    with pytest.raises(Refused, match="commit is not possible"):
        adapter.request(operation="commit", arguments={})
    with pytest.raises(NotOffered):
        adapter.inject(fault="flood")
    with pytest.raises(InvalidParameters):
        adapter.job(job="job-999")
    with pytest.raises(UnknownMethod):
        adapter.call("reboot")
    assert adapter.jobs() == []


#: Behaviours that only the limit ends.
SLOW = {
    "silence", "silence that ignores SIGTERM", "half a line", "drops", "flooded stderr", "a daemon, and silence",
}  # fmt: skip
#: What is wrong is not a reply.
IN_ORDER = {"a daemon, and a good reply"}

EXPLAINED = {
    "NaN": "NaN is not JSON",
    "a huge integer": "beyond 2",
    "another id": "bears the id",
    "the reply before": "bears the id",
    "two replies": "nobody asked for",
    "a batch": "batch",
    "an empty line": "empty line",
    "a log line": "not JSON",
    "invalid UTF-8": "not UTF-8",
    "a key twice": "twice",
    "deep nesting that is closed": "nested too deeply",
    "endless line": f"more than {LONGEST_LINE} bytes",
    "an unknown error": "does not have",
    "a result of another shape": "does not fit the contract",
    "a refusal where none may be": "does not allow",
    "an exit": "ended with status 3",
    "a signal": "signal 9",
    "a closed stdout": "closed its stdout",
    "a closed stdin": "closed its stdin",
    "silence": "within 1 s",
    "a grandchild": "ended with status 7",
    "a child in a session of its own": "ended with status 7",
    "a daemon": "ended with status 7",
    "a daemon that floods stderr": "ended with status 7",
    "a long list": "25000",
    "a huge job": "1000 characters",
    "a job that cannot be printed": "can't be printed",
}


@pytest.mark.parametrize("behaviour", [name for name in BEHAVIOURS if name not in IN_ORDER])
def test_a_hostile_program_ends_as_one_adapter_error(start, behaviour):
    adapter = start(str(HERE / "hostile.py"), behaviour, limits="call=1" if behaviour in SLOW else "call=20")
    error = error_of(Connection(adapter))
    assert EXPLAINED.get(behaviour, "") in error.what
    assert '"method":"jobs"' in error.sent or error.sent == "jobs()"
    assert error.hint
    assert len(str(error)) < 5000
    for text in (error.what, error.sent, error.got, error.hint, *error.stderr):
        assert text.isprintable()
        assert len(text) <= 400
    for pid in re.findall(r"grandchild (\d+)", str(error)):
        assert not Path(f"/proc/{pid}").exists()


def error_of(connection: Connection) -> AdapterError:
    connection.new_item({})
    try:
        for _ in range(2):  # what comes after a good reply is seen when the next call is made
            connection.jobs()
    except AdapterError as error:
        return error
    raise AssertionError("taken for good")


def test_what_is_no_protocol_ends_the_program_and_fails_every_further_call(start):
    adapter = start(str(HERE / "hostile.py"), "another id")
    connection = Connection(adapter)
    first = error_of(connection)
    assert_gone(pid_of(adapter))
    with pytest.raises(AdapterError) as caught:
        connection.item()
    assert caught.value is first


def test_the_last_lines_of_stderr_are_told(start):
    error = error_of(Connection(start(str(HERE / "hostile.py"), "an exit")))
    assert error.stderr == ("out of memory",)
    assert "out of memory" in str(error)


def test_a_late_reply_is_not_taken_for_the_next(start, tmp_path):
    adapter = start(
        script(tmp_path, "sys.stdin.readline(); time.sleep(1); print('{}', flush=True)"), limits="start=0.3"
    )
    with pytest.raises(AdapterError, match=r"within 0\.3 s"):
        adapter.hello(protocol=1)
    time.sleep(1)
    with pytest.raises(AdapterError, match=r"within 0\.3 s"):
        adapter.item()


def test_what_is_written_while_it_does_not_read_is_bounded(start, tmp_path):
    text = "import os, select; select.select([0], [], [])\nwhile True: os.write(1, b'x' * 65536)"
    adapter = start(script(tmp_path, text))
    with pytest.raises(AdapterError, match=f"more than {LONGEST_LINE} bytes"):
        adapter.call("hello", padding="x" * 1_000_000)
    assert len(adapter._process._received) < LONGEST_LINE + 100_000


def test_the_limit_that_was_broken_is_named(start, tmp_path):
    slow = script(tmp_path, "time.sleep(600)")
    with pytest.raises(AdapterError, match=r"within 0\.5 s.*start=SECONDS"):
        start(slow, limits="start=0.5,call=0.2").item()
    text = 'sys.stdin.readline(); print(\'{"jsonrpc": "2.0", "id": 1, "result": null}\', flush=True); time.sleep(9)'
    adapter = start(script(tmp_path, text), limits="start=5,call=0.2")
    adapter.call("hello")
    with pytest.raises(AdapterError, match=r"within 0\.2 s.*call=SECONDS"):
        adapter.call("hello")


def test_a_refusal_cannot_forge_a_line(start):
    adapter = start(str(HERE / "hostile.py"), "a forged refusal")
    adapter.hello(protocol=1)
    with pytest.raises(Refused) as caught:
        adapter.jobs()
    assert caught.value.reason == r"\x1b[2J\x1b[31m\nCONFORMANT (seed 1)\u202e"


def test_a_program_that_does_not_read_is_given_up(start, tmp_path):
    adapter = start(script(tmp_path, "time.sleep(600)"), limits="start=0.5")
    with pytest.raises(AdapterError, match=r"within 0\.5 s"):
        adapter.call("hello", padding="x" * 1_000_000)


def test_a_program_that_ends_at_once_is_told_with_its_last_words(start, tmp_path):
    adapter = start(script(tmp_path, "sys.exit('no licence')"))
    with pytest.raises(AdapterError) as caught:
        adapter.hello(protocol=1)
    assert "ended with status 1" in caught.value.what
    assert caught.value.stderr == ("no licence",)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("stdio:", "names no command"),
        ("stdio", "names no command"),
        ("stdio:no-such-program --now", "no program 'no-such-program'"),
        ("stdio:'unclosed", "No closing quotation"),
        ("stdio,patience=5:node x", "no limit"),
        ("stdio,call=soon:node x", "no number of seconds"),
        ("stdio,call=-1:node x", "no number of seconds"),
    ],
)
def test_a_spec_that_names_no_program_is_refused(spec, said):
    with pytest.raises(UnknownAdapter, match=said):
        load(spec)


def test_limits_are_part_of_the_spec():
    limits = parse(f"stdio,call=20,wait=300:{sys.executable} -c 'x y'").limits
    assert (limits.start, limits.call, limits.wait, limits.stop) == (30, 20, 300, 5)
    assert parse(f"stdio:{sys.executable} -c 'x y'").command == (sys.executable, "-c", "x y")
