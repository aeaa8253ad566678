"""A stored counterexample to begin with, and everything that can be put in its place."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

REQUEST = {"do": "request", "name": "fail_over"}
STORED: dict[str, Any] = {
    "format": "asr-conformance counterexample",
    "version": 1,
    "profile": "modernized",
    "adapter": "asr_properties.reference:create",
    "seed": 1,
    "found_by": "random, seed 1",
    "drills_exclude": True,
    "configuration": {"operating_system": "linux", "retention_minutes": 1440},
    "steps": [
        {"do": "request", "name": "enable_replication", "answer": "accepted", "phase": "enabling_replication"},
        {"do": "wait", "seconds": 21600.0, "answer": "time passed", "phase": "protected"},
        {**REQUEST, "arguments": {"recovery_point": "listed", "shut_down_source": True}, "pick": 3},
        {"do": "inject", "name": "failover_fails", "task": "VmFailover", "answer": "done"},
        {"do": "cancel_job", "name": "running", "answer": "accepted"},
        {"do": "time", "answer": "time passed"},
        {"do": "new_item", "arguments": {"dhcp": False}, "answer": "new item"},
        {"do": "write", "answer": "record 1"},
    ],
    "requirements": ["R40"],
    "properties": ["commit_deletes_other_points"],
    "before": ["failover_committed (lists disable_replication, reprotect)"],
    "allowed": ["recovery_points: no recovery point"],
    "observed": "saw recovery_points: crash-consistent points",
    "steps_spent": 12,
    "minimal": False,
    "flaky": {
        "configuration": {},
        "at": 1,
        "difference": "phase protected, then enabling_failed",
        "cause": "the answers differ from run to run",
        "first": [{"do": "write", "answer": "record 1", "phase": "protected"}],
        "second": [{"do": "write", "answer": "refused", "phase": None}],
    },
}  # fmt: skip

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([1e300, -1.0, 10**400, 2**31, 366 * 86_400, "running", "new_item", "wait", "in_use", "latest"])
    | st.floats()
    | st.text(max_size=8)
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))


def places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something can be put: the way to each value, and to each key that could be added."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    found = [way for key, value in inner for way in ((*at, key), *places(value, (*at, key)))]
    return [*found, (*at, "arguments"), (*at, "name")] if isinstance(data, dict) else found


@st.composite
def changed(draw: st.DrawFn, of: dict[str, Any] = STORED) -> dict[str, Any]:
    """The counterexample, or another document, with up to three values changed, added or left out."""
    data = copy.deepcopy(of)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(data)))
        holder: Any = data
        for key in way:
            holder = holder[key]
        if draw(st.booleans()) or isinstance(holder, list):
            holder[last] = draw(VALUES)
        else:
            holder.pop(last, None)
    return data
