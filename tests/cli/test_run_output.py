"""What `run` prints first: the cause. Tables where they tell something, and sections that are all alike in a row."""

from __future__ import annotations

import re
import sys
from importlib.resources import files
from io import StringIO

from rich.console import Console

from asr_model.requirements import CATALOGUE
from asr_properties.cli.verdict_table import verdict_table
from asr_properties.running.requirement_verdicts import RequirementVerdict, Verdict

DYING = """
import sys
for line in sys.stdin:
    print('{"jsonrpc": "2.0", "id": 1, "result": {"name": "dying", "version": "1", "protocol": 1, '
          '"profile": "modernized", '
          '"controls": [], "fields": ["phase"], "configuration": []}}', flush=True)
    sys.stdin.readline()
    sys.exit("no licence")
"""
KIT = f"stdio:{sys.executable} {files('asr_properties.kits') / 'python' / 'adapter.py'}"
FEW = ("run", "--seed", 1, "--budget", "200steps", "--no-report")


def test_an_adapter_that_dies_is_told_in_few_lines(inside, tmp_path):
    (tmp_path / "dying.py").write_text(DYING)
    done = inside(*FEW, "--adapter", "stdio:python3 dying.py")
    assert done.returncode == 3
    _, name, _, error, _, _, _, stderr, *rest = done.stdout.splitlines()
    assert name == "implementation: dying 1"
    assert error == "adapter error: no reply to new_item: the program ended with status 1"
    assert stderr == "  stderr: no licence"
    assert rest == ["nothing was judged", "", "ADAPTER_ERROR (seed 1, 0 steps, 1 items)"]
    assert "NOT_EXERCISED" in inside(*FEW, "--adapter", "stdio:python3 dying.py", "--all").stdout


def test_an_adapter_that_offers_little_gets_a_line_for_each_verdict(inside):
    done = inside(*FEW, "--adapter", KIT)
    assert "offered: 2 of 11 operations: enable_replication, disable_replication" in done.stdout
    (observable,) = re.findall(r"^NOT_OBSERVABLE \((\d+)\)$", done.stdout, re.MULTILINE)
    assert int(observable) > 50
    assert len(done.stdout.splitlines()) < 20
    assert "requirement, or why there is no verdict" not in done.stdout
    every = inside(*FEW, "--adapter", KIT, "--all").stdout
    assert len([line for line in every.splitlines() if re.match(r"[RX]\d\d ", line)]) == len(CATALOGUE)


def rows(verdicts, *, show_all=False):
    console = Console(width=120, file=StringIO())
    console.print(verdict_table(verdicts, show_all=show_all))
    return [line.split(maxsplit=3) for line in console.file.getvalue().splitlines()[1:]]


def connect(**others):
    ids = [entry.id for entry in CATALOGUE.values() if entry.section == "Connect to failed-over VM"]
    return [RequirementVerdict(i, *others.get(i, (Verdict.PASSED, 7))) for i in ids]


def test_a_section_that_is_all_alike_is_one_row():
    (row,) = rows(connect(R38=(Verdict.PASSED, 900)))
    assert row == ["R35-R42", "PASSED", "7-900", f"Connect to failed-over VM: {len(connect())} requirements"]
    assert len(rows(connect(), show_all=True)) == len(connect())


def test_what_failed_or_was_not_tried_is_told_for_each():
    assert [row[:2] for row in rows(connect(R40=(Verdict.FAILED, 1))) if row[0] == "R40"] == [["R40", "FAILED"]]
    for outcome in (Verdict.FAILED, Verdict.NOT_EXERCISED):
        all_alike = connect(**{verdict.requirement: (outcome, 0) for verdict in connect()})
        assert len(rows(all_alike)) >= len(all_alike)


def test_what_a_section_lacks_is_told_once():
    lacking = {v.requirement: (Verdict.NOT_OBSERVABLE, 0, "", ("commit",)) for v in connect()}
    (row,) = rows(connect(**lacking | {"R38": (Verdict.NOT_OBSERVABLE, 0, "", ("commit", "clock"))}))
    assert row[3].endswith("(the adapter does not offer commit, clock)")
