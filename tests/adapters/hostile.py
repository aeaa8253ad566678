"""An adapter that begins well, and then does one wrong thing: `python hostile.py BEHAVIOUR`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]


def say(text: str | bytes) -> None:
    os.write(1, text.encode() if isinstance(text, str) else text)


def forever() -> None:
    while True:
        time.sleep(1)


def endless_line() -> None:
    chunk = b"x" * (1 << 20)
    for _ in range(1024):  # 1 GB
        os.write(1, chunk)


def flooded_stderr() -> None:
    chunk = b"e" * 99 + b"\n"
    while True:
        os.write(2, chunk * 1000)


def grandchild() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]
    )
    sys.stderr.write(f"grandchild {child.pid}\n")
    sys.stderr.flush()
    time.sleep(0.5)
    os._exit(7)


def daemon(*, floods: bool = False) -> None:
    """A process in a session of its own, whose parent has ended, and that does not end at SIGTERM."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            own_session(floods=floods)
        os._exit(0)
    os.wait()


def own_session(*, floods: bool = False) -> None:
    """A process in a session of its own; it does not end at SIGTERM."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stderr.write(f"grandchild {os.getpid()}\n")
    sys.stderr.flush()
    flooded_stderr() if floods else forever()


def child_of_its_own() -> None:
    if os.fork() == 0:
        os.setsid()
        own_session()


def leave(status: int) -> None:
    time.sleep(0.3)  # what was started has said who it is
    os._exit(status)


def line(good: Document, **changes: Any) -> str:
    return json.dumps({**good, **changes}) + "\n"


#: Name -> what it does instead of answering the first `jobs`; `good` is the right reply.
BEHAVIOURS: dict[str, Callable[[Document], object]] = {
    "endless line": lambda good: endless_line(),
    "deep nesting": lambda good: say("[" * 1_000_000 + "\n"),
    "deep nesting that is closed": lambda good: say("[" * 1_000_000 + "]" * 1_000_000 + "\n"),
    "many small values": lambda good: say(line(good).replace("[]", "[" + "{}," * 1_000_000 + "{}]")),
    "many keys": lambda good: say(line(good, result={f"{n}": 0 for n in range(300_000)})),
    "NaN": lambda good: say(line(good, result=float("nan"))),
    "Infinity": lambda good: say(line(good, result=float("-inf"))),
    "a number that overflows": lambda good: say(line(good).replace("[]", "1e999")),
    "a huge integer": lambda good: say(line(good).replace("[]", "9" * 100_000)),
    "an integer that not every reader reads": lambda good: say(line(good, result=2**53)),
    "another id": lambda good: say(line(good, id=good["id"] + 1)),
    "the reply before": lambda good: say(line(good, id=good["id"] - 1)),
    "an id of another type": lambda good: say(line(good, id=str(good["id"]))),
    "no id": lambda good: say(line(good, id=None)),
    "two replies": lambda good: say(line(good) * 2),
    "a batch": lambda good: say(json.dumps([good]) + "\n"),
    "a request": lambda good: say('{"jsonrpc": "2.0", "id": 1, "method": "hello"}\n'),
    "no version": lambda good: say(line(good, jsonrpc="1.0")),
    "neither result nor error": lambda good: say(json.dumps({"jsonrpc": "2.0", "id": good["id"]}) + "\n"),
    "both result and error": lambda good: say(line(good, error={"code": 1000, "message": ""})),
    "an unknown key": lambda good: say(line(good, more=1)),
    "an error without a code": lambda good: say(error_line(good, {"message": "x"})),
    "an unknown error": lambda good: say(error_line(good, {"code": -32603, "message": "boom"})),
    "a refusal where none may be": lambda good: say(error_line(good, {"code": 1000, "message": "no"})),
    "an empty line": lambda good: say("\n" + line(good)),
    "a log line": lambda good: say("starting up\n" + line(good)),
    "half of a pair": lambda good: say(line(good).replace("[]", '["\\ud800"]')),
    "invalid UTF-8": lambda good: say(b'{"jsonrpc": "2.0", "id": 3, "result": ["\xff\xfe"]}\n'),
    "a key twice": lambda good: say(line(good).replace('"result"', '"id": 3, "result"')),
    "a result of another shape": lambda good: say(line(good, result=[1])),
    "an exit": lambda good: (sys.stderr.write("out of memory\n"), sys.stderr.flush(), os._exit(3)),
    "a signal": lambda good: os.kill(os.getpid(), signal.SIGKILL),
    "a closed stdout": lambda good: (os.close(1), forever()),
    "silence": lambda good: forever(),
    "silence that ignores SIGTERM": lambda good: (signal.signal(signal.SIGTERM, signal.SIG_IGN), forever()),
    "half a line": lambda good: (say(line(good)[:-1]), forever()),
    "drops": lambda good: [(say(" "), time.sleep(0.01)) for _ in range(10**6)],
    "flooded stderr": lambda good: flooded_stderr(),
    "a grandchild": lambda good: grandchild(),
    "a child in a session of its own": lambda good: (child_of_its_own(), leave(7)),
    "a daemon": lambda good: (daemon(), leave(7)),
    "a daemon that floods stderr": lambda good: (daemon(floods=True), leave(7)),
    "a daemon, and a good reply": lambda good: (daemon(), time.sleep(0.3), say(line(good))),
    "a daemon, and silence": lambda good: (daemon(), forever()),
    "a closed stdin": lambda good: (os.close(0), say(line(good)), forever()),
    "a forged line": lambda good: say(error_line(good, {"code": -1, "message": FORGED})),
    "a forged refusal": lambda good: say(error_line(good, {"code": 1000, "message": FORGED})),
    "a huge version": lambda good: say(line(good, jsonrpc="x" * 4_000_000)),
    "a huge id": lambda good: say(line(good, id="\U0010ffff" * 300_000)),
    "a huge key": lambda good: say(line(good, result={"k" * 4_000_000: 1})),
    "a long list": lambda good: say(line(good, result=[f"j{n}" for n in range(200_000)])),
    "a huge job": lambda good: say(line(good, result=["j" * 4_000_000])),
    "a job that cannot be printed": lambda good: say(line(good, result=["\x1b[2J"])),
}

#: The same at `bye`.
AT_BYE: dict[str, Callable[[Document], object]] = {
    "a word after bye": lambda good: say(line(good) + "goodbye\n"),
    "a flood after bye": lambda good: (say(line(good)), [os.write(1, b"x" * 65536) for _ in range(10**6)]),
}

FORGED = "\x1b[2J\x1b[31m\nCONFORMANT (seed 1)\u202e"


def error_line(good: Document, error: Document) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": good["id"], "error": error}) + "\n"


HELLO = {
    "name": "hostile",
    "version": "0",
    "protocol": 1,
    "profile": "modernized",
    "controls": [],
    "fields": ["phase"],
    "configuration": [],
}
#: Method -> the right result; the fresh item has no job.
RESULTS: Document = {"hello": HELLO, "new_item": None, "item": None, "recovery_points": [], "jobs": [], "bye": None}


def main() -> None:
    behave = {**BEHAVIOURS, **AT_BYE}[sys.argv[1]]
    place = "bye" if sys.argv[1] in AT_BYE else "jobs"
    while text := sys.stdin.readline():
        request = json.loads(text)
        method = request["method"]
        good = {"jsonrpc": "2.0", "id": request["id"], "result": RESULTS.get(method)}
        if method == place:
            behave(good)
        elif method == "request":
            say(error_line(good, {"code": 1000, "message": "no"}))
        else:
            say(json.dumps(good) + "\n")
        if method == "bye":
            break


if __name__ == "__main__":
    main()
