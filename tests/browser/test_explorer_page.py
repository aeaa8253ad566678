"""The explorer in a real browser: walked by mouse and by keyboard, shared by its address, light and dark."""

from __future__ import annotations

import re
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from asr_model import profiles
from asr_reports.exploration import Exploration
from asr_reports.html import LARGEST, explorer_page
from asr_reports.html.explorer_page import to_html

MODEL = Exploration(profiles.lts())
FAILED_OVER = MODEL.way(0, "failed_over") or []


@cache
def page_text() -> str:
    return to_html({profile: Exploration(profiles.lts(profile)) for profile in profiles.CHARTS}, profiles.DEFAULT)


def here(page: Page):
    return page.locator("#here")


def choose(page: Page, said: str) -> None:
    page.locator(".choices button", has_text=said).first.click()


def test_the_lifecycle_is_walked_and_gone_back(shown):
    page = shown(page_text())
    expect(here(page)).to_have_text("not replicated")
    expect(page.locator("#back")).to_be_disabled()
    choose(page, "enable replication")
    expect(here(page)).to_have_text("enabling replication")
    choose(page, "enabling succeeds")
    choose(page, "initial replication completes")
    choose(page, "first recovery point created")
    expect(here(page)).to_have_text("protected")
    expect(page.locator("#path li")).to_have_count(4)
    expect(page.locator("#state tr.changed", has_text="points")).to_contain_text("crash")
    choose(page, "test failover")
    expect(here(page)).to_have_text("protected, drill running")
    page.locator("#back").click()
    expect(here(page)).to_have_text("protected")
    page.go_back()  # the browser's own button goes to where one was before
    expect(here(page)).to_have_text("protected, drill running")
    page.locator("#path button").nth(0).click()
    expect(here(page)).to_have_text("enabling replication")
    page.locator("#start").click()
    expect(page.locator("#path")).to_have_text("the beginning")


def test_guards_requirements_and_refusals_are_told(shown):
    page = shown(page_text(), f"#modernized/{MODEL.written(FAILED_OVER)}")
    commit = page.locator("#operations li", has=page.get_by_role("button", name="commit", exact=True))
    commit.locator("summary").click()
    expect(commit).to_contain_text("R39 Commit, which follows validation")
    row = page.locator("#guard-rows tr", has_text="change recovery point").first
    expect(row).to_contain_text("? depends recovery_point is the id of a listed point")
    expect(row).to_contain_text("✓ true a recovery point is listed")
    expect(page.locator("#guard-rows tr", has_text="test failover").first).to_contain_text("✗ false")
    refused = page.locator("#refusals li", has=page.locator("strong", has_text=re.compile("^cancel failover$")))
    expect(refused).to_contain_text("R76, R77")


def test_what_the_page_says_is_what_the_model_says(shown):
    """At some states, everything that is offered and refused, in the order of the exploration."""
    page = shown(page_text())
    for goal in ("protected", "failed_over", "failing_back", "drill_awaiting_cleanup", "failback_cancel_failed"):
        way = MODEL.way(0, goal) or []
        page.evaluate("(hash) => { location.hash = hash }", f"#modernized/{MODEL.written(way)}")
        place = MODEL.place(way[-1].target)
        expect(page.locator("#path li")).to_have_count(len(way))
        operations = [choice.said for choice in place.choices if choice.is_operation]
        others = [choice.said for choice in place.choices if not choice.is_operation]
        assert page.locator("#operations button").all_text_contents() == operations
        assert page.locator("#happenings button").all_text_contents() == others
        assert page.locator("#refusals > li > strong").all_text_contents() == [one.said for one in place.refusals]
        assert page.locator("#guard-rows tr").count() == len(place.guards)


