"""A server on loopback that answers whatever it is told to, byte by byte."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behaviour = Callable[[socket.socket], None]

NO_CONTROL = b'{"error": {"code": "NotFound", "message": "no such path"}}'


def answer(status: str, body: bytes = b"", *headers: str, kind: str = "application/json") -> bytes:
    """A whole HTTP answer."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def sends(data: bytes) -> Behaviour:
    """Send this, and close."""
    return lambda peer: peer.sendall(data)


def hangs(peer: socket.socket) -> None:
    """Say nothing until the other side leaves."""
    while peer.recv(4096):
        pass


def drips(head: bytes) -> Behaviour:
    """Send a beginning, then a byte now and then, for as long as the other side stays."""

    def behave(peer: socket.socket) -> None:
        peer.sendall(head)
        while True:
            time.sleep(0.05)
            peer.sendall(b"x")

    return behave


def pours(head: bytes) -> Behaviour:
    """Send a beginning, then as much as the other side takes."""

    def behave(peer: socket.socket) -> None:
        peer.sendall(head)
        while True:
            peer.sendall(b"x" * 65536)

    return behave


class Hostile:
    """port: where it listens; requests: the heads of all requests that came."""

    def __init__(self, behaviour: Behaviour, *, control: bool = False) -> None:
        self.requests: list[bytes] = []
        self._behaviour, self._control = behaviour, control
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._peers: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self._listening.accept()
                self._peers.append(peer)
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with suppress(OSError), peer:
            head = b""
            while b"\r\n\r\n" not in head:
                part = peer.recv(65536)
                if not part:
                    return
                head += part
            self.requests.append(head)
            if head.startswith(b"GET /control") and not self._control:
                peer.sendall(answer("404 Not Found", NO_CONTROL))
            else:
                self._behaviour(peer)

    def close(self) -> None:
        """Leave all peers."""
        self._listening.close()
        for peer in self._peers:
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)


@contextmanager
def hostile(behaviour: Behaviour, *, control: bool = False) -> Iterator[Hostile]:
    """A server that behaves so. control: also towards the question whether there is a control path."""
    server = Hostile(behaviour, control=control)
    try:
        yield server
    finally:
        server.close()
