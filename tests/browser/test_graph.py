"""The pictures in a real browser: no label leaves its box, lies on another or across a border, and all can be read."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from asr_model import profiles
from asr_reports import mermaid, sequence, state_path
from asr_reports.dot_syntax import attributes
from asr_reports.palette import PAPER, in_the_dark
from asr_reports.state_graph import Detail, state_graph
from asr_reports.svg import FONTS, WIDEST, render_png, render_svg
from asr_reports.views import View, around, part
from asr_reports.walk_steps import drawn_steps
from browser.pictures import MODEL, PICTURES, hostile_walk, walk

HERE = Path(__file__).parent
MERMAID = HERE.parent / "clients/javascript/node_modules/mermaid/dist/mermaid.min.js"
NARROW = "as narrow as Helvetica"
STYLE = f"""@font-face {{ font-family: '{NARROW}'; src: local('{WIDEST}'); size-adjust: 86% }}
body {{ margin: 0 }}"""


@cache
def svg(name: str) -> str:
    return render_svg(PICTURES[name]())


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    made = browser.new_page(viewport={"width": 1600, "height": 1200})
    yield made
    made.close()


def measured(page: Page, text: str, font: str = FONTS) -> dict[str, object]:
    page.set_content(f"<style>{STYLE} svg text {{ font-family: {font} }}</style>{text}")
    page.evaluate("document.fonts.ready.then(() => true)")
    return page.evaluate((HERE / "picture_checks.js").read_text())


@pytest.mark.parametrize("name", PICTURES)
def test_every_label_has_its_place_whatever_the_font(page: Page, name: str):
    for font in (FONTS, f"'{WIDEST}'", f"'{NARROW}'"):
        found = measured(page, svg(name), font)
        assert found["texts"] > 3
        assert found["wrong"] == [], font


def test_the_browser_agrees_with_the_widths_that_drawings_are_measured_by(page: Page):
    said = "reverse initial replication"
    look = {"label": said, "shape": "plaintext", "margin": "0", "width": "0", "fontname": WIDEST, "fontsize": "100"}
    drawn = ElementTree.fromstring(render_svg(f"digraph {{ pad=0; a {attributes(look)} }}"))
    spans = "".join(f"<span style=\"font: 100px '{font}'\">{said}</span><br>" for font in (WIDEST, NARROW))
    page.set_content(f"<style>{STYLE} span {{ white-space: nowrap }}</style>{spans}")
    page.evaluate("document.fonts.ready.then(() => true)")
    width, narrow = page.evaluate("[...document.querySelectorAll('span')].map((one) => one.offsetWidth)")
    assert abs(narrow / width - 0.86) < 0.02
    assert abs(float(drawn.get("width", "0")) / width - 1) < 0.03, f"is {WIDEST} there? sh tests/browser/install.sh"


def test_a_drawing_measured_for_a_narrower_font_is_found_out(page: Page):
    """What the pictures were like before: laid out for Helvetica, and drawn with what was there."""
    narrow = render_svg(PICTURES["modernized whole overview"]().replace(f'fontname="{WIDEST}"', 'fontname="Helvetica"'))
    wrong = measured(page, narrow, f"'{WIDEST}'")["wrong"]
    assert any("leaves its box" in one for one in wrong)
    measured(page, svg("modernized whole overview"))
    page.evaluate(
        """() => {
          const [first, second] = [...document.querySelectorAll("g.edge text")];
          for (const name of ["x", "y"]) first.setAttribute(name, second.getAttribute(name));
          document.querySelector("g.cluster text").setAttribute("x", "-60");
        }"""
    )
    wrong = page.evaluate((HERE / "picture_checks.js").read_text())["wrong"]
    assert any("overlaps" in one for one in wrong)
    assert any("across the border" in one for one in wrong)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name", ["modernized whole overview", "modernized whole full", "heat", "path", "sequence", "architecture"]
)
def test_it_is_light_or_dark_and_can_be_read(browser: Browser, name: str, scheme: str):
    page = browser.new_page(color_scheme=scheme, viewport={"width": 1600, "height": 1200})
    page.set_content(svg(name))
    ground = page.evaluate("getComputedStyle(document.querySelector('svg polygon')).fill")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 25, 31)"}[scheme]
    contrasts = page.evaluate((HERE / "contrasts.js").read_text())
    page.close()
    assert len(contrasts) > 10
    assert [(said, round(ratio, 2)) for said, ratio in contrasts if ratio < 4.5] == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_png_has_the_same_picture_on_its_own_ground(page: Page, dark: bool):
    data = base64.b64encode(render_png(PICTURES["modernized whole overview"](), dark=dark)).decode()
    page.set_content(f'<img src="data:image/png;base64,{data}">')
    width, height, *ground = page.evaluate(
        """async () => {
          const image = document.querySelector("img");
          await image.decode();
          const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
          canvas.drawImage(image, 0, 0);
          return [image.width, image.height, ...canvas.getImageData(3, 3, 1, 1).data];
        }"""
    )
    assert 1600 < width < 3000
    assert 1000 < height < 2400
    paper = in_the_dark(PAPER) if dark else PAPER
    assert ground == [*bytes.fromhex(paper[1:]), 255]


# == Mermaid, as its own library draws it ============================================================================

FLOWCHARTS: dict[str, Callable[[], str]] = {
    **{f"{profile} {view}": lambda p=profile, v=view: mermaid.to_mermaid(part(state_graph(profiles.efsm(p)), v))
       for profile in profiles.CHARTS for view in View},
    "full": lambda: mermaid.to_mermaid(state_graph(MODEL, Detail.FULL)),
    "around failed_over": lambda: mermaid.to_mermaid(around(state_graph(MODEL, Detail.FULL), "failed_over")),
    "path": lambda: state_path.to_mermaid(state_graph(MODEL), drawn_steps(walk())),
    "path with hostile texts": lambda: state_path.to_mermaid(state_graph(MODEL), drawn_steps(hostile_walk())),
}  # fmt: skip


def drawn_by_mermaid(browser: Browser, text: str) -> tuple[Page, list[str]]:
    assert MERMAID.exists(), "npm ci --prefix tests/clients/javascript"
    page = browser.new_page(viewport={"width": 1600, "height": 1200})
    page.set_content("<div id=here></div>")
    page.add_script_tag(path=MERMAID)
    page.evaluate(
        """async (text) => {
          mermaid.initialize({ startOnLoad: false, flowchart: { useMaxWidth: false } });
          document.getElementById("here").innerHTML = (await mermaid.render("drawn", text)).svg;
        }""",
        text,
    )
    wrong = page.evaluate(
        """() => {
          const placed = (node) => [node.textContent, node.getBoundingClientRect()];
          const nodes = [...document.querySelectorAll("g.node")].map(placed);
          const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
          return nodes.flatMap(([a, one], place) =>
            nodes.slice(place + 1).filter(([, other]) => meet(one, other)).map(([b]) => `${a} hides ${b}`));
        }"""
    )
    return page, wrong


@pytest.mark.parametrize("name", FLOWCHARTS)
def test_mermaid_hides_no_label_behind_another(browser: Browser, name: str):
    page, wrong = drawn_by_mermaid(browser, FLOWCHARTS[name]())
    assert page.locator("g.node").count() >= 8
    assert page.locator("g.edgeLabel").filter(has_text="e").count() == 0
    page.close()
    assert wrong == []


@pytest.mark.parametrize("of", [walk, hostile_walk])
def test_mermaid_draws_the_sequence(browser: Browser, of: Callable):
    page, _ = drawn_by_mermaid(browser, sequence.to_mermaid(drawn_steps(of())))
    said = page.locator("#here").text_content()
    assert page.locator(".messageText").count() >= 9
    for name in sequence.NAMES.values():
        assert name in said
    assert page.evaluate("window.injected") not in (1, 2, True)  # Mermaid has a global of that name
    assert page.locator("#here script, #here img").count() == 0
    page.close()
