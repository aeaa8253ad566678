"""How `stdio:COMMAND` is written: the command, and how long it may take."""

from __future__ import annotations

import math
import os
import re
import shlex
import shutil
from dataclasses import dataclass, fields, replace

SCHEME = "stdio"
SYNTAX = "write stdio:COMMAND, or with limits in seconds stdio,call=20,wait=300:COMMAND"


class InvalidSpec(ValueError):
    """The text names no program to start; the message says why and how a SPEC is written."""


@dataclass(frozen=True)
class ProgramLimits:
    """How long an adapter may take, in seconds.

    start: from starting the program to its answer to `hello`. call: for the answer to any other call but `wait`.
    wait: for the answer to `wait`. stop: from its answer to `bye` to its end.
    """

    start: float = 30
    call: float = 10
    wait: float = 60
    stop: float = 5


@dataclass(frozen=True)
class Spec:
    """A program to start, as words, and its limits."""

    command: tuple[str, ...]
    limits: ProgramLimits = ProgramLimits()


def is_stdio(text: str) -> bool:
    """Whether a SPEC is of this kind."""
    return re.match(rf"{SCHEME}[:,]|{SCHEME}$", text) is not None


def parse(text: str) -> Spec:
    """The program that `stdio:COMMAND` names. The command is split as a shell would; no shell runs it.

    Raises:
        InvalidSpec: no command, an unknown limit, or a program that is not there.
    """
    head, _, command = text.partition(":")
    limits = ProgramLimits()
    for setting in head.split(",")[1:]:
        key, _, value = setting.partition("=")
        if key not in {field.name for field in fields(ProgramLimits)}:
            known = ", ".join(field.name for field in fields(ProgramLimits))
            raise InvalidSpec(f"adapter {text!r}: {key!r} is no limit (there are {known}): {SYNTAX}")
        limits = replace(limits, **{key: _seconds(value, text)})
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise InvalidSpec(f"adapter {text!r}: {error}: {SYNTAX}") from None
    if not words:
        raise InvalidSpec(f"adapter {text!r} names no command: {SYNTAX}")
    if os.name != "posix":
        raise InvalidSpec(f"adapter {text!r}: programs over stdio need process groups, which this system does not have")
    if shutil.which(words[0]) is None:
        raise InvalidSpec(f"adapter {text!r}: there is no program {words[0]!r} on the PATH or at that place")
    return Spec(words, limits)


def _seconds(value: str, text: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise InvalidSpec(f"adapter {text!r}: {value!r} is no number of seconds: {SYNTAX}")
    return seconds
