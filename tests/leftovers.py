"""Every test ends what it started: a session fails that leaves processes or listening servers behind.

For Linux, which tells what a process has open and where another one came from; elsewhere nothing is looked for.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

PROC = Path("/proc")
MINE, TEST = "TESTS_OF_PROCESS", "PYTEST_CURRENT_TEST"
"""Variables of the environment, which whatever a test starts inherits: this process, and (by pytest) the test."""

PATIENCE = 5.0
"""Seconds that what was told to end may take."""

LISTENS = "0A"
"""The state of a socket in /proc/net/tcp."""

ENDED = "Z"
"""The state of a process in /proc that waits for its parent to take note of its end."""

_first_seen: dict[str, str] = {}
"""Sockets that listen, with the test after which they did for the first time."""


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """Fail where something is left once all that the session had is given up."""
    os.environ[MINE] = str(os.getpid())
    before = set(_listening())
    yield
    until = time.monotonic() + PATIENCE
    while (left := [*_processes(), *_servers(before)]) and time.monotonic() < until:
        time.sleep(0.1)
    if left:
        pytest.fail("\n".join(("left behind by the tests of this session:", *left)), pytrace=False)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Note which test it is that a server listens since."""
    for socket in _listening():
        _first_seen.setdefault(socket, item.nodeid)


def _servers(before: set[str]) -> Iterator[str]:
    for socket, port in _listening().items():
        if socket not in before:
            yield f"{_first_seen.get(socket, 'a fixture')}: a server that listens on port {port}"


def _listening() -> dict[str, int]:
    """The sockets of this process that listen, by their numbers, with their ports."""
    if not PROC.is_dir():
        return {}
    known = {}
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            rows = map(str.split, (PROC / "self" / "net" / table).read_text().splitlines()[1:])
            known |= {row[9]: int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == LISTENS}
    if not known:
        return {}
    links = []
    for handle in (PROC / "self" / "fd").iterdir():
        with suppress(OSError):
            links.append(os.readlink(handle))
    mine = {found[1] for found in map(re.compile(r"socket:\[(\d+)\]").fullmatch, links) if found}
    return {socket: port for socket, port in known.items() if socket in mine}


def _processes() -> Iterator[str]:
    """What still runs of all that was started here, whoever is its parent by now."""
    mark = f"{MINE}={os.getpid()}"
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):
            state, parent = (folder / "stat").read_text().rpartition(") ")[2].split()[:2]
            environment = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
            # A child has no environment yet in the moment in which its program begins.
            if state != ENDED and (mark in environment or parent == str(os.getpid())):
                command = (folder / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ").strip()
                tests = [entry.partition("=")[2] for entry in environment if entry.startswith(f"{TEST}=")]
                yield f"{tests[0] if tests else 'a fixture'}: process {folder.name}, {command[:200]}"
