"""The page of recordings in a real browser."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from asr_properties.cli.report import recordings_page
from reports.hostile import TEXT
from reports.recordings import departing, hostile
from reports.recordings import shown as as_shown


def test_a_timeline_is_gone_through_and_its_way_is_lit(shown):
    page = shown(recordings_page(as_shown(departing())), "#c=2&s=10")
    expect(page.locator("#step")).to_contain_text("look: failed_over")
    expect(page.locator("svg.map .node.here")).to_have_attribute("data-phase", "failed_over")
    page.locator("#back").click()
    assert page.url.endswith("#c=2&s=9")
    page.locator("#which").select_option("3")
    expect(page.locator("#place")).to_contain_text("Step 1 of")
    page.locator("#steps .departs").click()
    expect(page.locator("#step")).to_contain_text("What the model allowed")
    page.locator('[data-phase="failed_over"]').click()
    expect(page.locator("#panel")).to_contain_text("What may be asked for")
    expect(page.locator("#panel")).not_to_contain_text("times")


def test_it_is_accessible(shown):
    page = shown(recordings_page(as_shown(departing())), color_scheme="dark")
    page.locator("details.item summary").first.click()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"][:3]]) for one in found] == []


def test_hostile_texts_inject_nothing(shown):
    page = shown(recordings_page(as_shown(hostile(departing(), TEXT))))
    for _ in range(3):
        page.locator("#back").click()
    expect(page.locator("#steps")).to_contain_text("<script>")
    assert page.evaluate("window.injected") is None
    assert page.locator("img, iframe, object, embed, base, link, form[action]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
