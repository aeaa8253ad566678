"""The pytest file that is written: whatever a counterexample says, it stays text in it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr_model.requirements import CATALOGUE
from asr_properties.counterexamples.counterexample import Counterexample, counterexample_from_json
from asr_properties.counterexamples.pytest_file import _literal, as_pytest
from asr_properties.evidence.actions import TIME_THE_JOB, Action, new_item, request, wait
from asr_properties.session.nonconformance import NonConformance
from counterexamples.stored import STORED
from walks import COMMITTED, begins, ends, fail_over, perform
from wrong import implementations as wrong

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
    """The syntax tree of an emitted file: the declared statements and no others, and nothing but literals in calls."""
    source.encode("utf-8")
    tree = ast.parse(source)
    kinds = [type(statement).__name__ for statement in tree.body]
    assert kinds == ["Expr", "Import", "ImportFrom", "Assign"] + ["FunctionDef"] * tests
    for function in tree.body[4:]:
        assert isinstance(function, ast.FunctionDef)
        docstring, block = function.body
        assert isinstance(docstring, ast.Expr)
        assert isinstance(docstring.value, ast.Constant)
        assert isinstance(block, ast.With)
        assert ast.unparse(block).startswith("with judged(ADAPTER, profile=")
        (item,) = block.items
        assert isinstance(item.context_expr, ast.Call)
        assert all(ast.literal_eval(keyword.value) is not None for keyword in item.context_expr.keywords)
        for statement in block.body:
            assert isinstance(statement, ast.Expr)
            call = statement.value
            assert isinstance(call, ast.Call)
            assert ast.unparse(call.func).startswith("item.")
            for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
                ast.literal_eval(argument)
    return tree


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_leaves_its_quotes(adapter, text, phase):
    found = replace(
        FOUND,
        properties=(text,),
        before=(text,),
        allowed=(phase,),
        observed=text,
        adapter=adapter,
        found_by=text,
        configuration={"multi_vm_group": text},
        actions=(*FOUND.actions[:-1], Action("update_settings", arguments=(("name", text),)), FOUND.actions[-1]),
    )
    found = replace(found, answers=(text,) * len(found.actions), phases=(phase,) * len(found.actions))
    tree = harmless(as_pytest([found, found], adapter), 2)
    (assigned,) = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    assert assigned.args[1].value == adapter  # type: ignore[attr-defined]
    assert f"name={_literal(text)})" in as_pytest([found], adapter)
    assert ast.literal_eval(_literal(text)) == text


@pytest.mark.parametrize("requirement", CATALOGUE)
def test_every_requirement_can_be_a_test(requirement):
    harmless(as_pytest([replace(FOUND, requirements=(requirement,))], "a:b"), 1)


@given(TEXTS)
def test_an_id_that_is_none_is_no_code(requirement):
    harmless(as_pytest([replace(FOUND, requirements=(requirement,))], "a:b"), 1)


KEPT_POINTS = Counterexample(
    profile="modernized",
    configuration={},
    actions=COMMITTED,
    answers=("accepted",) * len(COMMITTED),
    phases=(None,) * len(COMMITTED),
    requirements=("R40",),
    properties=(),
    before=(),
    allowed=(),
    observed="",
)


def test_the_steps_are_calls_that_can_be_read():
    found = replace(
        KEPT_POINTS,
        actions=(
            *COMMITTED[:3],
            fail_over("listed", shut_down=False, pick=2),
            request("reprotect", appliance="elsewhere"),
            begins("failover_fails", "VmFailover"),
            *(ends("failover_fails"), wait(90), wait(300), TIME_THE_JOB, new_item({"dhcp": False})),
        ),
    )
    lines = [line.strip() for line in as_pytest([found], "a:b").split("as item:\n")[1].splitlines()]
    assert lines == [
        "item.enable_replication()",
        "item.wait_for_job()",
        "item.wait(hours=6)",
        'item.fail_over(recovery_point="listed", shut_down_source=False, pick=2)',
        'item.reprotect(appliance="elsewhere")',
        'item.fault_begins("failover_fails", task="VmFailover")',
        'item.fault_ends("failover_fails")',
        "item.wait(seconds=90)",
        "item.wait(minutes=5)",
        "item.take_the_time()",
        'item.new_item({"dhcp": False})',
    ]


def test_it_fails_with_the_text_of_the_counterexample(tmp_path):
    """The same text as the machine's error, after the line of the step that departs; it passes on the reference."""
    written = tmp_path / "test_written.py"
    written.write_text(as_pytest([KEPT_POINTS], "wrong.implementations:kept_points"), encoding="utf-8")
    done = emitted(written, "wrong.implementations:kept_points")
    with pytest.raises(NonConformance) as failure:
        perform(wrong.kept_points(), COMMITTED)
    assert done.returncode == 1, done.stdout
    assert ">           item.wait_for_job()" in done.stdout
    shown = "\n".join(line[2:].strip() for line in done.stdout.splitlines() if line.startswith("E "))
    for line in str(failure.value).splitlines():
        assert line.strip() in shown
    assert "replay: ASR_ADAPTER=wrong.implementations:kept_points python -m pytest " in shown
    assert "session.py" not in done.stdout
    assert emitted(written, "asr_properties.reference:create").returncode == 0


def emitted(file: Path, adapter: str) -> subprocess.CompletedProcess[str]:
    here = str(Path(__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file.name],
        cwd=file.parent,
        env={**os.environ, "ASR_ADAPTER": adapter, "PYTHONPATH": here},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
