"""The updates of settings that a recording asks for, until a look shows what became of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from asr_model.vocabulary import Answer
from asr_properties.traces.exchange_facts import ItemKey
from asr_properties.traces.machine_told import MachineTold, Updated, Words
from asr_properties.traces.ordering import EntryTime, is_over

MOST_UPDATES = 20
"""How many updates of an item are kept whose outcome no look has shown."""

MOST_OPEN = 2_000
"""How many operations of updates are remembered; of the oldest it is never known how they ended."""

JobId = tuple[str, str]


@dataclass(slots=True)
class _Asked:
    """state: one of `machine_told.UPDATE_STATES`. since: the entry that told it."""

    changes: Words
    state: str
    since: EntryTime
    number: int


class UpdatesAsked:
    """Takes in the updates of all items of a recording, and how they ended."""

    def __init__(self) -> None:
        self._of: dict[ItemKey, list[_Asked]] = {}
        self._open: OrderedDict[JobId, _Asked] = OrderedDict()

    def asked(
        self, key: ItemKey, when: EntryTime, changes: Words, answer: Answer | None, jobs: tuple[JobId, ...]
    ) -> None:
        """An update was asked for. jobs: its operation and its job; none where it was done at once."""
        state = {Answer.REFUSED: "refused", None: "unknown"}.get(answer, "in_progress" if jobs else "succeeded")
        update = _Asked(changes, state, when, when.number)
        listed = self._of.setdefault(key, [])
        listed.append(update)
        del listed[:-MOST_UPDATES]
        self._open |= dict.fromkeys(jobs, update)
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)

    def seen(self, job: JobId, when: EntryTime, state: str | None, warning: str | None) -> None:
        """A job or an operation was seen in a state; one that is no update's says nothing here."""
        update = self._open.get(job)
        if update is None or state in (None, "in_progress"):
            return
        ended = {"succeeded": "succeeded", "failed": "failed"}.get(str(state), "unknown")
        update.state = "unknown" if warning is not None else ended
        update.since = when

    def forget(self, key: ItemKey) -> None:
        """Another life of the item begins or ends."""
        self._of.pop(key, None)

    def told(self, key: ItemKey, when: EntryTime, settings: Words, group: str) -> MachineTold | None:
        """What a look tells; updates that have ended before it are told once, by a look that shows settings."""
        if not settings and not group:
            return None
        asked = self._of.get(key, [])
        states = [update.state if is_over(update.since, when) else "in_progress" for update in asked]
        each = list(zip(asked, states, strict=True))
        if settings and asked:
            self._of[key] = [update for update, state in each if state == "in_progress"]
        updates = tuple(Updated(update.changes, state, update.number) for update, state in each)
        return MachineTold(settings, updates, group)
