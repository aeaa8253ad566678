"""An exception of an adapter in one line: what it is, and where in the adapter's own files it was raised."""

from __future__ import annotations

import os
import sysconfig
import traceback
from pathlib import Path

_OURS = str(Path(__file__).resolve().parent.parent) + os.sep
_OTHERS = tuple(f"{path}{os.sep}" for path in {sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")})


def raised(error: BaseException) -> str:
    """The exception and the innermost place that is neither of the suite nor of a library; the innermost of all where
    there is none, and no place where only the suite was on the way."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(_OURS)]
    own = [frame for frame in frames if not frame.filename.startswith((*_OTHERS, "<"))]
    place = next(reversed(own or frames), None)
    told = f"{type(error).__name__}: {error}"
    return told if place is None else f"{told} ({_named(place.filename)}, line {place.lineno}, in {place.name})"


def _named(file: str) -> str:
    """A path as it is shortest: from the current folder, where it lies there."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file
