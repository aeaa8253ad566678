"""A real server on a free loopback port, on a thread of the test."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from asr_properties.adapters.options import CONTROL_TOKEN
from asr_properties.reference import create
from asr_properties.server.access import Access
from asr_properties.server.application import answerer, listen, server
from asr_properties.server.http_faults import HttpFaults
from asr_properties.server.slots import Vaults

TOKEN = "token-under-test"


@contextmanager
def served(
    factory: Callable[[], Any] = create,
    *,
    speed: float = 0.0,
    retry_after: int = 0,
    control_path: bool = True,
    also: Collection[str] = (),
    page_size: int = 0,
) -> Iterator[str]:
    """The URL of a server of what `factory` makes. `arm:` finds the token of its control path in the environment."""
    listening = listen("127.0.0.1", 0)
    vaults = Vaults(factory, speed=speed)
    os.environ[CONTROL_TOKEN] = TOKEN
    access = Access("127.0.0.1", listening.getsockname()[1], TOKEN if control_path else None, also)
    faults = HttpFaults()
    options: dict[str, Any] = {"page_size": page_size, "control_path": control_path, "faults": faults}
    answer = answerer(vaults, "under test", retry_after=retry_after, **options)
    running = server(answer, access, faults=faults)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        os.environ.pop(CONTROL_TOKEN, None)
        running.should_exit = True
        thread.join(timeout=10)
        listening.close()
        assert not thread.is_alive(), "the server did not stop"
