"""What a command imports: no more than it needs, for that is what starting it takes."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from asr_properties.cli.command_table import COMMANDS

IMPORTED = """
import sys
from asr_properties.cli.main import main
sys.argv = ["asr-conformance", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    print(*sys.modules, sep="\\n", file=sys.stderr)
    raise
"""

#: Libraries that `run`, `serve`, `trace`, ... cannot do without.
OF_OTHERS = (
    "hypothesis", "networkx", "azure", "requests", "uvicorn", "starlette", "trustme", "jinja2", "yaml", "ijson",
    "pytest", "aalpy", "z3", "numpy", "highspy", "rich.progress", "rich.live", "rich.markdown",
)  # fmt: skip
OUR_OTHERS = tuple(
    f"asr_properties.{package}"
    for package in ("session", "oracle", "generation", "counterexamples", "adapters", "reference", "traces", "server",
                    "mutation", "learning", "exports", "model_checking", "proving", "refinement", "smoke", "cli.run",
                    "cli.serve")
)  # fmt: skip
NEEDED_FOR_WORDS = ("statemachine", "pydantic", "asyncio", "rich.table", "asr_model", "asr_reports",
                    "asr_properties.specification", "asr_properties.running", "asr_properties.arm")  # fmt: skip


def imported(*arguments):
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "not_needed"),
    [
        (("--version",), (*OF_OTHERS, *OUR_OTHERS, *NEEDED_FOR_WORDS)),
        (("explain", "R40"), (*OF_OTHERS, *OUR_OTHERS)),
        (("requirements",), (*OF_OTHERS, *OUR_OTHERS)),
    ],
    ids=" ".join,
)
def test_a_command_that_reads_and_judges_nothing_imports_nothing_that_does(arguments, not_needed):
    found = imported(*arguments)
    assert "asr_properties.cli.commands" in found
    assert [name for name in not_needed if any(f"{module}.".startswith(f"{name}.") for module in found)] == []


def test_a_command_imports_no_other(command):
    assert {name for name in imported("graph") if name.startswith("asr_properties.cli.")} & {
        f"asr_properties.cli.{listed.module}" for listed in COMMANDS.values()
    } == {"asr_properties.cli.graph"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_table_says(inside, name):
    done = inside(name, "--help")
    assert done.returncode == 0, done.stderr
    assert re.search(rf"Usage: \S.* {name} ", done.stdout)
