"""A real browser: Chromium as the system has it, driven by Playwright without a download of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("no Chromium was found: sh tests/browser/install.sh", pytrace=False)
    own = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # root has no sandbox in it
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=own)
        yield started
        started.close()


@pytest.fixture
def shown(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Show a page from a file, without a network; gives the browser's page. When the test ends, nothing may have been
    written to its console, nothing have been refused by its policy, and nothing have been asked of a network."""
    troubles: list[str] = []
    contexts = []

    def show(text: str, hash: str = "", **options: object) -> Page:
        (tmp_path / "page.html").write_text(text, encoding="utf-8")
        context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}") or dialog.dismiss())
        page.on("request", lambda request: troubles.append(request.url) if "file:" not in request.url else None)
        page.goto(f"file://{tmp_path}/page.html{hash}")
        return page

    yield show
    for context in contexts:
        context.close()
    assert troubles == []
