"""The command `export`, and the page that tells of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asr_properties.cli.commands import app
from asr_properties.cli.console import Stop
from asr_properties.exports.formats import FORMATS
from asr_properties.files import Unwritable
from test_readme import find_in_order

PAGE = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")


def export(*arguments):
    return CliRunner().invoke(app, ["export", *map(str, arguments)])


@pytest.mark.parametrize("form", [name for name in FORMATS if name != "graphml"])  # that takes two seconds
def test_a_file_holds_what_is_printed(form, tmp_path):
    assert export(form, "-o", tmp_path / "Lifecycle.out", "--profile", "classic").exit_code == 0
    assert (tmp_path / "Lifecycle.out").read_text(encoding="utf-8") == export(form, "--profile", "classic").stdout


def test_a_module_is_named_as_its_file_and_has_its_configuration_beside_it(tmp_path):
    done = export("tla", "-o", tmp_path / "Mine.tla")
    assert [line.split("/")[-1] for line in done.stdout.splitlines()] == ["Mine.tla", "Mine.cfg"]
    assert (tmp_path / "Mine.tla").read_text(encoding="utf-8").startswith("---- MODULE Mine ----\n")
    assert "CONSTANT Watched = {}\nSPECIFICATION Spec\n" in (tmp_path / "Mine.cfg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["nusmv"], Stop, "unknown format 'nusmv'; there is promela, tla, murphi, scxml, json, "),
        (["tla", "-o", "my-model.tla"], Stop, "a module is named as its file, and 'my-model' is no such name"),
        (["tla", "-o", "Mine.cfg"], Stop, "Mine.cfg is the name of the file beside it; give it another ending"),
        (
            ["json", "-o", "missing/model.json"],
            Unwritable,
            "cannot write missing/model.json: No such file or directory",
        ),
    ],
)
def test_what_cannot_be_written_is_told_and_leaves_no_file(arguments, error, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = export(*arguments)
    assert isinstance(done.exception, error)
    assert message in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_the_page_and_the_command_name_the_same_formats():
    table = PAGE[PAGE.index("| format | what it holds") : PAGE.index("## What is counted")]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(FORMATS)


@pytest.mark.long
def test_the_page_shows_what_spin_prints(tmp_path):
    (shown,) = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    first, second = re.split(r"^\$ ", shown, flags=re.MULTILINE)[1:]
    done = export(*first.splitlines()[0].split()[2:3], "-o", tmp_path / "lifecycle.pml")
    assert done.exit_code == 0
    command, _, expected = second.partition("\n")
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True)
    find_in_order(expected, done.stdout, command)
