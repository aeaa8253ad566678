"""All requests of the recordings, asked again of `serve`, get the recorded status and keys; what does not is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from arm.replaying import Compared, replay_cli, replay_powershell

#: Request (method, path) and how often it is answered otherwise: why.
OTHERWISE = {
    replay_cli: {
        # Another host's, Microsoft Graph.
        ("GET", "/v1.0/servicePrincipals"): 1,
        # Later pages of a list that has one here; their tokens were given by the real service.
        ("GET", "machines"): 2,
        # A disk of an item that waits for its first point told of its copy in one of six looks.
        ("GET", "cli-test-protected-item-V2ARCM-1"): 1,
        # Recovery plans are not served, and so have no operations.
        ("PUT", "cli-test-recovery-plan-V2ARCM-1"): 1,
        ("GET", "cli-test-recovery-plan-V2ARCM-1"): 2,
        ("GET", "replicationRecoveryPlans"): 2,
        ("DELETE", "cli-test-recovery-plan-V2ARCM-1"): 1,
        ("GET", "ID"): 4,
    },
    # The job of a new mapping has ended when it is first looked at.
    replay_powershell: {("GET", "03d34f78-4ad9-4ce2-b180-3c000bd938a6"): 1},
}


@pytest.mark.parametrize(("replay", "requests"), [(replay_cli, 218), (replay_powershell, 20)])
def test_every_recorded_request_gets_the_recorded_status_and_keys(
    replay: Callable[[], list[Compared]], requests: int
) -> None:
    done = replay()
    assert len(done) == requests
    others = [one for one in done if not one.agrees]
    told = Counter((one.recorded.method, _short(one)) for one in others)
    assert told == Counter(OTHERWISE[replay]), [(o.recorded.path, o.status, o.keys) for o in others]


def _short(one: Compared) -> str:
    """What tells a request among these: the last segment of its path; all of it, where it is on another host."""
    return one.recorded.path if one.recorded.path.startswith("/v1.0") else one.recorded.path.rpartition("/")[2]
