"""What every specification test has: its requirement, told by its name, and what must be shown of it."""

from __future__ import annotations

import re

import pytest

from asr_model.requirements import requirement as find
from specification.shown import Shown


@pytest.fixture
def requirement(request: pytest.FixtureRequest) -> Shown:
    """The requirement that the test is named after; its first paragraph is the catalogue's sentence."""
    named = re.match(r"test_([RX]\d\d)_", request.node.name)
    assert named is not None
    found = find(named[1])
    said = (request.function.__doc__ or "").partition("\n\n")[0]
    assert " ".join(said.split()) == found.sentence
    return Shown(found)
