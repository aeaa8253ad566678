"""What the README shows is what the commands print."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from asr_model import profiles
from asr_model.profiles import efsm
from asr_properties.cli.check import check

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = dict(
    re.match(r"\$ (.*)\n((?:.*\n)*)", block).groups()
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
)
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
TEST_FILES = {block.split()[1]: block for block in PYTHON if block.startswith("# test_")}


@pytest.mark.parametrize("words", [shown for shown in BLOCKS if shown.startswith("asr-conformance ")])
def test_a_command_prints_what_the_readme_shows(words, inside, command):
    run = command if " serve " in words else inside  # a server ends by a signal to its own process
    find_in_order(BLOCKS[words], run(*shlex.split(words)[1:]).stdout, words)


@pytest.mark.parametrize("command", [command for command in BLOCKS if not command.startswith("asr-conformance ")])
def test_pytest_prints_what_the_readme_shows(command, tmp_path):
    program, *arguments = shlex.split(command)
    """As it stands, in a folder with what a clone has for it: the examples, and nothing of our tests."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in TEST_FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    find_in_order(BLOCKS[command], done.stdout, command)


def find_in_order(shown, printed, command):
    """Each line that is shown was printed, after the line before it; `[...]` stands for anything."""
    printed = "\n".join(line.rstrip() for line in printed.splitlines()) + "\n"
    position = 0
    for line in shown.splitlines():
        if line.strip() == "[...]":
            continue
        pattern = re.compile("^" + ".*".join(map(re.escape, line.rstrip().split("[...]"))) + r"$", re.MULTILINE)
        found = pattern.search(printed, position)
        assert found, f"{line!r} is not in what `{command}` prints after the line before it:\n{printed[position:]}"
        position = found.end()


@pytest.mark.parametrize("page", [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "reports").glob("*.md")])
def test_what_a_page_links_to_is_there(page):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_every_command_of_the_readme_exists(inside):
    table = re.findall(r"^\| `([\w-]+)` \|", README, re.MULTILINE)
    usage = inside("--help").stdout
    assert table == [
        "run", "plan", "report", "compare", "smoke", "protocol", "new-adapter", "replay", "trace", "check", "graph",
        "explore", "export", "explain", "requirements", "serve", "mutants", "suite", "refine",
        "learn",
    ]  # fmt: skip
    assert all(name in usage for name in table)


@pytest.fixture
def one_way(monkeypatch):
    (block,) = set(PYTHON) - set(TEST_FILES.values())
    names = {"__name__": "readme"}
    exec(compile(block, "README.md", "exec"), names)
    monkeypatch.setitem(profiles.CHARTS, "one_way", names["OneWay"])
    return names["OneWay"]


def test_the_profile_of_the_readme_is_a_lifecycle(one_way):
    lts = profiles.lts("one_way")
    assert {state.phase for state in lts.states} == set(one_way.phases)
    taken = {edge.transition.id for edge in lts.edges if edge.transition is not None}
    assert taken == {transition.id for transition in efsm("one_way").transitions}
    shared = {transition.id for transition in efsm("modernized").transitions}
    assert taken < shared


def test_check_names_what_a_new_profile_has_to_decide(one_way, capsys):
    with pytest.raises(typer.Exit) as ended:
        check("one_way")
    lines = capsys.readouterr().out.splitlines()
    marks = {words[1]: words[0] for words in map(str.split, lines) if len(words) > 2}
    assert ended.value.exit_code == 1
    assert marks["commit_deletes_other_points"] == "holds"
    assert marks["reprotect_turns_the_source_off"] == "vacuous"
    assert marks["failover_committed_lists_its_operations"] == "fails"
