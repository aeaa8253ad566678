"""The ASGI application, and the server that runs it."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from asr_properties.server.control import PREFIX, Control
from asr_properties.server.replies import ArmError, Reply
from asr_properties.server.slots import Vaults
from asr_properties.server.surface import Request, Surface

MOST_BYTES = 1 << 20
"""The longest body that is read; requests of the API have a few kilobytes."""

Answer = Callable[[Request], Reply]


def answerer(vaults: Vaults, name: str, *, retry_after: int = 1) -> Answer:
    """What answers every request: the control path, or the ARM surface."""
    surface, control = Surface(vaults, retry_after=retry_after), Control(vaults, name)

    def answer(request: Request) -> Reply:
        within = request.path == PREFIX or request.path.startswith(f"{PREFIX}/")
        return control.answer(request) if within else surface.answer(request)

    return answer


def application(answer: Answer) -> Starlette:
    """The ASGI application; each request is answered on a thread of its own: items don't wait for each other."""

    async def handle(http: HttpRequest) -> Response:
        body = bytearray()
        async for part in http.stream():
            body += part
            if len(body) > MOST_BYTES:
                return _response(ArmError(413, "BadRequest", "TooLong", "The body is too long.").reply())
        url = http.url
        query = {name.lower(): value for name, value in http.query_params.items()}
        request = Request(http.method, f"{url.scheme}://{url.netloc}", http.scope["path"], query, bytes(body))
        return _response(await run_in_threadpool(answer, request))

    methods = ["GET", "PUT", "POST", "DELETE", "PATCH"]
    return Starlette(routes=[Route("/{path:path}", handle, methods=methods)])


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


def server(answer: Answer) -> uvicorn.Server:
    """A server, not yet running: `run(sockets=[...])` runs it."""
    config = uvicorn.Config(
        application(answer),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


def _response(reply: Reply) -> Response:
    content = b"" if reply.body is None else json.dumps(reply.body).encode()
    headers = {**reply.headers, "Cache-Control": "no-cache"}
    media = None if reply.body is None else "application/json; charset=utf-8"
    return Response(content, reply.status, headers, media)
