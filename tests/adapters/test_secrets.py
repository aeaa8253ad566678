"""Secrets that a program prints reach neither screen nor record nor counterexample."""

from __future__ import annotations

import json
import sys

import pytest

from adapters.programs import HERE, script
from asr_properties.adapters.secrets import Secrets
from asr_properties.adapters.stdio.veil import Veil
from asr_properties.contract.connection import AdapterError, Connection
from asr_properties.contract.errors import Refused

VALUE = 'pa"ss\\wörd-1234'
SECRETS = {
    "DB_PASSWORD": VALUE,
    "VENDOR_API_KEY": "0123456789abcdef",
    "AZURE_CLIENT_SECRET": "client~secret.value",
    "github_token": "ghp_abcdefghij",
    "SSH_PRIVATE_KEY": "-----BEGIN KEY-----\nAAAABBBBCCCCDDDDEEEE\nFFFFGGGGHHHHIIIIJJJJ\n-----END KEY-----",
}
PARTS = [
    VALUE,
    "0123456789abcdef",
    "client~secret.value",
    "ghp_abcdefghij",
    "AAAABBBBCCCCDDDDEEEE",
    "FFFFGGGGHHHHIIIIJJJJ",
]


@pytest.fixture
def secrets(monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return Secrets()


@pytest.mark.parametrize("value", PARTS)
def test_values_of_variables_whose_names_tell_are_hidden(secrets, value):
    for text in (value, f"a{value}b", json.dumps(f"x {value}"), json.dumps(value, ensure_ascii=False)):
        shown = secrets.scrub(text)
        assert "***" in shown
        assert value not in shown
        assert json.dumps(value)[1:-1] not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc.def-ghi_123", "Authorization: Bearer ***"),
        ("bearer  0123456789==", "bearer  ***"),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl", "***"),
        ("https://a.blob.core.windows.net/c?sv=1&sig=aB%2Fc%3D&se=2", "https://a.blob.core.windows.net/c?sv=1&sig=***&se=2"),
        ('{"url":"https://x/?SIG=abc"}', '{"url":"https://x/?SIG=***"}'),
        ("AccountName=a;AccountKey=abc==;EndpointSuffix=b", "AccountName=a;AccountKey=***;EndpointSuffix=b"),
        ("postgres://me:hunter2@db/x", "postgres://me:***@db/x"),
        ("a design=good one; no bearer of bad news", "a design=good one; no bearer of bad news"),
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_hidden(text, shown):
    assert Secrets({}).scrub(text) == shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("A_TOKEN", "protected"), ("A_TOKEN", "enable_replication"), ("A_TOKEN", "true"),
        ("KEYBOARD", "querty-long"), ("TOKENIZERS_PARALLELISM", "parallel"), ("EDITOR", "a-long-value"),
    ],
)  # fmt: skip
def test_what_is_no_secret_stays(name, value):
    assert Secrets({name: value}).scrub(f"the {value}d") == f"the {value}d"


def test_ids_with_a_secret_stay_apart_and_are_sent_back_as_they_came():
    veil = Veil(Secrets({"A_KEY": "0123456789"}))
    ids = ["job-0123456789-1", "job-0123456789-2", "sig=abc", "sig=def"]
    shown = veil.hide(ids)
    assert veil.hide(ids) == shown
    assert shown == ["job-***-1", "job-***-2", "sig=***", "sig=***#2"]
    assert [veil.lift({"job": name})["job"] for name in shown] == ids


LEAKING = """
import json, os
secret = os.environ["DB_PASSWORD"]
print("connecting with", secret, file=sys.stderr, flush=True)
FIELDS = ["id", "phase"]
for line in sys.stdin:
    asked = json.loads(line)
    method, parameters = asked["method"], asked["params"]
    reply = {"result": None}
    if method == "hello":
        reply = {"result": {"name": "n " + secret, "version": "sig=abcdef", "protocol": 1, "profile": "modernized",
                            "controls": [], "fields": FIELDS, "configuration": []}}
    elif method == "request":
        reply = {"error": {"code": 1000, "message": "no", "data": {"reason": "x" * 390 + " " + secret}}}
    elif method == "jobs":
        reply = {"result": [secret + "/1"]}
    elif method == "job":
        assert parameters == {"job": secret + "/1"}
        reply = {"result": {"state": "succeeded", "scenario": None, "tasks": [], "may_cancel": None,
                            "errors": [{"code": "1", "message": "Bearer abcdefghijkl"}]}}
    elif method == "recovery_points":
        reply = {"error": {"code": 77, "message": "no " + secret}}
    print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **reply}), flush=True)
    if method == "bye":
        break
"""


def test_nothing_that_a_program_says_leaks(secrets, start, tmp_path):
    connection = Connection(start(script(tmp_path, LEAKING)))
    assert connection.hello.name == "n ***"
    assert connection.hello.version == "sig=***"
    connection.new_item({})
    with pytest.raises(Refused) as refused:
        connection.request("commit", {})
    assert "pa" not in refused.value.reason
    (job,) = connection.jobs()
    assert job == "***/1"
    assert connection.job(job).errors[0].message == "Bearer ***"
    with pytest.raises(AdapterError) as error:
        connection.recovery_points()
    assert "no ***" in str(error.value)
    assert error.value.stderr == ("connecting with ***",)
    assert VALUE not in str(error.value)


@pytest.mark.parametrize("says", ["print(secret)", "print('{\"id\": ' + repr(secret))", "print('x' * 395 + secret)"])
def test_nor_what_is_no_protocol(secrets, start, tmp_path, says):
    text = f"import os\nsecret = os.environ['VENDOR_API_KEY']\nsys.stdin.readline()\n{says}\n"
    text += "sys.stdout.flush()\nsys.stdin.read()"
    with pytest.raises(AdapterError) as error:
        Connection(start(script(tmp_path, text)))
    assert "01234" not in str(error.value)


def test_nor_record_screen_and_counterexample(command, monkeypatch, tmp_path):
    monkeypatch.setenv("A_TOKEN", "a-token-of-ours")
    adapter = f"stdio:{sys.executable} {HERE / 'serve.py'} cli.adapters:leaking"
    done = command("run", "--adapter", adapter, "--seed", "1", "--budget", "100steps", "--report", "out")
    assert done.returncode == 1, done.stdout + done.stderr
    written = (path for path in (tmp_path / "out").rglob("*") if path.is_file())
    files = {path.name: path.read_text(errors="replace") for path in written}
    assert "refused (no replication with ***)" in done.stdout
    assert any("no replication with ***" in text for name, text in files.items() if name != "record.json")
    for text in (done.stdout, done.stderr, *files.values()):
        assert "a-token-of-ours" not in text
