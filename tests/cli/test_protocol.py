"""`protocol`: the page of the contract for an installed user, whole and in parts; and what `explain` says of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from asr_model.vocabulary import Fault
from asr_properties.contract import points
from asr_properties.contract.faults import DOES, JOB_FAULTS, tasks
from asr_properties.contract.methods import METHODS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [path for folder in ("model", "reports", "properties") for path in (ROOT / folder).rglob("*.py")]


def told(done):
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def test_without_a_word_it_is_the_page_that_is_checked_in(inside):
    assert inside("protocol").stdout == (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def test_every_method_fault_and_task_has_its_part(inside):
    for method, declared in METHODS.items():
        assert declared.summary in told(inside("protocol", method))
    for fault in Fault:
        assert DOES[fault] in told(inside("protocol", fault))
    for task, faults in tasks().items():
        assert all(fault in told(inside("protocol", task)) for fault in faults)


@pytest.mark.parametrize("word", ["azure_vm_off", "failover-fails", "Cancel_Fails"])
def test_explain_tells_of_a_fault_what_the_protocol_tells(inside, word):
    fault = Fault(word.lower().replace("-", "_"))
    explained = told(inside("explain", word))
    assert DOES[fault] in explained
    assert (
        ", ".join(JOB_FAULTS[fault].tasks) if fault in JOB_FAULTS else "After `clear` everything works"
    ) in explained


def test_every_point_that_a_source_names_can_be_asked_for(inside):
    named = {int(n) for path in SOURCES for n in re.findall(r"contract (\d+)", path.read_text(encoding="utf-8"))}
    assert len(named) > 10
    assert named <= set(points.POINTS)
    for number in points.POINTS:
        assert points.POINTS[number].says in told(inside("explain", f"contract {number}"))
        assert points.POINTS[number].says in told(inside("protocol", f"contract {number}"))


def test_what_is_not_there_is_told_with_what_is_near(inside):
    done = inside("protocol", "VmFailoverr")
    assert done.returncode == 2
    assert "did you mean VmFailover" in done.stderr
    assert "Job" in inside("protocol", "Job").stdout
    assert "may_cancel" in inside("protocol", "Job").stdout
    assert "may_cancel" not in inside("protocol", "job").stdout


def test_explain_without_a_word_lists_tasks_and_points(inside):
    overview = told(inside("explain"))
    assert "VmShutdownVmOnPrimary" in overview
    assert "contract 15" in overview
    assert "is a task" not in overview
    assert "planned_failover_fails can be for" in told(inside("explain", "VmPrepareForFailover"))
