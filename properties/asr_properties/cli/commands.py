"""The command line as a whole: its options, and how it ends."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from asr_properties.cli.command_table import Commands
from asr_properties.cli.console import INFRASTRUCTURE, INTERRUPTED, USAGE, Stop, console, errors
from asr_properties.cli.importing import importing
from asr_properties.contract.text import shown

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: `asr-conformance run --seed 7` judges the reference implementation; `asr-conformance run -h` "
    "tells what can be said about it, and shows another.",
    help="Conformance to the Azure Site Recovery lifecycle: check the model, judge implementations and recordings.",
)

READER_LEFT = 141
LONGEST_MESSAGE = 4000


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # few commands need it

        console.print(f"asr-conformance {version('asr-conformance')}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of every command; `run_command_line` takes out --debug itself, wherever it stands."""


def run_command_line() -> NoReturn:
    """Run the command that the arguments name; the process ends with its exit status."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    console.debug = debug = len(arguments) < len(sys.argv) - 1
    try:
        status = app(arguments, prog_name="asr-conformance", standalone_mode=False)
        if status == INTERRUPTED:  # typer makes it of a KeyboardInterrupt
            status = _say_interrupted()
        elif console.lost is not None:
            given = status if isinstance(status, int) else INFRASTRUCTURE  # a verdict is never lost to its report
            status = _say(f"cannot write the output: {console.lost.strerror or console.lost}", given, debug)
    except TyperException as error:
        status = _say(f"{error.format_message()} (asr-conformance --help shows what there is)", USAGE, debug)
    except (typer.Abort, KeyboardInterrupt):
        status = _say_interrupted()
    except Stop as stop:
        status = _say(stop, stop.status, debug)
    except BrokenPipeError:
        status = _leave_quietly()
    except Exception as error:
        with importing():
            from asr_properties.cli.exit_status import told_and_status
        status = _say(*told_and_status(error), debug)
    sys.exit(status if isinstance(status, int) else 0)


def _leave_quietly() -> int:
    """Whoever read our output has left: end as SIGPIPE would, and let the interpreter not write to it again."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    return READER_LEFT


def _say(message: object, status: int, debug: bool) -> int:
    """One line, after the traceback of the exception that is being handled if that is wanted."""
    if debug and sys.exc_info()[0] is not None:
        traceback.print_exc()
    errors.print(f"asr-conformance: {shown(' '.join(str(message).split()), LONGEST_MESSAGE)}", markup=False)
    return status


def _say_interrupted() -> int:
    errors.print("interrupted")
    return INTERRUPTED
