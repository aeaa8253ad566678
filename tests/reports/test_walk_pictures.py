"""A walk as a path and as a sequence: what is told of it, by whom, and in which order."""

from __future__ import annotations

import pytest

from asr_reports import sequence, state_path
from asr_reports.dot_syntax import Html, attributes
from asr_reports.mermaid_syntax import mermaid_text
from asr_reports.sequence import Actor, Form, messages
from asr_reports.state_graph import StateGraph
from asr_reports.views import TooMany
from asr_reports.walk import ShownStep, Told, Walk
from asr_reports.walk_steps import LONGEST, cut, drawn_steps

BEFORE = {"azure": "absent", "on_premises": "on"}
WALK = Walk(
    1,
    "1: R40",
    (
        ShownStep("fail_over(recovery_point=latest)", "accepted", "failing_over", shown=BEFORE),
        ShownStep("wait until the job ends", "time passed", "failed_over", shown={"azure": "on", "on_premises": "off"}),
        ShownStep("commit()", "refused", "failed_over", shown={"azure": "on"}, departs=True, told=(
            Told("What agreed until here", ("all",)),
            Told("What the model allowed", ("accepted",), "allowed"),
            Told("What was observed", ("refused",), "observed"),
        )),
    ),
    begins="protected",
)  # fmt: skip


def test_the_sequence_tells_who_asked_who_answered_and_what_became_of_the_machines():
    operator, service, azure = Actor.OPERATOR, Actor.SERVICE, Actor.AZURE
    told = [(m.form, m.source, m.target, m.text) for m in messages(drawn_steps(WALK))]
    assert told == [
        (Form.REQUEST, operator, service, "1. fail_over(recovery_point=latest)"),
        (Form.ANSWER, service, operator, "accepted"),
        (Form.ANSWER, service, operator, "now failing over"),
        (Form.NOTE, operator, azure, "2. wait until the job ends"),
        (Form.EFFECT, service, Actor.ON_PREMISES, "shut down"),
        (Form.EFFECT, service, azure, "turned on"),
        (Form.ANSWER, service, operator, "now failed over"),
        (Form.REQUEST, operator, service, "3. commit()"),
        (Form.ANSWER, service, operator, "refused"),
        (Form.DEPARTS, operator, azure, "What the model allowed: accepted"),
        (Form.DEPARTS, operator, azure, "What was observed: refused"),
    ]


def test_the_sequence_in_mermaid_and_dot():
    lines = [line.strip() for line in sequence.to_mermaid(drawn_steps(WALK)).splitlines()]
    assert lines[:5] == [
        "sequenceDiagram",
        "actor operator as Operator",
        "participant service as Site Recovery",
        "participant on_premises as On-premises machine",
        "participant azure as Azure machine",
    ]
    assert "operator->>service: 1. fail_over(recovery_point=latest)" in lines
    assert "service-)azure: turned on" in lines
    assert lines[-1] == "Note over operator,azure: What was observed: refused"
    assert sequence.to_dot(drawn_steps(WALK)).count("from_") == 2 * 8


def test_the_path_has_a_box_for_each_state_and_tells_what_changed(overview: StateGraph):
    dot = state_path.to_dot(overview, drawn_steps(WALK))
    assert [f"state_{n} [" in dot for n in range(5)] == [True, True, True, True, False]
    assert "Azure: on" in dot
    assert "What the model allowed: accepted" in dot
    assert "What agreed" not in dot
    mermaid = state_path.to_mermaid(overview, drawn_steps(WALK))
    assert 'state_0("protected")' in mermaid
    assert mermaid.count(":::departs") == 1


def test_a_part_of_the_steps_keeps_their_numbers_and_what_was_before():
    (second,) = drawn_steps(WALK, (2, 2))
    assert (second.number, second.before, second.after) == (2, "failing_over", "failed_over")
    assert second.changes == (("on_premises", "off"), ("azure", "on"))


def test_a_walk_that_no_picture_holds_is_refused_with_a_hint():
    long = Walk(1, "", WALK.steps * 30)
    with pytest.raises(TooMany, match=r"90 nodes .*--steps 1-60"):
        drawn_steps(long)
    assert len(drawn_steps(long, (20, 79))) == 60


def test_no_text_is_taken_for_syntax():
    assert attributes({"label": '<b>"x"</b>\\N'}) == '[label="<b>\\"x\\"</b>\\\\N"]'
    assert attributes({"label": Html("<b>x</b>")}) == "[label=<<b>x</b>>]"
    assert mermaid_text(['a;"b"<script>#', "c"]) == "a#59;#34;b#34;#60;script#62;#35;<br/>c"
    assert len(cut("x" * 1000)) == LONGEST
