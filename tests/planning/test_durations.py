"""Durations: the recordings' own, and what a file says instead."""

from __future__ import annotations

import json

import pytest

from asr_model.vocabulary import Operation
from asr_properties.arm.operations import OPERATIONS
from asr_properties.planning.durations import ASSUMED_MINUTES, REFUSED, InvalidDurations, durations_of, recorded


def test_each_operation_has_one_and_what_no_recording_tells_says_so():
    durations = recorded()
    assert durations.keys() == {*map(str, Operation), REFUSED}
    for operation, row in OPERATIONS.items():
        one = durations[operation]
        assert one.is_known == (row.minutes is not None)
        assert one.minutes == (ASSUMED_MINUTES if row.minutes is None else row.minutes)
    assert not durations[REFUSED].is_known


def test_a_file_says_otherwise(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"fail_over": 30, "resynchronize": 2.5}))
    durations = durations_of(path)
    assert durations["fail_over"] == (30.0, "as mine.json says", True)
    assert durations["resynchronize"] == (2.5, "as mine.json says", True)
    assert durations["commit"] == recorded()["commit"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "not minutes by operation"),
        ('{"fail_over": -1}', "not minutes by operation"),
        ('{"fail_over": "long"}', "not minutes by operation"),
        ('{"failover": 3}', "'failover' is none of enable_replication, fail_over, "),
        ("{", "not JSON"),
    ],
)
def test_what_is_no_file_of_durations_is_told(tmp_path, text, told):
    path = tmp_path / "mine.json"
    path.write_text(text)
    with pytest.raises(InvalidDurations, match=f"mine.json: .*{told}"):
        durations_of(path)
