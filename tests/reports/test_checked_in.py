"""The reports that are checked in are the current ones, and there are no others."""

from __future__ import annotations

import pytest

from asr_model import profiles
from make_reports import MEASURED, REPORTS, ROOT


@pytest.mark.parametrize("path", REPORTS)
def test_a_checked_in_report_is_the_current_one(path: str):
    assert (ROOT / path).read_text(encoding="utf-8") == REPORTS[path](), "write it anew: make reports"


def test_each_profile_has_its_graph_and_its_requirements():
    for profile in profiles.CHARTS:
        assert {f"reports/lifecycle-{profile}.svg", f"reports/requirements-{profile}.md"} <= set(REPORTS)


def test_the_folder_holds_nothing_that_no_command_writes():
    found = {f"reports/{path.name}" for path in (ROOT / "reports").iterdir() if path.suffix not in ("", ".py")}
    assert found == {path for path in (*REPORTS, *MEASURED) if path.startswith("reports/")}
