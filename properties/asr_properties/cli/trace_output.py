"""What `trace` prints of a recording: how it was read, the verdict on each item, and where one departs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console

from asr_model.requirements import CATALOGUE
from asr_model.vocabulary import Answer
from asr_properties.adapters.secrets import Secrets
from asr_properties.cli.console import plain
from asr_properties.cli.event_words import counted, event_in_words, plural
from asr_properties.contract.text import shown
from asr_properties.traces.events import ItemSeen
from asr_properties.traces.judgeable import judgeable
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance, Continuation, Divergence, RefusedRequest, TraceVerdict

_COLOURS = {
    Conformance.CONFORMANT: "bold green",
    Conformance.NON_CONFORMANT: "bold red",
    Conformance.INCOMPLETE: "bold yellow",
}

_MOST_GAPS = 20
_MOST_AT_END = 8
_MOST_RANGES = 12

_MOST_ALLOWED, _MOST_PHASES, _MOST_RULES = 3, 3, 3
"""How many of each are told of a divergence, which then takes at most 15 lines, of two rows on a wide terminal."""

_LONGEST = 220


class Output:
    """Where `trace` prints: without secrets, and with nothing that a terminal obeys."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._secrets = Secrets()

    def line(self, text: str, verdict: Conformance | None = None, rest: str = "") -> None:
        """Print one line: the text, a verdict in its colour, and the rest."""
        coloured = "" if verdict is None else f"[{_COLOURS[verdict]}]{verdict}[/]"
        self._console.print(f"{self._fit(text)}{coloured}{self._fit(rest)}")

    def _fit(self, text: str) -> str:
        return plain(self._secrets.scrub(text))


def show_reading(out: Output, read: Trace, verdicts: Sequence[TraceVerdict], *, numbers: bool) -> None:
    """Print how a recording was read. numbers: also which of its entries were skipped."""
    if read.total is None:
        out.line(f"  {counted(sum(verdict.events for verdict in verdicts), 'event')}")
    else:
        count = read.skipped.total()
        kinds = [f"{kind} ({number})" for kind, number in read.skipped.most_common()]
        why = f": {', '.join(kinds)}" if kinds and not numbers else ""
        out.line(f"  {counted(read.total, read.unit)}: {read.total - count} followed, {count} skipped{why}")
        for kind, number in read.skipped.most_common() if numbers else ():
            places = read.skipped_at[kind].text(_MOST_RANGES) if kind in read.skipped_at else "?"
            out.line(f"    skipped: {kind} ({number}): {places}")
    first = 1
    for number, (file, last) in enumerate(read.parts, 1):
        out.line(f"  file {number}, {plural(read.unit)} {first} to {last}: {file}")
        first = last + 1
    for gap in read.gaps:
        out.line(f"  gap: {gap}")


def show_verdict(out: Output, verdict: TraceVerdict, read: Trace) -> None:
    """Print the verdict on an item, and where it departs."""
    unit, machine = read.unit, read.machines.get(verdict.item)
    named = f" ({machine})" if machine and machine != verdict.item else ""
    by = f" by the {verdict.profile} profile" if verdict.profile else ""
    agree = f", {counted(verdict.followed, 'event')} {'agrees' if verdict.followed == 1 else 'agree'}"
    is_certain = verdict.conformance is Conformance.NON_CONFORMANT
    why = f"; {verdict.why}" if verdict.why and not (is_certain and verdict.divergence) else ""
    out.line(f"  item {verdict.item}{named}: ", verdict.conformance, f"{by}{agree if verdict.profile else ''}{why}")
    for refused in verdict.refused:
        out.line(f"    {unit} {refused.event.number}: {_refusal(refused)}")
    if verdict.refusals > len(verdict.refused):
        out.line(f"    ... and {counted(verdict.refusals - len(verdict.refused), 'more refusal')}")
    for gap in _few(verdict.gaps, _MOST_GAPS):
        out.line(f"    gap: {gap}")
    if verdict.exercised:
        told = ", ".join(f"{key} {verdict.exercised[key]}" for key in CATALOGUE if verdict.exercised.get(key))
        out.line(f"    exercised (requirement, times): {told}")
    if verdict.phases and not is_certain:
        out.line(f"    phase at the end: {_at_the_end(verdict.phases)}")
    if verdict.divergence is not None:
        departs = "departs" if is_certain else "may depart"
        for line in divergence_lines(verdict.divergence, departs, unit, is_first=verdict.followed == 0):
            out.line(f"    {line}")


