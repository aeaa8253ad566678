"""JSON that requests bring: read once, and strictly, so that whatever is kept of it can be shown again."""

from __future__ import annotations

import json
import math
from typing import Any

from asr_properties.server.replies import bad_request


def read(body: bytes) -> Any:
    """The document that a body is.

    Raises:
        ValueError: it is none that an answer could have, too: numbers are finite, and texts are Unicode (RFC 8259;
            Python's own reader takes `NaN`, `1e999` and half a surrogate pair).
    """
    try:
        found = json.loads(body, parse_constant=_finite, parse_float=_finite)
        json.dumps(found, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return found


def of_request(body: bytes) -> Any:
    """The document of a request to the ARM API.

    Raises:
        ArmError: it is none.
    """
    try:
        return read(body)
    except ValueError:
        raise bad_request("The body is not JSON.") from None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number of JSON")
    return number
