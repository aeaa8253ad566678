"""Every command of `asr-conformance`, each imported when it is called: none costs more than it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command

from asr_properties.cli.importing import importing


class Listed(NamedTuple):
    """Where a command is, a file of this package and a function in it."""

    module: str
    function: str


COMMANDS: Final[Mapping[str, Listed]] = MappingProxyType(
    {
        "run": Listed("run", "run"),
        "replay": Listed("replay", "replay"),
        "report": Listed("report", "report"),
        "compare": Listed("compare", "compare"),
        "smoke": Listed("smoke", "smoke"),
        "new-adapter": Listed("new_adapter", "new_adapter"),
        "trace": Listed("trace", "trace"),
        "check": Listed("check", "check"),
        "graph": Listed("graph", "graph"),
        "export": Listed("export", "export"),
        "explain": Listed("explain", "explain"),
        "requirements": Listed("explain", "requirements"),
        "serve": Listed("serve", "serve"),
        "mutants": Listed("mutants", "mutants"),
        "learn": Listed("learn", "learn"),
    }
)
"""In the order in which the help shows them."""


class _Imported(Mapping[str, Any]):
    """The commands of typer by their names, each made when it is first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            listed = COMMANDS[name]
            with importing():
                module = import_module(f"asr_properties.cli.{listed.module}")
            app = typer.Typer(add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False)
            app.command(name)(getattr(module, listed.function))
            self._made[name] = get_command(app)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Commands(TyperGroup):
    """The group of all commands: to know their names takes none of them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings | {"commands": _Imported()})

    def list_commands(self, ctx: object) -> list[str]:
        return list(self.commands)
