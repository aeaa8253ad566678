"""Faults of the way between a client and the API, on request: for testing how clients go on.

They concern the ARM API only, never the control path. A fault waits until a request comes that it is meant for.
"""

from __future__ import annotations

import math
import threading
from typing import Annotated, Final, Literal

from pydantic import Field

from asr_properties.arm.tokens import OWN
from asr_properties.contract.messages import Message
from asr_properties.server.replies import ArmError

Kind = Literal["throttled", "unavailable", "slow", "lost", "reset"]

KINDS: Final = {
    "throttled": "429 with Retry-After; the request is not looked at",
    "unavailable": "503 with Retry-After; the request is not looked at",
    "slow": "the request is done at once, and answered after `seconds`",
    "lost": "the request is done, and the connection ends without an answer",
    "reset": "the connection is reset, and the request is not looked at",
}
"""What each fault does."""

LONGEST: Final = 600
"""How many seconds a slow answer, or a Retry-After, has at most."""


class HttpFault(Message):
    """A fault, and the requests that it is meant for."""

    kind: Kind = Field(description="; ".join(f"{kind}: {what}" for kind, what in KINDS.items()))
    times: Annotated[int, Field(ge=1)] = Field(default=1, description="how many requests it meets")
    skip: Annotated[int, Field(ge=0)] = Field(default=0, description="how many of them it lets pass before")
    method: str | None = Field(default=None, description="of the requests, such as POST; null: any")
    path: str | None = Field(default=None, description="what their path contains, whatever its case; null: anything")
    seconds: Annotated[float, Field(ge=0, le=LONGEST)] = Field(default=1, description="of Retry-After, or of waiting")

    def meets(self, method: str, path: str) -> bool:
        """Whether a request is one that it is meant for."""
        named = self.method is None or self.method.upper() == method.upper()
        return named and (self.path is None or self.path.lower() in path.lower())

    def refusal(self) -> ArmError | None:
        """What it answers in the place of the API; None where it answers nothing.

        `TooManyRequests` is ARM's (Azure/migAz#57). No error of an unavailable ARM was seen: that word is ours.
        """
        headers = {"Retry-After": str(math.ceil(self.seconds))}  # whole seconds, and never less than asked for
        if self.kind == "throttled":
            code = "TooManyRequests"
            return ArmError(429, code, code, "The request is being throttled.", headers)
        if self.kind == "unavailable":
            code = f"{OWN}Unavailable"
            return ArmError(503, code, code, "The service is unavailable, as the control path asked for.", headers)
        return None


class HttpFaults:
    """The faults that are still to come; safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[HttpFault] = []

    def add(self, fault: HttpFault) -> None:
        """A further one, after those that there are."""
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """None any more."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[dict[str, object]]:
        """Those that are still to come, with the requests that they still let pass and meet."""
        with self._lock:
            return [fault.model_dump() for fault in self._waiting]

    def take(self, method: str, path: str) -> HttpFault | None:
        """The first fault that a request meets; None where it meets none."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if not fault.meets(method, path):
                    continue
                if fault.skip:
                    self._waiting[place] = fault.model_copy(update={"skip": fault.skip - 1})
                    continue
                if fault.times > 1:
                    self._waiting[place] = fault.model_copy(update={"times": fault.times - 1})
                else:
                    del self._waiting[place]
                return fault
        return None
