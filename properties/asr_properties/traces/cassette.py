"""Cassettes of vcrpy, in YAML or JSON. The Azure CLI's own tests are recorded so."""

from __future__ import annotations

from typing import Any

from asr_properties.traces.exchanges import Exchange, NotAnExchange, exchange

#: Where the entries are, and the scalar after them: without it the cassette is cut off.
ENTRIES = ("interactions",)
VERSION = ("version",)


def exchange_of(entry: Any, number: int) -> Exchange:
    """The exchange that an entry of `interactions` holds.

    Raises:
        NotAnExchange: it holds none.
    """
    try:
        request, response = entry["request"], entry["response"]
        body, headers = response.get("body") or {}, response.get("headers") or {}
        content = body["base64_string"] if "base64_string" in body else body.get("string")
        return exchange(
            number, request["method"], request["uri"], request.get("body"), response["status"]["code"], headers, content
        )
    except (KeyError, TypeError, AttributeError, IndexError):
        raise NotAnExchange("lacks its request or its response: expected method, uri and status code") from None
