"""The measure of cost and detection: that every way looks for mistakes, and how what was measured is shown."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from asr_model.profiles import DEFAULT
from asr_properties.reference import create
from curves import measure
from curves.report import picture, steps_of, table
from curves.ways import steps_to_find, ways
from wrong.implementations import kept_points

MEASURED = {
    "a": {"kind": "mutant", "steps": {"W": 40, "HSI": None}},
    "b": {"kind": "wrong implementation", "steps": {"W": 700, "HSI": 12}},
    "c": {"kind": "mutant", "steps": {"W": None, "HSI": None}},
}


@pytest.mark.parametrize("way", ["SPY", "tour: and pairs", "run: suite"])
def test_it_finds_what_is_wrong_the_same_way_each_time(way):
    found = steps_to_find(way, kept_points, DEFAULT, 800, 1)
    assert found is not None
    assert found <= 800
    assert found == steps_to_find(way, kept_points, DEFAULT, 800, 1)


@pytest.mark.parametrize("way", list(ways()))
def test_no_way_finds_anything_wrong_with_the_reference(way):
    assert steps_to_find(way, create, DEFAULT, 120, 1) is None


def test_the_picture_has_a_line_for_each_way_that_rises_with_what_it_finds():
    drawn = ElementTree.fromstring(picture(MEASURED, ["W", "HSI"], 2000))
    lines = [path.get("d") for path in drawn.iter("{http://www.w3.org/2000/svg}path") if path.get("fill") == "none"]
    assert [line.count("V") for line in lines] == [2, 1]
    told = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"W: 2 of 3", "HSI: 1 of 3"} <= set(told)


def test_the_table_counts_what_was_found_in_so_many_steps():
    rows = re.findall(r"^\| (W|HSI) \| (.*) \|$", table(MEASURED, ["HSI", "W"], 2000, 1), re.MULTILINE)
    assert rows == [("W", "1 | 1 | 2 | 2 | 1 | 1 | 370"), ("HSI", "1 | 1 | 1 | 1 | 0 | 1 | 12")]
    assert steps_of(MEASURED, "W", "mutant") == [40]


def test_what_was_measured_is_not_measured_again(tmp_path, monkeypatch):
    asked = []
    for name, path in (("DATA", "data.json"), ("PICTURE", "curves.svg"), ("TABLE", "curves.md")):
        monkeypatch.setattr(measure, name, tmp_path / path)
    monkeypatch.setattr(measure, "ways", lambda: iter(["W", "HSI"]))
    monkeypatch.setattr(measure, "steps_to_find", lambda way, *rest: asked.append(way) or 7)
    monkeypatch.setattr(measure, "mutants", lambda size: iter(()))
    for size in ("1", "1", "2"):
        monkeypatch.setattr("sys.argv", ["measure", "0", size])
        measure.main()
    assert asked == ["W", "HSI"] * 2
    assert len(json.loads((tmp_path / "data.json").read_text())["subjects"]) == 2
    monkeypatch.setattr(measure, "BUDGET", 3)
    with pytest.raises(SystemExit, match="of the seed 1 and 2000 steps"):
        measure.main()


def test_the_page_shows_what_the_data_says():
    measured = measure.known()
    assert table(measured, list(ways()), measure.BUDGET, measure.SEED) == measure.TABLE.read_text(encoding="utf-8")
    assert picture(measured, list(ways()), measure.BUDGET) == measure.PICTURE.read_text(encoding="utf-8")
