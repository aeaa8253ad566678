"""What the server is asked and what it answers: requests, replies, and errors in the shape of ARM.

The facts know of no code for an operation that is refused in a wrong state. Only what was recorded is used:
`BadRequest` with status 400 (F1), with the detail `InvalidFailoverDirection` for a wrong direction (F1), and `NotFound`
with 404 (F8). What they can't tell is told by words of our own that bear the mark `asr-conformance:`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from asr_properties.arm.tokens import OWN


class Request(NamedTuple):
    """A request: `origin` is scheme and host, `path` is decoded, `query` has lower-case names."""

    method: str
    origin: str
    path: str
    query: Mapping[str, str]
    body: bytes = b""


class Reply(NamedTuple):
    """An answer; a `body` of None is an empty one."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = {}


class ArmError(Exception):
    """Ends a request with an error; `code` and `detail` are the error's code and that of its one detail."""

    def __init__(
        self, status: int, code: str, detail: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.detail, self.message = status, code, detail, message
        self.headers = headers or {}

    def reply(self) -> Reply:
        """The error as the API shows it (facts 7.5, F1)."""
        detail = {"code": self.detail, "message": self.message, "details": None}
        body = {"error": {"code": self.code, "message": self.message, "details": [detail]}}
        return Reply(self.status, body, self.headers)


def not_found(what: str) -> ArmError:
    """There is no such resource."""
    return ArmError(404, "NotFound", f"{OWN}NotFound", f"The resource {what} does not exist.")


def bad_request(message: str, detail: str = f"{OWN}InvalidRequest", status: int = 400) -> ArmError:
    """The request can't be understood."""
    return ArmError(status, "BadRequest", detail, message)


def wrong_direction(message: str) -> ArmError:
    """The body names another direction than the operation has (F1)."""
    return bad_request(message, "InvalidFailoverDirection")


def refused(reason: str) -> ArmError:
    """The item's state, its points or its surroundings forbid it (contract, code 1000)."""
    return bad_request(reason, f"{OWN}Refused")


def not_modelled(what: str) -> ArmError:
    """The service has this, and what is served here does not."""
    return bad_request(f"{what} is not served here.", f"{OWN}NotModelled")


def no_such_method(method: str, allowed: Iterable[str]) -> ArmError:
    """The resource is there, and can't be asked for in this way."""
    word, known = f"{OWN}MethodNotAllowed", ", ".join(allowed)
    return ArmError(405, word, word, f"There is no {method} here, only {known}.", {"Allow": known})


def server_error() -> Reply:
    """Something unexpected happened; what, only the log tells."""
    word = f"{OWN}ServerError"
    return ArmError(500, word, word, "The server failed; its log tells why.").reply()
