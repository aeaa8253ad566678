"""How an error ends a command. It knows the errors of every command, so it is imported when there is one."""

from __future__ import annotations

import errno
from typing import Final

from asr_model.profiles import UnknownProfile
from asr_model.requirements import UnknownRequirement
from asr_properties.adapters.options import UnknownAdapter
from asr_properties.cli.console import INFRASTRUCTURE, USAGE
from asr_properties.contract.connection import AdapterError, UnfitCall
from asr_properties.counterexamples.stored import InvalidCounterexample
from asr_properties.files import Unwritable
from asr_properties.kits.copying import UnknownLanguage
from asr_properties.mutation.mutation_record import InvalidMutationRecord
from asr_properties.planning.durations import InvalidDurations
from asr_properties.planning.plan_document import InvalidPlan
from asr_properties.running.budget import InvalidBudget
from asr_properties.running.stored_record import InvalidRecord
from asr_properties.traces.events import TraceError
from asr_properties.traces.stored_trace import InvalidTrace
from asr_reports.comparison import CannotCompare
from asr_reports.explain import UnknownWord
from asr_reports.svg import RendererMissing, RenderingFailed

#: Bad input: one clear line, exit status 2.
_USAGE_ERRORS: Final = (
    CannotCompare,
    UnknownAdapter,
    UnknownLanguage,
    UnknownProfile,
    UnknownRequirement,
    UnknownWord,
    InvalidBudget,
    InvalidDurations,
    InvalidPlan,
    InvalidRecord,
    InvalidTrace,
    InvalidCounterexample,
    InvalidMutationRecord,
    TraceError,
    UnfitCall,
)

#: The path was in order, and there was no room for the file: status 3.
_NO_ROOM: Final = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)


def told_and_status(error: Exception) -> tuple[str, int]:
    """What is said of an error in one line, and the exit status of the command that it ends."""
    if isinstance(error, _USAGE_ERRORS):
        return str(error), USAGE
    if isinstance(error, Unwritable):
        return str(error), INFRASTRUCTURE if error.errno in _NO_ROOM else USAGE
    if isinstance(error, AdapterError | RendererMissing | RenderingFailed):
        return str(error), INFRASTRUCTURE
    if isinstance(error, RecursionError):
        return "the input is nested too deeply", USAGE
    return f"internal error: {type(error).__name__}: {error} (--debug shows where)", INFRASTRUCTURE
