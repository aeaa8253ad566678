"""The documentation's site in a real browser: read from page to page, by keyboard too, light and dark."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from reports.test_documentation_site import build, site  # noqa: F401  (a fixture)


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:  # noqa: F811
    """Where the site is served, on this machine alone."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a page of the site. Nothing may be written to the console, and nothing asked elsewhere."""
    troubles: list[str] = []
    contexts = []

    def open_page(name: str, **options: object) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("request", lambda request: None if request.url.startswith(address) else troubles.append(request.url))
        page.goto(address + name)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def test_it_is_read_from_page_to_page(opened):
    page = opened("index.html")
    page.get_by_role("link", name="First verdict in five minutes").first.click()
    expect(page).to_have_url(re.compile(r"first-verdict\.html$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "recordings.html"])
def test_it_is_accessible(opened, name, scheme):
    page = opened(name, color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []


def test_a_page_is_dark_where_the_reader_wants_that(opened):
    def background(page: Page) -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light, dark = (opened("index.html", color_scheme=scheme) for scheme in ("light", "dark"))
    assert background(light) != background(dark)


def test_the_keyboard_leads_past_the_navigation_to_the_text(opened):
    page = opened("verdicts.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") != ""
