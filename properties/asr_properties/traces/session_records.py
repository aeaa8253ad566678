"""Session records of the Azure PowerShell tests (HttpRecorder).

The recorder keeps the answers to each address together and writes address after address, so that the order of the
entries is not that of time: their dates tell it.
"""

from __future__ import annotations

from typing import Any

from asr_properties.traces.exchanges import Exchange, NotAnExchange, exchange

ENTRIES = ("Entries",)

_A_SECOND = 1000
"""In milliseconds: dates are whole seconds, and say no more of what came first."""


def exchange_of(entry: Any, number: int) -> Exchange:
    """The exchange that one of `Entries` holds.

    Raises:
        NotAnExchange: it holds none.
    """
    try:
        return exchange(
            number, entry["RequestMethod"], entry["RequestUri"], entry.get("RequestBody"), entry["StatusCode"],
            entry.get("ResponseHeaders") or {}, entry.get("ResponseBody"), None, _A_SECOND,
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, IndexError):
        expected = "expected RequestMethod, RequestUri and StatusCode"
        raise NotAnExchange(f"lacks its request or its response: {expected}") from None
