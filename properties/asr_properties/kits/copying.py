"""Copying a starter kit to where somebody begins."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from asr_properties.files import Unwritable, make_folder, write_whole


class Kit(NamedTuple):
    """The command that builds an adapter, if one has to, and the command that starts it; both in its folder."""

    build: str | None
    start: str


#: Language -> its kit.
KITS = {
    "python": Kit(build=None, start="python3 adapter.py"),
    "node": Kit(build=None, start="node adapter.js"),
    "go": Kit(build="go build -o adapter .", start="./adapter"),
}


class UnknownLanguage(ValueError):
    """There is no kit for this language; the message lists those there are."""


def copy_kit(language: str, folder: Path) -> list[Path]:
    """Write the kit's files into a folder, which must be new or empty; gives their paths.

    Raises:
        UnknownLanguage: there is no such kit.
        Unwritable: the folder has something in it, or cannot be written.
    """
    if language not in KITS:
        raise UnknownLanguage(f"there is no starter kit for {language!r}; there are: {', '.join(KITS)}")
    try:
        taken = folder.exists() and any(folder.iterdir())
    except OSError as error:
        raise Unwritable(f"cannot make the folder {folder}: {error.strerror}") from None
    if taken:
        raise Unwritable(f"cannot make the folder {folder}: there is something in it; name another with -o")
    make_folder(folder)
    written = []
    for template in sorted(files(__package__).joinpath(language).iterdir(), key=lambda file: file.name):
        if template.is_file():
            path = folder / template.name
            write_whole(path, template.read_text(encoding="utf-8"))
            written.append(path)
    return written
