"""Events of a recording in words, as `trace` prints them."""

from __future__ import annotations

from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent
from asr_properties.traces.job_ends import JobEnds
from asr_properties.traces.machine_told import Updated


def counted(number: int, noun: str) -> str:
    """A number of things, in words: `1 event`, `2 events`."""
    return f"{number} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """The plural of a noun: `events`, `entries`."""
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def event_in_words(event: TraceEvent, ends: JobEnds | None = None, times: int = 1) -> str:
    """One event. ends: how jobs ended, where that is to be told. times: how often the item was seen so."""
    match event:
        case Requested():
            job = "" if ends is None else _job(event, ends)
            return f"asked for {event.call}: {event.answer or 'not answered'}{_sent(event)}{job}"
        case JobSeen():
            scenario = f" {event.scenario}" if event.scenario else ""
            return f"job {event.job}{scenario}: {event.state.replace('_', ' ')}{_own_word(event)}"
        case ItemSeen(points=None):
            return f"the item shows{f', {times} times:' if times > 1 else ''} {_look(event)}"
        case ItemSeen():
            return f"{counted(len(event.points or ()), 'recovery point')} listed"


def update_in_words(update: Updated) -> str:
    """An update of the settings of the future machine in Azure."""
    changes = ", ".join(f"{name}={'given by the network' if to is None else to}" for name, to in update.changes)
    return f"asked to update settings ({changes}): {_OF_UPDATE[update.state]}"


_OF_UPDATE = {"in_progress": "not seen to end", "unknown": "how it ended is not known"} | {
    state: state for state in ("succeeded", "failed", "refused")
}


def _sent(event: Requested) -> str:
    """The method, the action after the item's address, and the status."""
    if not event.told.request:
        return ""
    method, _, address = event.told.request.partition(" ")
    action = address.partition("/")[2].partition("/")[2]
    sent = f"{method} .../{action}" if action else method
    return f" ({sent}, {event.told.status or 'no status'})"


def _job(event: Requested, ends: JobEnds) -> str:
    """The job of a request and how it ended. Its errors stand where they were seen."""
    if event.job is None:
        return ""
    codes = ", ".join(message.code for message in ends.messages(event) if message.code)
    kind = "warning" if ends.state(event) == "succeeded" else "error"
    return f"; job {event.job} {ends.in_words(event)}{f' with {kind} {codes}' if codes else ''}"


def _own_word(event: JobSeen) -> str:
    """The service's own word for a state, where it tells more than ours."""
    own = event.told.state
    return f" ({own})" if own and own.lower() != event.state.replace("_", "") else ""


def _look(event: ItemSeen) -> str:
    item = event.observation
    own = f" ({event.told.state})" if event.told.state else ""
    parts = [f"{item.phase or 'phase not told'}{own}"]
    parts += [f"{word} {value}" for name, word in _FIELDS.items() if (value := getattr(item, name)) is not None]
    if item.drill not in (None, "no_drill"):
        parts.append(str(item.drill))
    if item.allowed_operations is not None:
        parts.append(f"allows {', '.join(item.allowed_operations) or 'nothing'}")
    return "; ".join(parts)


_FIELDS = {
    "profile_instance": "provider",
    "active_site": "active site",
    "replicating": "replicating",
    "health": "health",
    "last_planned_failover": "last planned failover",
}
"""Fields of an item that a look shows, with what they are called."""
