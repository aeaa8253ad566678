"""Whatever is given to the readers, they end with one clear line, within a bound on memory."""

from __future__ import annotations

import gzip
import json
import pickle
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asr_properties.traces.cassette import exchange_of
from asr_properties.traces.events import TraceError
from asr_properties.traces.exchange_reading import facts_of
from asr_properties.traces.formats import read_trace
from asr_properties.traces.judging import judge
from traces.cassettes import ITEM, ITEMS, PROTECTED, VAULT, ask, cassette, interaction, item_body, look
from traces.formats import at, har_entry

HEADER = b'{"format": "asr-conformance trace", "version": 1}\n'
LAUGHS = b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 30)
)
INSIDE = b"interactions:\n- " + LAUGHS.replace(b"\n", b"\n  ").rstrip() + b"\nversion: 1\n"

BOUND = 1024 * 1024 * 1024
"""The address space that the command may use, the interpreter and its libraries included."""


def problem(path: Path) -> str:
    with pytest.raises(TraceError) as caught:
        judge(read_trace(path))
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    assert len(message) < 800
    return message


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"interactions:\n- !!python/object/apply:os.system ['true']\nversion: 1\n", "would construct an object"),
        (b"interactions: !!python/tuple [1]\nversion: 1\n", "would construct an object"),
        (b"interactions:\n- request: !<tag:example.net,2000:x> {a: b}\nversion: 1\n", "would construct an object"),
        (INSIDE, "values, aliases expanded"),
        (b"interactions:\n- &a [*a]\nversion: 1\n", "stands for nothing that is known and whole"),
        (b"interactions:\n- *nothing\nversion: 1\n", "stands for nothing"),
        (b"interactions:\n- {a: 1, a: 2}\nversion: 1\n", "the key 'a' is there twice"),
        (b"interactions:\n- ? [a]\n  : b\nversion: 1\n", "a key that is no text"),
        (b"interactions: []\nversion: 1\n---\ninteractions: []\n", "more than one YAML document"),
        (b"interactions:\n- !!binary '\xc3\xa4'\nversion: 1\n", "not base64"),
        (b"a: " + b"[" * 1_000_000, "nested too deeply"),
        (b"- " * 10_000, "nested too deeply"),
        (b"interactions:\n- " + b"[" * 10_000, "nested too deeply"),
        (b"interactions: []\ninteractions: []\nversion: 1\n", "`interactions` is there twice"),
        (b"a: \x01\n", "neither JSON nor whole YAML"),
        (b'{"interactions": ' + b"[" * 1_000_000, "nested too deeply"),
        (b'{"log": {"entries": [' + b'{"a":' * 1_000_000, "nested too deeply"),
        (b'{"interactions": [{"a": 1, "a": 2}], "version": 1}\n', "the key 'a' is there twice"),
        (b'{"interactions": [{"a": NaN}], "version": 1}\n', "not a whole JSON document"),
        (b'{"interactions": [{"a": 1e999}], "version": 1}\n', "not a whole JSON document"),
        (b'{"Entries": [{"a": ' + b"1" * 100_000 + b"}]}\n", "not a whole JSON document"),
        (b'{"log": {"entries": [{"request": {"method"', "cut off"),
        (b'{"interactions": []} {"interactions": []}', "not a whole JSON document"),
        (
            HEADER + b'{"event": "job", "item": "a", "item": "b"}\n',
            ":2: expected one JSON object on a line: a key is there",
        ),
        (HEADER + b'{"event": "job", "at": NaN}\n', ":2: expected one JSON object on a line: NaN is no JSON"),
        (HEADER + b"[" * 1_000_000 + b"\n", ":2: expected one JSON object on a line"),
        (HEADER + b'{"event": "job", "item": "a", "at": "99999-01-01"}\n', "expected an ISO 8601 time"),
        (HEADER + b'{"event": "job"', ":2: expected one JSON object on a line"),
        (HEADER + b"\n" * 100 + b'{"item": "\xff"}\n', ":102: the file is not UTF-8 text"),
        (gzip.compress(HEADER, mtime=0), "the file is compressed: unpack it first"),
        (b"PK\x03\x04 and more", "the file is compressed"),
        (bytes(range(256)), "the file is binary"),
        (b"\xff\xfe{\x00}\x00", "the file is not UTF-8 text"),
    ],
)
def test_a_hostile_file(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(content)
    assert expected in problem(path)


def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.write_bytes(HEADER)
    path.chmod(0)
    try:
        path.read_bytes()
    except PermissionError:
        assert "the file cannot be read: Permission denied" in problem(path)
    else:  # whoever runs this may read everything; a file that fails while it is read is as good
        assert "cannot be read" in problem(Path("/proc/self/mem"))


def test_aliases_of_the_recorder_are_plain_data(tmp_path: Path) -> None:
    """PyYAML writes equal objects once: anchors are found in honest cassettes, too, across interactions."""
    (tmp_path / "c").write_text(
        "interactions:\n"
        "- request: &r {method: GET, uri: 'https://x/', body: null}\n"
        "  response: &s {status: {code: 200}, headers: {}, body: {string: !!binary e30=}}\n"
        "- request: *r\n  response: *s\nversion: 1\n"
    )
    assert read_trace(tmp_path / "c").total == 2


def limited(path: Path) -> subprocess.CompletedProcess[str]:
    """The command on one file, with bounds on its memory and its time."""
    return subprocess.run(
        [sys.executable, "-m", "asr_properties.cli.main", "trace", str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (BOUND, BOUND)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _long_line() -> Iterator[bytes]:
    yield HEADER
    yield b'{"event": "job", "item": "'
    yield from [b"x" * 2**20] * 40


def _long_text() -> Iterator[bytes]:
    yield b'{"log": {"entries": [{"a": "'
    yield from [b"x" * 2**20] * 40


def _empty_lists() -> Iterator[bytes]:
    yield b'{"log": {"entries": [['
    yield from [b"[]," * 350_000] * 40


def _empty_lists_elsewhere() -> Iterator[bytes]:
    yield b'{"log": {"pages": ['
    yield from [b"[]," * 350_000] * 40


def _body_of_empty_lists() -> Iterator[bytes]:
    entry = json.dumps(har_entry(at(1, look(PROTECTED))))
    start, end = entry.split(json.dumps(look(PROTECTED)["response"]["body"]["string"]))
    yield b'{"log": {"entries": [' + start.encode() + b'"[[]'
    yield from [b",[]" * 350_000] * 14
    yield b']"' + end.encode() + b", 1]}}"


def _long_yaml() -> Iterator[bytes]:
    yield b"interactions:\n- request: "
    yield from [b"x" * 2**20] * 40


def _many_anchors() -> Iterator[bytes]:
    yield b"interactions:\n"
    for number in range(300_000):
        yield b"- &anchor%d [a, b, c]\n" % number


def _anchored_bodies() -> Iterator[bytes]:
    yield b"interactions:\n"
    for number in range(40):
        yield b"- request: {method: GET, uri: 'https://x/', body: null}\n"
        yield b"  response: {status: {code: 200}, headers: {}, body: {string: &a%d '" % number
        yield b"x" * 4 * 2**20 + b"'}}\n"


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (_long_line, "one entry is longer than 16 MiB"),
        pytest.param(_long_text, "one entry is longer than 16 MiB", marks=pytest.mark.long),
        (_empty_lists, "has more than 1000000 values"),
        pytest.param(_empty_lists_elsewhere, "one entry is longer than 16 MiB", marks=pytest.mark.long),
        (_body_of_empty_lists, "entry 2 lacks its request"),
        (_long_yaml, "one entry is longer than 16 MiB"),
        (_many_anchors, "entry 1 lacks its request"),
        (_anchored_bodies, "more than 128 MiB of the document have anchors"),
    ],
)
def test_a_file_that_is_too_much_stays_under_the_bound(tmp_path: Path, pieces: object, expected: str) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.writelines(pieces())  # type: ignore[operator]
    done = limited(path)
    path.unlink()
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith(f"asr-conformance: {path}")
    assert done.stderr.count("\n") == 1
    assert expected in done.stderr


X = "x" * 2**20


@pytest.mark.parametrize(
    "entry",
    [
        look(PROTECTED, healthErrors=[{"errorCode": X, "errorMessage": X}]),
        look(PROTECTED, protectionState=X),
        look(PROTECTED, failoverRecoveryPointId=f"/a/{X}"),
        look(PROTECTED, currentScenario={"scenarioName": "UnplannedFailover", "jobId": f"/a/{X}"}),
        look(("Protected", X, "Primary", [])),
        look(("Protected", "InMageRcm", "Primary", ["Commit"] * 10**6)),
        interaction("GET", f"{ITEM}{X}", answer=item_body(PROTECTED)),
        interaction("GET", ITEMS, answer={"value": [item_body(PROTECTED, X)]}),
        interaction("GET", f"{VAULT}/replicationJobs", answer={"value": [{"name": X}]}),
        interaction("GET", f"{VAULT}/replicationJobs/x", answer={"properties": {"scenarioName": X}}),
        ask("unplannedFailover", X, recoveryPointId=f"/a/{X}", instanceType=X),
    ],
)
def test_long_texts_are_not_kept(entry: dict[str, Any]) -> None:
    """Many of them would be read ahead."""
    assert len(pickle.dumps(facts_of(exchange_of(entry, 1)))) < 4000


def test_names_cannot_write_lines_or_colours(tmp_path: Path) -> None:
    shown = interaction("GET", f"{ITEM}%0ACONFORMANT%1B[31m", answer=item_body(PROTECTED, protectionState="\n\x1b"))
    (tmp_path / "c").write_text(json.dumps(cassette(shown)))
    done = limited(tmp_path / "c")
    assert "item vm-1\\nCONFORMANT\\x1b[31m: CONFORMANT" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("pictures", "is_whole"),
    [pytest.param(100, True, marks=pytest.mark.long), (20, False)],
    ids=["500 MB", "100 MB, cut off"],
)
def test_a_large_archive_is_read_within_the_bound(tmp_path: Path, pictures: int, is_whole: bool) -> None:
    """Between the exchanges with the service a browser keeps pictures, scripts and the like."""
    path = tmp_path / "large.har"
    picture = json.dumps(har_entry(at(1, cassette(look(PROTECTED))["interactions"][0])))
    picture = picture.replace(look(PROTECTED)["request"]["uri"].split("?")[0], "https://example.net/picture")
    noise = json.dumps({"content": {"text": "x" * 5 * 2**20}})[1:-1]
    with path.open("w", encoding="utf-8") as file:
        file.write('{"log": {"version": "1.2", "entries": [')
        file.write(json.dumps(har_entry(at(1, look(PROTECTED)))) + ",")
        for _ in range(pictures):
            file.write(picture[:-1] + "," + noise.replace("content", "comment") + "},")
        file.write(json.dumps(har_entry(at(2, ask("unplannedFailover", "op-1")))))
        file.write("]}}" if is_whole else "")
    assert path.stat().st_size > pictures * 5_000_000
    done = limited(path)
    path.unlink()
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if is_whole else 2), done.stdout + done.stderr
    if is_whole:
        assert "102 entries: 2 followed" in done.stdout
