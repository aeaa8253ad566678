"""What exploring several items costs, by each engine and by Spin: writes the tables of docs/scaling.md.

Every measurement is a process of its own, so that its CPU seconds and the most memory it held are its own; numbers of
states and transitions must be equal before any time is written. `make scaling` runs it; it takes a quarter of an hour.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from math import exp, log
from pathlib import Path
from typing import NamedTuple

from asr_model.composition.coupling import MULTI_VM_GROUP
from asr_model.composition.explored import GIBIBYTE, Bound, Engine
from asr_model.composition.of_lifecycle import composed_item
from asr_model.profiles import lts
from asr_properties.files import write_whole
from asr_properties.model_checking.several_items import explore_items
from checkers import spin
from checkers.programs import CheckerFailed
from composition.in_promela import by_control_location, by_table, counted

PAGE = Path(__file__).parents[2] / "docs" / "scaling.md"
BEGIN, END = "<!-- measured by `make scaling` -->", "<!-- end of what was measured -->"
MEMORY = 20 * GIBIBYTE

#: The most items that each engine is measured with: one more takes more than a minute.
MOST = {
    (Engine.EXPLICIT, False): 3,
    (Engine.EXPLICIT, True): 3,
    (Engine.SYMMETRY, False): 4,
    (Engine.SYMMETRY, True): 4,
    (Engine.SYMBOLIC, False): 6,
    (Engine.SYMBOLIC, True): 6,
}

#: Spin's modes: what is given to the compiler. Each searches everything.
MODES = {"depth first": (), "breadth first": ("-DBFS",), "collapse": ("-DCOLLAPSE",)}


class Cost(NamedTuple):
    """A measurement. memory: the most bytes that the process held, less those of one that explores one item; for Spin
    what it says that its states take."""

    states: int
    transitions: int
    stored: int | None
    seconds: float
    memory: float


def component(grouped: bool):
    """One item of the default profile."""
    return composed_item(lts(), MULTI_VM_GROUP if grouped else None).component


def in_this_process(engine: str, grouped: str, items: str) -> None:
    """Explore, and print what was found and what it took."""
    import resource

    one = component(grouped == "True")
    explore_items(one, 1, Engine(engine), Bound(MEMORY))  # imports
    usage = resource.getrusage(resource.RUSAGE_SELF)
    found = explore_items(one, int(items), Engine(engine), Bound(MEMORY))
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert found.truncated is None, found.truncated
    took = after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime
    held = (after.ru_maxrss - usage.ru_maxrss) * 1024
    print(json.dumps(Cost(found.states, found.transitions, found.stored, took, held)))


def of_engine(engine: Engine, grouped: bool, items: int) -> Cost:
    """The cost of one exploration."""
    command = [sys.executable, "-m", "composition.measure", engine, str(grouped), str(items)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    cost = Cost(*json.loads(done.stdout))
    print(f"{engine} {'group' if grouped else 'independent'} {items}: {cost}", file=sys.stderr, flush=True)
    return cost


def of_spin(model: str, mode: str) -> Cost | None:
    """The cost of one of Spin's searches; None where it does not end within five minutes."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = counted(model, Path(folder), level="-O2", options=MODES[mode], table=25, depth=11_000_000)
        except CheckerFailed as failed:
            print(f"{mode}: {failed}", file=sys.stderr, flush=True)
            return None
    print(f"{mode}: {found}", file=sys.stderr, flush=True)
    return Cost(found.states, found.transitions, found.states, found.cpu, found.memory)


def main() -> None:
    """Measure all of it."""
    costs = {
        (engine, grouped, items): of_engine(engine, grouped, items)
        for (engine, grouped), most in MOST.items()
        for items in range(1, most + 1)
    }
    for grouped in (False, True):
        for items in range(1, max(MOST.values()) + 1):
            these = [cost for (_, g, n), cost in costs.items() if (g, n) == (grouped, items)]
            assert len({cost[:2] for cost in these}) == 1, (grouped, items, these)
    spins = {}
    for grouped in (False, True):
        # Places know no joint steps; in tables the independent items take Spin more than five minutes.
        encoding, write = ("in tables", by_table) if grouped else ("as places", by_control_location)
        for mode in MODES:
            cost = of_spin(write(component(grouped), 3), mode)
            ours = costs[Engine.EXPLICIT, grouped, 3]
            # Spin tells no more than eight digits of a number of transitions.
            assert cost is None or cost.states == ours.states
            assert cost is None or float(f"{cost.transitions + 1:.7e}") == float(f"{ours.transitions + 1:.7e}")
            spins[grouped, encoding, mode] = cost
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    write_whole(PAGE, before + BEGIN + "\n\n" + "\n".join(written(costs, spins)) + "\n\n" + END + after)