def show_requirements(out: Output, verdicts: Iterable[TraceVerdict]) -> None:
    """Print what all items together put to the test, and what they left open."""
    judged = [verdict for verdict in verdicts if verdict.profile is not None]
    times = {key: sum(verdict.exercised.get(key, 0) for verdict in judged) for key in CATALOGUE}
    possible = {key for verdict in judged for key in judgeable(str(verdict.profile))}
    left = [key for key in CATALOGUE if key in possible and not times[key]]
    if any(times.values()):
        out.line("exercised requirements, with how often each was put to the test:")
    for key in filter(times.get, CATALOGUE):
        out.line(f"  {key} {times[key]:3}  {CATALOGUE[key].sentence}")
    if left:
        out.line(
            f"not exercised, of the {len(possible)} that such a recording can show (`explain {left[0]}` tells more):"
        )
    for section in dict.fromkeys(CATALOGUE[key].section for key in left):
        out.line(f"  {section}: {', '.join(key for key in left if CATALOGUE[key].section == section)}")


def divergence_lines(divergence: Divergence, departs: str, unit: str, *, is_first: bool = False) -> list[str]:
    """A divergence in few lines: the event, what was possible before it, the nearest legal continuation, the rules.

    is_first: nothing of the item was recorded before it.
    """
    event = divergence.event
    at = f", at {event.at}" if event.at is not None else ""
    is_rule = divergence.seen.startswith("broken: ")
    lines = [f"here it {departs} from the model: {unit} {event.number}{at}: {event_in_words(event)}"]
    lines.append(f"  {divergence.seen}" if is_rule else f"  seen: {divergence.seen.removeprefix('saw ')}")
    lines += [f"  {'rule' if is_rule else 'allowed'}: {line}" for line in _few(divergence.allowed, _MOST_ALLOWED)]
    lines += [f"  possible before: {line}" for line in _possible_before(divergence)]
    lines.append(f"  nearest legal continuation: {_continuation(divergence.nearest, is_first)}")
    for key in divergence.requirements[:_MOST_RULES]:
        rule = CATALOGUE[key]
        lines.append(f"  {key} ({rule.section}; {rule.evidence}): {rule.sentence}")
    if more := divergence.requirements[_MOST_RULES:]:
        lines.append(f"  and, less telling: {', '.join(more)}")
    return [shown(line, _LONGEST) for line in lines]


def _refusal(refused: RefusedRequest) -> str:
    event = refused.event
    if event.answer is Answer.REFUSED:
        was = f"{event.call} was refused"
    else:
        was = f"{event.call} was accepted, but its job did not succeed and changed nothing, which counts as a refusal"
    if refused.requirements:
        return f"{was}; the model requires that ({', '.join(refused.requirements)})"
    return f"{was}; the model allows that, and does not require it"


def _at_the_end(phases: Sequence[str]) -> str:
    if len(phases) > _MOST_AT_END:
        return f"not known, as {len(phases)} are possible"
    return f"one of {', '.join(phases)}" if len(phases) > 1 else phases[0]


def _few(lines: Sequence[str], most: int) -> list[str]:
    """At most so many; the last tells how many more there are."""
    more = len(lines) - most
    return [*lines[:most], *([f"and {more} more"] if more > 0 else [])]


def _possible_before(divergence: Divergence) -> list[str]:
    """Where the item could have been: the phase that it shows, if it could; else some of those that were possible."""
    event = divergence.event
    phase = event.observation.phase if isinstance(event, ItemSeen) else None
    told = [one for one in divergence.before if one.phase == phase] or list(divergence.before)
    lines = [f"{one.phase} (allows {', '.join(one.allows) or 'nothing'})" for one in told]
    if (more := len(divergence.before) - 1) and len(told) == 1:
        lines[0] += f", and {more} other phase{'s' if more > 1 else ''}"
    return _few(lines, _MOST_PHASES)


def _continuation(nearest: Continuation | None, is_first: bool) -> str:
    if nearest is None:
        return "none: no steps of the model lead to what was seen"
    if not nearest.steps and is_first:
        return "no step is missing; what is shown contradicts itself"
    if not nearest.steps:
        return "no step is missing; the event agrees with where the item is, but not with what was recorded earlier"
    return f"{', then '.join(nearest.steps)} (from {nearest.start} to {nearest.end})"
