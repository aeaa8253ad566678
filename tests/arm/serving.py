"""A real server on a free loopback port, on a thread of the test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from asr_properties.reference import create
from asr_properties.server.application import answerer, listen, server
from asr_properties.server.slots import Vaults


@contextmanager
def served(
    factory: Callable[[], Any] = create, *, speed: float = 0.0, retry_after: int = 0, control_path: bool = True
) -> Iterator[str]:
    """The URL of a server of what `factory` makes."""
    listening = listen("127.0.0.1", 0)
    vaults = Vaults(factory, speed=speed)
    running = server(answerer(vaults, "under test", retry_after=retry_after, control_path=control_path))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join(timeout=10)
        listening.close()
        assert not thread.is_alive(), "the server did not stop"
