"""Puts together what the exchanges of a recording tell: the events of each item, in the order of time.

Every exchange either gives events of the items that are followed or is counted in `skipped`, by kind. What an exchange
tells is kept in a spool, its bodies are not. Once over it settles what is known only at the end; the events are found
anew each time they are asked for. Memory grows with the number of items, not with the length of the recording.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from asr_properties.arm import tokens as arm
from asr_properties.traces import linking
from asr_properties.traces.events import TraceEvent
from asr_properties.traces.exchange_facts import Ask, Key, Look, Note, notes_of
from asr_properties.traces.exchanges import Exchange
from asr_properties.traces.linking import Linker, Settled
from asr_properties.traces.ordering import Ordering, When
from asr_properties.traces.spool import Record, Spool
from asr_properties.traces.trace import Trace

MOST_REMARKS = 1000
"""Of each item so many remarks are kept; the others are counted."""

MOST_INSTANCES = 20
"""Of the `instanceType`s of an item so many are kept: with three already no profile covers it."""

Notes = tuple[Note, ...] | str
"""What an exchange tells, or the kind under which it is counted as skipped."""


class Translation:
    """Takes in the exchanges of one recording."""

    def __init__(self) -> None:
        self._spool = Spool()
        self._instances: dict[Key, set[str]] = {}
        self._times: set[str] = set()  # the first two different ones

    def take(self, exchange: Exchange) -> None:
        """Take in one exchange.

        Raises:
            OSError: there is no room for what has to be kept.
        """
        notes = notes_of(exchange)
        for note in notes if isinstance(notes, tuple) else ():
            if isinstance(note, Look | Ask):
                instances = self._instances.setdefault(note.key, set())
                if note.instance is not None and len(instances) < MOST_INSTANCES:
                    instances.add(note.instance)
        if len(self._times) < 2 and exchange.at is not None:
            self._times.add(exchange.at)
        content = pickle.dumps(notes, pickle.HIGHEST_PROTOCOL)
        self._spool.add(Record(exchange.number, exchange.at, exchange.until, content))

    def trace(self, source: str, *, by_time: bool = False, grouped: bool = False) -> Trace:
        """The events of all items.

        by_time: the times of the entries tell their order; where one is missing that of the file is kept. grouped: the
        order of the file says nothing of that of time.
        """
        entries = self._entries(by_time, grouped)
        not_covered = {key: why for key, seen in self._instances.items() if (why := arm.why_not_covered(seen))}
        linker = Linker(Settled(not_covered=not_covered), Ordering(entries.doubt))
        skipped: Counter[str] = Counter()
        remarks: list[tuple[Key, int, str]] = []
        remarked: Counter[Key] = Counter()
        for when, notes in entries:
            if isinstance(found := linker.link(when, notes), str):
                skipped[found] += 1
            for key, text in _remarks(notes):
                remarked[key] += 1
                if key not in not_covered and remarked[key] <= MOST_REMARKS:
                    remarks.append((key, when.number, text))
        names = _display_names(linker.names)
        return Trace(
            source=source,
            unit="interaction",
            events=_Events(entries, Settled(names, not_covered, linker.cancels)),
            skipped=skipped,
            total=len(self._spool),
            remarks=tuple((names[key], number, text) for key, number, text in remarks),
            more_remarks={
                names[key]: count - MOST_REMARKS
                for key, count in remarked.items()
                if key not in not_covered and count > MOST_REMARKS
            },
            told_profiles={
                names[key]: told
                for key, seen in self._instances.items()
                if key not in not_covered and seen and (told := arm.profile_of(min(seen)))
            },
            not_followed={names[key]: not_covered[key] for key in names if key in not_covered},
            gaps=tuple(self._gaps(by_time, linker.forgotten)),
            doubts={names[key]: doubt for key, doubt in linker.ordering.doubts.items()},
        )

    def _entries(self, by_time: bool, grouped: bool) -> _Entries:
        """Where all have one time, or some have none, times say nothing, and the order of the file is all there is."""
        tells = by_time and not self._spool.undated and (grouped or len(self._times) > 1)
        unknown = by_time and grouped and self._spool.undated
        why = "not all entries have a time, and they are not written in the order of time" if unknown else None
        return _Entries(self._spool, by_time, tells, why)

    def _gaps(self, by_time: bool, forgotten: int) -> Iterator[str]:
        undated, total = self._spool.undated, len(self._spool)
        if by_time and undated:
            yield f"{undated} of {total} entries have no time: all are taken in the order of the file"
        if forgotten:
            known = f"only the latest {linking.MOST_JOBS} are known"
            yield f"{forgotten} jobs were forgotten, for {known}: what was recorded of them later says nothing"


def translate(exchanges: Iterable[Exchange], source: str, *, by_time: bool = False, grouped: bool = False) -> Trace:
    """The trace in these exchanges; as `Translation.trace`."""
    translation = Translation()
    for exchange in exchanges:
        translation.take(exchange)
    return translation.trace(source, by_time=by_time, grouped=grouped)


@dataclass(frozen=True)
class _Entries:
    """What is in a spool, in order. tells_overlaps: whether their times tell which overlap. doubt: why their order is
    not known, None where it is."""

    spool: Spool
    by_time: bool
    tells_overlaps: bool
    doubt: str | None

    def __iter__(self) -> Iterator[tuple[When, Notes]]:
        for number, at, until, content in self.spool.read(by_time=self.by_time):
            notes = _small_notes(content) if len(content) < _SMALL else _notes(content)
            yield When(number, at, until if self.tells_overlaps else None), notes


@dataclass(frozen=True)
class _Events:
    """The events in these entries, found anew each time."""

    entries: _Entries
    settled: Settled

    def __iter__(self) -> Iterator[TraceEvent]:
        linker = Linker(self.settled, Ordering())
        for when, notes in self.entries:
            if not isinstance(found := linker.link(when, notes), str):
                yield from found


def _notes(content: bytes) -> Notes:
    notes: Notes = pickle.loads(content)
    return notes


_SMALL = 4096
#: Most exchanges repeat what was told before: their notes are one object.
_small_notes = lru_cache(maxsize=500)(_notes)


def _remarks(notes: Notes) -> Iterator[tuple[Key, str]]:
    for note in notes if isinstance(notes, tuple) else ():
        if isinstance(note, Look):
            for text in note.remarks:
                yield note.key, text


def _display_names(names: dict[Key, str]) -> dict[Key, str]:
    """An item's own name; where several vaults have one of this name with that of its vault, or all that names it."""
    shared = Counter(key.item for key in names)
    in_vaults = Counter((_vault_name(key), key.item) for key in names)
    shown: dict[Key, str] = {}
    for key, name in names.items():
        vault = _vault_name(key) if in_vaults[_vault_name(key), key.item] == 1 else key.vault
        shown[key] = f"{vault}/{name}" if shared[key.item] > 1 else name
    return shown


def _vault_name(key: Key) -> str:
    return key.vault.rpartition("/")[2]
