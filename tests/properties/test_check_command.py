"""`check` on a model that is broken: the property is named, the shortest path shown, the status is 1."""

from __future__ import annotations

import pytest
import typer

from asr_model import profiles
from asr_model.lts import enumerate_lts
from asr_model.stepper import Stepper
from asr_properties.cli.check import check
from properties.breaking import BREAKING


def test_a_failing_property_is_shown_with_its_shortest_path(monkeypatch, capsys):
    broken = enumerate_lts(Stepper(BREAKING["modernized"]["commit_ends_changing"](profiles.efsm())))
    monkeypatch.setattr(profiles, "lts", lambda profile: broken)
    with pytest.raises(typer.Exit) as ended:
        check()
    shown = capsys.readouterr().out
    assert ended.value.exit_code == 1
    assert "commit_ends_changing: after commit the recovery point can't be changed any more" in shown
    assert (
        "change_recovery_point(recovery_point: the id of a listed point) accepted  [reprotecting_to_on_premises]"
        in shown
    )
    assert "78 hold, 1 do not" in shown
