"""The page of recordings as a parser sees it: a timeline an item, what was skipped and why, and nothing injected."""

from __future__ import annotations

import json

import jsonschema
import pytest
from lxml import html

from asr_model import profiles
from asr_properties.cli.report import recordings_page
from asr_properties.traces.stored_trace import InvalidTrace, trace_from_json, trace_schema
from asr_reports.html import LARGEST, MARK
from reports.hostile import TEXT
from reports.recordings import agreeing, departing, hostile, shown


def page(data):
    return recordings_page(shown(data))


def parsed(text):
    return html.document_fromstring(text)


def shape(text):
    return [(element.tag, sorted(element.attrib)) for element in parsed(text).iter() if isinstance(element.tag, str)]


def walks(text):
    return json.loads(parsed(text).xpath("string(//script[@type])"))["walks"]


def test_each_item_has_its_verdict_and_a_timeline_with_every_event():
    data = departing()
    root = parsed(page(data))
    assert " ".join(root.xpath("string(//h1)").split()) == "NON_CONFORMANT 3 items of 3 recordings"
    items = [item for recording in data["recordings"] for item in recording["items"]]
    assert [len(walk["steps"]) for walk in walks(page(data))] == [len(item["timeline"]) for item in items]
    rows = root.xpath("//details[contains(@class, 'item')]")
    assert [row.xpath("string(.//*[contains(@class, 'chip')])") for row in rows] == [item["verdict"] for item in items]
    assert [row.get("open") is not None for row in rows] == [item["verdict"] != "CONFORMANT" for item in items]


def test_a_request_tells_when_it_was_made_how_its_job_ended_and_with_which_codes():
    steps = walks(page(agreeing()))[1]["steps"]
    failover = next(step for step in steps if step["action"].startswith("fail_over("))
    assert failover["answer"] == "2023-08-26T04:22:13Z, line 8; accepted"
    assert failover["agreed"] == "failing_over"
    (job,) = (told for told in failover["told"] if told["title"] == "Job")
    assert job["texts"] == ["b2: succeeded at line 10, 2023-08-26T04:32:50Z", "warning 28175"]
    look = next(step for step in steps if step["phase"] == "failed_over")
    assert look["shown"]["active_site"] == "azure"
    assert "commit" in look["shown"]["allowed_operations"]


def test_a_departure_tells_what_was_allowed_and_what_comes_after_it_is_not_judged():
    steps = walks(page(departing()))[2]["steps"]
    (place,) = [number for number, step in enumerate(steps) if step["departs"]]
    titles = [told["title"] for told in steps[place]["told"]]
    assert {"What was observed", "What the model allowed", "Where it could be before", "What it breaks"} <= set(titles)
    assert all(step["told"][-1]["title"] == "Not judged" for step in steps[place + 1 :])
    assert len(steps) > place + 1


def test_skipped_entries_are_named_with_the_reason():
    section = parsed(page(departing())).xpath("string(//section[@aria-labelledby='entries'])")
    (skipped,) = (recording["skipped"] for recording in departing()["recordings"] if recording["skipped"])
    assert skipped
    for one in skipped:
        assert one["why"] in section
        assert f"{one['count']}: {one['entries'][0][0]}" in section


def test_hostile_texts_inject_nothing():
    text = page(hostile(departing(), TEXT))
    root = parsed(text)
    assert shape(text) == shape(page(hostile(departing(), "x")))
    assert len(root.xpath("//script")) == 2
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or name == "style"]
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_long_timelines_are_cut_and_the_departure_stays():
    data = departing()
    item = data["recordings"][2]["items"][0]
    departure = next(n for n, event in enumerate(item["timeline"]) if event["model"]["verdict"] == "departs")
    item["timeline"][departure:departure] = [item["timeline"][0]] * 20_000
    text = page(data)
    assert len(text.encode()) <= LARGEST
    assert "more are not shown" in text
    steps = walks(text)[2]["steps"]
    assert 1000 < len(steps) < 6000
    assert steps[-1]["departs"]


def test_of_very_many_items_those_that_do_not_conform_are_shown():
    data = departing()
    first = data["recordings"][0]["items"]
    first *= 3000
    first[2500] = first[2500] | {"verdict": "INCOMPLETE", "why": "an odd one"}
    text = page(data)
    assert len(text.encode()) <= LARGEST
    root = parsed(text)
    assert len(root.xpath("//details[contains(@class, 'item')]")) == 1000
    assert "an odd one" in root.text_content()
    assert "NON_CONFORMANT 3002 items" in " ".join(root.xpath("string(//h1)").split())
    assert "2002 more items are not shown" in root.text_content()
    assert walks(text)[-1]["number"] == 3002


def test_what_was_put_to_the_test_is_told_with_what_it_says():
    section = parsed(page(agreeing())).xpath("string(//section[@aria-labelledby='exercised'])")
    times = sum(
        one["times"]
        for recording in agreeing()["recordings"]
        for item in recording["items"]
        for one in item["exercised"]
        if one["requirement"] == "R38"
    )
    assert f"R38{times}After commit the recovery point can no longer be changed." in section


def test_texts_of_a_megabyte_are_cut():
    assert len(page(hostile(agreeing(), "x" * (1 << 20))).encode()) < 3_000_000


def test_an_item_of_another_profile_gets_its_graph():
    data = agreeing()
    for recording in data["recordings"]:
        for item in recording["items"]:
            item["profile"] = "classic"
    names = {node.get("data-phase") for node in parsed(page(data)).xpath("//*[@data-phase]")}
    assert set(profiles.efsm("classic").phases) <= names
    assert "That of the classic profile" in page(data)


def test_the_published_schema_takes_what_trace_writes_and_refuses_what_is_changed():
    schema = trace_schema()
    validator = jsonschema.validators.validator_for(schema)(schema)
    validator.validate(departing())
    for changed in ({"version": 2}, {"verdict": "GOOD"}, {"recordings": [{}]}, {"more": 1}):
        with pytest.raises(jsonschema.ValidationError):
            validator.validate(departing() | changed)
        with pytest.raises(InvalidTrace):
            trace_from_json(departing() | changed)


class TestTheCommands:
    def test_trace_writes_the_page_and_report_makes_the_same_of_the_record(self, inside, tmp_path):
        done = inside("trace", "--report", "a.html", "--json", "record.json")
        assert done.returncode == 0
        assert inside("report", "record.json", "-o", "b.html").returncode == 0
        first, second = ((tmp_path / name).read_text() for name in ("a.html", "b.html"))
        assert first == second
        assert MARK in first[:100]

    def test_other_formats_are_for_runs(self, inside, tmp_path):
        (tmp_path / "record.json").write_text(json.dumps(agreeing()))
        done = inside("report", "record.json", "-o", "r.xml")
        assert done.returncode == 2
        assert "as a page only" in done.stderr
        (tmp_path / "record.json").write_text(json.dumps(agreeing() | {"version": 2}))
        done = inside("report", "record.json", "-o", "r.html")
        assert done.returncode == 2
        assert "record.json: no record of recordings: version" in done.stderr

    def test_what_cannot_be_written_changes_no_verdict(self, inside):
        done = inside("trace", "--report", "no/such/folder.html")
        assert done.returncode == 0
        assert "not written: cannot write no/such/folder.html" in done.stdout
