"""Every command of `asr-conformance`, and how errors end."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from asr_model.profiles import UnknownProfile
from asr_model.requirements import UnknownRequirement
from asr_properties.adapters.options import UnknownAdapter
from asr_properties.cli import (
    check,
    compare,
    explain,
    export,
    graph,
    learn,
    mutants,
    new_adapter,
    replay,
    report,
    run,
    serve,
    smoke,
    trace,
)
from asr_properties.cli.console import INFRASTRUCTURE, INTERRUPTED, USAGE, Stop, console, errors
from asr_properties.contract.connection import AdapterError, UnfitCall
from asr_properties.contract.text import shown
from asr_properties.counterexamples.stored import InvalidCounterexample
from asr_properties.files import Unwritable
from asr_properties.kits.copying import UnknownLanguage
from asr_properties.mutation.mutation_record import InvalidMutationRecord
from asr_properties.running.budget import InvalidBudget
from asr_properties.running.stored_record import InvalidRecord
from asr_properties.traces.events import TraceError
from asr_properties.traces.stored_trace import InvalidTrace
from asr_reports.comparison import CannotCompare
from asr_reports.explain import UnknownWord
from asr_reports.svg import RendererMissing, RenderingFailed

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Conformance to the Azure Site Recovery lifecycle: check the model, judge implementations and recordings.",
)
app.command()(run.run)
app.command()(replay.replay)
app.command()(report.report)
app.command()(compare.compare)
app.command()(smoke.smoke)
app.command("new-adapter")(new_adapter.new_adapter)
app.command()(trace.trace)
app.command()(check.check)
app.command()(graph.graph)
app.command()(export.export)
app.command()(explain.explain)
app.command()(explain.requirements)
app.command()(serve.serve)
app.command()(mutants.mutants)
app.command()(learn.learn)

READER_LEFT = 141
LONGEST_MESSAGE = 4000

#: Bad input: one clear line, exit status 2.
_USAGE_ERRORS = (
    CannotCompare,
    UnknownAdapter,
    UnknownLanguage,
    UnknownProfile,
    UnknownRequirement,
    UnknownWord,
    InvalidBudget,
    InvalidRecord,
    InvalidTrace,
    InvalidCounterexample,
    InvalidMutationRecord,
    TraceError,
    UnfitCall,
)

#: The path was in order, and there was no room for the file: status 3.
_NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)


def _print_version(wanted: bool) -> None:
    if wanted:
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
    debug = len(arguments) < len(sys.argv) - 1
    try:
        status = app(arguments, standalone_mode=False)
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
    except _USAGE_ERRORS as error:
        status = _say(error, USAGE, debug)
    except Unwritable as error:
        status = _say(error, INFRASTRUCTURE if error.errno in _NO_ROOM else USAGE, debug)
    except (AdapterError, RendererMissing, RenderingFailed) as error:
        status = _say(error, INFRASTRUCTURE, debug)
    except BrokenPipeError:
        status = _leave_quietly()
    except RecursionError:
        status = _say("the input is nested too deeply", USAGE, debug)
    except Exception as error:
        status = _say(f"internal error: {type(error).__name__}: {error} (--debug shows where)", INFRASTRUCTURE, debug)
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
