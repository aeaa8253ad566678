"""Batches of the portal: one POST whose body holds many requests, and whose answer holds their answers (facts F21)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from asr_properties.traces.exchanges import Exchange, NotAnExchange, exchange


def exchanges_in(outer: Exchange) -> list[Exchange]:
    """The exchanges that a batch holds, each at the place and time of the batch; none where it is no batch.

    An answer that was not recorded is one that could not be read. Where the requests were not recorded, an answer
    tells by its id what it is about.
    """
    if outer.method != "POST" or not _is_batch(outer.url):
        return []
    requests, answers = _list_in(outer.body, "requests"), _list_in(outer.answer, "responses")
    if not requests and not answers:
        return []
    return list(_read(outer, requests, _matched(requests, answers) if requests else answers))


def _is_batch(url: str) -> bool:
    try:
        return urlsplit(url).path.rstrip("/").lower().endswith("/batch")
    except ValueError:
        return False


def _read(outer: Exchange, requests: list[Any], answers: list[Any]) -> Iterator[Exchange]:
    for place, told in enumerate(answers):
        answer = told if isinstance(told, Mapping) else {}
        content = answer.get("content", answer.get("body"))
        asked = requests[place] if requests else {"httpMethod": "GET", "url": _address_of(content)}
        if not isinstance(asked, Mapping):
            continue
        status = answer.get("httpStatusCode", answer.get("status", answer.get("statusCode", outer.status)))
        told_headers = answer.get("headers")
        headers = told_headers if isinstance(told_headers, Mapping) else {}
        try:
            found = exchange(
                outer.number, asked.get("httpMethod", asked.get("method", "GET")), asked.get("url"),
                asked.get("content", asked.get("body")), status, headers, content,
            )  # fmt: skip
        except NotAnExchange:
            continue
        yield found._replace(at=outer.at or found.at, until=outer.until)


def _matched(requests: list[Any], answers: list[Any]) -> list[Any]:
    """The answer to each request: the one of its name, or, where not all have names, the one at its place."""
    named = {name: answer for answer in answers if isinstance(name := _name(answer), str)}
    if len(named) == len(answers) and all(_name(asked) in named for asked in requests):
        return [named[str(_name(asked))] for asked in requests]
    return [answers[place] if place < len(answers) else {} for place in range(len(requests))]


def _name(entry: Any) -> Any:
    return entry.get("name") if isinstance(entry, Mapping) else None


def _address_of(content: Any) -> str:
    """The id that an answer has; of a list, what its entries are in."""
    if not isinstance(content, Mapping):
        return ""
    if isinstance(content.get("id"), str):
        return str(content["id"])
    first = next((one for one in _list_in(content, "value") if isinstance(one, Mapping)), {})
    return str(first.get("id", "")).rstrip("/").rpartition("/")[0]


def _list_in(body: object, key: str) -> list[Any]:
    found = body.get(key) if isinstance(body, Mapping) else None
    return found if isinstance(found, list) else []
