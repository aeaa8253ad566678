"""The reader of replies takes what JSON-RPC is, and ends everything else as one clear error."""

from __future__ import annotations

import json
import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from asr_properties.adapters.stdio.json_rpc import LARGEST_INTEGER, OtherError, Unreadable, read_document, read_reply
from asr_properties.contract.errors import ANSWERS, ContractError, Refused
from asr_properties.contract.text import shown

texts = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def written(document: Any, **style: Any) -> bytes:
    return json.dumps(document, **style).encode("utf-8")


@given(values, st.integers(1, 10**6), st.booleans())
def test_a_right_reply_gives_its_result(result, number, ascii_only):
    line = written({"jsonrpc": "2.0", "id": number, "result": result}, ensure_ascii=ascii_only)
    assert read_reply(line, number) == result


@given(st.sampled_from(sorted(ANSWERS)), texts, texts)
def test_every_code_of_the_contract_becomes_its_error(code, message, reason):
    error = {"code": code, "message": message, "data": {"reason": reason}}
    answer = read_reply(written({"jsonrpc": "2.0", "id": 1, "error": error}), 1)
    assert type(answer) is ANSWERS[code]
    if isinstance(answer, Refused):
        assert answer.reason == shown(reason)


@given(st.integers(-LARGEST_INTEGER, LARGEST_INTEGER).filter(lambda code: code not in ANSWERS), texts)
def test_another_code_is_told_apart(code, message):
    line = written({"jsonrpc": "2.0", "id": 1, "error": {"code": code, "message": message}})
    assert read_reply(line, 1) == OtherError(code, message)


def is_told(line: bytes) -> bool:
    """Whether a line is refused with one clear error, of bounded length, and not by another exception."""
    try:
        read_reply(line, 1)
    except Unreadable as error:
        return 0 < len(error.what) < 10_000 and error.hint != ""
    return False


@given(st.binary())
def test_bytes_that_are_no_reply_are_refused(line):
    assert is_told(line)


@given(values)
def test_json_that_is_no_reply_is_refused(document):
    assert is_told(written(document))


replies = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | values,
        "id": st.just(1) | values,
        "result": values,
        "error": st.fixed_dictionaries({}, optional={"code": values, "message": values, "data": values}) | values,
        "more": values,
    },
)


@given(replies)
def test_what_is_nearly_a_reply_is_taken_only_if_it_is_one(document):
    error = document.get("error")
    is_error = (
        isinstance(error, dict)
        and type(error.get("code")) is int
        and isinstance(error.get("message"), str)
        and not (error["code"] == Refused.code and not isinstance((error.get("data") or {}), str | dict))
    )
    is_right = (
        document.get("jsonrpc") == "2.0"
        and type(document.get("id")) is int
        and document["id"] == 1
        and "more" not in document
        and ("result" in document) != ("error" in document)
        and ("result" in document or is_error)
    )
    if not is_right:
        assert is_told(written(document))
    elif "result" in document:
        assert read_reply(written(document), 1) == document["result"]
    else:
        assert isinstance(read_reply(written(document), 1), ContractError | OtherError)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=3), st.data())
def test_a_damaged_reply_never_ends_otherwise_than_as_a_reply_or_an_error(place, bytes_, data):
    line = bytearray(written({"jsonrpc": "2.0", "id": 1, "result": data.draw(values)}))
    line[place:place] = bytes_
    is_told(bytes(line))


@given(st.integers(min_value=LARGEST_INTEGER + 1), st.booleans())
def test_integers_that_readers_read_differently_are_refused(number, negative):
    assert is_told(b'{"jsonrpc":"2.0","id":1,"result":%d}' % (-number if negative else number))


@given(st.sampled_from(["{", "[", '{"a":', "[[],"]), st.integers(10_000, 200_000))
def test_nesting_without_end_is_refused(opening, depth):
    assert is_told(opening.encode() * depth)


@given(values)
def test_numbers_are_finite(document):
    def finite(value: Any) -> bool:
        if isinstance(value, dict):
            return all(map(finite, value.values()))
        if isinstance(value, list):
            return all(map(finite, value))
        return not isinstance(value, float) or math.isfinite(value)

    assert finite(read_document(written(document)))
