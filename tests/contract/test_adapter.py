"""The base class for adapters: an author writes behaviour, and the contract around it is kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from asr_model.vocabulary import Fault
from asr_properties.adapters.loading import load
from asr_properties.contract import program
from asr_properties.contract.adapter import Adapter, InvalidParameters, InvalidRequest, NotOffered, Refused
from asr_properties.contract.connection import Connection
from asr_properties.contract.methods import METHODS
from asr_properties.contract.program import answer
from asr_properties.reference import create
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.smoke import CheckOutcome, manners, smoke
from asr_properties.smoke.checks import CHECKS
from contract.adapters_of_ours import Little, Whole

FILE = Path(__file__).with_name("adapters_of_ours.py")


@pytest.mark.parametrize("factory", [Little, Whole])
def test_smoke_finds_nothing(factory):
    wrong = (CheckOutcome.FAILED, CheckOutcome.ADVICE)
    findings = list(smoke(factory))
    assert [finding for finding in findings if finding.outcome in wrong] == []
    assert sum(finding.outcome is CheckOutcome.OK for finding in findings) > 30


@pytest.mark.parametrize("which", ["little", "whole"])
def test_as_a_program_it_is_talked_with_as_any(which):
    manners_of_programs = (*CHECKS[:9], manners.bye, manners.end_of_input, manners.unknown_method)
    factory = load(f"stdio:{sys.executable} {FILE} {which}")
    assert {finding.outcome for finding in smoke(factory, manners_of_programs)} == {CheckOutcome.OK}


def test_what_is_behind_it_is_judged_as_without_it():
    """Whole hands everything on: verdicts and counts are those of the reference itself."""
    runs = [
        Campaign(factory, profile="modernized", budget=Budget.parse("300steps"), seed=3, adapter="it").run()
        for factory in (create, Whole)
    ]
    assert runs[0].verdicts == runs[1].verdicts
    assert runs[0].steps == runs[1].steps == 300


def test_what_is_not_written_is_not_offered():
    hello = Connection(Little()).hello
    assert (hello.name, hello.version, hello.profile) == ("little", "1.0", "modernized")
    assert hello.operations == ["enable_replication", "disable_replication"]
    assert hello.controls == ["clock"]
    assert Connection(Whole()).hello == Connection(create()).hello.model_copy(
        update={"name": "whole", "version": "1.0", "operations": Connection(Whole()).hello.operations}
    )
    assert set(Connection(Whole()).hello.operations) == set(create().hello(1)["operations"])


def begun(kind=Little):
    adapter = kind()
    adapter.hello(protocol=1)
    adapter.new_item(configuration={})
    return adapter


@pytest.mark.parametrize(
    ("method", "parameters", "kind"),
    [
        ("request", {"operation": "fail_over", "arguments": {}}, NotOffered),
        ("request", {"operation": "enable_replication", "arguments": {"a": 1}}, InvalidParameters),
        ("request", {"operation": "enable_replication"}, InvalidParameters),
        ("request", {"operation": 1, "arguments": {}}, InvalidParameters),
        ("new_item", {"configuration": {"dhcp": True}}, InvalidParameters),
        ("job", {"job": "job-of-nobody"}, InvalidParameters),
        ("job", {"self": "me"}, InvalidParameters),
        ("wait", {"job": None, "seconds": 1}, InvalidParameters),
        ("wait", {"seconds": True}, InvalidParameters),
        ("hello", {"protocol": 2}, InvalidParameters),
        ("hello", {"protocol": True}, InvalidParameters),
    ],
)
def test_what_does_not_fit_does_not_arrive(method, parameters, kind):
    with pytest.raises(kind):
        getattr(begun(), method)(**parameters)


@pytest.mark.parametrize(
    ("method", "parameters", "kind"),
    [
        ("inject", {"fault": "flood"}, NotOffered),
        ("inject", {"fault": Fault.FAILOVER_FAILS, "task": "NoSuchTask"}, InvalidParameters),
        ("inject", {"fault": Fault.AZURE_VM_OFF, "task": "VmFailover"}, InvalidParameters),
        ("request", {"operation": "reprotect", "arguments": {}}, InvalidParameters),
        ("request", {"operation": "reprotect", "arguments": {"cache_storage_account": "a"}}, InvalidParameters),
        ("request", {"operation": "fail_over", "arguments": {"recovery_point": "latest"}}, InvalidParameters),
        ("update_settings", {"changes": {}}, InvalidParameters),
        ("request", {"operation": "commit", "arguments": {}}, Refused),
    ],
)
def test_tasks_faults_and_arguments_are_known(method, parameters, kind):
    with pytest.raises(kind):
        getattr(begun(Whole), method)(**parameters)


class Trusting(Little):
    """It does whatever arrives."""

    def __init__(self):
        self.seen = []

    def new_item(self, configuration):
        self.seen.append(configuration)

    def jobs(self):
        self.seen.append("jobs")
        return []

    def inject(self, fault, task):
        self.seen.append(task)

    def clear(self, fault): ...

    def reprotect(self, **arguments):
        return "job-1"


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("inject", {"fault": Fault.FAILOVER_FAILS, "task": "VmPfoPrerequisitesCheck"}),
        ("inject", {"fault": Fault.AZURE_VM_OFF, "task": "VmFailover"}),
        ("request", {"operation": "reprotect", "arguments": {"appliance": "a"}}),
        ("request", {"operation": "reprotect", "arguments": {"cache_storage_account": "a"}}),
    ],
)
def test_no_behaviour_need_know_what_the_contract_knows(method, parameters):
    adapter = begun(Trusting)
    with pytest.raises(InvalidParameters):
        getattr(adapter, method)(**parameters)
    assert len(adapter.seen) == 1


def test_an_error_of_arguments_is_told_in_a_line():
    with pytest.raises(InvalidParameters, match=r"^request: shut_down_source: Field required$"):
        begun(Whole).request(operation="fail_over", arguments={"recovery_point": "latest"})


def test_calls_have_their_order():
    adapter = Trusting()
    with pytest.raises(InvalidRequest, match="hello"):
        adapter.new_item(configuration={})
    adapter.hello(protocol=1)
    with pytest.raises(InvalidRequest, match="new_item"):
        adapter.jobs()
    adapter.new_item(configuration={})
    assert adapter.jobs() == []
    adapter.bye()
    with pytest.raises(InvalidRequest, match="hello"):
        adapter.jobs()


def test_a_job_is_known_until_the_next_item():
    adapter = begun()
    job = adapter.request(operation="enable_replication", arguments={})["job"]
    assert adapter.job(job=job) == {"state": "in_progress"}
    with pytest.raises(Refused):
        adapter.cancel_job(job=job)
    adapter.new_item(configuration={})
    with pytest.raises(InvalidParameters):
        adapter.job(job=job)


def test_a_job_whose_id_was_given_is_known_though_it_is_not_listed():
    class Quiet(Little):
        def jobs(self):
            return []

    adapter = begun(Quiet)
    job = adapter.request(operation="enable_replication", arguments={})["job"]
    assert adapter.job(job=job) == {"state": "in_progress"}


def test_half_a_control_is_told_when_the_class_is_made():
    with pytest.raises(TypeError, match="'faults' without clear"):

        class Half(Little):
            def inject(self, fault, task=None): ...


def test_what_every_adapter_has_must_be_written():
    class Bare(Adapter):
        def new_item(self, configuration): ...

    with pytest.raises(TypeError, match=r"item.*recovery_points"):
        Bare()


def test_methods_of_a_mixin_are_checked_too():
    class Waits:
        def write(self):
            return {"sequence": 1}

        def replication(self):
            return {"sent": 1, "processed": 1}

    class Mixed(Waits, Little): ...

    with pytest.raises(InvalidParameters):
        begun(Mixed).write(nonsense=1)
    assert begun(Mixed).write() == {"sequence": 1}


def test_an_argument_is_handed_on_where_it_was_given_or_has_a_value():
    seen = []

    class Told(Whole):
        def test_failover(self, **arguments):
            seen.append(arguments)
            return "j"

        def reprotect(self, **arguments):
            seen.append(arguments)
            return "j"

        def update_settings(self, changes):
            seen.append(changes)
            return "j"

    adapter = begun(Told)
    assert adapter.request(operation="test_failover", arguments={}) == {"job": "j"}
    adapter.request(operation="reprotect", arguments={"appliance": "a"})
    assert adapter.update_settings(changes={"ip_address": None}) == {"job": "j"}
    assert seen == [{"recovery_point": "latest"}, {"appliance": "a"}, {"ip_address": None}]


def test_replies_are_alone_on_stdout():
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "hello", "params": {"protocol": 1}},
        {"jsonrpc": "2.0", "id": 2, "method": "new_item", "params": {"configuration": {}}},
    ]
    done = subprocess.run(
        [sys.executable, FILE, "little"], input="\n".join(map(json.dumps, lines)), capture_output=True, text=True,
        timeout=60, check=True, env={**os.environ, "PYTHONUNBUFFERED": ""},
    )  # fmt: skip
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    assert done.stderr.splitlines() == ["a fresh item", "from a program of its own"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", -32700),
        (b"[" * 100_000, -32700),
        (b"\xff", -32700),
        (b"[]", -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":["hello"]}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"reboot","params":{}}', -32601),
        (b'{"jsonrpc":"2.0","id":1,"method":"_note","params":{}}', -32601),
        (b'{"jsonrpc":"2.0","id":1,"method":"machine","params":{}}', -32601),
        (b'{"jsonrpc":"2.0","id":1,"method":"hello","params":[1]}', -32602),
    ],
)
def test_a_line_that_is_no_request_is_answered_as_such(line, code):
    reply, is_last = answer(Little(), line)
    assert (reply["error"]["code"], is_last) == (code, False)


def test_a_defect_is_told_with_its_place_and_leaves_a_traceback_on_stderr(capsys):
    class Broken(Little):
        def hello(self, protocol):
            return 1 / 0

    reply, _ = answer(Broken(), b'{"jsonrpc":"2.0","id":7,"method":"hello","params":{"protocol":1}}')
    assert (reply["id"], reply["error"]["code"]) == (7, program.INTERNAL_ERROR)
    assert "ZeroDivisionError" in reply["error"]["message"]
    assert Path(__file__).name in reply["error"]["message"]
    assert "Traceback" in capsys.readouterr().err


def test_a_result_that_is_no_json_is_a_defect(capsys):
    class Odd(Little):
        def jobs(self):
            return [float("nan")]

    adapter = begun(Odd)
    reply, _ = answer(adapter, b'{"jsonrpc":"2.0","id":7,"method":"jobs","params":{}}')
    assert reply["error"]["code"] == program.INTERNAL_ERROR


def test_every_method_of_a_control_is_among_the_methods():
    assert all(hasattr(Whole, name) for name in METHODS)
