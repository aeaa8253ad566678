"""The same server without a socket: requests go straight from the SDK's transport to what answers them."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from asr_properties.adapters.arm.adapter import ArmAdapter
from asr_properties.adapters.arm.target import read_target
from asr_properties.server.application import Answer, answerer
from asr_properties.server.slots import Vaults
from asr_properties.server.surface import Request


class Straight(HTTPAdapter):
    """Carries requests to a function."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        url = urlsplit(str(request.url))
        query = {name.lower(): value for name, value in parse_qsl(url.query)}
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        reply = self._answer(
            Request(str(request.method), f"{url.scheme}://{url.netloc}", unquote(url.path), query, body)
        )
        content = b"" if reply.body is None else json.dumps(reply.body).encode()
        headers = {"Content-Type": "application/json", **reply.headers}
        raw = urllib3.HTTPResponse(BytesIO(content), headers=headers, status=reply.status, preload_content=False)
        return self.build_response(request, raw)


def within(factory: Callable[[], Any]) -> Callable[[], ArmAdapter]:
    """A factory of adapters, each with a server of its own for what `factory` makes."""

    def make() -> ArmAdapter:
        http = Straight(answerer(Vaults(factory), "under test"))
        return ArmAdapter(read_target("arm:http://127.0.0.1:1"), http=http)

    return make
