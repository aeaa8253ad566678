"""What the suite takes from an adapter: bounded lists and ids, the fields of hello, and a profile that exists."""

from __future__ import annotations

from typing import Any

import pytest

from asr_properties.contract.connection import AdapterError, Connection
from asr_properties.contract.messages import LONGEST_LIST, LONGEST_NAME

POINT = {"kind": "crash_consistent", "created": 0, "multi_vm": False}


class Adapter:
    """It answers what it is told to."""

    def __init__(self, **answers: Any) -> None:
        said = {"name": "told", "version": "1", "protocol": 1, "profile": "modernized", "controls": []}
        self.answers = {**answers, "hello": {**said, "fields": ["id"], "configuration": [], **answers.get("hello", {})}}

    def __getattr__(self, method: str) -> Any:
        return lambda **parameters: self.answers[method]


def told(method: str, answer: Any, **hello: Any) -> Any:
    connection = Connection(Adapter(**{method: answer}, hello=hello))
    return getattr(connection, method)()


@pytest.mark.parametrize(
    ("method", "entry"), [("jobs", "job"), ("recovery_points", {"id": "p", **POINT})], ids=["jobs", "points"]
)
def test_a_list_is_bounded(method, entry):
    assert len(told(method, [entry] * LONGEST_LIST)) == LONGEST_LIST
    with pytest.raises(AdapterError, match=str(LONGEST_LIST)):
        told(method, [entry] * (LONGEST_LIST + 1))


@pytest.mark.parametrize("identifier", ["x" * (LONGEST_NAME + 1), "a\nb", "\x1b[2J"])
@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("jobs", lambda identifier: [identifier]),
        ("recovery_points", lambda identifier: [{"id": identifier, **POINT}]),
        ("item", lambda identifier: {"id": identifier}),
    ],
    ids=["jobs", "points", "item"],
)
def test_an_id_is_bounded_and_printable(method, answer, identifier):
    told(method, answer("x" * LONGEST_NAME))
    with pytest.raises(AdapterError, match=r"1000|can't be printed"):
        told(method, answer(identifier))


def test_an_observation_has_the_fields_of_hello():
    assert told("item", {"id": "item-1"}).id == "item-1"
    assert told("item", None) is None
    with pytest.raises(AdapterError, match="an observation has phase, not in hello's fields"):
        told("item", {"id": "item-1", "phase": None})
    with pytest.raises(AdapterError, match="an observation lacks id, which hello names"):
        told("item", {})
    with pytest.raises(AdapterError, match="lacks phase"):
        told("item", {"id": "item-1"}, fields=["id", "phase"])


@pytest.mark.parametrize("profile", ["", "modern"])
def test_a_profile_that_does_not_exist_is_the_adapters_defect(profile):
    with pytest.raises(AdapterError, match="there is modernized, classic"):
        Connection(Adapter(hello={"profile": profile}))


def test_a_name_is_bounded_and_cannot_forge_a_line():
    connection = Connection(Adapter(hello={"name": "\x1b[2J\nCONFORMANT"}))
    assert connection.hello.name == r"\x1b[2J\nCONFORMANT"
    with pytest.raises(AdapterError, match="version"):
        Connection(Adapter(hello={"version": "1" * (LONGEST_NAME + 1)}))


def test_an_answer_is_read_anew_where_anything_in_it_differs():
    """Also if the adapter changes what it has answered, or only the type of a value is another one."""
    adapter = Adapter(recovery_points=[{"id": "p", **POINT}])
    connection = Connection(adapter)
    (first,) = connection.recovery_points()
    assert connection.recovery_points()[0] is first
    adapter.answers["recovery_points"][0]["created"] = 5
    assert connection.recovery_points()[0].created == 5
    adapter.answers["recovery_points"][0]["multi_vm"] = 0
    with pytest.raises(AdapterError, match="multi_vm"):
        connection.recovery_points()
