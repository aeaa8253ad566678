"""Events per second: judging long recordings beside parsing the same lines with json.loads, and how memory grows.

`python benchmarks/traces.py [EVENTS]`: the golden cycle, lived through by one item again and again, and by many items
side by side. Parsed events are judged (the figure to hold: 20,000 a second); then the file is read and judged.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from asr_properties.traces.events import JobSeen, Requested, TraceEvent
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.jsonl import write_jsonl
from asr_properties.traces.judging import judge
from asr_properties.traces.reading import read_trace
from asr_properties.traces.trace import Trace
from asr_properties.traces.verdicts import Conformance


def cycle() -> tuple[TraceEvent, ...]:
    """The golden trace that begins and ends with an item that is not replicated."""
    return tuple(read_trace(golden_traces()[1]).events)


def one_item(events: int) -> Iterator[TraceEvent]:
    """One item that lives through the cycle again and again; its jobs have new ids each time."""
    lives = cycle()
    for number in range(events):
        life, place = divmod(number, len(lives))
        yield _renamed(lives[place], "vm", life, number + 2)


def many_items(events: int, items: int = 50) -> Iterator[TraceEvent]:
    """As many items side by side, one event of each in turn."""
    lives = cycle()
    for number in range(events):
        turn, item = divmod(number, items)
        life, place = divmod(turn, len(lives))
        yield _renamed(lives[place], f"vm-{item}", life, number + 2)


def _renamed(event: TraceEvent, item: str, life: int, number: int) -> TraceEvent:
    if isinstance(event, Requested | JobSeen) and event.job is not None:
        return replace(event, item=item, job=f"{event.job} of {life}", number=number)
    return replace(event, item=item, number=number)


def _per_second(count: int, work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return count / (time.process_time() - start)


def _judge(trace: Trace) -> None:
    verdicts = judge(trace)
    assert all(verdict.conformance is Conformance.CONFORMANT for verdict in verdicts), verdicts[0].why


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    for name, make in (("one item", one_item), ("50 items", many_items)):
        events = tuple(make(count))
        text = io.StringIO()
        write_jsonl(events, text)
        lines = text.getvalue().splitlines()
        parsing = _per_second(count, lambda lines=lines: [json.loads(line) for line in lines])
        judging = _per_second(count, lambda events=events: _judge(Trace(source="", events=events)))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "long.jsonl"
            path.write_text(text.getvalue(), encoding="utf-8")
            both = _per_second(count, lambda path=path: _judge(read_trace(path)))
        print(f"{name}, {count} events: judged {judging:,.0f}/s; read and judged {both:,.0f}/s; ", end="")
        print(f"json.loads alone {parsing:,.0f}/s, ratio {judging / parsing:.2f} and {both / parsing:.2f}")
    for length in (count // 4, count):
        tracemalloc.start()
        _judge(Trace(source="", events=one_item(length)))
        print(f"memory at most, one item, {length} events: {tracemalloc.get_traced_memory()[1] / 2**20:.1f} MiB")
        tracemalloc.stop()


if __name__ == "__main__":
    main()
