"""`smoke --debug`: the traceback of an adapter in Python, once where several checks find the same."""

from __future__ import annotations

import json

import pytest

ADAPTER = """
from asr_properties.reference import ReferenceService


class Broken(ReferenceService):
    def jobs(self):
        return self.counted()

    def counted(self):
        raise KeyError("no counter")


def raising():
    raise OSError("no device")
"""


@pytest.fixture
def broken(inside, tmp_path, request):
    name = request.node.name.replace("[", "_").replace("]", "")
    (tmp_path / f"{name}.py").write_text(ADAPTER)
    return lambda factory, *options: inside("smoke", "-q", "--adapter", f"{name}:{factory}", *options)


def test_the_traceback_leads_to_the_line_in_the_adapter(broken):
    done = broken("Broken", "--debug")
    assert done.returncode == 3
    assert "Traceback (most recent call last)" in done.stdout
    assert "in counted" in done.stdout
    assert "KeyError: 'no counter'" in done.stdout
    found = done.stdout.split("\n\n")
    assert all(part.count("Traceback (most recent call last)") <= 1 for part in found)


def test_without_it_there_is_none_and_json_has_none(broken, tmp_path):
    done = broken("Broken", "--json", "found.json")
    assert "Traceback" not in done.stdout + done.stderr
    document = (tmp_path / "found.json").read_text()
    assert "Traceback" not in document
    assert set(json.loads(document)["findings"][0]) == {
        "check", "outcome", "sent", "expected", "got", "hint", "stops",
    }  # fmt: skip


def test_a_factory_that_raises_has_its_traceback(broken):
    assert "in raising" in broken("raising", "--debug").stdout
    assert "in raising" in broken("raising").stdout  # its place is told always
    assert "Traceback" in broken("raising", "--debug").stdout
    assert "Traceback" not in broken("raising").stdout
