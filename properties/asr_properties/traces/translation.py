"""Translates the exchanges of a recording into a trace: the events of each item, in the order of time.

Each exchange gives events or is counted in `skipped`, by kind. Its facts are kept in a spool; its bodies are not.
A first pass over the spool finds what is known only at the end. Each time the events are asked for, another pass makes
them. So memory grows with the number of items, not with the length of the recording.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from asr_properties.arm import tokens as arm
from asr_properties.traces import linking
from asr_properties.traces.entry_numbers import EntryNumbers
from asr_properties.traces.events import TraceEvent
from asr_properties.traces.exchange_facts import ExchangeFacts, ItemKey, ItemShown, OperationRequested
from asr_properties.traces.exchange_reading import facts_of
from asr_properties.traces.exchanges import Exchange
from asr_properties.traces.job_targets import JobTargets
from asr_properties.traces.linking import KnownAtTheEnd, Linker
from asr_properties.traces.ordering import EntryTime, Ordering, Overlap
from asr_properties.traces.spool import EntryRecord, Spool
from asr_properties.traces.trace import Trace

MOST_REMARKS = 1000
"""How many remarks on an item are kept. Further ones are only counted."""

MOST_INSTANCES = 20
"""How many `instanceType`s of an item are kept. No profile covers an item that has three."""


class Translation:
    """Takes in the exchanges of one recording."""

    def __init__(self) -> None:
        self._spool = Spool()
        self._instances: dict[ItemKey, set[str]] = {}
        self._times: set[str] = set()  # the first two different ones
        self._machines: dict[ItemKey, str] = {}
        self._targets = JobTargets()

    def take(self, exchange: Exchange) -> None:
        """Take in one exchange.

        Raises:
            OSError: there is no room for what has to be kept.
        """
        facts = facts_of(exchange)
        for fact in facts if isinstance(facts, tuple) else ():
            self._targets.take(fact)
            if isinstance(fact, ItemShown | OperationRequested):
                instances = self._instances.setdefault(fact.key, set())
                if isinstance(fact, ItemShown) and fact.machine:
                    self._machines[fact.key] = fact.machine
                if isinstance(fact, OperationRequested) and arm.profile_of(fact.instance) is None:
                    continue  # what a request names may be a class of the client; an item tells its provider
                if fact.instance is not None and len(instances) < MOST_INSTANCES:
                    instances.add(fact.instance)
        if len(self._times) < 2 and exchange.at is not None:
            self._times.add(exchange.at)
        content = pickle.dumps(facts, pickle.HIGHEST_PROTOCOL)
        self._spool.add(EntryRecord(exchange.number, exchange.at, exchange.until, content))

    @property
    def total(self) -> int:
        """How many exchanges were taken in."""
        return len(self._spool)

    def trace(
        self, source: str, *, by_time: bool = False, grouped: bool = False, sequences: Sequence[range] = ()
    ) -> Trace:
        """The trace, with the events of all items.

        by_time: entries are ordered by their times, unless one has no time. grouped: the order in the file says
        nothing about the order in time. sequences: the numbers of entries that are certain to be in order.
        """
        entries = self._entries(by_time, grouped)
        not_covered = {key: why for key, seen in self._instances.items() if (why := arm.why_not_covered(seen))}
        targets = self._targets.items()
        known = KnownAtTheEnd(not_covered=not_covered, targets=targets)
        linker = Linker(known, Ordering(entries.doubt, sequences))
        skipped: dict[str, EntryNumbers] = {}
        remarks = _Remarks()
        for when, facts in entries:
            if isinstance(found := linker.link(when, facts), str):
                skipped.setdefault(found, EntryNumbers()).add(when.number)
            for fact in facts if isinstance(facts, tuple) else ():
                if isinstance(fact, ItemShown) and fact.key not in not_covered:
                    remarks.add(when.number, fact)
        names = _display_names(linker.names)
        return Trace(
            source=source,
            unit="entry",
            events=_Events(entries, KnownAtTheEnd(names, not_covered, linker.cancels, targets, linker.ended_before)),
            skipped=Counter({kind: numbers.count for kind, numbers in skipped.items()}),
            skipped_at=skipped,
            total=len(self._spool),
            remarks=tuple((names[key], number, text) for key, number, text in remarks.kept),
            more_remarks={names[key]: n - MOST_REMARKS for key, n in remarks.count.items() if n > MOST_REMARKS},
            told_profiles={
                names[key]: told
                for key, seen in self._instances.items()
                if key not in not_covered and seen and (told := arm.profile_of(min(seen)))
            },
            not_followed={names[key]: not_covered[key] for key in names if key in not_covered},
            gaps=tuple(self._gaps(by_time, linker.forgotten)),
            unread=_unread(linker.unread, names),
            doubts={names[key]: doubt for key, doubt in linker.ordering.doubts.items()},
            overlaps={names[key]: tuple(found) for key, found in linker.ordering.overlaps.items()},
            plans={names[key]: tuple(asked) for key, asked in linker.plans.items()},
            machines={names[key]: name for key, name in self._machines.items() if key in names},
        )

    def _entries(self, by_time: bool, grouped: bool) -> _Entries:
        """Times do not tell which entries overlap where some have none, or where all have the same one."""
        tells = by_time and not self._spool.undated and (grouped or len(self._times) > 1)
        unknown = by_time and grouped and self._spool.undated
        why = "not all entries have a time, and they are not written in the order of time" if unknown else None
        return _Entries(self._spool, by_time, tells, why)

    def _gaps(self, by_time: bool, forgotten: int) -> Iterator[str]:
        undated, total = self._spool.undated, len(self._spool)
        if by_time and undated:
            yield f"{undated} of {total} entries have no time: all are taken in the order of the file"
        if forgotten:
            kept = f"only the latest {linking.MOST_JOBS} are remembered"
            yield f"{forgotten} jobs were forgotten, because {kept}: what was recorded of them later was not used"


def translate(exchanges: Iterable[Exchange], source: str, *, by_time: bool = False, grouped: bool = False) -> Trace:
    """The trace in these exchanges; as `Translation.trace`."""
    translation = Translation()
    for exchange in exchanges:
        translation.take(exchange)
    return translation.trace(source, by_time=by_time, grouped=grouped)


@dataclass(frozen=True)
class _Entries:
    """The facts in a spool, in order.

    tells_overlaps: whether the times tell which entries overlap. doubt: why the order is not known; None where it is.
    delayed: the numbers of entries that are taken in later, and after which one each.
    """

    spool: Spool
    by_time: bool
    tells_overlaps: bool
    doubt: str | None
    delayed: Mapping[int, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[tuple[EntryTime, ExchangeFacts]]:
        held: dict[int, list[tuple[EntryTime, ExchangeFacts]]] = {}
        for entry in self._as_recorded():
            after = self.delayed.get(entry[0].number)
            if after is None:
                yield from _with_held(entry, held)
            else:
                held.setdefault(after, []).append(entry)

    def _as_recorded(self) -> Iterator[tuple[EntryTime, ExchangeFacts]]:
        for number, at, until, content in self.spool.read(by_time=self.by_time):
            facts = _shared_facts(content) if len(content) < _SHARED_BELOW else _facts_in(content)
            yield EntryTime(number, at, until if self.tells_overlaps else None), facts


def _with_held(
    entry: tuple[EntryTime, ExchangeFacts], held: dict[int, list[tuple[EntryTime, ExchangeFacts]]]
) -> Iterator[tuple[EntryTime, ExchangeFacts]]:
    """An entry, and those that were to come right after it."""
    yield entry
    for later in held.pop(entry[0].number, ()):
        yield from _with_held(later, held)


@dataclass(frozen=True)
class _Events:
    """The events in these entries, made anew each time they are iterated over."""

    entries: _Entries
    known_at_the_end: KnownAtTheEnd

    def __iter__(self) -> Iterator[TraceEvent]:
        linker = Linker(self.known_at_the_end, Ordering())
        for when, facts in self.entries:
            if not isinstance(found := linker.link(when, facts), str):
                yield from found

    def reordered(self, overlaps: Sequence[Overlap]) -> _Events:
        """The events where the earlier entry of each of these came right after the later one."""
        return replace(self, entries=replace(self.entries, delayed=dict(overlaps)))


def _facts_in(content: bytes) -> ExchangeFacts:
    facts: ExchangeFacts = pickle.loads(content)
    return facts


_SHARED_BELOW = 4096
#: Most exchanges repeat earlier ones. Their facts are then the same object.
_shared_facts = lru_cache(maxsize=500)(_facts_in)


class _Remarks:
    """The remarks on all items: the first of each item, and how many each has."""

    def __init__(self) -> None:
        self.kept: list[tuple[ItemKey, int, str]] = []
        self.count: Counter[ItemKey] = Counter()

    def add(self, number: int, shown: ItemShown) -> None:
        for text in shown.remarks:
            self.count[shown.key] += 1
            if self.count[shown.key] <= MOST_REMARKS:
                self.kept.append((shown.key, number, text))


def _display_names(names: dict[ItemKey, str]) -> dict[ItemKey, str]:
    """An item's own name. Where several vaults have an item of this name, the vault's name is added, and where these
    are alike too, the vault's whole path."""
    shared = Counter(key.item for key in names)
    in_vaults = Counter((_vault_name(key), key.item) for key in names)
    shown: dict[ItemKey, str] = {}
    for key, name in names.items():
        vault = _vault_name(key) if in_vaults[_vault_name(key), key.item] == 1 else key.vault
        shown[key] = f"{vault}/{name}" if shared[key.item] > 1 else name
    return shown


def _unread(found: Mapping[ItemKey | str, list[int]], names: Mapping[ItemKey, str]) -> dict[str, tuple[int, ...]]:
    """For each item the entries that could not be read and that may be about it."""
    numbers = {names[key]: sorted({*found.get(key, ()), *found.get(key.vault, ())}) for key in names}
    return {name: tuple(some) for name, some in numbers.items() if some}


def _vault_name(key: ItemKey) -> str:
    return key.vault.rpartition("/")[2]
