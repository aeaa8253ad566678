"""The table of a failing walk stays readable, however long one of its actions is."""

from __future__ import annotations

from asr_properties.session.failure_text import WIDEST, Row, table


def test_an_action_wider_than_the_column_leaves_the_answers_where_they_are() -> None:
    rows = [Row("reprotect()", "accepted", None), Row("x" * 150, "refused", "protected"), Row("write", "done", None)]
    first, long, answer, last = table(rows)
    assert long == f"  2. {'x' * 150}"
    assert {line.index(word) for line, word in ((first, "accepted"), (answer, "refused"), (last, "done"))} == {
        5 + WIDEST + 2
    }
    assert last.endswith("<- departs")


def test_no_column_is_wider_than_it_needs_to_be() -> None:
    assert list(table([Row("write", "done", None), Row("reprotect()", "accepted", "x")])) == [
        "  1. write        done",
        "  2. reprotect()  accepted  [x]  <- departs",
    ]
