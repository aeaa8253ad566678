"""The suite in anybody's own pytest run: `pytest --asr-adapter SPEC`.

It adds one test for each requirement, named after it, so that `-k R40` selects it, and so does its id: `pytest
--asr-adapter SPEC asr-conformance::R40_...`. The implementation is judged once, when the first of them runs, also where
pytest-xdist spreads them over several processes. What cannot be observed, or belongs to another profile, is skipped
with its reason; what is mandatory and was not put to the test fails, because a skip is not a pass. Known deviations are
named in pytest's configuration, each with a reason, and are expected failures:

    [pytest]
    asr_known_deviations =
        R40: our recovery points are deleted a day later

A deviation that no longer occurs warns.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from asr_properties.running.budget import DEFAULT_BUDGET

SUITE = "asr-conformance"
"""What the ids of the tests begin with."""

_SHARED = "asr_conformance_folder"
"""Where workers of pytest-xdist are told the folder that they share."""

_folder = pytest.StashKey[Path]()
_suite = pytest.StashKey[pytest.Collector]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the suite."""
    group = parser.getgroup("asr-conformance", "conformance to the Azure Site Recovery lifecycle")
    group.addoption("--asr-adapter", metavar="SPEC", help="what to judge: package.module:factory or stdio:COMMAND")
    group.addoption("--asr-profile", metavar="PROFILE", default="modernized", help="lifecycle to judge by")
    group.addoption("--asr-budget", metavar="BUDGET", default=DEFAULT_BUDGET, help="500steps, 60s, 5min or 2h")
    group.addoption("--asr-seed", metavar="N", type=int, default=0, help="repeats a run (default 0)")
    parser.addini(
        "asr_known_deviations", "requirements known not to be met: `R40: reason`", type="linelist", default=[]
    )


def pytest_configure(config: pytest.Config) -> None:
    """Take the ids of our tests out of what pytest would look for among files; workers get them with the options."""
    if config.getoption("--asr-adapter") and not hasattr(config.option, "asr_named"):
        config.option.asr_named = [each for each in config.args if each.startswith(f"{SUITE}::")]
        others = [each for each in config.args if each not in config.option.asr_named]
        config.option.asr_alone = bool(config.option.asr_named) and not others
        config.args = others


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Where only tests of ours are named, no file is looked at."""
    return True if getattr(config.option, "asr_alone", False) else None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Make the suite, before workers of pytest-xdist are started: what is asked for wrongly is told once."""
    config = session.config
    if config.getoption("--asr-adapter"):
        from asr_properties.pytest_plugin.requirement_tests import Suite

        worker = getattr(config, "workerinput", {})
        folder = Path(worker[_SHARED]) if _SHARED in worker else None
        named = config.option.asr_named
        config.stash[_suite] = Suite.from_parent(session, name=SUITE, nodeid=SUITE, named=named, folder=folder)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add a test for each requirement, or those that are named, before -k and -m select."""
    if _suite in config.stash:
        items.extend(session.genitems(config.stash[_suite]))  # as those of a file: they count as collected


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist the folder that it shares with the others."""
    stash = node.config.stash
    if _folder not in stash:
        stash[_folder] = Path(tempfile.mkdtemp(prefix="asr-conformance-"))
    node.workerinput[_SHARED] = str(stash[_folder])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no folder behind."""
    if _folder in config.stash:
        shutil.rmtree(config.stash[_folder], ignore_errors=True)
