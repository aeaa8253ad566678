"""smoke tells an adapter that is in order from one that is not, and what is wrong with it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from asr_properties.adapters.loading import load
from asr_properties.contract.errors import InvalidParameters, InvalidRequest, NotOffered, Refused
from asr_properties.contract.methods import METHODS
from asr_properties.reference import Fixed, ReferenceService, create
from asr_properties.smoke import Outcome, smoke
from asr_properties.smoke.checks import CHECKS
from smoke import broken

SERVE = Path(__file__).resolve().parent.parent / "adapters" / "serve.py"


def outcomes(factory):
    return {finding.check: finding.outcome for finding in smoke(factory)}


def test_the_reference_is_in_order():
    found = outcomes(create)
    assert Outcome.FAILED not in found.values()
    assert list(found) == [check.__doc__ for check in CHECKS]


def test_what_is_not_offered_is_not_checked():
    def small():
        service = ReferenceService(freedom=Fixed())
        offered = {"controls": [], "fields": ["phase", "allowed_operations"]}
        face = broken._with(
            service,
            hello=lambda protocol: {**service.hello(protocol), **offered},
            item=lambda: (seen := service.item()) and {name: seen[name] for name in offered["fields"]},
        )
        for method in broken.CONTROLLED:
            del face.__dict__[method]
        return face

    found = outcomes(small)
    assert Outcome.FAILED not in found.values()
    assert found["wait answers as declared"] is Outcome.NOT_OFFERED
    assert found["a method whose control is not offered is -32601"] is Outcome.OK


#: Check -> an adapter that it finds.
WRONG = {
    "hello says who is there and what is offered": broken.hello(fields=["phase", "phase"]),
    "hello with another protocol is -32602": broken.without("hello", InvalidParameters, {}),
    "before hello every other method is -32600": broken.without("bye", InvalidRequest, None),
    "before the first new_item only hello and bye are answered": broken.changed(hello=broken.eager),
    "bye is answered, and a program then ends with status 0": broken.nonsense("bye"),
    "a method whose control is not offered is -32601": broken.hello(controls=["clock"]),
    "request with arguments that do not fit is -32602": broken.without("request", InvalidParameters, {"job": "job-1"}),
    "an operation that is not offered is 1001": broken.without("request", NotOffered, {"job": "job-1"}),
    "an operation that the state forbids is refused, with 1000 or by its job": broken.without("request", Refused, None),
    "an unknown job is -32602": broken.without("cancel_job", InvalidParameters, None),
    "an unknown fault is 1001": broken.without("clear", NotOffered, None),
    "a fault's task that its job does not have is -32602": broken.without("inject", InvalidParameters, None),
    "each fault can be begun and ended twice, or is 1001": broken.changed(inject=broken.refusing_twice),
    "the configuration keys of hello are taken by new_item": broken.changed(new_item=broken.rigid),
    "an observation has the fields of hello, no other and no fewer": broken.changed(item=broken.fewer_fields),
    "wait for a job returns when it has ended": broken.changed(wait=broken.impatient),
    "a fresh item is not replicated and has no job and no point": broken.changed(jobs=lambda right: ["job-0"]),
    "new_item forgets everything: the item, its jobs and points, faults, machines": broken.leaking,
    "ids of jobs are never used again": broken.counting_anew,
    "the same short walk twice gives the same answers, ids apart": broken.flaky,
    **{
        f"{method} answers as declared": broken.nonsense(method) for method in METHODS if method not in ("hello", "bye")
    },
    "cancel_job answers as declared": broken.without("cancel_job", Refused, None),
    **{f"{method} with parameters that do not fit is -32602": broken.tolerant(method) for method in METHODS},
}
OVER_STDIO = {"a program ends at the end of its input", "an unknown method is -32601"}


def test_every_check_has_an_adapter_that_it_finds():
    assert WRONG.keys() | OVER_STDIO == {check.__doc__ for check in CHECKS}


@pytest.mark.parametrize("check", WRONG)
def test_what_is_wrong_is_found_and_explained(check):
    (finding,) = smoke(WRONG[check], only(check))
    assert finding.outcome is Outcome.FAILED
    assert finding.sent
    assert finding.expected
    assert finding.got


def only(check):
    return [candidate for candidate in CHECKS if candidate.__doc__ == check]


@pytest.mark.parametrize(
    ("check", "line"),
    [
        (
            "an unknown method is -32601",
            'request["method"] = {"reboot": "jobs"}.get(request["method"], request["method"])',
        ),
        ("a program ends at the end of its input", "import atexit, time; atexit.register(time.sleep, 600)"),
    ],
)
def test_what_is_wrong_over_stdio_is_found(tmp_path, check, line):
    source = SERVE.read_text()
    spoilt = source.replace(
        "        request = json.loads(line)\n", f"        request = json.loads(line)\n        {line}\n"
    )
    assert spoilt != source
    program = tmp_path / "spoilt.py"
    program.write_text(spoilt)
    spec = f"stdio,stop=1:{shlex.quote(sys.executable)} {shlex.quote(str(program))} asr_properties.reference:create"
    assert [finding.outcome for finding in smoke(load(spec), only(check))] == [Outcome.FAILED]


def test_an_adapter_that_does_not_say_hello_is_not_tried_further():
    assert list(outcomes(broken.nonsense("hello"))) == ["hello says who is there and what is offered"]


def test_the_command_ends_with_3_and_says_what_was_sent_expected_and_got(command):
    done = command("smoke", "--adapter", "cli.adapters:talkative")
    assert done.returncode == 3
    assert "the adapter is not in order" in done.stdout
    for word in ("sent:", "expected:", "got:", "hint:"):
        assert word in done.stdout
    assert command("smoke").returncode == 0
    assert command("smoke", "--adapter", "nonsense").returncode == 2
