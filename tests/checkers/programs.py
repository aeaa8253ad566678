"""Running the checkers' programs: one that is missing, fails or hangs is a failure that says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

LONGEST = 300
"""Seconds that one program may take."""


class CheckerFailed(Exception):
    """A checker could not be run, or said what nobody understands; the message shows it."""


def program(name: str, package: str) -> str:
    """Where a program is.

    Raises:
        CheckerFailed: it is not installed.
    """
    found = shutil.which(name)
    if found is None:
        raise CheckerFailed(
            f"{name} is not installed: sh tests/checkers/install.sh (Debian: apt-get install {package})"
        )
    return found


def output_of(command: Sequence[str], folder: Path, statuses: Sequence[int] = (0,), **variables: str) -> str:
    """What a program writes. variables: what it finds in its environment beside what we have.

    Raises:
        CheckerFailed: it ends with another status than one of these, or not in time.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CheckerFailed(f"{command[0]}: not done within {LONGEST} s") from None
    if done.returncode not in statuses:
        raise CheckerFailed(f"{' '.join(command)}: status {done.returncode}\n{done.stdout[-3000:]}")
    return done.stdout
