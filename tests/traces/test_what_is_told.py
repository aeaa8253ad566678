"""What `trace` prints is short, and understood at first reading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from asr_model import profiles
from asr_model.requirements import CATALOGUE
from asr_model.vocabulary import Answer, Operation
from asr_properties.cli.trace_output import Output, divergence_lines, show_requirements, show_verdict
from asr_properties.contract.messages import Item
from asr_properties.traces.entry_numbers import EntryNumbers
from asr_properties.traces.events import ItemSeen, Requested
from asr_properties.traces.formats import read_trace
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judgeable import judgeable
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import (
    Conformance,
    Continuation,
    Divergence,
    PossiblePhase,
    RefusedRequest,
    TraceVerdict,
)
from traces.test_judging import ask, diverges_at, job, look, verdict

WIDTH = 120


def printed(show: Any, *arguments: Any) -> list[str]:
    console = Console(width=WIDTH, highlight=False, emoji=False)
    with console.capture() as captured:
        show(Output(console), *arguments)
    return captured.get().splitlines()


def told(found: TraceVerdict) -> list[str]:
    return printed(show_verdict, found, Trace(source="a test"))


OPERATIONS = tuple(map(str, Operation))
WORST = Divergence(
    event=ItemSeen(
        item="vm",
        observation=Item(phase="protected", allowed_operations=[one for one in Operation if one != "cancel_job"]),
    ),
    seen="saw " + "; ".join(f"{field}: {', '.join(OPERATIONS)}" for field in Item.model_fields),
    allowed=tuple(f"phase: {phase}; allowed_operations: {', '.join(OPERATIONS)}" for phase in profiles.efsm().phases),
    requirements=tuple(CATALOGUE),
    properties=(),
    before=tuple(PossiblePhase(phase, OPERATIONS) for phase in profiles.efsm().phases),
    nearest=Continuation("protected", OPERATIONS * 10, "failed_back"),
)


@pytest.mark.parametrize("event", [WORST.event, ask("commit", "j" * 900), job("j" * 900, "failed")])
def test_the_worst_divergence_fits_on_a_screen(event: Any) -> None:
    worst = Divergence(**{**{name: getattr(WORST, name) for name in WORST.__slots__}, "event": event})
    found = TraceVerdict(
        item="vm", profile="modernized", conformance=Conformance.NON_CONFORMANT, exercised={}, divergence=worst
    )
    assert len(divergence_lines(worst, "departs", "line")) <= 15
    assert len(told(found)) <= 30


def test_a_departure_with_very_many_explanations_fits_on_a_screen() -> None:
    found = diverges_at(1, ask("disable_replication"), look("failed_over", allowed_operations=["planned_failover"]))
    assert found.divergence is not None
    assert len(found.divergence.before) > 3
    assert len(told(found)) <= 30


def test_a_departure_at_the_first_look_takes_15_lines() -> None:
    found = diverges_at(0, look("failed_over", allowed_operations=["planned_failover"]))
    assert found.divergence is not None
    lines = divergence_lines(found.divergence, "departs", "line")
    assert len(lines) <= 15
    assert "  possible before: failed_over (allows" in "\n".join(lines)
    assert "and 24 other phases" in "\n".join(lines)


def test_a_divergence_in_words() -> None:
    found = diverges_at(1, look("protected", health="normal"), look("failed_over", health="normal"))
    assert found.divergence is not None
    assert divergence_lines(found.divergence, "departs", "line")[:3] == [
        "here it departs from the model: line 0, at 0.1: the item shows failed_over; health normal",
        "  seen: phase: failed_over",
        "  allowed: phase: protected",
    ]


def test_a_job_that_goes_on_after_its_end_in_words() -> None:
    found = diverges_at(3, look("failed_over"), ask("commit", "j"), job("j", "succeeded"), job("j", "failed"))
    assert found.divergence is not None
    assert divergence_lines(found.divergence, "departs", "line")[:3] == [
        "here it departs from the model: line 0, at 0.3: job j: failed",
        "  seen: the job is shown as failed",
        "  allowed: the job has ended (succeeded), with the item in failover_committed",
    ]


REFUSED = RefusedRequest(
    Requested(item="vm", operation=Operation.COMMIT, answer=Answer.REFUSED, number=7), requirements=("R39", "X02")
)
FAILED = RefusedRequest(Requested(item="vm", operation=Operation.COMMIT, answer=Answer.ACCEPTED, number=8), ())


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        (REFUSED, "    line 7: commit() was refused; the model requires that (R39, X02)"),
        (
            FAILED,
            "    line 8: commit() was accepted, but its job did not succeed and changed nothing, which counts as a "
            "refusal; the model allows that, and does not require it",
        ),
    ],
)
def test_refusals_in_words(refused: RefusedRequest, expected: str) -> None:
    found = TraceVerdict(
        item="vm",
        profile="modernized",
        conformance=Conformance.CONFORMANT,
        exercised={},
        refused=(refused,),
        refusals=1,
    )
    assert " ".join(line.strip() for line in told(found)[1:]) == expected.strip()


def test_one_is_no_plural() -> None:
    assert told(verdict(look("protected")))[0].count("1 event agrees") == 1
    assert told(verdict(look("protected"), look("protected")))[0].count("2 events agree") == 1


def test_what_was_exercised_is_told_with_its_sentence_and_the_rest_by_section() -> None:
    found = [one for path in golden_traces() for one in judge(read_trace(path))]
    lines = printed(show_requirements, found)
    assert "  R38   1  After commit the recovery point can no longer be changed." in lines
    assert "  R93   4  After a failover, the VMs in Azure are reprotected towards on-premises." in lines
    assert any(line.startswith("not exercised, of the 73 that such a recording can show") for line in lines)
    assert "  Cancel planned failover: R63, R64, R71, R76, R77" in lines


@pytest.mark.parametrize("profile", profiles.CHARTS)
def test_what_informs_or_needs_a_control_is_no_requirement_of_recordings(profile: str) -> None:
    found = judgeable(profile)
    assert {"R15", "R38", "X01", "X02", "X08", "X09"} <= set(found)
    assert not {"R01", "R18", "R47", "R66", "X16"} & set(found)
    assert ("R60" in found) is (profile == "modernized")
    assert ("R75" in found) is (profile == "classic")


@pytest.mark.parametrize("path", golden_traces(), ids=["A", "B"])
def test_what_was_exercised_is_among_what_can_be(path: Path) -> None:
    for found in judge(read_trace(path)):
        assert set(found.exercised) <= set(judgeable(str(found.profile)))


def test_numbers_of_entries_are_few_ranges() -> None:
    numbers = EntryNumbers()
    for number in (6, 2, 3, 4, 5, 9):
        numbers.add(number)
    assert numbers.text(5) == "2-6, 9"
    assert numbers.text(1) == "2-6 and 1 more"


class TestAFirstLookThatDeparts:
    """Nothing was recorded before it."""

    def test_no_step_leads_there(self) -> None:
        """While a job runs the site is free, and the list while a resynchronization runs; but none runs."""
        idle = look("protected", active_site="azure", allowed_operations=["fail_over"], current_job=None)
        lines = told(verdict(idle))
        assert "      nearest legal continuation: none: no steps of the model lead to what was seen" in lines
        assert "      allowed: current_job: a job that runs" in lines

    def test_or_it_contradicts_itself(self) -> None:
        found = replace(WORST, nearest=Continuation("protected", (), "protected"))
        ends = [divergence_lines(found, "departs", "entry", is_first=is_first) for is_first in (True, False)]
        assert any(line.endswith("no step is missing; what is shown contradicts itself") for line in ends[0])
        assert any(line.endswith("but not with what was recorded earlier") for line in ends[1])
