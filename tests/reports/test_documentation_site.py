"""The documentation as a site: it builds without a warning, shows what commands print, and its links lead there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from make_reports import ROOT
from test_readme import find_in_order

PAGES = ("first-verdict.md", "recordings.md")
COMMANDS = {
    shown.partition("\n")[0].removeprefix("$ "): shown.partition("\n")[2]
    for page in PAGES
    for shown in re.findall(r"```console\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)
}


def build(root: Path, site: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", site],
        cwd=root, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


class _Page(HTMLParser):
    """What a page links to and loads, and the names that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links, self.loads, self.names = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.names.add(given.get("id"))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        self.loads += [given[name] for name in ("src",) if given.get(name)]
        if tag == "link" and given.get("rel") in ("stylesheet", "preload", "icon"):
            self.loads.append(given["href"])


@pytest.fixture(scope="module")
def pages(site):
    return {path: _Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_it_has_every_page(site):
    expected = {path.with_suffix(".html").name for path in (ROOT / "docs").glob("*.md")} | {"in-full.html"}
    assert {path.name for path in site.glob("*.html")} >= expected
    assert (site / "reports" / "lifecycle-modernized.svg").exists()
    assert (site / "examples" / "simulator" / "index.html").exists()


def test_every_link_leads_somewhere_on_the_site(site, pages):
    wrong = []
    for path, page in pages.items():
        if path.name == "404.html":
            continue
        for link in page.links:
            target, _, anchor = link.partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            there = (path.parent / target).resolve() if target else path
            if not there.exists() or (anchor and anchor not in pages[there].names and not anchor.startswith("__")):
                wrong.append((path.relative_to(site).as_posix(), link))
    assert wrong == []


def test_nothing_is_loaded_from_elsewhere(pages):
    assert {load for page in pages.values() for load in page.loads if "://" in load or load.startswith("//")} == set()


@pytest.mark.parametrize("broken", ["[x](nowhere.md)", "[x](verdicts.md#nowhere)", "[x](../properties/nowhere)"])
def test_a_broken_link_breaks_the_build(tmp_path, broken):
    for name in ("docs", "reports", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in (
        "mkdocs.yml",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "pyproject.toml",
        "action.yml",
    ):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("model", "properties", "tests", "Dockerfile", "Makefile"):
        (tmp_path / name).symlink_to(ROOT / name)
    with (tmp_path / "docs" / "index.md").open("a") as page:
        page.write(f"\n{broken}\n")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode != 0
    assert "nowhere" in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_what_the_page_shows(command, tmp_path):
    program, *arguments = shlex.split(command)
    assert program == "asr-conformance"
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "asr_properties.cli.main", *arguments],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    find_in_order(COMMANDS[command], done.stdout, command)
