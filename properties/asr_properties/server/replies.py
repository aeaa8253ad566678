"""What the server answers: replies, and errors in the shape of ARM.

The facts know of no code for an operation that is refused in a wrong state. Only what was recorded is used:
`BadRequest` with status 400 (F1) and `NotFound` with 404 (F8). What they can't tell apart is told by `details`, with
words of our own that bear the mark `asr-conformance:`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from asr_properties.arm.words import OWN


class Reply(NamedTuple):
    """An answer; a `body` of None is an empty one."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = {}


class ArmError(Exception):
    """Ends a request with an error; `code` is one of the service's, `detail` one of ours."""

    def __init__(self, status: int, code: str, detail: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.detail, self.message = status, code, detail, message

    def reply(self) -> Reply:
        """The error as the API shows it (facts 7.5, F1)."""
        detail = {"code": OWN + self.detail, "message": self.message, "details": None}
        return Reply(self.status, {"error": {"code": self.code, "message": self.message, "details": [detail]}})


def not_found(what: str) -> ArmError:
    """There is no such resource."""
    return ArmError(404, "NotFound", "NotFound", f"The resource {what} does not exist.")


def bad_request(message: str, detail: str = "InvalidRequest") -> ArmError:
    """The request can't be understood."""
    return ArmError(400, "BadRequest", detail, message)


def refused(reason: str) -> ArmError:
    """The item's state, its points or its surroundings forbid it (contract, code 1000)."""
    return ArmError(400, "BadRequest", "Refused", reason)
