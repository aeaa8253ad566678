"""What is found in an object is found in a program too, and nothing is found in a right one."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from asr_properties.adapters.loading import load
from walks import CANCELLED, REVERT_FAILS
from wrong.walks import WALKS, judged, serving

SERVE = Path(__file__).resolve().parent / "serve.py"


def program(name: str):
    return load(f"stdio:{shlex.quote(sys.executable)} {shlex.quote(str(SERVE))} {name}")


@pytest.mark.parametrize(
    "item",  # a program takes half a second to start; over ARM all are found by `make test`
    [pytest.param(i, marks=pytest.mark.long if n % 3 else (), id=i.__name__) for n, i in enumerate(WALKS)],
)
def test_a_wrong_implementation_is_found_over_stdio_as_in_process(item):
    in_process = judged(serving(item), WALKS[item])
    assert in_process
    assert judged(program(item.__name__), WALKS[item]) == in_process


@pytest.mark.parametrize("walk", [CANCELLED, REVERT_FAILS], ids=["failback cancelled", "revert fails"])
def test_nothing_is_found_in_a_right_program(walk):
    assert judged(program("ReplicatedItem"), walk) == ()
