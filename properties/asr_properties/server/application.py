"""The ASGI application, and the server that runs it."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
import ssl
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from uuid import uuid4

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from asr_properties.server.access import TOKEN_OPTION, Access, is_control
from asr_properties.server.control import Control
from asr_properties.server.http_faults import HttpFaults
from asr_properties.server.replies import ArmError, Reply, Request, bad_request, server_error
from asr_properties.server.slots import Vaults
from asr_properties.server.surface import Surface

MOST_BYTES = 1 << 20
"""The longest body that is read; requests of the API have a few kilobytes."""

Answer = Callable[[Request], Reply]

_log = logging.getLogger(__name__)  # without a handler of its own, it writes to stderr


def answerer(
    vaults: Vaults,
    name: str,
    *,
    retry_after: int = 1,
    page_size: int = 0,
    control_path: bool = True,
    faults: HttpFaults | None = None,
) -> Answer:
    """What answers every request: the control path, where there is to be one, or the ARM surface. faults: those of the
    way, which the control path adds to; the application makes them happen."""
    surface = Surface(vaults, retry_after=retry_after, page_size=page_size)
    control = Control(vaults, name, faults or HttpFaults())

    def answer(request: Request) -> Reply:
        try:
            return control.answer(request) if control_path and is_control(request.path) else surface.answer(request)
        except Exception:
            _log.exception("%s %r could not be answered", request.method, request.path)
            return server_error()

    return answer


def application(
    answer: Answer, access: Access, faults: HttpFaults | None = None, ending: asyncio.Event | None = None
) -> ASGIApp:
    """The ASGI application; each request is answered on a thread of its own: items don't wait for each other. There is
    no router before it: whatever is asked, the answer is one of ARM. access: who may reach the control path. faults:
    what is to happen on the way. ending: set when the server ends; slow answers then wait no longer."""
    coming, over = faults or HttpFaults(), ending or asyncio.Event()

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        http = HttpRequest(scope, receive)
        try:
            reply = await _answered(http, answer, access, coming, over)
        except ArmError as error:
            reply = error.reply()
        except ClientDisconnect:
            return
        except Exception:
            _log.exception("%s %r could not be answered", scope["method"], scope["path"])
            reply = server_error()
        if reply is None:
            await _hang_up(receive, send)
        else:
            await _response(http, reply)(scope, receive, send)

    return handle


async def _answered(
    http: HttpRequest, answer: Answer, access: Access, faults: HttpFaults, over: asyncio.Event
) -> Reply | None:
    """The answer to a request; None where a fault of the way leaves none.

    Raises:
        ArmError: it is not answered, or can't be read.
    """
    if (refusal := access.refusal(http)) is not None:
        return refusal
    request = await _read(http, access.origin(http))
    fault = None if is_control(request.path) else faults.take(request.method, request.path)
    if fault is None:
        return await run_in_threadpool(answer, request)
    if (told := fault.refusal()) is not None:
        raise told
    if fault.kind == "reset":
        return None
    reply = await run_in_threadpool(answer, request)
    if fault.kind == "lost":
        return None
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), fault.seconds)
    return reply


async def _hang_up(receive: Receive, send: Send) -> None:
    """End the connection without an answer, by a reset. ASGI has no word for it: the transport is uvicorn's."""
    transport = send.__self__.transport  # type: ignore[attr-defined]
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


def listen(host: str, port: int) -> socket.socket:
    """A socket to listen on; port 0 takes a free one. Answers leave at once: asyncio turns Nagle's algorithm off only
    for sockets that name their protocol, and with it every answer waits 40 ms for an acknowledgement.

    Raises:
        OSError: the address can't be taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


#: How long a connection stays open that nobody uses, in seconds. ARM's front door was not measured; a client that asks
#: again after ARM's own `Retry-After` of 30 s (facts 7.2), or at any pace up to minutes, must find it open.
KEEP_ALIVE: Final = 300


class Server(uvicorn.Server):
    """Ends connections that nobody uses at once: over TLS their clients would have to say good-bye first. ending: what
    is set then."""

    def __init__(self, config: uvicorn.Config, ending: asyncio.Event) -> None:
        super().__init__(config)
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; requests that are being answered have the time of the configuration."""
        self._ending.set()
        for connection in list(self.server_state.connections):
            cycle, transport = getattr(connection, "cycle", None), getattr(connection, "transport", None)
            if transport is not None and (cycle is None or cycle.response_complete):
                transport.abort()
        await super().shutdown(sockets)


def server(
    answer: Answer, access: Access, tls: Callable[[], ssl.SSLContext] | None = None, faults: HttpFaults | None = None
) -> Server:
    """A server, not yet running: `run(sockets=[...])` runs it. access: who may reach the control path. tls: what gives
    the certificate; None: plain http. faults: what is to happen on the way."""
    ending = asyncio.Event()
    config = uvicorn.Config(
        application(answer, access, faults, ending),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # links are made of what the server was given, not of what a header says
        lifespan="off",
        timeout_graceful_shutdown=2,
        timeout_keep_alive=KEEP_ALIVE,
        ssl_context_factory=None if tls is None else lambda config, default: tls(),
    )
    return Server(config, ending)


async def _read(http: HttpRequest, origin: str) -> Request:
    body = bytearray()
    async for part in http.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise bad_request(f"The body has more than {MOST_BYTES} bytes.", status=413)
    query = {name.lower(): value for name, value in http.query_params.items()}
    if is_control(http.scope["path"]):
        query.pop(TOKEN_OPTION, None)
    content = _unpacked(bytes(body), http.headers.get("content-encoding", "identity").lower())
    return Request(http.method, origin, http.scope["path"], query, content)


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding == "identity" or not body:
        return body
    if encoding != "gzip":
        raise bad_request(f"The body is packed by {encoding!r:.40}; only gzip is known.", status=415)
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacking.decompress(body, MOST_BYTES + 1)
    except zlib.error:
        raise bad_request("The body is not what gzip makes.") from None
    if len(unpacked) > MOST_BYTES:
        raise bad_request(f"The body has more than {MOST_BYTES} bytes.", status=413)
    if not unpacking.eof:
        raise bad_request("The body is not what gzip makes: its end is missing.")
    return unpacked


def _response(http: HttpRequest, reply: Reply) -> Response:
    content = b"" if reply.body is None else json.dumps(reply.body).encode()
    headers = {**_told_of(http), **reply.headers, "Cache-Control": "no-cache"}
    media = None if reply.body is None else "application/json; charset=utf-8"
    return Response(content, reply.status, headers, media)


def _told_of(http: HttpRequest) -> dict[str, str]:
    """What every answer says of its request: an id of its own, that of what it belongs to, and the client's own, as
    recorded (2017). Long or unprintable ones are not repeated."""
    own = str(uuid4())
    given = {name: http.headers.get(name, "") for name in (_CORRELATION, _CLIENT)}
    told = {name: value for name, value in given.items() if _REPEATED.fullmatch(value)}
    return {"x-ms-request-id": own, _CORRELATION: own, **told}


_CORRELATION: Final = "x-ms-correlation-request-id"
_CLIENT: Final = "x-ms-client-request-id"
_REPEATED: Final = re.compile(r"[ -~]{1,200}")