def test_an_address_is_shared_and_a_wrong_one_is_followed_as_far_as_it_goes(shown):
    page = shown(page_text(), f"#modernized/{MODEL.written(FAILED_OVER)}")
    expect(here(page)).to_have_text("failed over")
    expect(page.locator("#trouble")).to_be_hidden()
    choose(page, "commit")
    assert page.url.endswith(f"#modernized/{MODEL.written(FAILED_OVER)}/commit")
    page.locator("nav a").last.click()
    assert page.url.endswith("/commit")  # a part of the page is no other address
    for odd, place in {
        "#modernized/enable_replication/commit": "enabling replication",
        "#modernised/enable_replication": "not replicated",
        "#%E0%A4%A": "not replicated",
        "#constructor/x": "not replicated",
        "#modernized/enable_replication~9": "not replicated",
    }.items():
        page.evaluate("(hash) => { location.hash = hash }", odd)
        expect(here(page)).to_have_text(place)
    expect(page.locator("#trouble")).to_contain_text("Step 1, enable_replication~9, is not possible there")
    page.evaluate("(hash) => { location.hash = hash }", "#classic/enable_replication")
    expect(page.locator("#profile")).to_have_value("classic")
    expect(here(page)).to_have_text("enabling replication")
    expect(page.locator('[data-profile="classic"] svg')).to_be_visible()
    expect(page.locator('[data-profile="modernized"] svg')).to_be_hidden()


def test_the_way_is_found_told_as_operations_and_taken(shown):
    page = shown(page_text())
    page.locator("#goal").select_option("failback_committed")
    way = MODEL.way(0, "failback_committed") or []
    operations = [choice.said for choice in way if choice.is_operation]
    expect(page.locator("#found")).to_have_text(f"{len(operations)} operations, {len(way)} steps:")
    assert page.locator("#steps strong").all_text_contents() == operations
    assert [said.split(" ")[0] for said in operations] == ["enable", "fail", "reprotect", "planned", "commit"]
    page.locator("#go").click()
    expect(here(page)).to_have_text("failback committed")
    expect(page.locator("#found")).to_have_text("You are there.")
    expect(page.locator("#go")).to_be_disabled()
    expect(page.locator("#view .node.here").first).to_be_attached()
    lit = {node.get_attribute("data-phase") for node in page.locator("svg.map .node.lit").all()}
    assert {"protected", "failed_over", "reverse_protected", "failed_back", "failback_committed"} <= lit


def test_a_phase_of_the_graph_is_a_goal_too(shown):
    page = shown(page_text())
    page.locator('[data-profile="modernized"] [data-phase="protected"]').click()
    expect(page.locator("#goal")).to_have_value("protected")
    expect(page.locator("#panel")).to_contain_text("wait: first recovery point created")


def test_everything_can_be_done_by_keyboard_alone(shown):
    page = shown(page_text())

    def to(selector: str) -> None:
        for _ in range(80):
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{selector} cannot be reached")

    to("#operations button")
    page.keyboard.press("Enter")
    expect(here(page)).to_have_text("enabling replication")
    expect(here(page)).to_be_focused()
    to("#happenings button")
    page.keyboard.press("Space")
    expect(page.locator("#path li")).to_have_count(2)
    to("#goal")
    page.keyboard.type("failed over")
    expect(page.locator("#goal")).to_have_value("failed_over")
    to("#go")
    page.keyboard.press("Enter")
    expect(here(page)).to_have_text("failed over")
    for _ in range(80):
        if page.evaluate("document.activeElement.id") == "back":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(here(page)).to_have_text("failing over")


def test_the_address_is_copied_or_shown(shown):
    page = shown(page_text(), "#modernized/enable_replication")
    page.locator("#copy").click()
    expect(page.locator("#copied")).to_have_text(re.compile("^copied$|#modernized/enable_replication$"))


def test_without_a_program_that_draws_all_else_is_there(shown, monkeypatch):
    monkeypatch.setattr(explorer_page, "drawing", lambda *_: "")
    page = shown(to_html({"modernized": MODEL}, "modernized"))
    expect(page.locator("#view")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("No program was found that draws the graph")
    choose(page, "enable replication")
    page.locator("#goal").select_option("protected")
    page.locator("#go").click()
    expect(here(page)).to_have_text("protected")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_and_accessible(shown, scheme):
    page = shown(page_text(), f"#modernized/{MODEL.written(FAILED_OVER)}", color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 25, 31)"}[scheme]
    page.locator("#goal").select_option("failback_committed")
    page.locator(".why summary").first.click()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"][:3]]) for one in found] == []
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_is_one_file_of_a_bearable_size_that_holds_no_rule():
    text = page_text()
    assert len(text.encode()) < LARGEST / 2
    script = text.rpartition("<script>")[2]
    for word in ("protected", "failed_over", "fail_over", "enable_replication"):
        assert word not in script
