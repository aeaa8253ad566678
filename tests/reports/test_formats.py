"""Formats for other programs: each fits its published schema, and is green only where something was seen to hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from asr_model.profiles import UnknownProfile
from asr_properties.cli.report import ENDINGS, WRITERS, Format
from asr_properties.counterexamples.stored import InvalidCounterexample
from asr_properties.running.stored_record import InvalidRecord, record_schema
from asr_reports.formats.junit import RUN
from asr_reports.formats.step_summary import LARGEST, code, plain
from counterexamples.stored import changed
from reports.hostile import hostile
from reports.records import COMMAND, failing, shown, with_verdicts

SCHEMAS = Path(__file__).parent / "schemas"
JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
JSON = {
    Format.CTRF: json.loads((SCHEMAS / "ctrf-0.0.json").read_text()),
    Format.SARIF: json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text()),
}
UNSEEN = ("NOT_EXERCISED", "NOT_OBSERVABLE", "ASSUMED", "NOT_APPLICABLE")


def long(data):
    """The record with texts of a megabyte."""
    text = "x" * (1 << 20)
    data["hello"] |= {"name": text}
    data["counterexamples"][0] |= {"observed": text, "values": [text]}
    data["counterexamples"][0]["steps"][0] |= {"answer": text, "shown": {"phase": text}}
    return data


RECORDS = {
    "failed": failing,
    "conformant": lambda: with_verdicts("PASSED", "CONFORMANT"),
    "incomplete": lambda: with_verdicts("NOT_EXERCISED", "INCOMPLETE"),
    "adapter error": lambda: with_verdicts("NOT_EXERCISED", "ADAPTER_ERROR", adapter_error="it hangs", hello={}),
    "hostile": lambda: hostile(failing()),
    "long": lambda: long(failing()),
}


def written(form, data):
    return WRITERS[form](shown(data), Path("out/record.json"))


def junit(data):
    root = etree.fromstring(written(Format.JUNIT, data).encode())
    JUNIT.assertValid(root)
    return root


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("form", JSON)
def test_json_formats_fit_their_published_schema(form, name):
    text = written(form, RECORDS[name]())
    jsonschema.validators.validator_for(JSON[form])(JSON[form]).validate(json.loads(text))
    assert len(text) < 2_000_000


@pytest.mark.parametrize("name", RECORDS)
def test_junit_fits_its_published_schema_and_counts_right(name):
    root = junit(RECORDS[name]())
    (suite,) = root
    for counted, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"), ("tests", "testcase")):
        assert int(suite.get(counted)) == len(suite.findall(f".//{tag}"))


def test_a_schema_refuses_what_does_not_fit():
    broken = etree.fromstring(b"<testsuites><testsuite name='x'/></testsuites>")
    assert not JUNIT.validate(broken)
    for schema in JSON.values():
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validators.validator_for(schema)(schema).validate({"version": "2.1.0"})


def test_there_is_a_test_case_for_each_requirement_and_one_for_the_run():
    data = failing()
    names = [case.get("name") for case in junit(data).iter("testcase")]
    assert names[0] == RUN
    assert [name.split()[0] for name in names[1:]] == [verdict["requirement"] for verdict in data["verdicts"]]


@pytest.mark.parametrize("outcome", UNSEEN)
def test_what_was_not_seen_is_never_green(outcome):
    for still_open in (False, True):
        data = with_verdicts(outcome, "INCOMPLETE")
        for verdict in data["verdicts"]:
            verdict["open"] = still_open
        tag = "failure" if still_open else "skipped"
        cases = list(junit(data).iter("testcase"))[1:]
        assert all(case.find(tag) is not None for case in cases)
        tests = json.loads(written(Format.CTRF, data))["results"]["tests"][1:]
        assert {test["status"] for test in tests} == {"failed" if still_open else "skipped"}
        assert {test["rawStatus"] for test in tests} == {outcome}


@pytest.mark.parametrize(
    ("overall", "bad"), [("CONFORMANT", 0), ("INCOMPLETE", 1), ("ADAPTER_ERROR", 1), ("NON_CONFORMANT", 1)]
)
def test_the_file_is_green_exactly_when_the_run_is_conformant(overall, bad):
    """Even where every requirement passed: a run may leave transitions to cover, or end early."""
    error = "it hangs" if overall == "ADAPTER_ERROR" else None
    data = with_verdicts("PASSED", overall, adapter_error=error)
    suite = junit(data)[0]
    assert int(suite.get("failures")) + int(suite.get("errors")) == bad
    assert json.loads(written(Format.CTRF, data))["results"]["summary"]["failed"] == bad


def known(status: int):
    """The failing run with R40 as a known deviation, and everything else shown."""
    data = with_verdicts("PASSED", "NON_CONFORMANT", exit_status=status)
    (verdict,) = [verdict for verdict in data["verdicts"] if verdict["requirement"] == "R40"]
    verdict |= {"outcome": "FAILED", "known": "a <day> later"}
    return data | {"known_deviations": ["known deviation: R40: a <day> later"]}


def test_a_known_deviation_is_no_failure_and_no_pass_in_any_format():
    cases = {case.get("name")[:3]: case for case in junit(known(0)).iter("testcase")}
    assert cases["R40"].find("skipped").get("message") == "FAILED; known deviation: a <day> later"
    suite = junit(known(0))[0]
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "1")
    assert ("note", "known deviation: R40: a <day> later") in [
        (one.get("name"), one.get("value")) for one in suite.iter("property")
    ]
    ctrf = json.loads(written(Format.CTRF, known(0)))["results"]
    assert (ctrf["summary"]["failed"], ctrf["summary"]["skipped"]) == (0, 1)
    assert ctrf["tests"][0]["rawStatus"] == "NON_CONFORMANT"
    (sarif,) = json.loads(written(Format.SARIF, known(0)))["runs"]
    (result,) = sarif["results"]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "a <day> later"}]
    assert sarif["invocations"][0]["exitCode"] == 0
    page = written(Format.HTML, known(0))
    assert "NON_CONFORMANT</span> (every failure is known)" in page
    assert "FAILED (known)" in page
    assert "a &lt;day&gt; later" in page
    summary = written(Format.MARKDOWN, known(0))
    assert summary.startswith("## ⚠️ NON\\_CONFORMANT, every failure known")
    assert "FAILED; known deviation\\: a \\<day\\> later" in summary


def test_a_known_deviation_hides_no_other_failure():
    assert int(junit(known(1))[0].get("failures")) == 1
    assert "every failure" not in written(Format.HTML, known(1))
    assert written(Format.MARKDOWN, known(4)).startswith("## ❌")


def test_the_counterexample_is_the_code_flow_of_the_result():
    data = failing()
    (run,) = json.loads(written(Format.SARIF, data))["runs"]
    failed = [result for result in run["results"] if result["kind"] == "fail"]
    assert [result["ruleId"] for result in failed] == ["R40"]
    assert run["tool"]["driver"]["rules"][failed[0]["ruleIndex"]]["id"] == "R40"
    assert {result["kind"] for result in run["results"]} == {"fail", "open"}
    (flow,) = failed[0]["codeFlows"]
    steps = flow["threadFlows"][0]["locations"]
    stored = data["counterexamples"][0]["steps"]
    assert len(steps) == len(stored)
    assert "commit()" in steps[5]["location"]["message"]["text"]
    assert steps[-1]["importance"] == "essential"
    assert "allowed: recovery_points: no recovery point" in steps[-1]["location"]["message"]["text"]
    assert steps[-1]["state"]["points"]["text"] == "crash"
    assert [step["location"]["logicalLocations"][0]["fullyQualifiedName"] for step in steps] == [
        step["phase"] for step in stored
    ]
    assert run["invocations"][0]["commandLine"] == COMMAND


def test_a_summary_tells_the_verdict_first_and_takes_no_text_for_markdown():
    text = written(Format.MARKDOWN, failing())
    assert text.startswith("## ❌ NON\\_CONFORMANT")
    assert "R40" in text
    assert "commit()" in text
    told = written(Format.MARKDOWN, hostile(failing()))
    for line in re.sub(r"^(`{3,})text\n.*?^\1$", "", told, flags=re.DOTALL | re.MULTILINE).splitlines():
        assert not re.search(r"(?<!\\)<(?!/?(details|summary)>)", line.split("Again: ")[0]), line
    assert len(re.findall(r"^# heading", told, re.MULTILINE)) == 0


def test_a_summary_fits_into_its_place():
    data = failing()
    data["counterexamples"][0]["values"] = ["x" * 900] * 4
    data["counterexamples"] *= 300
    text = written(Format.MARKDOWN, data)
    assert len(text.encode()) <= LARGEST
    assert "no room for it" in text


def test_code_and_text_of_markdown_stay_what_they_are():
    assert code("a ``b`` c") == "``` a ``b`` c ```"
    assert plain("<b> [x](y)\n`z` www.example.com") == r"\<b\> \[x\]\(y\) \`z\` www\.example.com"


def test_the_published_schema_takes_what_a_run_writes_and_refuses_what_is_changed():
    schema = record_schema()
    validator = jsonschema.validators.validator_for(schema)(schema)
    data = failing()
    validator.validate(data)
    for key in data:
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({name: value for name, value in data.items() if name != key})
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(data | {"version": 1})


class TestTheCommand:
    def test_writes_the_format_that_the_file_ends_in(self, inside, tmp_path):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "record.json").write_text(json.dumps(failing()))
        for ending in ENDINGS:
            done = inside("report", "out", "-o", f"report{ending}")
            assert done.returncode == 0, done.stderr
            assert done.stdout.startswith(f"wrote report{ending}: NON_CONFORMANT")
            assert (tmp_path / f"report{ending}").read_text() == written(ENDINGS[ending], failing())
        done = inside("report", "out/record.json", "--format", "junit")
        assert done.stdout.startswith("<?xml")
        assert "asr-conformance replay out/counterexample-1-R40.json" in done.stdout

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("none", "-o", "r.xml"), "none: No such file or directory"),
            (("record.json",), "--format is needed here"),
            (("record.json", "-o", "report.txt"), "--format is needed here"),
            (("old.json", "-o", "r.xml"), "a run record of version 1; this program reads 3"),
            (("other.json", "-o", "r.xml"), "no run record"),
        ],
    )
    def test_says_in_a_line_what_is_wrong(self, inside, tmp_path, arguments, told):
        (tmp_path / "record.json").write_text(json.dumps(failing()))
        (tmp_path / "old.json").write_text(json.dumps(failing() | {"version": 1}))
        (tmp_path / "other.json").write_text("{}")
        done = inside("report", *arguments)
        assert done.returncode == 2
        assert told in done.stderr
        assert len(done.stderr.splitlines()) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.deferred(lambda: changed(failing())))
def test_whatever_is_changed_in_a_record_is_refused_or_can_be_shown(data):
    try:
        run = shown(data)
    except (InvalidRecord, InvalidCounterexample, UnknownProfile):
        return
    for form in (Format.JUNIT, Format.CTRF, Format.SARIF, Format.MARKDOWN):
        assert WRITERS[form](run, Path("record.json"))
    assert all(found.walk.steps[-1].departs for found in run.counterexamples)


def test_a_counterexample_without_steps_is_refused():
    data = failing()
    data["counterexamples"][0]["steps"] = []
    with pytest.raises(InvalidCounterexample, match="counterexample 1 has no steps"):
        shown(data)
