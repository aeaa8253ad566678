"""Programs of this folder as adapters, and whether anything of one is left."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from asr_properties.adapters.stdio import StdioAdapter

HERE = Path(__file__).resolve().parent


def pid_of(adapter: StdioAdapter) -> int:
    return adapter._process.pid


def assert_gone(pid: int) -> None:
    """Neither it nor anything of its process group is left, not even a zombie, nor what ran it."""
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert [child for child in children() if b"supervisor.py" in Path(f"/proc/{child}/cmdline").read_bytes()] == []


def children() -> list[str]:
    """Our own, zombies included."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.append(stat.parent.name)
    return found


def serve(start, spec: str = "asr_properties.reference:create") -> StdioAdapter:
    return start(str(HERE / "serve.py"), spec)


def begun(start) -> StdioAdapter:
    adapter = serve(start)
    adapter.hello(protocol=1)
    adapter.new_item(configuration={})
    return adapter


def script(folder: Path, text: str) -> str:
    path = folder / "adapter.py"
    path.write_text(f"import signal, sys, time\n{text}")
    return str(path)
