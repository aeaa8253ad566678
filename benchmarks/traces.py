"""Events per second: judging long recordings beside parsing the same bytes with json.loads, and how memory grows.

`python benchmarks/traces.py [EVENTS]`: the golden cycle, lived through by one item again and again, and by many items
side by side. Parsed events are judged (the figure to hold: 20,000 a second); then the file is read and judged. A tenth
as many exchanges are read from HTTP Archives and cassettes. Times are those of the processor, each the best of three.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from asr_properties.traces.events import JobSeen, Requested, TraceEvent
from asr_properties.traces.formats import read_trace
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.jsonl import write_jsonl
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance

VAULT = "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
ITEM = f"{VAULT}/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/vm"
PROTECTED = ("Protected", "Primary", ["UnplannedFailover", "DisableProtection", "TestFailover"])
FAILED_OVER = (
    "UnplannedFailoverCommitPendingStatesBegin",
    "Recovery",
    ["Commit", "DisableProtection", "ChangePit", "SwitchProtection"],
)


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


Exchange = tuple[str, str, int, dict[str, str], str]
"""Method, address, status, the answer's headers and its body."""


def exchanges(count: int) -> Iterator[Exchange]:
    """A machine that is enabled, looked at, failed over and removed again and again."""
    for number in range(count):
        life, place = divmod(number, 12)
        operation = f"{life}-{'x' if place < 3 else 'y' if place < 9 else 'z'}"
        match place:
            case 0:
                yield "PUT", ITEM, 202, _started(operation), ""
            case 4:
                yield "POST", f"{ITEM}/unplannedFailover", 202, _started(operation), ""
            case 9:
                yield "POST", f"{ITEM}/remove", 202, _started(operation), ""
            case 3 | 8:
                yield "GET", ITEM, 200, {}, _shown(*(PROTECTED if place == 3 else FAILED_OVER))
            case 11:
                yield "GET", ITEM, 404, {}, ""
            case _:
                state = "Succeeded" if place in (2, 7, 10) else "InProgress"
                yield "GET", f"{VAULT}/replicationOperationStatus/{operation}", 200, {}, json.dumps({"status": state})


def _started(operation: str) -> dict[str, str]:
    return {"azure-asyncoperation": f"{VAULT}/replicationOperationStatus/{operation}"}


def _shown(state: str, location: str, operations: list[str]) -> str:
    details = {"instanceType": "InMageRcm", "protectedDisks": [{"diskId": str(n), "x": "y" * 100} for n in range(4)]}
    properties = {"protectionState": state, "activeLocation": location, "allowedOperations": operations}
    return json.dumps({"id": ITEM, "properties": {**properties, "providerSpecificDetails": details}})


def har_entry(number: int, exchange: Exchange) -> dict[str, Any]:
    """An entry of an HTTP Archive, one each second."""
    method, url, status, headers, text = exchange
    day, second = divmod(number, 86_400)
    started = f"2023-01-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000Z"
    return {
        "startedDateTime": started.replace("01-01", f"{day // 28 + 1:02}-{day % 28 + 1:02}"),
        "time": 20,
        "request": {"method": method, "url": url, "headers": [{"name": "accept", "value": "*/*"}] * 10},
        "response": {
            "status": status,
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "content": {"text": text},
        },
    }


def interaction(_: int, exchange: Exchange) -> dict[str, Any]:
    """An interaction of a cassette."""
    method, url, status, headers, text = exchange
    return {
        "request": {"method": method, "uri": url, "body": None, "headers": {"accept": ["*/*"]}},
        "response": {"status": {"code": status}, "headers": headers, "body": {"string": text}},
    }


def write_har(path: Path, count: int) -> None:
    """An HTTP Archive with so many entries."""
    entries = (json.dumps(har_entry(*numbered)) for numbered in enumerate(exchanges(count)))
    _write(path, '{"log": {"entries": [', entries, "]}}")


