"""The page "Test your own tooling against it" can be followed: its runbooks and commands print what it shows."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

from asr_model.vocabulary import Fault
from clients.serving import JAVASCRIPT, NODE, TOKEN, scripts, serving
from test_readme import find_in_order

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "test-your-tooling.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|javascript|console)\n(.*?)```", PAGE, re.DOTALL)
QUIET = "npm install"  # what the tests' own set-up has done


def commands(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what it shows."""
    return [tuple(part.split("\n", 1)) for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]  # type: ignore[misc]


def test_the_page_can_be_followed(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(JAVASCRIPT / "node_modules")
    for kind, text in BLOCKS:
        if kind != "console":
            (tmp_path / text.split()[1]).write_text(text, encoding="utf-8")
    consoles = [text for kind, text in BLOCKS if kind == "console"]
    ((start, told), *others) = [one for block in consoles for one in commands(block)]
    program, verb, *options = shlex.split(start)
    assert (program, verb) == ("asr-conformance", "serve")
    without = [word for word in options if word not in ("--port", "8765", "--tls-folder", "certs")]
    with serving(tmp_path / "certs", *without) as server:
        find_in_order(told.replace(":8765", ":[...]"), server.told, start)
        environment = {
            **os.environ,
            **server.trust,
            "ASR_CONTROL_TOKEN": TOKEN,
            "PATH": os.pathsep.join([scripts(), str(NODE.parent), os.environ["PATH"]]),
        }
        done = 0
        for command, shown in others:
            command = command.replace("https://127.0.0.1:8765", server.url)
            if command.startswith(QUIET):
                continue
            if named := re.fullmatch(r"export (\w+)=(.*)", command):
                environment[named[1]] = run(f'echo "{named[2]}"', tmp_path, environment).strip()
                continue
            find_in_order(shown, run(command, tmp_path, environment), command)
            done += 1
    assert done >= 28


def run(command: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert not (command.startswith("curl") and done.returncode), done.stderr
    return done.stdout


def test_a_fault_is_injected_at_each_step() -> None:
    python = next(text for kind, text in BLOCKS if kind == "python")
    steps = re.findall(r'\(\s*"([\w ]+)",\s*"\w+",\s*\[', python)
    after = PAGE.partition("## What if a step fails?")[2]
    assert len(steps) == 7
    shown = re.findall(r"^([\w ]+): (?:The long-running|no answer|BadRequest)", after, re.MULTILINE)
    assert set(steps) - set(shown) == {"clean up"}  # whose fault the SDK gets over by itself
    assert "testFailoverCleanup" in after
    assert set(re.findall(r'"fault": "(\w+)"', after)) <= set(Fault)
