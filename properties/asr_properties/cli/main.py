"""The entry point of `asr-conformance`. It imports nothing of ours until a signal can't do harm any more."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

_USAGE, _INTERRUPTED = 2, 130  # as `console` has them, whose import takes too long here

_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def main() -> None:
    """Run the command line; the process ends with the command's exit status.

    SIGTERM and SIGHUP end a command as Ctrl-C does, so that the programs it started end with it.
    """
    if not _is_somewhere():
        sys.exit(_USAGE)
    taken = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]  # nohup ignores SIGHUP
    for number in taken:
        signal.signal(number, _leave)
    from asr_properties.cli.commands import run_command_line

    for number in taken:
        signal.signal(number, signal.default_int_handler)
    run_command_line()


def _is_somewhere() -> bool:
    """Whether the current folder is there; if not, this is said."""
    try:
        os.getcwd()
    except OSError as error:
        why = f"asr-conformance: the current folder can't be used ({error.strerror}): start it in another one\n"
        os.write(2, why.encode())
        return False
    return True


def _leave(number: int, frame: FrameType | None) -> None:
    """While modules are imported: nothing has begun, and an exception could be taken for a failed import."""
    os.write(sys.stderr.fileno(), b"interrupted\n")
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
