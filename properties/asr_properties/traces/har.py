"""HTTP Archives (HAR 1.2), as browsers and proxies export them.

A body may be missing or null, or stand in base64. Entries need not be in the order of time; `startedDateTime` tells it.
"""

from __future__ import annotations

import base64
from typing import Any

from asr_properties.traces.exchanges import Exchange, NotAnExchange, exchange

ENTRIES = ("log", "entries")


def exchange_of(entry: Any, number: int) -> Exchange:
    """The exchange that one of `log.entries` holds.

    Raises:
        NotAnExchange: it holds none.
    """
    try:
        request, response = entry["request"], entry["response"]
        posted, content = request.get("postData") or {}, response.get("content") or {}
        headers: dict[str, Any] = {}
        for header in response.get("headers") or ():
            headers.setdefault(str(header["name"]).lower(), header.get("value"))
        return exchange(
            number, request["method"], request["url"], posted.get("text"), response["status"], headers,
            _text(content), entry.get("startedDateTime"),
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, IndexError):
        raise NotAnExchange("lacks its request or its response: expected method, url and status") from None


def _text(content: Any) -> object:
    text = content.get("text")
    if content.get("encoding") != "base64" or not isinstance(text, str):
        return text
    try:
        return base64.b64decode(text)
    except ValueError:
        return None
