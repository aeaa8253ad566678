"""`explore`: the page that it writes or opens, and the explorer in a terminal, driven by its own pilot."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from textual.widgets import OptionList, Static

from asr_model import profiles
from asr_properties.cli.terminal_explorer import GoalChooser, TerminalExplorer
from asr_reports.exploration import Exploration

TO_PROTECTED = "enable_replication/enabling_succeeds/initial_replication_completes/first_recovery_point_created"


def test_it_writes_a_page(command, tmp_path):
    done = command("explore", "-o", "explorer.html", "--path", f"#modernized/{TO_PROTECTED}")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"wrote explorer.html; the path is explorer.html#modernized/{TO_PROTECTED}\n"
    assert "Explore the lifecycle" in (tmp_path / "explorer.html").read_text()


def test_it_opens_a_page_in_the_browser(tmp_path):
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/asked\n')
    browser.chmod(0o755)
    paths = {**os.environ, "BROWSER": f"{browser} %s", "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "asr_properties.cli.main", "explore", "--profile", "classic"]
    done = subprocess.run(command, cwd=tmp_path, env=paths, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    address = (tmp_path / "asked").read_text().strip()
    assert address.startswith("file:///")
    assert address.endswith("/asr-conformance-explorer.html")
    assert done.stdout == f"opened {address}\n"


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--path", "commit"), "step 1, 'commit', is not possible in not replicated; possible: enable_replication"),
        (("--terminal", "-o", "x.html"), "leave out -o"),
        (("--terminal",), "explore -o FILE.html"),
        (("--profile", "modernised"), "unknown profile"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(command, options, hint):
    done = command("explore", *options)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert hint in done.stderr


def title(app: TerminalExplorer) -> str:
    return str(app.query_one("#title", Static).render())


def told(app: TerminalExplorer) -> str:
    return str(app.query_one("#state", Static).render())


def driven(test, path: str = "") -> None:
    """Run a test in the explorer with its pilot, on a screen of 120 by 50."""

    async def run() -> None:
        app = TerminalExplorer(Exploration(profiles.lts()), path)
        async with app.run_test(size=(120, 50)) as pilot:
            await test(app, pilot)

    with ThreadPoolExecutor(1) as other:  # where a browser is driven, this thread has a loop of its own
        other.submit(asyncio.run, run()).result()


def test_the_lifecycle_is_walked_in_a_terminal():
    async def walk(app, pilot):
        assert title(app) == "not replicated"
        await pilot.press("enter")
        assert title(app) == "enabling replication"
        choices = app.query_one("#choices", OptionList)
        said = [str(choices.get_option_at_index(n).prompt) for n in range(choices.option_count)]
        place = app.exploration.place(app.here)
        assert len(said) == len(place.choices)
        at = next(n for n, choice in enumerate(place.choices) if choice.event == "enabling_succeeds")
        await pilot.press(*["down"] * at)
        assert "R0" in str(app.query_one("#about", Static).render())
        await pilot.press("enter")
        assert title(app) == "initial replication"
        assert app.path == "enable_replication/enabling_succeeds"
        assert "✓" in told(app)
        assert "commit (X02)" in told(app)
        await pilot.press("b")
        assert title(app) == "enabling replication"
        await pilot.press("s", "b")
        assert (title(app), app.path) == ("not replicated", "")

    driven(walk)


def test_the_way_is_asked_for_and_taken_in_a_terminal():
    async def walk(app, pilot):
        assert title(app) == "protected"
        await pilot.press("g")
        assert isinstance(app.screen, GoalChooser)
        goals = app.exploration.goals
        await pilot.press(*["down"] * goals.index("failed_over"), "enter")
        await pilot.pause()
        assert "The way to failed over" in told(app)
        assert "wait: failover succeeds" in told(app)
        await pilot.press("t")
        assert title(app) == "failed over"
        assert "You are there." in told(app)
        await pilot.press("g", "escape")
        assert title(app) == "failed over"

    driven(walk, TO_PROTECTED)


def test_the_terminal_is_left_with_a_key():
    async def walk(app, pilot):
        await pilot.press("q")
        assert app.return_code == 0

    driven(walk)
