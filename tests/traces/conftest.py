"""The recording of the real service that the tests judge and change."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from traces.changes import Changed

RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "recordings"
CLI_RECORDING = "azure-cli-V2A_RCMInMage_scenarios.yaml"


@pytest.fixture(scope="session")
def recording_file() -> Path:
    """The recorded run of the Azure CLI's own test of the modernized lifecycle (facts: CLI-REC)."""
    path = RECORDINGS / CLI_RECORDING
    if not path.exists():
        missing = f"the recording {CLI_RECORDING} is not in shared/recordings beside the repository"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path


@pytest.fixture(scope="session")
def _recorded(recording_file: Path) -> Any:
    with recording_file.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.fixture
def recording(_recorded: Any) -> Changed:
    """A copy of the recording, to be changed."""
    return Changed(_recorded)