def written(costs, spins):
    """The tables."""
    with tempfile.TemporaryDirectory() as folder:
        spin_version = spin.version(Path(folder))
    yield (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {processor()}, one core, {platform.python_implementation()} "
        f"{platform.python_version()}, numpy {version('numpy')}, oxidd {version('oxidd')}, Spin {spin_version}; "
        "seconds of CPU, which other work on the machine prolongs."
    )
    for grouped in (False, True):
        yield ""
        yield f"**{'A multi-VM group' if grouped else 'Independent items'}**"
        yield ""
        yield "| items | states | transitions | explicit | symmetry | symbolic |"
        yield "|---|---|---|---|---|---|"
        for items in range(1, max(MOST.values()) + 1):
            cells = [costs.get((engine, grouped, items)) for engine in Engine]
            known = next(cost for cost in cells if cost is not None)
            yield f"| {items} | {number(known.states)} | {number(known.transitions)} | {' | '.join(map(cell, cells))} |"
        yield f"| growth | {' | '.join(growths(costs, grouped))} |"
    yield ""
    yield "**Three items, beside Spin** (`gcc -O2`, `-DSAFETY -DNOREDUCE`)"
    yield ""
    yield "| | states | million transitions a second | bytes a state |"
    yield "|---|---|---|---|"
    for grouped in (False, True):
        kind = "group" if grouped else "independent"
        for engine in (Engine.EXPLICIT, Engine.SYMMETRY):
            yield row(f"{kind}, {engine}", costs[engine, grouped, 3])
        for (_, encoding, mode), cost in ((key, cost) for key, cost in spins.items() if key[0] is grouped):
            yield row(f"{kind}, Spin, {encoding}, {mode}", cost)
        best = max(rate(cost) for key, cost in spins.items() if key[0] is grouped and cost is not None)
        least = min(a_state(cost) for key, cost in spins.items() if key[0] is grouped and cost is not None)
        ours = costs[Engine.EXPLICIT, grouped, 3]
        yield (
            f"| **{kind}, explicit beside Spin's best** | | **{rate(ours) / best:.1f} times** | "
            f"**{a_state(ours) / least:.2f} times** |"
        )
    yield ""
    four = costs[Engine.SYMMETRY, False, 4]
    group = costs[Engine.SYMMETRY, True, 4]
    yield (
        f"Symmetry at four items: {four.states / four.stored:.1f} times fewer states where they are independent, "
        f"{group.states / group.stored:.1f} in a group."
    )


def row(name, cost):
    """A row beside Spin."""
    if cost is None:
        return f"| {name} | | not within five minutes | |"
    return f"| {name} | {cost.states:,} | {rate(cost) / 1e6:.1f} | {a_state(cost):.1f} |"


def rate(cost):
    """Transitions a second."""
    return cost.transitions / cost.seconds


def a_state(cost):
    """Bytes for each state of the product."""
    return cost.memory / cost.states


def cell(cost):
    """What an engine took."""
    if cost is None:
        return ""
    held = "" if cost.stored in (None, cost.states) else f"{number(cost.stored)} held, "
    return f"{held}{cost.seconds:.2f} s, {cost.memory / 2**20:,.0f} MiB"


def number(count):
    """A number that can be read."""
    return f"{count:,}" if count < 10**12 else f"{count:.3e}"


def growths(costs, grouped):
    """For each column how many times larger or slower it is with one more item: fitted to the logarithms."""
    counts = {n: cost for (engine, g, n), cost in costs.items() if engine is Engine.SYMBOLIC and g is grouped}
    yield times({n: cost.states for n, cost in counts.items() if n > 1})
    yield times({n: cost.transitions for n, cost in counts.items() if n > 1})
    for engine in Engine:
        points = {n: cost.seconds for (e, g, n), cost in costs.items() if (e, g) == (engine, grouped) and n > 1}
        yield times(points)


def times(points):
    """The factor from one number of items to the next, by least squares on the logarithms."""
    mean_x = sum(points) / len(points)
    mean_y = sum(map(log, points.values())) / len(points)
    rise = sum((x - mean_x) * (log(y) - mean_y) for x, y in points.items())
    factor = exp(rise / sum((x - mean_x) ** 2 for x in points))
    return f"{factor:.0f} times" if factor >= 10 else f"{factor:.1f} times"


def processor():
    """What the machine says of its processor."""
    try:
        said = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    found = re.search(r"model name\s*: (.*)", said)
    return f"{found[1] if found else platform.machine()}, {os.cpu_count()} cores"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        in_this_process(*sys.argv[1:])
    else:
        main()
