"""The pytest file that is written: whatever a counterexample says, it stays text in it."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr_model.requirements import CATALOGUE
from asr_properties.counterexamples.counterexample import counterexample_from_json
from asr_properties.counterexamples.replay import as_pytest
from counterexamples.stored import STORED

FOUND = counterexample_from_json(STORED)
NASTY = [
    '"""',
    "'''",
    "\\",
    '\\"""',
    "\n",
    "\r",
    "\x00",
    "\u2028",
    "\ud800",
    "{x}",
    "%s",
    '"""\nimport os\nos.abort()\n"""',
    "'), 1/0, ('",
]
TEXTS = st.text(max_size=20) | st.lists(st.sampled_from(NASTY), max_size=4).map("".join)


def harmless(source: str, tests: int) -> ast.Module:
    """The syntax tree of an emitted file, which has the declared statements and no others."""
    source.encode("utf-8")
    tree = ast.parse(source)
    kinds = [type(statement).__name__ for statement in tree.body]
    head = ["Expr", "Import", "Import", "ImportFrom", "ImportFrom", "ImportFrom", "Assign", "FunctionDef"]
    assert kinds == head + ["Assign", "FunctionDef"] * tests
    return tree


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_leaves_its_quotes(adapter, text, phase):
    found = replace(
        FOUND,
        answers=(text,) * len(FOUND.actions),
        phases=(phase,) * len(FOUND.actions),
        properties=(text,),
        before=(text,),
        allowed=(phase,),
        observed=text,
        adapter=adapter,
        found_by=text,
    )
    tree = harmless(as_pytest([found, found], adapter), 2)
    values = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    assert all(isinstance(value, ast.Constant) for value in values[1:])
    assert values[0].args[1].value == adapter  # type: ignore[attr-defined]


@pytest.mark.parametrize("requirement", CATALOGUE)
def test_every_requirement_can_be_a_test(requirement):
    harmless(as_pytest([replace(FOUND, requirements=(requirement,))], "a:b"), 1)


@given(TEXTS)
def test_an_id_that_is_none_is_no_code(requirement):
    harmless(as_pytest([replace(FOUND, requirements=(requirement,))], "a:b"), 1)
