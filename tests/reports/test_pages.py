"""The pages as a parser sees them: one file that runs its own script alone, whatever the texts in it are."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest
from lxml import html

from asr_model import profiles
from asr_reports.html import LARGEST, MARK
from asr_reports.html.run_page import to_html
from asr_reports.marks import LEAST, heat
from reports.hostile import TEXT, hostile
from reports.records import failing, shown, with_verdicts

MODEL = profiles.efsm("modernized")


def page(data):
    return to_html(shown(data), MODEL)


def parsed(text):
    return html.document_fromstring(text)


def shape(text):
    """The elements of a page in their order, each with the names of its attributes."""
    return [(element.tag, sorted(element.attrib)) for element in parsed(text).iter() if isinstance(element.tag, str)]


def test_the_policy_names_its_own_script_and_style_and_nothing_else():
    root = parsed(page(failing()))
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for tag, rule in (("script[not(@type)]", "script-src"), ("style", "style-src")):
        (element,) = root.xpath(f"//{tag}")
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert set(rules) == {"default-src", "script-src", "style-src", "base-uri", "form-action"}


@pytest.mark.parametrize("data", [failing, lambda: hostile(failing())], ids=["plain", "hostile"])
def test_it_has_no_handlers_no_styles_of_elements_and_asks_nobody(data):
    root = parsed(page(data()))
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name not in ("style", "src", "srcdoc", "action"), (element.tag, name)
            if name.endswith("href"):
                assert value.startswith("#")
    assert root.xpath("//script/@type") == ["application/json"]
    assert len(root.xpath("//script")) == 2


def test_whatever_the_texts_are_the_elements_are_the_same():
    assert shape(page(hostile(failing()))) == shape(page(hostile(failing(), "x")))


def test_hostile_texts_are_shown_as_they_are_but_for_what_cannot_be_printed():
    root = parsed(page(hostile(failing())))
    heading = root.xpath("string(//h1)")
    assert "<script>window.injected = 1</script>" in heading
    assert "\\u202egnp.exe" in heading
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e\u2066-\u2069]", root.text_content())
    data = json.loads(root.xpath("string(//script[@type])"))
    assert data["walks"][0]["steps"][0]["answer"].startswith("<script>")


def test_texts_of_a_megabyte_are_cut():
    data = hostile(failing(), TEXT + "x" * (1 << 20))
    text = page(data)
    assert len(text) < 3_000_000
    assert "characters)" in text


def test_a_page_has_no_more_than_its_size_and_says_what_was_left_out():
    run = shown(failing())
    found = replace(run.counterexamples[0], values=("x" * 1000,) * 200)
    many = tuple(replace(found, number=number) for number in range(1, 101))
    text = to_html(replace(run, counterexamples=many), MODEL)
    assert LARGEST / 3 < len(text.encode()) <= LARGEST
    kept = len(parsed(text).xpath("//details[starts-with(@id, 'counterexample-')]"))
    assert 0 < kept < 100
    assert f"{100 - kept} more have no room here" in text


def test_the_verdict_is_the_first_line_and_what_failed_is_the_first_row():
    root = parsed(page(failing()))
    assert (
        " ".join(root.xpath("string(//h1)").split()) == "NON_CONFORMANT asr-reference 1.0.0 by the modernized profile"
    )
    rows = root.xpath("//details[contains(@class, 'row')]")
    assert rows[0].get("id") == "R40"
    verdicts = {one["requirement"]: one for one in failing()["verdicts"]}
    assert {row.get("id") for row in rows} == set(verdicts)
    for row in rows:
        assert row.get("data-status") == verdicts[row.get("id")]["outcome"]
        assert row.get("data-open") == ("1" if verdicts[row.get("id")]["open"] else "")


def test_what_was_not_shown_is_told_with_what_to_do():
    text = parsed(page(failing())).xpath("string(//section[@aria-labelledby='not-shown'])")
    number = sum(verdict["outcome"] == "NOT_EXERCISED" for verdict in failing()["verdicts"])
    assert f"{number} NOT_EXERCISED" in text
    assert "a longer budget" in text
    assert "A conformant run must show it." in text
    assert "Every requirement that can be judged was shown." in page(with_verdicts("PASSED", "CONFORMANT"))


def test_the_graph_tells_how_often_each_phase_and_arrow_was_gone_through():
    root = parsed(page(failing()))
    data = json.loads(root.xpath("string(//script[@type])"))
    taken = failing()["coverage"]["transitions"]
    transitions = data["transitions"]
    assert sum(one["times"] for one in transitions) == sum(taken.values())
    groups = root.xpath("//*[@data-arrow]")
    assert {group.get("data-arrow") for group in groups} == set(data["arrows"])
    for group in groups:
        times = sum(transitions[n]["times"] for n in data["arrows"][group.get("data-arrow")]["transitions"])
        assert f"heat-{heat(times)}" in group.get("class").split()
    assert {group.get("data-phase") for group in root.xpath("//*[@data-phase]")} == set(data["phases"])
    assert [heat(times) for times in (0, 1, 4, *LEAST[2:], 10**6)] == [0, 1, 1, 2, 3, 4, 4]


def test_each_profile_has_a_page():
    data = with_verdicts("PASSED", "CONFORMANT", profile="classic")
    assert "reprotect" in to_html(shown(data), profiles.efsm("classic"))


class TestTheCommands:
    def test_report_writes_the_page(self, inside, tmp_path):
        (tmp_path / "record.json").write_text(json.dumps(failing()))
        assert inside("report", "record.json", "-o", "page.html").returncode == 0
        text = (tmp_path / "page.html").read_text()
        assert MARK in text[:100]
        assert inside("report", "record.json", "--format", "html").stdout == text
        assert "asr-conformance replay counterexample-1-R40.json" in text

    def test_run_writes_it_into_its_folder_or_alone(self, inside, tmp_path):
        inside("run", "--budget", "20steps", "--seed", "1", "--report", "out")
        assert {path.name for path in (tmp_path / "out").iterdir() if path.is_file()} == {"record.json", "report.html"}
        inside("run", "--budget", "20steps", "--seed", "1", "--report", "alone.html")
        assert "INCOMPLETE" in parsed((tmp_path / "alone.html").read_text()).xpath("string(//h1)")
        assert not (tmp_path / "asr-conformance-report" / "record.json").exists()

    def test_a_page_of_an_earlier_run_does_not_stay(self, inside, tmp_path):
        folder = tmp_path / "asr-conformance-report"
        inside("run", "--budget", "20steps", "--seed", "1", "--report", folder)
        (folder / "mine.html").write_text("mine")
        (folder / "counterexample-1-R40.json").write_text((folder / "record.json").read_text())
        inside("run", "--budget", "20steps", "--seed", "1", "--report", folder)
        names = {path.name for path in folder.iterdir() if path.is_file()}
        assert names == {"record.json", "report.html", "mine.html", "counterexample-1-R40.json"}

    def test_without_a_program_that_draws_all_else_is_there(self, monkeypatch):
        from asr_reports.html import lifecycle_map
        from asr_reports.svg import RendererMissing

        def missing(graph):
            raise RendererMissing

        monkeypatch.setattr(lifecycle_map, "_drawn", missing)
        root = parsed(page(failing()))
        assert root.xpath("//svg") == []
        assert "No program was found that draws the graph" in root.text_content()
        assert len(root.xpath("//details[contains(@class, 'row')]")) == 116

    def test_secrets_are_in_neither_the_page_nor_the_document(self, inside, tmp_path, monkeypatch):
        monkeypatch.setenv("MY_SECRET", "hunter2-hunter2")
        adapter = ("--adapter", "stdio:sh -c 'echo hunter2-hunter2'")
        assert inside("run", *adapter, "--report", "page.html", "--json", "run.json").returncode == 3
        for name in ("page.html", "run.json"):
            assert "ADAPTER_ERROR" in (tmp_path / name).read_text()
            assert "hunter2" not in (tmp_path / name).read_text()
