"""The run record has a schema: what a run writes fits, and what was changed is refused in a line."""

from __future__ import annotations

import copy
import json

import pytest

from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.run_folder import RunFolder
from asr_properties.running.run_record import record
from asr_properties.running.stored_record import InvalidRecord, read_record
from wrong.implementations import kept_points


@pytest.fixture(scope="module")
def result():
    budget = Budget.parse("2000steps")
    return Campaign(kept_points, profile="modernized", budget=budget, seed=1, adapter="wrong:kept_points").run()


@pytest.fixture(scope="module")
def data(result):
    return record(result, started="2026-01-01T00:00:00+00:00", seconds=1.5)


def test_what_a_run_writes_fits_the_schema(tmp_path, result, data):
    stored = RunFolder(tmp_path).store(result, data, {})
    assert stored.unwritable == ()
    read = read_record(tmp_path / "record.json")
    assert read.overall == "NON_CONFORMANT"
    assert len(read.counterexamples) == len(stored.counterexamples) == len(result.counterexamples) > 0
    assert read.model_dump(mode="json")["verdicts"] == data["verdicts"]


def test_every_key_is_needed_and_has_its_type(tmp_path, data):
    for key in data:
        for change in ({}, {key: [1.5]}, {f"{key}_": 1}):
            changed = {**copy.deepcopy(data), **change}
            if not change:
                del changed[key]
            (tmp_path / "record.json").write_text(json.dumps(changed))
            with pytest.raises(InvalidRecord):
                read_record(tmp_path / "record.json")


@pytest.mark.parametrize("content", ["", "[]", "[" * 100_000, '{"format": "asr-conformance counterexample"}', "\x00"])
def test_what_is_no_record_is_refused(tmp_path, content):
    (tmp_path / "record.json").write_text(content)
    with pytest.raises(InvalidRecord):
        read_record(tmp_path / "record.json")
