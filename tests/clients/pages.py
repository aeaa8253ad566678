"""Pages with commands, and what the commands show."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clients.serving import NODE, TOKEN, Serving, scripts, serving
from test_readme import find_in_order

DOCS = Path(__file__).resolve().parents[2] / "docs"

Command = tuple[str, str]
"""A command, and what it shows."""


class Page:
    """A page of the documentation. blocks: its language and text, of each block of code."""

    def __init__(self, name: str) -> None:
        self.text = (DOCS / name).read_text(encoding="utf-8")
        self.blocks = re.findall(r"```(python|javascript|console)\n(.*?)```", self.text, re.DOTALL)

    @property
    def commands(self) -> list[Command]:
        """Those of its consoles, in their order."""
        consoles = (text for kind, text in self.blocks if kind == "console")
        parts = (part for text in consoles for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:])
        return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


@contextmanager
def started(command: Command, folder: Path) -> Iterator[tuple[Serving, dict[str, str]]]:
    """The server that a page starts, on a free port, which must say what the page shows; and what its clients find in
    their environment."""
    program, verb, *options = shlex.split(command[0])
    assert (program, verb) == ("asr-conformance", "serve")
    without = [word for word in options if word not in ("--port", "8765", "--tls-folder", "certs")]
    with serving(folder / "certs", *without) as server:
        find_in_order(command[1].replace(":8765", ":[...]"), server.told, command[0])
        paths = os.pathsep.join([scripts(), str(NODE.parent), os.environ["PATH"]])
        yield server, {**os.environ, **server.trust, "ASR_CONTROL_TOKEN": TOKEN, "PATH": paths}


def follow(commands: list[Command], server: Serving, folder: Path, environment: dict[str, str]) -> int:
    """Run commands, which must show what the page shows; gives how many. What is exported, the next ones find."""
    done = 0
    for command, shown in commands:
        command = command.replace("https://127.0.0.1:8765", server.url)
        if named := re.fullmatch(r"export (\w+)=(.*)", command):
            environment[named[1]] = run(f'export {named[1]}={named[2]}; printf %s "${named[1]}"', folder, environment)
            continue
        find_in_order(shown, run(command, folder, environment), command)
        done += 1
    return done


def run(command: str, folder: Path, environment: dict[str, str]) -> str:
    """What a command of a shell writes. It writes no traceback, and if it is curl, it does not fail."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert not (command.startswith("curl") and done.returncode), done.stderr
    return done.stdout
