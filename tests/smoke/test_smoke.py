"""smoke tells an adapter that is in order from one that is not, and what is wrong with it."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
import time
from itertools import takewhile
from pathlib import Path

import pytest

from asr_properties.adapters.loading import load
from asr_properties.contract.errors import InvalidParameters, InvalidRequest, NotOffered, Refused
from asr_properties.contract.methods import METHODS
from asr_properties.reference import Fixed, ReferenceService, create
from asr_properties.smoke import CheckOutcome, smoke
from asr_properties.smoke.checks import CHECKS
from smoke import broken

SERVE = Path(__file__).resolve().parent.parent / "adapters" / "serve.py"
HOSTILE = SERVE.with_name("hostile.py")
MINIMAL = Path(__file__).resolve().with_name("minimal.py")


def outcomes(factory):
    return {finding.check: finding.outcome for finding in smoke(factory)}


def test_the_reference_is_in_order():
    found = outcomes(create)
    assert CheckOutcome.FAILED not in found.values()
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
    assert CheckOutcome.FAILED not in found.values()
    assert found["wait answers as declared"] is CheckOutcome.NOT_OFFERED
    assert found["a method whose control is not offered is -32601"] is CheckOutcome.OK


#: Check -> an adapter that it finds.
WRONG = {
    "hello says who is there and what is offered": broken.hello(fields=["phase", "phase"]),
    "hello with another protocol is -32602": broken.without("hello", InvalidParameters, {}),
    "before hello every other method but bye is -32600": broken.without("jobs", InvalidRequest, []),
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
    "an operation that is offered begins a job or is refused, whatever the state": broken.changed(
        request=broken.not_taken
    ),
    "jobs lists the jobs of the item and no other, newest first": broken.changed(jobs=lambda right: right()[::-1]),
    "recovery_points are listed newest first": broken.changed(recovery_points=lambda right: right()[::-1]),
    "wait for a job returns at the instant it ends, and not later": broken.changed(wait=broken.late),
    "created is in seconds: it moves by what wait waited": broken.changed(recovery_points=broken.in_milliseconds),
    "only wait lets time pass, and to look changes nothing": broken.changed(item=broken.looking_takes_time),
    "a fault or a configuration ends with its item": broken.lasting_faults,
    "the same short walk twice gives the same answers, ids apart": broken.flaky,
    **{
        f"{method} answers as declared": broken.nonsense(method) for method in METHODS if method not in ("hello", "bye")
    },
    "cancel_job answers as declared": broken.without("cancel_job", Refused, None),
    **{f"{method} with parameters that do not fit is -32602": broken.tolerant(method) for method in METHODS},
}
ADVISED = {"new_item without a configuration should be -32602"}
OVER_STDIO = {"a program ends at the end of its input", "an unknown method is -32601"}


def test_every_check_has_an_adapter_that_it_finds():
    assert WRONG.keys() | OVER_STDIO | ADVISED == {check.__doc__ for check in CHECKS}


@pytest.mark.parametrize("check", WRONG)
def test_what_is_wrong_is_found_and_explained(check):
    (finding,) = smoke(WRONG[check], only(check))
    assert finding.outcome is CheckOutcome.FAILED
    assert finding.sent
    assert finding.expected
    assert finding.got
    assert finding.hint


#: What an adapter may do, though it might be otherwise -> the outcome of the check that is about it.
FREE = {
    "before hello every other method but bye is -32600": broken.without("bye", InvalidRequest, None),
    "a fault's task that its job does not have is -32602": broken.changed(inject=broken.any_task_where_there_is_no_job),
    "the same short walk twice gives the same answers, ids apart": broken.one_point_more_each_time,
}


@pytest.mark.parametrize("check", FREE)
def test_what_the_contract_leaves_free_is_no_failure(check):
    (finding,) = smoke(FREE[check], only(check))
    assert finding.outcome is CheckOutcome.OK


def test_two_points_more_are_one_too_many():
    (finding,) = smoke(broken.points_more_each_time(2), only(WALK))
    assert finding.outcome is CheckOutcome.FAILED


def test_what_can_change_no_verdict_is_advice():
    checks = only("new_item without a configuration should be -32602")
    (finding,) = smoke(broken.changed(new_item=broken.by_default), checks)
    assert finding.outcome is CheckOutcome.ADVICE
    assert finding.got == "None"
    (finding,) = smoke(broken.changed(new_item=broken.by_default), only(PARAMETERS.format("new_item")))
    assert finding.outcome is CheckOutcome.OK


PARAMETERS = "{} with parameters that do not fit is -32602"
ARGUMENTS = "request with arguments that do not fit is -32602"
LISTED = "jobs lists the jobs of the item and no other, newest first"
WALK = "the same short walk twice gives the same answers, ids apart"
FORGETS = "new_item forgets everything: the item, its jobs and points, faults, machines"

#: What is wrong -> the check that finds it, an adapter that has it, and what is said of it.
SUBTLE = {
    "no profile": ("hello says who is there and what is offered", broken.hello(profile=""), "modernized, classic"),
    "a field that is missing": (
        "an observation has the fields of hello, no other and no fewer",
        broken.changed(item=broken.fewer_fields),
        "lacks health, which hello names",
    ),
    "a field too many": (
        "an observation has the fields of hello, no other and no fewer",
        broken.hello(fields=["phase"]),
        "not in hello's fields",
    ),
    "a field that is missing later": (
        WALK,
        broken.changed(item=broken.later(lambda seen: {k: v for k, v in seen.items() if k != "health"})),
        "lacks health",
    ),
    "a job that runs and is not listed": (LISTED, broken.changed(jobs=lambda right: right()[1:]), "among them"),
    "a job of nobody": (LISTED, broken.changed(jobs=lambda right: right() and [*right(), "ghost"]), "ghost"),
    "a current job of nobody": (
        LISTED,
        broken.changed(item=lambda right: (seen := right()) and {**seen, "current_job": "ghost"}),
        "current_job that jobs lists",
    ),
    "a job of an earlier item": (FORGETS, broken.remembering_jobs, "1000 (it has ended)"),
    "a configuration that lasts": (
        "a fault or a configuration ends with its item",
        broken.lasting_configuration,
        "another configuration",
    ),
    "chance": (
        "only wait lets time pass, and to look changes nothing",
        broken.changed(item=broken.flickering),
        "{'health': 'warning'}",
    ),
    "a number in a string": (
        PARAMETERS.format("wait"),
        broken.coercing("wait", "seconds", lambda value: float(value) if isinstance(value, str) else value),
        "seconds='1'",
    ),
    "a truth for a number": (
        PARAMETERS.format("wait"),
        broken.coercing("wait", "seconds", lambda value: 1 if value is True else value),
        "seconds=True",
    ),
    "a truth in a string": (
        ARGUMENTS,
        broken.coercing_argument(
            "fail_over", "shut_down_source", lambda value: value == "true" if isinstance(value, str) else value
        ),
        "'true'",
    ),
    "a word that is none": (
        ARGUMENTS,
        broken.coercing_argument(
            "planned_failover", "recovery_point_type", lambda v: "crash_consistent" if isinstance(v, str) else v
        ),
        "incremental",
    ),
    "a configuration that does not fit": (
        PARAMETERS.format("new_item"),
        broken.changed(new_item=broken.any_configuration),
        "'crash_consistent_minutes': 0",
    ),
}


@pytest.mark.parametrize("defect", SUBTLE)
def test_what_is_subtly_wrong_is_found_and_named(defect):
    check, adapter, said = SUBTLE[defect]
    (finding,) = smoke(adapter, only(check))
    assert finding.outcome is CheckOutcome.FAILED
    assert said in " ".join((finding.sent, finding.expected, finding.got))
    assert finding.hint


def test_instants_and_numbers_may_go_on_from_item_to_item_and_hello_is_said_once():
    assert CheckOutcome.FAILED not in outcomes(broken.of_its_own_clock).values()


@pytest.mark.parametrize(
    ("fields", "operations"),
    [
        ("", ""),
        ("id,phase", "enable_replication"),
        *(pytest.param("phase", names, marks=pytest.mark.long) for names in ("", "enable_replication")),
        pytest.param("", "enable_replication", marks=pytest.mark.long),
        pytest.param("phase", "disable_replication,commit", marks=pytest.mark.long),
    ],
)
def test_a_small_adapter_that_keeps_to_the_contract_is_in_order(fields, operations):
    factory = program(MINIMAL, fields, operations)
    failed = [finding for finding in smoke(factory) if finding.outcome is CheckOutcome.FAILED]
    assert failed == []


def program(*words: object, limits: str = "call=10"):
    return load(f"stdio,{limits}:{shlex.join([sys.executable, *map(str, words)])}")


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
    assert [finding.outcome for finding in smoke(load(spec), only(check))] == [CheckOutcome.FAILED]


def test_what_every_check_needs_is_told_once():
    assert list(outcomes(broken.nonsense("hello"))) == ["hello says who is there and what is offered"]
    assert list(outcomes(broken.nonsense("new_item")))[1:] == ["new_item answers as declared"]


@pytest.fixture
def spoilt(tmp_path):
    """The small adapter as a program, with a piece of its text replaced; gives its path."""

    def spoil(old: str, new: str) -> Path:
        source = MINIMAL.read_text()
        assert old in source
        path = tmp_path / "spoilt.py"
        path.write_text(source.replace(old, new))
        return path

    return spoil


JOBS = '            case "jobs" |'


def at_jobs(statement: str) -> tuple[str, str]:
    return JOBS, f"{JOBS[:-2]}:\n                {statement}\n            case"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("__import__('time').sleep(600)", "no reply to jobs within 0.5 s"),
        ("sys.exit(3)", "no reply to jobs: the program ended with status 3"),
    ],
)
def test_a_program_that_hangs_or_ends_is_told_once(spoilt, statement, said):
    findings = list(smoke(program(spoilt(*at_jobs(statement)), "phase", "", limits="call=0.5")))
    failed = [finding for finding in findings if finding.outcome is CheckOutcome.FAILED]
    assert failed == findings[-1:]
    assert said in failed[0].expected
    assert failed[0].stops


def test_a_program_that_writes_after_bye_is_not_in_order(spoilt):
    path = spoilt("            break", "            print('goodbye')\n            break")
    (finding,) = smoke(program(path, "phase", ""), only("bye is answered, and a program then ends with status 0"))
    assert "after its reply to bye" in finding.expected
    assert finding.got == "goodbye"


def test_each_program_may_end_by_itself(spoilt, tmp_path):
    """smoke closes its input and waits, so that it can clean up."""
    end = f"    __import__('time').sleep(0.2)\n    open({str(tmp_path / 'ended')!r}, 'a').write('x')\n"
    path = spoilt('\n\nif __name__ == "__main__":', f'{end}\n\nif __name__ == "__main__":')
    checks = [*CHECKS[:4], *only("jobs answers as declared")]
    assert [f.outcome for f in smoke(program(path, "phase", "enable_replication"), checks)] == [CheckOutcome.OK] * 5
    assert (tmp_path / "ended").read_text() == "xxxxx"


def test_what_an_adapter_says_cannot_forge_a_line():
    forged = broken.hello(name="\x1b[2J\nthe adapter is in order", profile="\x1b[31m" * 1000)
    (finding,) = smoke(forged, CHECKS[:1])
    for text in (finding.sent, finding.expected, finding.got, finding.hint):
        assert text.isprintable()
        assert len(text) <= 400


def test_the_command_ends_with_3_and_says_what_was_sent_expected_and_got(inside):
    done = inside("smoke", "--adapter", "cli.adapters:talkative")
    assert done.returncode == 3
    assert "the adapter is not in order" in done.stdout
    for word in ("sent:", "expected:", "got:", "hint:"):
        assert word in done.stdout
    assert done.stdout.count("  got:      {'nonsense': 1}") == 1, "what several checks found is told once"
    assert inside("smoke").returncode == 0
    assert inside("smoke", "--adapter", "nonsense").returncode == 2


def test_findings_are_shown_as_they_come_and_kept_when_it_is_interrupted(spoilt):
    hanging = spoilt(*at_jobs("__import__('time').sleep(600)"))
    spec = f"stdio:{shlex.join([sys.executable, str(hanging), 'phase', ''])}"
    running = subprocess.Popen(
        [sys.executable, "-m", "asr_properties.cli.main", "smoke", "--adapter", spec],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    shown = list(takewhile(lambda line: "request answers" not in line, running.stdout))
    time.sleep(0.3)  # the next one hangs
    running.send_signal(signal.SIGINT)
    rest, errors = running.communicate(timeout=30)
    assert running.returncode == 130
    assert errors == "interrupted\n"
    assert "hello says who is there" in shown[1]
    assert "in order:" not in rest
