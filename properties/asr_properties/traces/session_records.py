"""Session records of the Azure PowerShell tests (HttpRecorder).

The recorder writes the answers to one address together, then those to the next. So the entries are not in the order of
time; their dates tell it.
"""

from __future__ import annotations

from typing import Any

from asr_properties.traces.exchanges import Exchange, NotAnExchange, exchange

ENTRIES = ("Entries",)

_A_SECOND = 1000
"""In milliseconds. Dates are whole seconds: within one, they do not tell which entry came first."""


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
