"""Plans that tests do: one that is made, and small ones that are written down."""

from __future__ import annotations

from functools import cache
from typing import Any

from asr_properties.evidence.actions import WAIT_FOR_JOB, request, wait
from asr_properties.generation.scenarios import COMMIT, HOUR, PROTECT, REPROTECT, fail_over
from asr_properties.planning.durations import recorded
from asr_properties.planning.making import make_plan
from asr_properties.planning.plan_document import Plan, plan_from_json

#: Without a clock a wait ends where the phase changes, and there may be one more before the item is protected.
READY = (*PROTECT, wait(6 * HOUR))
AZURE = (*READY, fail_over(), WAIT_FOR_JOB)
WALKS = (
    (request("commit"), WAIT_FOR_JOB, *READY),
    (*READY, request("test_failover", recovery_point="latest"), WAIT_FOR_JOB),
    (*AZURE, *COMMIT, request("commit")),
    (*AZURE, *COMMIT, *REPROTECT, wait(6 * HOUR)),
)


@cache
def made() -> Plan:
    """Four tests for two machines, in five seconds."""
    return make_plan(profile="modernized", budget=120.0, machines=2, durations=recorded())


def written(*walks: Any, machines: int = 1, profile: str = "modernized") -> Plan:
    """A plan of these walks, on each machine in turn."""
    nothing = {"transitions": [], "pairs": [], "requirements": []}
    return plan_from_json(
        {
            "format": "asr-conformance plan",
            "version": 1,
            "command": "",
            "profile": profile,
            "budget": 480.0,
            "machines": machines,
            "durations": {},
            "tests": [
                {
                    "number": number,
                    "machine": (number - 1) % machines + 1,
                    "begins": 0.0,
                    "minutes": 60.0,
                    "configuration": {},
                    "steps": [action.to_json() for action in walk],
                    "first": nothing,
                }
                for number, walk in enumerate(walks, 1)
            ],
            "left_out": {"transitions": {}, "pairs": [], "requirements": {}},
            "coverable": {"transition": 0, "pair": 0, "requirement": 0},
            "at_least": None,
        }
    )
