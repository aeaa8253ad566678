"""Files: output is written whole or not at all, and JSON from elsewhere is read within bounds."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

MOST_KEYS: Final = 1000
"""Of one object in a file that is read; those that we write have fewer than 200."""


class Unwritable(OSError):
    """An output could not be written; the message names it and says why. errno: as the system told it, if it did."""

    def __init__(self, message: str, errno: int | None = None) -> None:
        super().__init__(message)
        self.errno = errno


class Unreadable(ValueError):
    """A file holds no JSON document within the bounds; the message names it and says why."""


def read_json(path: Path, longest: int) -> Any:
    """The JSON document in a file. longest: bytes that it may have.

    Raises:
        Unreadable: there is no such file, it is too long, or no JSON, or one of its objects has more than MOST_KEYS.
    """
    try:
        with path.open("rb") as file:
            content = file.read(longest + 1)
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        raise Unreadable(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > longest:
        raise Unreadable(f"{path}: longer than {longest >> 20} MiB, which nothing is that we write")
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path}: not JSON ({error})") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_KEYS:
        raise ValueError(f"an object of {len(pairs)} keys")
    return dict(pairs)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file through a temporary one beside it, so that nobody ever sees half of it. What is there and is no file
    (a device, a pipe) is written to, and stays what it is. content: a text is written as UTF-8, as it is.

    Raises:
        Unwritable: the folder is missing or closed, the path is a folder, the disk is full.
    """
    temporary = None
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "is a folder")
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except BaseException as error:  # an interrupted command leaves no half of a file either
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise Unwritable(f"cannot write {path}: {error.strerror or error}", error.errno) from None


def make_folder(path: Path) -> None:
    """Make a folder for outputs, and those above it.

    Raises:
        Unwritable: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(f"cannot make the folder {path}: {error.strerror or error}", error.errno) from None
