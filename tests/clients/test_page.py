"""The pages for those who test their own tooling can be followed: their programs and commands print what they show."""

from __future__ import annotations

import re
from pathlib import Path

from asr_model.vocabulary import Fault
from asr_properties.server.control_methods import OF_AN_ITEM, OF_THE_SERVER
from clients.pages import Page, follow, started
from clients.serving import JAVASCRIPT

PAGE, CONTROL = Page("test-your-tooling.md"), Page("control-path.md")
QUIET = "npm install"  # what the tests' own set-up has done


def test_the_page_can_be_followed(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(JAVASCRIPT / "node_modules")
    for kind, text in PAGE.blocks:
        if kind != "console":
            (tmp_path / text.split()[1]).write_text(text, encoding="utf-8")
    start, *others = [one for one in PAGE.commands if not one[0].startswith(QUIET)]
    with started(start, tmp_path) as (server, environment):
        assert follow(others, server, tmp_path, environment) >= 28


def test_the_control_path_can_be_followed(tmp_path: Path) -> None:
    start, *others = CONTROL.commands
    with started(start, tmp_path) as (server, environment):
        assert follow(others, server, tmp_path, environment) >= 28


def test_every_method_of_the_control_path_is_shown_with_curl() -> None:
    shown = {
        (verb_of(command), found[1], found[2])
        for command, _ in CONTROL.commands
        if (found := re.search(r"(\$ITEM|\$ASR_URL/control)(?:/(\w+))?(?=[\s?\"]|$)", command))
    }
    for base, methods in (("$ASR_URL/control", OF_THE_SERVER), ("$ITEM", OF_AN_ITEM)):
        assert {(method.verb, base, method.name or None) for method in methods} <= shown


def verb_of(command: str) -> str:
    named = re.search(r" -X (\w+)", command)
    return named[1] if named else "POST" if " -d " in command else "GET"


def test_a_fault_is_injected_at_each_step() -> None:
    python = next(text for kind, text in PAGE.blocks if kind == "python")
    steps = re.findall(r'\(\s*"([\w ]+)",\s*"\w+",\s*\[', python)
    after = PAGE.text.partition("## What if a step fails?")[2]
    assert len(steps) == 7
    shown = re.findall(r"^([\w ]+): (?:The long-running|no answer|BadRequest)", after, re.MULTILINE)
    assert set(steps) - set(shown) == {"clean up"}  # whose fault the SDK gets over by itself
    assert "testFailoverCleanup" in after
    assert set(re.findall(r'"fault": "(\w+)"', after)) <= set(Fault)
