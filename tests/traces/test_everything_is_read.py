"""The same evidence in other wrappings gives the same verdict: batches of a portal, lists, labels that are wrong."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asr_properties.traces.formats import read_trace
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance
from traces.cassettes import ITEMS, VAULT, cassette
from traces.formats import har
from traces.test_credits import ENABLE, TIMED, Entry, is_job, is_look, is_request, verdict

WHOLE = dict(verdict(*TIMED).exercised)
AZURE = "https://management.azure.com"


def of_content(entry: Entry) -> Any:
    text = entry["response"]["body"]["string"]
    return json.loads(text) if text else None


def answered(entry: Entry, answer: Any, uri: str | None = None) -> Entry:
    changed: Entry = json.loads(json.dumps(entry))
    changed["response"]["body"]["string"] = json.dumps(answer)
    changed["request"]["uri"] = uri or changed["request"]["uri"]
    return changed


def batch(*entries: Entry, backwards: bool = False) -> Entry:
    """The reads as a portal makes them: one POST, whose answers may come in another order, told by their names."""
    requests = [
        {"httpMethod": "GET", "name": f"n{n}", "url": entry["request"]["uri"].removeprefix(AZURE)}
        for n, entry in enumerate(entries)
    ]
    responses = [
        {"httpStatusCode": entry["response"]["status"]["code"], "name": f"n{n}", "content": of_content(entry)}
        for n, entry in enumerate(entries)
    ]
    whole = answered(entries[0], {"responses": responses[::-1] if backwards else responses})
    whole["request"] = {
        "method": "POST",
        "uri": f"{AZURE}/batch?api-version=2015-11-01",
        "headers": {},
        "body": json.dumps({"requests": requests}),
    }
    whole["response"]["status"]["code"] = 200
    return whole


def each_in_a_batch(entries: list[Entry]) -> list[Entry]:
    return [entry if is_request(entry) else batch(entry) for entry in entries]


def together_in_batches(entries: list[Entry]) -> list[Entry]:
    """Reads that follow each other are one batch."""
    found: list[list[Entry]] = []
    for entry in entries:
        if found and not is_request(entry) and not is_request(found[-1][0]):
            found[-1].append(entry)
        else:
            found.append([entry])
    return [some[0] if is_request(some[0]) else batch(*some, backwards=True) for some in found]


def jobs_in_lists(entries: list[Entry]) -> list[Entry]:
    """Each job in a list of all jobs so far."""
    bodies: list[Any] = []
    changed = []
    for entry in entries:
        if is_job(entry):
            bodies.insert(0, of_content(entry))
            entry = answered(entry, {"value": bodies}, f"{VAULT}/replicationJobs?$filter=x")
        changed.append(entry)
    return changed


def items_in_lists(entries: list[Entry]) -> list[Entry]:
    is_there = [is_look(entry) and entry["response"]["status"]["code"] == 200 for entry in entries]
    return [
        answered(entry, {"value": [of_content(entry)], "nextLink": f"{ITEMS}?$skiptoken=x"}, ITEMS) if there else entry
        for entry, there in zip(entries, is_there, strict=True)
    ]


@pytest.mark.parametrize("wrapped", [each_in_a_batch, together_in_batches, jobs_in_lists, items_in_lists])
def test_another_wrapping(wrapped: Callable[[list[Entry]], list[Entry]], tmp_path: Path) -> None:
    for document in (cassette, lambda *entries: har(entries)):
        file = tmp_path / "recording"
        file.write_text(json.dumps(document(*wrapped(list(TIMED)))), encoding="utf-8")
        (found,) = judge(read_trace(file))
        assert found.conformance is Conformance.CONFORMANT, found.why
        assert set(found.exercised) == set(WHOLE)


def with_bodies(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    archive = har(TIMED)
    for entry in archive["log"]["entries"]:
        change(entry)
    return archive


def request_bodies_in_base64(entry: dict[str, Any]) -> None:
    if "postData" in entry["request"]:
        posted = entry["request"]["postData"]
        posted |= {"text": base64.b64encode(posted["text"].encode()).decode(), "encoding": "base64"}


def plain_text_called_base64(entry: dict[str, Any]) -> None:
    entry["response"]["content"]["encoding"] = "Base64"


def answers_in_base64(entry: dict[str, Any]) -> None:
    content = entry["response"]["content"]
    content |= {"text": base64.b64encode(content["text"].encode()).decode(), "encoding": "BASE64"}


@pytest.mark.parametrize("change", [request_bodies_in_base64, plain_text_called_base64, answers_in_base64])
def test_labels(change: Callable[[dict[str, Any]], None], tmp_path: Path) -> None:
    file = tmp_path / "recording.har"
    file.write_text(json.dumps(with_bodies(change)), encoding="utf-8")
    (found,) = judge(read_trace(file))
    assert (found.conformance, dict(found.exercised)) == (Conformance.CONFORMANT, WHOLE), found.why


def test_bodies_that_are_missing_are_unknown(tmp_path: Path) -> None:
    """Then it is not known which point was asked for, and whether a shutdown was (R16, R22, R37)."""
    file = tmp_path / "recording.har"
    archive = with_bodies(lambda entry: entry["request"].pop("postData", None))
    file.write_text(json.dumps(archive), encoding="utf-8")
    (found,) = judge(read_trace(file))
    assert found.conformance is Conformance.CONFORMANT, found.why
    assert set(WHOLE) - set(found.exercised) == {"R16", "R22"}
    assert ENABLE["request"]["body"]
