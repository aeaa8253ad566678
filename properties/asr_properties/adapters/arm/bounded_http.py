"""HTTP with limits: one origin, one deadline for an exchange, bounded bodies, JSON only, no secret left in them."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_CHUNK: Final = 1 << 16
_HIDDEN: Final = "***"

#: What DefaultAzureCredential reads that nobody may see.
_SECRET_VARIABLES: Final = (
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_PASSWORD",
    "IDENTITY_HEADER",
    "MSI_SECRET",
)


@dataclass(frozen=True)
class HttpLimits:
    """call_seconds: for one exchange, from connecting to the last byte. body_bytes: of an answer. attempts: how often
    what may be asked again is asked in all, after `first_pause` seconds, which doubles, or after what the service asks
    for, up to `longest_pause`. pages: of a list."""

    call_seconds: float = 30.0
    body_bytes: int = 8 << 20
    attempts: int = 5
    first_pause: float = 1.0
    longest_pause: float = 300.0
    pages: int = 100


class Secrets:
    """What must never be shown: secrets of the environment, and the tokens that were fetched."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        self._known = {value for name in _SECRET_VARIABLES if len(value := os.environ.get(name, "")) >= 4} | set(more)

    def add(self, secret: str) -> None:
        """Hide this, too."""
        self._known.add(secret)

    def scrub(self, text: str) -> str:
        """The text without them."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, _HIDDEN)
        return text


class BadAnswer(requests.RequestException):
    """An answer that cannot be used, or none within the limits."""


class BoundedHTTP(HTTPAdapter):
    """Sends to one origin only, and gives answers that were read whole within the limits."""

    def __init__(self, origin: str, limits: HttpLimits, secrets: Secrets) -> None:
        self._origin, self._limits, self._secrets = origin_of(origin), limits, secrets
        self._sockets: list[socket.socket] = []
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Every connection tells its socket, so that the deadline can close it."""
        super().init_poolmanager(*args, **kwargs)
        told = self._sockets

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                told[:] = [self.sock]

        class Secure(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                told[:] = [self.sock]

        plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
        secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": secure}

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, **kwargs: Any
    ) -> requests.Response:
        """One exchange.

        Raises:
            BadAnswer: another origin was asked for, or the answer is not what the limits allow.
        """
        if origin_of(str(request.url)) != self._origin:
            raise BadAnswer(f"the answer leads elsewhere, to {origin_of(str(request.url))}: it is not followed")
        request.headers["Accept-Encoding"] = "identity"
        seconds = self._limits.call_seconds
        expired = threading.Event()
        watch = threading.Timer(seconds, self._expire, (expired,))
        watch.daemon = True
        watch.start()
        try:
            response = super().send(request, stream=True, timeout=seconds, **kwargs)
            data = self._read(response)
        except BadAnswer:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            if expired.is_set() or isinstance(error, requests.Timeout):
                raise BadAnswer(f"no whole answer within {seconds:g} s") from None
            raise BadAnswer(self._secrets.scrub(f"{type(error).__name__}: {error}")[:400]) from None
        finally:
            watch.cancel()
        if expired.is_set():
            raise BadAnswer(f"no whole answer within {seconds:g} s")
        return self._rebuilt(response, data)

    def _expire(self, expired: threading.Event) -> None:
        expired.set()
        for connection in self._sockets:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def _read(self, response: requests.Response) -> bytes:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise BadAnswer("the answer is compressed, which was not asked for")
        data = bytearray()
        while part := response.raw.read1(_CHUNK, decode_content=False):
            data += part
            if len(data) > self._limits.body_bytes:
                response.raw.close()
                raise BadAnswer(f"the answer has more than {self._limits.body_bytes} bytes")
        response.raw.release_conn()
        kind = response.headers.get("Content-Type", "")
        if data and "json" not in kind.lower():
            raise BadAnswer(f"the answer with status {response.status_code} is {kind[:60] or 'of no type'}, not JSON")
        return bytes(data)

    def _rebuilt(self, response: requests.Response, data: bytes) -> requests.Response:
        """The same answer with a body that is already here."""
        clean = self._secrets.scrub(data.decode("utf-8", errors="replace")).encode()
        for name in ("Content-Length", "Transfer-Encoding"):
            response.headers.pop(name, None)
        for name, value in list(response.headers.items()):
            response.headers[name] = self._secrets.scrub(value)
        response.raw = urllib3.HTTPResponse(
            body=BytesIO(clean), headers=dict(response.headers), status=response.status_code, preload_content=False
        )
        return response


def session_of(adapter: HTTPAdapter, *, loopback: bool) -> requests.Session:
    """A session that has no way out but this adapter."""
    session = requests.Session()
    session.trust_env = not loopback  # proxies, but no credentials of .netrc in the place of the token
    session.auth = lambda request: request
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


def pause(seconds: float) -> None:
    """Wait before asking again."""
    time.sleep(seconds)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, the same however they are written."""
    parts = urlsplit(url.lower())
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{parts.netloc.removesuffix(f':{usual}')}"
