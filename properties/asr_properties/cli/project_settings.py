"""What a project says once for every run: `asr-conformance.toml`, or `[tool.asr-conformance]` of `pyproject.toml`.

It is looked for in the current folder alone, and the command line has the last word. An adapter that it names is code
that is run, as a `conftest.py` is by pytest. It can't allow a failover on a real service, and `replay` does not read
it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

import typer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from asr_model.profiles import UnknownProfile, efsm
from asr_model.requirements import UnknownRequirement, requirement
from asr_properties.cli.console import console, fail, plain
from asr_properties.contract.connection import first_misfit
from asr_properties.running.budget import Budget, InvalidBudget

OWN_FILE: Final = Path("asr-conformance.toml")
SHARED_FILE: Final = Path("pyproject.toml")
TABLE: Final = "asr-conformance"

LONGEST: Final = 1 << 20
"""Bytes of either file."""

KEPT_RUNS: Final = 20
"""So many runs are kept where nobody says otherwise."""

NoConfig = Annotated[bool, typer.Option("--no-config", help=f"Read neither {OWN_FILE} nor {SHARED_FILE}.")]

Value = TypeVar("Value")


class _Settings(BaseModel):
    """The keys, written with hyphens. known_deviations: requirement -> reason. formats: of reports beside the page.
    keep_runs: how many folders of runs are kept."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=lambda name: name.replace("_", "-")
    )

    adapter: str | None = None
    profile: str | None = None
    budget: str | None = None
    seed: int | None = None
    formats: list[Literal["junit", "ctrf", "sarif", "markdown"]] | None = None
    keep_runs: Annotated[int, Field(ge=1)] | None = None
    known_deviations: dict[str, Annotated[str, Field(min_length=1)]] = {}


KEYS: Final = tuple(field.alias or name for name, field in _Settings.model_fields.items())


class ProjectSettings:
    """What was read, and what of it is used: `choose` for each setting, then `show`.

    source: the file, empty where there is none.
    """

    def __init__(self, source: str, settings: _Settings) -> None:
        self.source, self._settings = source, settings
        self._used: list[str] = []

    def choose(self, name: str, given: Value | None, default: Value) -> Value:
        """What the command line gives, else what the file has, else the default."""
        found = getattr(self._settings, name)
        if given is not None or found is None:
            return default if given is None else given
        shown = ", ".join(found) if isinstance(found, list) else found
        self._used.append(f"{name.replace('_', ' ')} {shown}")
        return found  # type: ignore[no-any-return]

    def known_deviations(self, adapter: str | None) -> Mapping[str, str]:
        """Requirement -> why it is known to be broken. adapter: what the command line names; deviations are those of
        the file's own adapter, and count for no other."""
        known = self._settings.known_deviations
        if known and adapter is not None and self._settings.adapter not in (None, adapter):
            self._used.append("no known deviations, for they are of its own adapter")
            return {}
        if known:
            self._used.append(f"{len(known)} known deviation{'' if len(known) == 1 else 's'}")
        return known

    def show(self) -> None:
        """Tell what was taken from the file."""
        if self._used:
            console.print(plain(f"from {self.source}: {'; '.join(self._used)}"), soft_wrap=True)


def project_settings(no_config: bool = False) -> ProjectSettings:
    """What the files in the current folder say; nothing where there are none, or they are not to be read. Ends the
    command where a file can't be read, has an unknown key, or a value that doesn't fit."""
    if not no_config:
        if (own := _toml(OWN_FILE)) is not None:
            return _read(str(OWN_FILE), own)
        shared = (_toml(SHARED_FILE) or {}).get("tool", {})
        if isinstance(shared, dict) and TABLE in shared:
            return _read(f"{SHARED_FILE} [tool.{TABLE}]", shared[TABLE])
    return ProjectSettings("", _Settings())


def _toml(path: Path) -> dict[str, Any] | None:
    """The document in a file; None where there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
        if len(content) > LONGEST:
            fail(f"{path}: longer than {LONGEST >> 20} MiB")
        return tomllib.loads(content.decode("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        fail(f"{path}: {error.strerror or error}")
    except (ValueError, RecursionError) as error:
        fail(f"{path}: no TOML: {error} (--no-config runs without it)")


def _read(source: str, table: object) -> ProjectSettings:
    if not isinstance(table, dict):
        fail(f"{source}: a table is due here")
    for key in table:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, n=1)
            meant = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(KEYS)}"
            fail(f"{source}: unknown key {key!r}: {meant}")
    try:
        settings = _Settings.model_validate(table)
        efsm(settings.profile) if settings.profile is not None else None
        Budget.parse(settings.budget) if settings.budget is not None else None
        for identifier in settings.known_deviations:
            requirement(identifier)
    except ValidationError as error:
        fail(f"{source}: {first_misfit(error)}")
    except (UnknownProfile, InvalidBudget, UnknownRequirement) as error:
        fail(f"{source}: {error}")
    return ProjectSettings(source, settings)
