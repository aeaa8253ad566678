"""Adapters that the command line's tests name."""

from __future__ import annotations

import os
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import create
from smoke import broken
from wrong import implementations

kept_points = implementations.kept_points


def raising() -> None:
    raise OSError("no such device")


def talkative() -> object:
    return broken.nonsense("jobs")()


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError("not even its name can be told")


def hopeless() -> object:
    return broken.changed(hello=lambda right, **parameters: Unspeakable())()


def parting() -> object:
    return saying_so(create())


def parting_wrong() -> object:
    return saying_so(kept_points())


def leaking() -> object:
    """It refuses to begin, and says a secret of the environment."""
    service: Any = create()

    class Leaking:
        def __getattr__(self, method: str) -> object:
            return getattr(service, method)

        def request(self, operation: str, arguments: dict[str, Any]) -> Any:
            if operation == "enable_replication":
                raise Refused(f"no replication with {os.environ['A_TOKEN']}")
            return service.request(operation=operation, arguments=arguments)

    return Leaking()


def saying_so(service: object) -> object:
    """It says that it was told bye."""

    class Parting:
        def __getattr__(self, method: str) -> object:
            if method == "bye":
                print("bye was said")
            return getattr(service, method)

    return Parting()
