"""Help: -h as --help on every command, by theme, with an example that the command takes; and `python -m`."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest
from typer.main import get_command

from asr_properties.cli.command_table import COMMANDS
from asr_properties.cli.commands import app, run_command_line


def words(text):
    """The words of a help page, without its frames and line breaks."""
    return " ".join(re.sub(r"[^\x20-\x7e]", " ", text).split())


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_h_is_help_and_ends_with_an_example(inside, name):
    arguments = [name] if name else []
    short, long = inside(*arguments, "-h"), inside(*arguments, "--help")
    assert short.returncode == 0, short.stderr
    assert short.stdout == long.stdout
    assert f"Example: asr-conformance {name or 'run'} " in words(short.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_a_command_is_one_that_it_takes(name):
    group = get_command(app)
    with group.make_context("asr-conformance", [name]) as whole:
        command = group.get_command(whole, name)
        command.make_context(name, shlex.split(COMMANDS[name].example), parent=whole)  # raises where it doesn't


def test_commands_are_shown_by_theme(inside):
    shown = inside("-h").stdout
    themes = list(dict.fromkeys(listed.theme for listed in COMMANDS.values()))
    places = [shown.index(theme) for theme in themes]
    assert places == sorted(places)
    for name, listed in COMMANDS.items():
        (at,) = [found.start() for found in re.finditer(rf"^\W*{name} ", shown, re.MULTILINE)]
        assert max((place, theme) for place, theme in zip(places, themes, strict=True) if place < at)[1] == listed.theme


@pytest.mark.parametrize("package", ["asr_conformance", "asr_properties"])
def test_the_package_runs_as_the_command(package):
    done = subprocess.run([sys.executable, "-m", package, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("asr-conformance ")


COMPLETED = [
    ("explain azure_vm", "azure_vm_off"),
    ("explain UnplannedFailoverCommitP", "UnplannedFailoverCommitPendingStatesBegin"),
    ("requirements R4", "R40"),
    ("trace --require R38,X0", "R38,X01"),
    ("run --profile cl", "classic"),
    ("run --no-rep", "--no-report"),
    ("expl", "explain"),
]


@pytest.mark.parametrize(("typed", "completed"), COMPLETED)
def test_a_shell_completes_commands_options_words_and_ids(monkeypatch, capsys, typed, completed):
    monkeypatch.setenv("_ASR_CONFORMANCE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"asr-conformance {typed}")
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split())))
    monkeypatch.setattr(sys, "argv", ["asr-conformance"])
    with pytest.raises(SystemExit):
        run_command_line()
    assert completed in capsys.readouterr().out.split()
