"""The same exchanges in every format of recordings."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from typing import Any


def har_entry(interaction: dict[str, Any], *, packed: bool = False) -> dict[str, Any]:
    """An interaction of a cassette as an entry of an HTTP Archive; `packed`: with its body in base64."""
    request, response = interaction["request"], interaction["response"]
    headers = [{"name": name, "value": value[0]} for name, value in response["headers"].items()]
    text = response["body"]["string"]
    content: dict[str, Any] = {"size": len(text), "mimeType": "application/json", "text": text}
    if packed:
        content |= {"text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}
    started = parsedate_to_datetime(response["headers"]["date"][0]) if "date" in response["headers"] else None
    return {
        "startedDateTime": None if started is None else started.isoformat().replace("+00:00", ".000Z"),
        "time": 1,
        "request": {
            "method": request["method"],
            "url": request["uri"],
            "httpVersion": "HTTP/2",
            "headers": [],
            **(
                {}
                if request["body"] is None
                else {"postData": {"mimeType": "application/json", "text": request["body"]}}
            ),
        },
        "response": {"status": response["status"]["code"], "headers": headers, "content": content},
    }


def har(interactions: Sequence[dict[str, Any]], *, packed: bool = False) -> dict[str, Any]:
    """A whole HTTP Archive."""
    entries = [har_entry(interaction, packed=packed) for interaction in interactions]
    return {
        "log": {"version": "1.2", "creator": {"name": "a browser", "version": "1"}, "pages": [], "entries": entries}
    }


def session_record(interactions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A session record as Azure PowerShell's tests keep them, in the order given."""
    entries = []
    for interaction in interactions:
        request, response = interaction["request"], interaction["response"]
        entries.append(
            {
                "RequestUri": request["uri"].removeprefix("https://management.azure.com"),
                "EncodedRequestUri": "",
                "RequestMethod": request["method"],
                "RequestBody": request["body"] or "",
                "RequestHeaders": {},
                "ResponseBody": response["body"]["string"],
                "ResponseHeaders": response["headers"],
                "StatusCode": response["status"]["code"],
            }
        )
    return {"Entries": entries, "Names": {}, "Variables": {"SubscriptionId": "s"}}


def at(second: int, interaction: dict[str, Any]) -> dict[str, Any]:
    """The interaction, answered that many seconds after three o'clock."""
    return dated(f"Sat, 26 Aug 2023 03:{second // 60:02}:{second % 60:02} GMT", interaction)


def dated(date: str | None, interaction: dict[str, Any]) -> dict[str, Any]:
    """The interaction with another date, or none."""
    copy: dict[str, Any] = json.loads(json.dumps(interaction))
    del copy["response"]["headers"]["date"]
    if date is not None:
        copy["response"]["headers"]["date"] = [date]
    return copy
