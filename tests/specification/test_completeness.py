"""Every requirement that is judged has its test, in the file of its section; what a test says is what it must say."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from asr_model import profiles
from asr_model.requirements import CATALOGUE
from asr_properties.running.requirement_status import NOT_JUDGEABLE, statuses
from asr_properties.specification.declared import properties_of

FILES = sorted(Path(__file__).parent.glob("test_[0-9]*.py"))
SECTIONS = {file.stem: re.sub(r"test_\d+_", "", file.stem) for file in FILES}


def specification_tests(file: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def requirement_of(test: ast.FunctionDef) -> str:
    """The requirement that a test is named after."""
    named = re.match(r"test_([RX]\d\d)_", test.name)
    assert named is not None, test.name
    return named[1]


def judged() -> set[str]:
    """What `requirements --status` calls judged, in one profile or another."""
    every = (s for p in profiles.CHARTS for s in statuses(profiles.efsm(p), properties_of(p)))
    return {status.requirement for status in every if status.kind != NOT_JUDGEABLE}


def test_every_judged_requirement_has_its_test():
    tested = [requirement_of(test) for file in FILES for test in specification_tests(file)]
    assert judged() - set(tested) == set()
    assert set(tested) - judged() == set()
    assert sorted(tested, key=list(CATALOGUE).index) == tested


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_a_section_of_the_article_in_its_order(file):
    section = import_module(f"asr_model.requirements.{SECTIONS[file.stem]}")
    own = {r.id for r in getattr(section, SECTIONS[file.stem].upper())}
    assert {requirement_of(test) for test in specification_tests(file)} <= own


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_shows_that_it_passes_and_who_fails(file):
    for test in specification_tests(file):
        calls = {n.func.attr for n in ast.walk(test) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)}
        assert calls & {"passes", "is_assumed", "agrees"}, test.name
        assert calls & {"fails", "departs"}, test.name
