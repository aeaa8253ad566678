"""Steps per second: the compiled stepper beside the python-statemachine engine, in one run.

    python benchmarks/stepper.py [SECONDS]

Both are driven through every reachable (state, event), round and round, for the given time each (default 3 s).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from asr_model.efsm import Event
from asr_model.lifecycle.modernized import Modernized
from asr_model.profiles import lts, stepper
from asr_model.state import State

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from model.engine import Engine

NOTHING: frozenset[str] = frozenset()


def rate(
    step: Callable[[State, Event, frozenset[str]], object], pairs: Iterator[tuple[State, Event]], seconds: float
) -> float:
    """Steps per second of `step`; the clock is read every 100 steps."""
    done = 0
    begin = time.perf_counter()
    while (spent := time.perf_counter() - begin) < seconds:
        for _ in range(100):
            state, event = next(pairs)
            step(state, event, NOTHING)
        done += 100
    return done / spent


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    everything = [(state, event) for state in lts().states for event in stepper().events]
    possible = [(s, e) for s, e in everything if stepper().step(s, e).transition is not None]
    for title, pairs in (("every (state, event)", everything), ("enabled ones only", possible)):
        compiled = rate(stepper().step, cycle(pairs), seconds)
        engine = rate(Engine(Modernized).step, cycle(pairs), seconds)
        rates = f"stepper {compiled:9,.0f}/s  engine {engine:7,.0f}/s  ratio {compiled / engine:.0f}"
        print(f"{title:22} {len(pairs):6} pairs  {rates}")


if __name__ == "__main__":
    main()
