"""Walks through JSON and YAML documents without loading them. Only one list is built, entry by entry.

Both parsers give the same events, those of ijson. Limits on depth, values and bytes hold for each entry, so that no
document can make the reader use more memory than a stated bound.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

import ijson
import yaml

from asr_properties.traces.source import Source

DEEPEST = 100
"""How deeply a value may be nested. No recording comes near it."""

MOST_VALUES = 1_000_000
"""How many values an entry may have, aliases expanded. No recording comes near it."""

MOST_ANCHORED = 128 * 1024 * 1024
"""How many bytes of a YAML document may have anchors. These are held to the end, as an alias may come anywhere."""

_VALUE_BYTES = 100
"""About how many bytes a value takes beside its text."""

Path = tuple[str, ...]
ParserEvent = tuple[str, Any]
"""As `ijson.basic_parse` gives them; for YAML also ("anchor", name) before a value, and ("alias", name)."""

BEGINS = object()
"""Stands for the start of a list."""

_TAG = "tag:yaml.org,2002:"
_TOO_DEEP = "the file is nested too deeply"


class Malformed(ValueError):
    """A document is not whole, or is no plain data. line: where; None where that is not known."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(problem)


def json_events(source: Source) -> Iterator[ParserEvent]:
    """The events of a JSON document.

    Raises:
        Malformed: it is not whole.
    """
    try:
        yield from ijson.basic_parse(source, use_float=True)
    except (ijson.JSONError, UnicodeDecodeError, OverflowError) as error:
        problem = str(error).partition("\n")[0]
        raise Malformed(f"not a whole JSON document, the file may be cut off: {problem}") from None


