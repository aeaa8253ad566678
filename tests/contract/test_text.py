"""What an adapter wrote is shown short, on one line, and with nothing that a terminal obeys."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asr_properties.contract.connection import AdapterError
from asr_properties.contract.errors import ANSWERS, Refused
from asr_properties.contract.text import LONGEST, shown

texts = st.text(max_size=50) | st.builds(lambda piece, times: piece * times, st.text(min_size=1), st.integers(0, 2000))


@given(texts, st.integers(40, 500))
def test_shown_text_is_printable_bounded_and_shown_again_the_same(text, longest):
    told = shown(text, longest)
    assert told.isprintable()
    assert len(told) <= longest
    assert shown(told, longest) == told


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=LONGEST))
def test_what_can_be_shown_is_shown_as_it_is(text):
    if text.isprintable():
        assert shown(text) == text


def test_what_was_cut_is_said():
    assert shown("x" * 4_000_000, 60) == "x" * 36 + "... (4000000 characters)"
    assert shown("a\x1b[2Jb\nc\u202e") == r"a\x1b[2Jb\nc\u202e"


@given(texts)
def test_errors_hold_only_what_can_be_shown(text):
    error = AdapterError(text, sent=text, got=text, hint=text, stderr=[text])
    for told in (error.what, error.sent, error.got, error.hint, *error.stderr):
        assert told.isprintable()
        assert len(told) <= LONGEST
    assert str(error).isprintable()
    for kind in ANSWERS.values():
        assert str(kind(text)) == shown(text)
    assert Refused(text).reason == shown(text)
