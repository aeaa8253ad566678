"""The recordings of the real service that the tests judge and change."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from traces.changes import Changed

RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "recordings"
POWERSHELL_RECORDING = "azure-powershell-V2ATestReprotect.json"
CLI_RECORDING = "azure-cli-V2A_RCMInMage_scenarios.yaml"


def _shared(name: str) -> Path:
    path = RECORDINGS / name
    if not path.exists():
        missing = f"the recording {name} is not in shared/recordings beside the repository"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path


@pytest.fixture(scope="session")
def recording_file() -> Path:
    """The recorded run of the Azure CLI's own test of the modernized lifecycle (facts: CLI-REC)."""
    return _shared(CLI_RECORDING)


@pytest.fixture(scope="session")
def session_record_file() -> Path:
    """A session record of the Azure PowerShell tests: the reprotect of a machine of the classic lifecycle, 2017."""
    return _shared(POWERSHELL_RECORDING)


@pytest.fixture(scope="session")
def _recorded(recording_file: Path) -> Any:
    with recording_file.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.fixture
def recording(_recorded: Any) -> Changed:
    """A copy of the recording, to be changed."""
    return Changed(_recorded)
