"""Reads a recording, whatever its format: told by its content, never by its name."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import yaml

from asr_properties.traces.cassette import read_cassette
from asr_properties.traces.events import TraceError
from asr_properties.traces.jsonl import read_jsonl
from asr_properties.traces.trace import Trace

_EXPECTED = "expected a trace in JSON Lines (its header first) or a cassette of vcrpy"

#: Both loaders build plain data only; the one in C reads 2 MB in a few tenths of a second.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_trace(path: str | os.PathLike[str]) -> Trace:
    """The trace in a file: our own JSON Lines, or a vcrpy cassette in YAML or JSON.

    Raises:
        TraceError: the file cannot be read, or is none of these, or is cut off; one line that says what is wrong.
    """
    file = os.fspath(path)
    text = _text(Path(path), file)
    if not text.strip():
        raise TraceError(file, None, f"the file is empty; {_EXPECTED}")
    if _TOO_DEEP.search(text):
        raise TraceError(file, None, f"the file is nested too deeply; {_EXPECTED}")
    if not text.lstrip().startswith("{"):
        return read_cassette(_yaml(text, file), file)
    first = text.lstrip().partition("\n")[0]
    if _is_object(first) and "interactions" not in json.loads(first):
        return _lines(text, file)
    return _document(text, first, file)


_TOO_DEEP = re.compile(r"(?:[\[{]\s*|[-?]\s+){500}")
"""No recording nests like this, and the YAML reader in C would not survive it."""


def _text(path: Path, file: str) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise TraceError(file, None, "there is no such file") from None
    except IsADirectoryError:
        raise TraceError(file, None, f"this is a directory; {_EXPECTED}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TraceError(file, None, f"the file cannot be read: {reason}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TraceError(file, line, f"the file is not UTF-8 text; {_EXPECTED}") from None


def _lines(text: str, file: str) -> Trace:
    header, events = read_jsonl(io.StringIO(text), file)
    found = tuple(events)
    return Trace(source=header.source or file, profile=header.profile, events=found, total=len(found))


def _document(text: str, first: str, file: str) -> Trace:
    """A file that starts like JSON and is not lines of it."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if '"format"' in first:
            raise TraceError(file, 1, f"the header is not one whole JSON object: {error}") from None
        raise TraceError(file, None, f"not a whole JSON document, the file may be cut off: {error}") from None
    if not isinstance(document, dict) or "interactions" not in document:
        raise TraceError(file, None, f"unknown format; {_EXPECTED}")
    return read_cassette(document, file)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _yaml(text: str, file: str) -> object:
    try:
        return yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        line = None if mark is None else mark.line + 1
        raise TraceError(file, line, f"neither JSON nor whole YAML: {problem}") from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        # The loader lets these through for values that look like a date, a number or a key and are none.
        raise TraceError(file, None, f"not YAML that holds plain data: {type(error).__name__} {error}") from None