def write_json_cassette(path: Path, count: int) -> None:
    """A cassette in JSON with so many interactions."""
    interactions = (json.dumps(interaction(*numbered)) for numbered in enumerate(exchanges(count)))
    _write(path, '{"interactions": [', interactions, '], "version": 1}')


def write_yaml_cassette(path: Path, count: int) -> None:
    """A cassette in YAML with so many interactions."""
    found = [interaction(*numbered) for numbered in enumerate(exchanges(count))]
    path.write_text(yaml.dump({"interactions": found, "version": 1}, Dumper=yaml.CSafeDumper), encoding="utf-8")


def _write(path: Path, begin: str, entries: Iterable[str], end: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(begin)
        for number, entry in enumerate(entries):
            file.write(",\n" + entry if number else entry)
        file.write(end)


def _per_second(count: int, work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return count / best


def _judge(trace: Trace) -> None:
    verdicts = judge(trace)
    assert all(verdict.conformance is Conformance.CONFORMANT for verdict in verdicts), verdicts[0].why


def _most_memory(work: Callable[[], object]) -> str:
    """As Python counts it."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return f"{most / 2**20:.1f} MiB"


_JUDGE = """
import sys
from asr_properties.traces.judging import judge
from asr_properties.traces.formats import read_trace
judge(read_trace(sys.argv[1]))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def _most_of_a_process(path: Path) -> str:
    """As Linux counts it, the interpreter and its libraries included."""
    done = subprocess.run([sys.executable, "-c", _JUDGE, path], capture_output=True, text=True, check=True)
    return f"{int(done.stdout) / 1024:.0f} MiB"


def measure_events(count: int, folder: Path) -> None:
    """Judging parsed events, and reading JSON Lines."""
    for name, make in (("one item", one_item), ("50 items", many_items)):
        events = tuple(make(count))
        text = io.StringIO()
        write_jsonl(events, text)
        lines = text.getvalue().splitlines()
        parsing = _per_second(count, lambda lines=lines: [json.loads(line) for line in lines])
        judging = _per_second(count, lambda events=events: _judge(Trace(source="", events=events)))
        path = folder / "long.jsonl"
        path.write_text(text.getvalue(), encoding="utf-8")
        both = _per_second(count, lambda path=path: _judge(read_trace(path)))
        print(f"{name}, {count} events: judged {judging:,.0f}/s; read and judged {both:,.0f}/s; ", end="")
        print(f"json.loads alone {parsing:,.0f}/s, ratio {judging / parsing:.2f} and {both / parsing:.2f}", flush=True)
    for length in (count // 4, count):
        most = _most_memory(lambda length=length: _judge(Trace(source="", events=one_item(length))))
        print(f"memory at most, one item, {length} events: {most}", flush=True)


def measure_traffic(count: int, folder: Path) -> None:
    """Reading and judging HTTP Archives and cassettes."""
    path = folder / "recording"
    for name, write, most in (
        ("HAR", write_har, count),
        ("cassette in JSON", write_json_cassette, count),
        ("cassette in YAML", write_yaml_cassette, count // 10),
    ):
        write(path, most)
        size = path.stat().st_size / 2**20
        both = _per_second(most, lambda: _judge(read_trace(path)))
        print(f"{name}, {most} exchanges, {size:.0f} MiB: read and judged {both:,.0f}/s", end="")
        if write is not write_yaml_cassette:
            parsing = _per_second(most, lambda: json.loads(path.read_bytes()))
            print(f"; json.loads alone {parsing:,.0f}/s, ratio {both / parsing:.2f}", end="")
        print(flush=True)
    for length in (count, 4 * count, 16 * count) if sys.platform == "linux" else ():
        write_har(path, length)
        print(f"memory of the process at most, HAR, {length} exchanges: {_most_of_a_process(path)}", flush=True)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        measure_events(count, Path(folder))
        measure_traffic(count // 10, Path(folder))


if __name__ == "__main__":
    main()
