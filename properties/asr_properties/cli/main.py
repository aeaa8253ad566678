"""The entry point of `asr-conformance`. It imports nothing of ours until a signal can't do harm any more."""

from __future__ import annotations

import os
import signal
import sys

from asr_properties.cli.importing import importing
from asr_properties.cli.signals import ending_signals

_USAGE = 2  # as `console` has it, whose import takes too long here


def main() -> None:
    """Run the command line; the process ends with the command's exit status.

    SIGTERM and SIGHUP end a command as Ctrl-C does, so that the programs it started end with it.
    """
    if not _is_somewhere():
        sys.exit(_USAGE)
    for number in ending_signals():
        signal.signal(number, signal.default_int_handler)
    with importing():
        from asr_properties.cli.commands import run_command_line
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


if __name__ == "__main__":
    main()
