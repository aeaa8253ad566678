"""Lists of recovery points. A long one comes in pages, and only all of its pages together tell what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from asr_properties.arm.operations import POINT_TYPE_OF_TOKEN
from asr_properties.arm.tokens import last_segment
from asr_properties.contract.messages import RecoveryPoint
from asr_properties.traces.events import MOST_CHARACTERS
from asr_properties.traces.exchanges import seconds_of

MOST_POINTS = 1000
"""How many recovery points of a list are kept, the newest ones."""


class Page(NamedTuple):
    """One page of a list. url: where it was asked for; next_url: where the next page is, None if it is the last."""

    points: tuple[RecoveryPoint, ...]
    url: str
    next_url: str | None = None

    @property
    def is_first(self) -> bool:
        """Whether the list begins with it, and shows all that there is."""
        return not any(word in self.url for word in ("skiptoken", "$filter", "$top", "$skip"))


def page_of(url: str, answer: object) -> Page | None:
    """The page in an answer; None where it is no list."""
    listed = answer.get("value") if isinstance(answer, Mapping) else None
    if not isinstance(answer, Mapping) or not isinstance(listed, list):
        return None
    told = answer.get("nextLink")
    points = tuple(_point(body) for body in listed[:MOST_POINTS] if isinstance(body, Mapping))
    return Page(points, _plain(url), _plain(told) if isinstance(told, str) and told else None)


class PointLists:
    """Puts the pages of each item's list together."""

    def __init__(self) -> None:
        self._begun: dict[object, Page] = {}

    def take(self, item: object, page: Page) -> tuple[RecoveryPoint, ...] | None:
        """Take in a page; gives all points, newest first, where it was the last one."""
        begun = self._begun.pop(item, None)
        if begun is not None and begun.next_url == page.url:
            page = page._replace(points=(*begun.points, *page.points)[:MOST_POINTS], url=begun.url)
        if not page.is_first:
            return None
        if page.next_url is not None:
            self._begun[item] = page
            return None
        return tuple(sorted(page.points, key=lambda point: -point.created))


def _plain(url: str) -> str:
    """An address as it can be compared: servers and clients write it in different cases, escaped or not."""
    return unquote(url[:16_000]).lower()


def _point(body: Mapping[str, Any]) -> RecoveryPoint:
    told = body.get("properties")
    properties = told if isinstance(told, Mapping) else {}
    name = last_segment(str(body.get("name") or body.get("id") or ""))[:MOST_CHARACTERS]
    kind = POINT_TYPE_OF_TOKEN.get(str(properties.get("recoveryPointType")), "crash_consistent")
    created = seconds_of(properties.get("recoveryPointTime"))
    return RecoveryPoint.model_validate(
        {"id": name if name.isprintable() else "?", "kind": kind, "created": created, "multi_vm": False}
    )
