"""Who may reach the server, and where it says it is.

A browser sends what any web page asks it to, to this machine too. So requests are answered only under a `Host` that is
the server's own, a loopback name, or one that was allowed: a name that a page has turned to this machine (DNS
rebinding) is none of these. A request that a page of another origin sends (`Origin`) is not answered either. The
control path asks for the very address of the server, and for a token, which is said where the server starts.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection, Sequence
from typing import Final

from starlette.requests import Request as HttpRequest

from asr_properties.arm.addresses import is_loopback
from asr_properties.arm.tokens import OWN
from asr_properties.server.replies import ArmError, Reply

PREFIX: Final = "/control"
TOKEN_HEADER: Final = "X-Control-Token"
TOKEN_OPTION: Final = "token"

_HOST: Final = re.compile(r"(\[[0-9a-z:.%]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")

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
    """host, port: where the server listens. token: what the control path asks for; None: there is no control path.
    also: further names at which the ARM API answers."""

    def __init__(self, host: str, port: int, token: str | None, also: Collection[str] = ()) -> None:
        self._host, self._port, self._token = host, port, token
        self._also = frozenset(map(_name, also))

    def origin(self, http: HttpRequest) -> str:
        """Scheme, host and port for links: those that were asked for, if they are the server's, else its own."""
        asked = http.headers.get("host", "").lower()
        return f"{http.scope['scheme']}://{asked if self._is_ours(http, asked) else self._own(http)[0]}"

    def refusal(self, http: HttpRequest) -> Reply | None:
        """Why a request is not answered; None if it is."""
        hosts = http.headers.getlist("host")
        if self._token is None or not is_control(http.scope["path"]):
            if len(hosts) != 1 or not self._is_ours(http, hosts[0]):
                at = f"This server answers at {self._own(http)[0]} only"
                return _refused("Host", f"{at}; `serve --allow-host NAME` allows a further name.")
            if (page := http.headers.get("origin")) is not None and page != self.origin(http):
                return _refused("Origin", "This server does not answer what pages of other origins send.")
            return None
        if len(hosts) != 1 or hosts[0].lower() not in self._own(http):
            return _refused("ControlHost", f"The control path answers at {self._own(http)[0]} only.")
        given = http.headers.get(TOKEN_HEADER) or http.query_params.get(TOKEN_OPTION) or ""
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            told = f"The control path asks for the token that serve printed, as {TOKEN_HEADER}."
            return _refused("ControlToken", told)
        return None

    def _is_ours(self, http: HttpRequest, asked: str) -> bool:
        """Whether a `Host` names the server. Any port does, as one may be mapped to it."""
        name = _name(asked)
        return is_loopback(name) or (name != "" and (name in self._also or name in map(_name, self._own(http))))

    def _own(self, http: HttpRequest) -> Sequence[str]:
        """What `Host` may be: as configured first, then the address at which the request came in."""
        reached = str(http.scope["server"][0])
        names = [reached] if self._host in _ANY else [self._host, reached]
        if is_loopback(reached):
            names.append("localhost")
        hosts = [f"{in_url(name.lower())}:{self._port}" for name in names]
        return list(dict.fromkeys([*hosts, *(in_url(name.lower()) for name in names if self._port == 80)]))


def _name(host: str) -> str:
    """The name in a `Host`, without its port; empty where it is none."""
    found = _HOST.fullmatch(host.lower())
    return found[1].strip("[]") if found else ""


def _refused(what: str, message: str) -> Reply:
    word = f"{OWN}{what}"
    return ArmError(403, word, word, message).reply()
