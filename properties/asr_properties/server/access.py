"""Who may reach the control path, and where the server says it is.

A browser sends what any web page asks it to, to this machine too. So the control path asks for a token, which is said
where the server starts, and for a `Host` that is the server's own: a name that a page has turned to this machine (DNS
rebinding) is none. Links lead to the server's own addresses, whatever `Host` says.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from starlette.requests import Request as HttpRequest

from asr_properties.arm.addresses import is_loopback
from asr_properties.arm.tokens import OWN
from asr_properties.server.replies import ArmError, Reply

PREFIX: Final = "/control"
TOKEN_HEADER: Final = "X-Control-Token"
TOKEN_OPTION: Final = "token"

#: Addresses that stand for all of the machine's.
_ANY: Final = ("0.0.0.0", "::", "")


def is_control(path: str) -> bool:
    """Whether a path belongs to the control path."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(24)


def in_url(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


class Access:
    """host, port: where the server listens. token: what the control path asks for; None: there is no control path."""

    def __init__(self, host: str, port: int, token: str | None) -> None:
        self._host, self._port, self._token = host, port, token

    def origin(self, http: HttpRequest) -> str:
        """Scheme, host and port for links: the one of ours that was asked for, else the one the server was given."""
        own = self._own(http)
        asked = http.headers.get("host", "").lower()
        return f"{http.scope['scheme']}://{asked if asked in own else own[0]}"

    def refusal(self, http: HttpRequest) -> Reply | None:
        """Why a request is not answered; None if it is."""
        if self._token is None or not is_control(http.scope["path"]):
            return None
        hosts = http.headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._own(http):
            return _refused("Host", f"The control path answers at {self._own(http)[0]} only.")
        given = http.headers.get(TOKEN_HEADER) or http.query_params.get(TOKEN_OPTION) or ""
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return _refused("Token", f"The control path asks for the token that serve printed, as {TOKEN_HEADER}.")
        return None

    def _own(self, http: HttpRequest) -> Sequence[str]:
        """What `Host` may be: as configured first, then the address at which the request came in."""
        reached = str(http.scope["server"][0])
        names = [reached] if self._host in _ANY else [self._host, reached]
        if is_loopback(reached):
            names.append("localhost")
        hosts = [f"{in_url(name.lower())}:{self._port}" for name in names]
        return list(dict.fromkeys([*hosts, *(in_url(name.lower()) for name in names if self._port == 80)]))


def _refused(what: str, message: str) -> Reply:
    word = f"{OWN}Control{what}"
    return ArmError(403, word, word, message).reply()