def yaml_events(source: Source) -> Iterator[ParserEvent]:
    """The events of a YAML document of plain data. No tag in it may construct an object.

    Raises:
        Malformed: it is not whole, or holds anything else.
    """
    try:
        yield from _plain(yaml.parse(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        line = None if mark is None else mark.line + 1
        if "nesting" in problem:  # from libyaml 0.2.6 on the parser has a limit of its own
            raise Malformed(_TOO_DEEP, line) from None
        raise Malformed(f"neither JSON nor whole YAML: {problem}", line) from None


def _plain(events: Iterator[Any]) -> Iterator[ParserEvent]:
    is_key: list[bool | None] = []  # for each open collection whether a key comes next; None in a list
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Malformed("more than one YAML document", _line(event))
        if isinstance(event, yaml.CollectionEndEvent):
            is_key.pop()
            yield "end_map" if isinstance(event, yaml.MappingEndEvent) else "end_array", None
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent | yaml.AliasEvent):
            continue
        key = is_key[-1] if is_key else None
        if key is not None:
            is_key[-1] = not key
        if key:
            if not isinstance(event, yaml.ScalarEvent):
                raise Malformed("a key that is no text", _line(event))
            yield "map_key", event.value
            continue
        if isinstance(event, yaml.AliasEvent):
            yield "alias", event.anchor
            continue
        if event.anchor is not None:
            yield "anchor", event.anchor
        if isinstance(event, yaml.ScalarEvent):
            yield "string", _scalar(event)
        else:
            is_map = isinstance(event, yaml.MappingStartEvent)
            if event.tag not in (None, "!", _TAG + ("map" if is_map else "seq")):
                raise _foreign(event)
            is_key.append(True if is_map else None)
            yield "start_map" if is_map else "start_array", None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> Any:
    text, tag = event.value, event.tag
    if tag is None and event.implicit[0]:
        return _resolved(text)
    if tag in (None, "!", _TAG + "str"):
        return text
    if tag == _TAG + "binary":
        try:
            return b64decode(text)
        except (binascii.Error, ValueError):
            raise Malformed("`!!binary` that is not base64", _line(event)) from None
    if tag in (_TAG + "int", _TAG + "null", _TAG + "bool", _TAG + "float", _TAG + "timestamp"):
        return _resolved(text)
    raise _foreign(event)


def _resolved(text: str) -> Any:
    """A plain scalar: null, true, false, or a whole number. All others are texts here."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else text


def _foreign(event: Any) -> Malformed:
    return Malformed(f"the tag {event.tag[:60]} would construct an object; expected plain data", _line(event))


def walk(
    events: Iterator[ParserEvent], lists: Collection[Path], entry_ends: Callable[[], None]
) -> Iterator[tuple[Path, Any]]:
    """The entries of some lists, and every scalar outside of these lists, each with its path.

    lists: the paths of the lists, which are keys from the top. A `BEGINS` comes before the entries of each list; an
    entry has the path of its list. entry_ends: called after each entry and each scalar.

    Raises:
        Malformed: as the events do; also for a value that is nested too deeply or too large.
    """
    path: list[str] = []
    key = ""
    anchors = _Anchors()
    found: set[Path] = set()
    for kind, value in events:
        here = (*path[1:], key)
        if kind == "map_key":
            key = value
        elif kind == "start_array" and here in lists:
            if here in found:
                raise Malformed(f"`{'.'.join(here)}` is there twice")
            found.add(here)
            yield here, BEGINS
            for entry in _entries(events, anchors):
                yield here, entry
                entry_ends()
        elif kind in ("start_map", "start_array"):
            _check_depth(len(path))
            path.append(key)
            key = ""
        elif kind in ("end_map", "end_array"):
            path.pop()
            key = ""
        elif kind not in ("anchor", "alias"):
            if here not in lists:
                yield here, value
            entry_ends()


def _check_depth(depth: int) -> None:
    if depth >= DEEPEST:
        raise Malformed(_TOO_DEEP)


def _entries(events: Iterator[ParserEvent], anchors: _Anchors) -> Iterator[Any]:
    """The elements of the list that has just begun."""
    for kind, value in events:
        if kind == "end_array":
            return
        yield _Value(anchors).build(kind, value, events)


class _Size(NamedTuple):
    """How many values something has, with aliases expanded, and about how many bytes it takes."""

    values: int = 0
    bytes: int = 0


class _Anchors:
    """The values that have an anchor, which are known throughout the document."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, _Size]] = {}
        self._bytes = 0

    def keep(self, name: str, value: Any, size: _Size) -> None:
        _, before = self._known.get(name, (None, _Size()))
        self._known[name] = (value, size)
        self._bytes += size.bytes + _VALUE_BYTES - before.bytes
        if self._bytes > MOST_ANCHORED:
            raise Malformed(f"more than {MOST_ANCHORED // 1024 // 1024} MiB of the document have anchors")

    def find(self, name: str) -> tuple[Any, int]:
        """The value, and how many values it has."""
        if name not in self._known:
            raise Malformed(f"the alias *{name[:60]} stands for nothing that is known and whole")
        value, size = self._known[name]
        return value, size.values


class _Value:
    """Builds one value from its events."""

    def __init__(self, anchors: _Anchors) -> None:
        self._anchors = anchors
        self._values = 0
        self._bytes = 0
        self._open: list[Any] = []
        self._keys: list[str] = []
        self._begun: list[tuple[str, _Size] | None] = []  # for each open collection: its anchor, and the size before it
        self._anchor: str | None = None

    def build(self, kind: str, value: Any, events: Iterator[ParserEvent]) -> Any:
        """The value that begins with this event. Takes the rest of its events from `events`."""
        while True:
            if kind == "anchor":
                self._anchor = value
            elif kind == "map_key":
                if value in self._open[-1]:
                    raise Malformed(f"the key {value[:60]!r} is there twice in one object")
                self._keys[-1] = value
            elif kind in ("start_map", "start_array"):
                self._begin({} if kind == "start_map" else [])
            elif kind in ("end_map", "end_array"):
                value = self._end()
                if not self._open:
                    return value
            else:
                value = self._scalar(kind, value)
                self._put(value)
                if not self._open:
                    return value
            kind, value = next(events, ("nothing", None))
            if kind == "nothing":
                raise Malformed("the file is cut off")

    def _begin(self, collection: Any) -> None:
        _check_depth(len(self._open))
        begun = None if self._anchor is None else (self._anchor, _Size(self._values, self._bytes))
        self._begun.append(begun)
        self._anchor = None
        self._grow(1)
        self._put(collection)
        self._open.append(collection)
        self._keys.append("")

    def _end(self) -> Any:
        self._keys.pop()
        value, begun = self._open.pop(), self._begun.pop()
        if begun is not None:
            name, before = begun
            size = _Size(self._values - before.values, self._bytes - before.bytes)
            self._anchors.keep(name, value, size)
        return value

    def _scalar(self, kind: str, value: Any) -> Any:
        if kind == "alias":
            value, values = self._anchors.find(value)
            self._grow(values)
            return value
        text = len(value) if isinstance(value, str | bytes) else 0
        self._grow(1, text)
        if self._anchor is not None:
            self._anchors.keep(self._anchor, value, _Size(1, text + _VALUE_BYTES))
            self._anchor = None
        return value

    def _put(self, value: Any) -> None:
        if not self._open:
            return
        inner = self._open[-1]
        if isinstance(inner, dict):
            inner[self._keys[-1]] = value
        else:
            inner.append(value)

    def _grow(self, values: int, text: int = 0) -> None:
        self._values += values
        self._bytes += values * _VALUE_BYTES + text
        if self._values > MOST_VALUES:
            raise Malformed(f"one entry has more than {MOST_VALUES} values, aliases expanded")
