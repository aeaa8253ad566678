"""Output files: written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


class Unwritable(OSError):
    """An output could not be written; the message names it and says why. errno: as the system told it, if it did."""

    def __init__(self, message: str, errno: int | None = None) -> None:
        super().__init__(message)
        self.errno = errno


def write_whole(path: Path, text: str) -> None:
    """Write a file through a temporary one beside it, so that nobody ever sees half of it.

    Raises:
        Unwritable: the folder is missing or closed, the path is a folder, the disk is full.
    """
    temporary = None
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "is a folder")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
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
