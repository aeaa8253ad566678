"""Every command of `asr-conformance`, each imported when it is called: none costs more than it needs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from asr_properties.cli.importing import importing

IMPLEMENTATIONS = "Judge an implementation"
RECORDINGS = "Judge recordings of the service"
LIFECYCLE = "Read the lifecycle"
SERVER = "Serve the ARM API"
SUITE = "Measure and compare machines"


class Listed(NamedTuple):
    """Where a command is, a file of this package and a function in it; the theme that the help shows it with, and an
    example of its use."""

    module: str
    function: str
    theme: str
    example: str


COMMANDS: Final[Mapping[str, Listed]] = MappingProxyType(
    {
        "run": Listed("run", "run", IMPLEMENTATIONS, "--adapter package.module:factory --budget 5min --report out"),
        "plan": Listed("plan", "plan", IMPLEMENTATIONS, "--budget 8h --machines 2 -o night.json"),
        "replay": Listed("replay", "replay", IMPLEMENTATIONS, "out/counterexample-1-R40.json --emit-pytest test_it.py"),
        "report": Listed("report", "report", IMPLEMENTATIONS, "out --format junit -o junit.xml"),
        "compare": Listed("compare", "compare", IMPLEMENTATIONS, "before/record.json after/record.json"),
        "smoke": Listed("smoke", "smoke", IMPLEMENTATIONS, "--adapter 'stdio:node adapter.js'"),
        "protocol": Listed("protocol", "protocol", IMPLEMENTATIONS, "request"),
        "new-adapter": Listed("new_adapter", "new_adapter", IMPLEMENTATIONS, "--language node -o mine"),
        "trace": Listed("trace", "trace", RECORDINGS, "recording.yaml --require R38,R66 --report recording.html"),
        "check": Listed("check", "check", LIFECYCLE, "--profile classic"),
        "graph": Listed("graph", "graph", LIFECYCLE, "-o lifecycle.svg"),
        "explore": Listed("explore", "explore", LIFECYCLE, "-o explorer.html"),
        "export": Listed("export", "export", LIFECYCLE, "promela -o lifecycle.pml"),
        "explain": Listed("explain", "explain", LIFECYCLE, "failed_over"),
        "requirements": Listed("explain", "requirements", LIFECYCLE, "R40 X15"),
        "serve": Listed("serve", "serve", SERVER, "--port 8080 --speed 600"),
        "mutants": Listed("mutants", "mutants", SUITE, "--sample 3"),
        "suite": Listed("suite", "suite", SUITE, "--method spy -o suite.json"),
        "refine": Listed("refine", "refine", SUITE, "--depth 8 --json refinement.json"),
        "learn": Listed("learn", "learn", SUITE, "--adapter package.module:factory -o learned.svg"),
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
            example = f"Example: `asr-conformance {name} {listed.example}`"
            app.command(name, cls=_Command, rich_help_panel=listed.theme, epilog=example)(
                getattr(module, listed.function)
            )
            self._made[name] = get_command(app)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Command(TyperCommand):
    """A command whose help has no escape codes where a variable says NO_COLOR: typer leaves bold and dim then."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _without_styles_if_asked()
        super().format_help(ctx, formatter)


def _without_styles_if_asked() -> None:
    if os.environ.get("NO_COLOR"):
        from typer import rich_utils  # only help needs it

        rich_utils.COLOR_SYSTEM = None


class Commands(TyperGroup):
    """The group of all commands: to know their names takes none of them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings | {"commands": _Imported()})

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """As that of a command."""
        _without_styles_if_asked()
        super().format_help(ctx, formatter)

    def list_commands(self, ctx: object) -> list[str]:
        return list(self.commands)
