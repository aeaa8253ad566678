"""`trace --timeline` and `--json`: every event, what the service said, and what the model took it for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from asr_properties.cli.trace import trace
from asr_properties.traces import timeline as timelines
from asr_properties.traces.golden import golden_traces
from traces.cassettes import FAILED_OVER, ITEM, PROTECTED, VAULT, ask, cassette, interaction, look, poll
from traces.formats import at
from traces.test_seen_settings import patch, shown

QUOTA = {
    "serviceErrorDetails": {"code": "28031", "message": "Virtual machine couldn't be created."},
    "providerErrorDetails": {"errorCode": 539, "errorMessage": "The operation failed."},
}


def job(state: str, *errors: Any, task_errors: tuple[Any, ...] = ()) -> dict[str, Any]:
    told = {"scenarioName": "UnplannedFailover", "state": state, "errors": list(errors)}
    tasks = [{"name": "VmFailover", "errors": list(task_errors)}]
    return interaction("GET", f"{VAULT}/replicationJobs/op-1", answer={"properties": {**told, "tasks": tasks}})


def traced(
    capsys: pytest.CaptureFixture[str], *entries: Any, folder: Path, **options: Any
) -> tuple[int, list[str], dict[str, Any]]:
    """The exit status, the lines, and the record."""
    path, record = folder / "c.json", folder / "record.json"
    path.write_text(json.dumps(cassette(*entries)), encoding="utf-8")
    with pytest.raises(typer.Exit) as ended:
        trace([path], **{"profile": None, "require": None, "timeline": True, "record": record, **options})
    return ended.value.exit_code, capsys.readouterr().out.splitlines(), json.loads(record.read_text(encoding="utf-8"))


def rows_of(lines: list[str]) -> list[str]:
    start = next(place for place, line in enumerate(lines) if line.startswith("    timeline ("))
    return [line for line in lines[start + 1 :] if line.startswith("      ")]


def test_a_failed_job_is_told_with_the_errors_of_the_service(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    entries = [look(PROTECTED, friendlyName="web-1"), ask("unplannedFailover", "op-1"), job("Failed", QUOTA)]
    status, lines, record = traced(capsys, *entries, look(PROTECTED), folder=tmp_path)
    assert status == 0
    assert any(line.startswith("  item vm-1 (web-1): CONFORMANT") for line in lines)
    asked, seen, *errors, last = rows_of(lines)[1:]
    assert "asked for fail_over(" in asked
    assert "accepted (POST .../unplannedFailover, 202); job op-1 failed at 3, after 0 s with error 28031, 539" in asked
    assert asked.endswith("-> protected or failing_over")
    assert "job op-1 UnplannedFailover: failed" in seen
    assert [line.strip() for line in errors] == [
        "error 28031: Virtual machine couldn't be created.",
        "error 539: The operation failed.",
    ]
    assert "the item shows protected (Protected); provider InMageRcm" in last
    (item,) = record["recordings"][0]["items"]
    assert item["friendly_name"] == "web-1"
    row = item["timeline"][1]
    assert (row["entry"], row["status"], row["job"]) == (2, 202, "op-1")
    assert row["request"] == "POST replicationProtectedItems/vm-1/unplannedFailover"
    assert row["job_ended"] == {"state": "failed", "entry": 3, "time": "2023-08-26T03:00:00Z"}
    assert [message["code"] for message in row["job_messages"]] == ["28031", "539"]
    assert row["model"] == {"verdict": "agrees", "phases": ["protected", "failing_over"], "missing_before": None}
    assert item["timeline"][3]["service_state"] == "Protected"


def test_the_end_of_a_job_is_the_one_after_its_request(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """An id that is used again is told by another job; nothing ends before it began."""
    ended = poll("op-1", "Succeeded")
    entries = [at(0, look(FAILED_OVER)), at(60, ask("failoverCommit", "op-1")), at(70, ended)]
    entries += [at(600, ask("reProtect", "op-1", instanceType="InMageRcm")), at(660, job("Succeeded"))]
    _, lines, _ = traced(capsys, *entries, folder=tmp_path)
    _, first, _, second, _ = rows_of(lines)
    assert "job op-1 succeeded at 3, after 10 s" in first
    assert "job op-1 succeeded at 5, after 1 min 0 s" in second


def test_errors_of_tasks_and_warnings_of_operations_are_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    warned = {"status": "Succeeded", "error": {"code": "45031", "message": "Already  protected."}}
    entries = [
        look(PROTECTED),
        interaction("PUT", ITEM, 202, starts="op-1"),
        interaction("GET", f"{VAULT}/replicationOperationStatus/op-1", answer=warned),
        job("Succeeded", task_errors=({"serviceErrorDetails": {"code": "1", "message": "of a task"}},)),
    ]
    _, lines, _ = traced(capsys, *entries, folder=tmp_path)
    rows = rows_of(lines)
    assert "(PUT, 202); job op-1 succeeded at 3, after 0 s with warning 45031" in rows[1]
    assert rows[3].strip() == "warning 45031: Already protected."
    assert rows[5].strip() == "warning 1: of a task"


def test_a_refusal_is_told_with_its_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    error = {"error": {"code": "BadRequest", "message": "no", "details": [{"code": "InvalidFailoverDirection"}]}}
    refused = interaction("POST", f"{ITEM}/reProtect", 400, answer=error)
    _, lines, _ = traced(capsys, look(PROTECTED), refused, folder=tmp_path)
    _, asked, first, second = rows_of(lines)
    assert "asked for reprotect(): refused (POST .../reProtect, 400)" in asked
    assert first.strip() == "error BadRequest: no"
    assert second.strip() == "error InvalidFailoverDirection"


def test_looks_that_show_the_same_are_one_row(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    issue = {"errorCode": "78037", "errorMessage": "Failover of the source failed."}
    entries = [look(PROTECTED), look(PROTECTED), look(PROTECTED, healthErrors=[issue])]
    _, lines, record = traced(capsys, *entries, folder=tmp_path)
    first, second, below = rows_of(lines)
    assert first.split()[0] == "1-2"
    assert "the item shows, 2 times: protected" in first
    assert second.split()[0] == "3"
    assert "->" not in second  # the model takes the item to be where it was
    assert below.strip() == "health issue 78037: Failover of the source failed."
    assert len(record["recordings"][0]["items"][0]["timeline"]) == 3


def test_which_entries_were_skipped_and_why(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    other = interaction("GET", f"{VAULT}/replicationPolicies/p", answer={})
    _, lines, record = traced(capsys, other, other, look(PROTECTED), other, folder=tmp_path)
    assert "  4 entries: 1 followed, 3 skipped" in lines
    assert "    skipped: other resources of the vault (3): 1-2, 4" in lines
    assert record["recordings"][0]["skipped"] == [
        {"why": "other resources of the vault", "count": 3, "entries": [[1, 2], [4, 4]]}
    ]


def test_what_departs_and_what_comes_after_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    entries = [look(PROTECTED), look(FAILED_OVER), look(FAILED_OVER)]
    status, lines, record = traced(capsys, *entries, folder=tmp_path)
    assert status == 1
    assert rows_of(lines)[1].endswith("-> departs from the model")
    assert rows_of(lines)[2].endswith("-> not judged")
    (item,) = record["recordings"][0]["items"]
    assert [row["model"]["verdict"] for row in item["timeline"]] == ["agrees", "departs", "not judged"]
    assert item["divergence"]["entry"] == 2
    assert item["divergence"]["requirements"][0] == "R15"


def test_what_is_missing_in_the_recording_stands_at_its_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    events: list[dict[str, Any]] = [{"format": "asr-conformance trace", "version": 1, "profile": "modernized"}]
    for hour, phase in ((1, "protected"), (9, "failed_over")):
        events.append({"event": "observation", "item": "vm", "at": f"2021-08-26T0{hour}:00:00Z"})
        events[-1]["fields"] = {"phase": phase}
    path = tmp_path / "t.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    with pytest.raises(typer.Exit) as ended:
        trace([path], profile=None, require=None, timeline=True, record=None)
    assert ended.value.exit_code == 4
    _, missing, _ = rows_of(capsys.readouterr().out.splitlines())
    assert missing.strip().startswith("not recorded: fail_over is not in the recording")


def test_secrets_and_escapes_are_shown_neither_as_text_nor_as_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_SECRET", "hunter2hunter2")
    message = {"code": "1", "message": "\x1b[31m[bold]x[/a] hunter2hunter2 https://b/c?sig=abcdef%3D&x=1"}
    refused = interaction("POST", f"{ITEM}/reProtect", 400, answer={"error": message})
    name = "vm \x1b]0;evil\x07 hunter2hunter2"
    _, lines, record = traced(capsys, look(PROTECTED, friendlyName=name), refused, folder=tmp_path)
    for text in ("\n".join(lines), json.dumps(record)):
        assert "hunter2" not in text
        assert "abcdef" not in text
        assert "\x1b" not in text
    assert any("[bold]x[/a] *** https://b/c?sig=***" in line for line in lines)


def test_an_update_of_settings_stands_where_it_was_asked_for_with_what_became_of_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_SECRET", "hunter2hunter2")
    larger = patch(targetVmSize="Standard_D8s_v3")
    looks = shown(), shown(targetVmSize="Standard_D8s_v3")
    refused = patch(status=400, starts=None, targetVmName="hunter2hunter2")
    entries = looks[0], larger, poll("op-1", "Succeeded"), looks[1], refused, looks[1]
    _, lines, record = traced(capsys, *entries, folder=tmp_path)
    first, update, again, turned_away, _ = (line.strip() for line in rows_of(lines))
    assert first.startswith("1 ")
    assert again.startswith("4 ")
    assert update.startswith("2 ")
    assert update.endswith("asked to update settings (size=standard_d8s_v3): succeeded")
    assert turned_away.startswith("5 ")
    assert turned_away.endswith("asked to update settings (name=***): refused")
    assert record["recordings"][0]["items"][0]["updates"] == [
        {"entry": 2, "changes": {"size": "standard_d8s_v3"}, "state": "succeeded"},
        {"entry": 5, "changes": {"name": "***"}, "state": "refused"},
    ]


def test_only_so_many_events_have_a_row(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "MOST_ROWS", 2)
    _, lines, record = traced(capsys, *[look(PROTECTED)] * 5, folder=tmp_path)
    assert "      ... and 3 more events, which are not shown" in lines
    assert record["recordings"][0]["items"][0]["events_without_a_row"] == 3


def test_an_unwritable_record_is_told_beside_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        trace(None, profile=None, require=None, timeline=False, record=Path("/proc/nowhere/r.json"))
    assert ended.value.exit_code == 0
    *_, verdict, last = capsys.readouterr().out.splitlines()
    assert verdict.startswith("CONFORMANT")
    assert last.startswith("not written: cannot write /proc/nowhere/r.json")


def test_the_record_on_stdout_stands_alone(command: Any) -> None:
    done = command("trace", golden_traces()[1], "--json", "-")
    assert done.returncode == 0
    record = json.loads(done.stdout)
    assert (record["format"], record["version"], record["verdict"]) == ("asr-conformance trace", 1, "CONFORMANT")
    assert done.stderr.splitlines()[-1] == "CONFORMANT (1 file, 1 item)"


def keys_of(data: Any) -> set[str]:
    if isinstance(data, list):
        return set().union(*map(keys_of, data))
    if not isinstance(data, dict):
        return set()
    inner = [value for name, value in data.items() if name not in ("shown", "arguments")]
    return set(data) | keys_of(inner)


def test_the_page_names_every_key_of_the_record(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    entries = [look(PROTECTED), ask("unplannedFailover", "op-1"), job("Failed", QUOTA), look(FAILED_OVER)]
    _, _, record = traced(capsys, *entries, folder=tmp_path)
    page = (Path(__file__).resolve().parents[2] / "docs" / "verdicts.md").read_text(encoding="utf-8")
    in_words = {"phase", "allows", "from", "steps", "to", "requirement", "times", "sentence"}
    assert {key for key in keys_of(record) if f"`{key}`" not in page} <= in_words
