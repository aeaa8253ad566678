"""HTTP Archives (HAR 1.2), as browsers and proxies export them.

A body may be missing, null, or in base64; the label `encoding` is not to be trusted. A request that was given up has
the status 0, -1 or null, or no response. Entries need not be in the order of time. `startedDateTime` tells when an
exchange began, `time` how long it took.
"""

from __future__ import annotations

from typing import Any

from asr_properties.traces.exchanges import Exchange, NotAnExchange, exchange

ENTRIES = ("log", "entries")


def exchange_of(entry: Any, number: int) -> Exchange:
    """The exchange that one of `log.entries` holds.

    Raises:
        NotAnExchange: it holds none.
    """
    try:
        request, response = entry["request"], entry["response"] or {"status": None}
        posted, content = request.get("postData") or {}, response.get("content") or {}
        headers: dict[str, Any] = {}
        for header in response.get("headers") or ():
            headers.setdefault(str(header["name"]).lower(), header.get("value"))
        status = 0 if response["status"] is None else response["status"]
        return exchange(
            number, request["method"], request["url"], posted.get("text"), status, headers, content.get("text"),
            entry.get("startedDateTime"), entry.get("time"),
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, IndexError):
        raise NotAnExchange("lacks its request or its response: expected method, url and status") from None
