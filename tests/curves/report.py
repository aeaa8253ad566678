"""The curves as a picture, and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import log10
from statistics import median
from typing import Any

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 980, 560, 56, 24, 270, 48
FIRST = 5
"""The axis begins with so many steps."""

COLOURS = (
    "#7f7f7f", "#bcbd22", "#1f77b4", "#d62728", "#e377c2", "#000000", "#ff9896", "#ff7f0e", "#ffbb78", "#98df8a",
    "#2ca02c", "#17becf", "#9467bd", "#8c564b", "#aec7e8", "#c5b0d5", "#c49c94",
)  # fmt: skip

_HEAD = """\
# What it costs to find mistakes, by the way in which tests are made

Written by `make curves`. Looked for in {mutants} [mutants](../docs/mutants.md) and {wrong} wrong implementations, all
of the modernized profile, drawn by seed {seed}, with {budget:,} steps on each. The same oracle and the same properties
judge all; only what is done differs. How each way makes its tests, and what this tells, is in
[docs/suites.md](../docs/suites.md#cost-and-detection).

![The curves](detection.svg)

"""

Measured = dict[str, dict[str, Any]]


def steps_of(measured: Measured, way: str, kind: str = "") -> list[int]:
    """After how many steps this way found what it found, the soonest first. kind: only of these."""
    found = (one["steps"].get(way) for one in measured.values() if not kind or one["kind"] == kind)
    return sorted(steps for steps in found if steps is not None)


def picture(measured: Measured, ways: list[str], budget: int) -> str:
    """The part that was found by steps (logarithmic), a line for each way, as SVG."""
    return "\n".join(_picture(measured, ways, budget)) + "\n"


def _picture(measured: Measured, ways: list[str], budget: int) -> Iterator[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x(steps: float) -> float:
        return LEFT + (right - LEFT) * log10(max(steps, FIRST) / FIRST) / log10(budget / FIRST)

    def y(part: float) -> float:
        return bottom - (bottom - TOP) * part

    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    yield f"<title>What is found of {len(measured)} mistakes, by steps and by the way of making tests</title>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    for part in range(0, 101, 20):
        yield f'<path d="M{LEFT} {y(part / 100):.1f}H{right}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 6}" y="{y(part / 100) + 4:.1f}" text-anchor="end">{part} %</text>'
    for steps in (10, 30, 100, 300, 1000, budget):
        yield f'<path d="M{x(steps):.1f} {TOP}V{bottom}" stroke="#eee"/>'
        yield f'<text x="{x(steps):.1f}" y="{bottom + 18}" text-anchor="middle">{steps:,}</text>'
    yield f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 8}" text-anchor="middle">steps on the implementation</text>'
    order = sorted(ways, key=lambda way: -len(steps_of(measured, way)))
    for place, way in enumerate(order):
        colour, found = COLOURS[ways.index(way) % len(COLOURS)], steps_of(measured, way)
        line = f"M{LEFT} {y(0):.1f}"
        for number, steps in enumerate(found, 1):
            line += f"H{x(steps):.1f}V{y(number / len(measured)):.1f}"
        dashes = ' stroke-dasharray="5 3"' if way.startswith("AALpy") else ""
        yield f'<path d="{line}H{right}" fill="none" stroke="{colour}" stroke-width="1.8"{dashes}/>'
        at = TOP + 12 + 22 * place
        yield f'<path d="M{right + 20} {at - 4}h26" stroke="{colour}" stroke-width="3"{dashes}/>'
        yield f'<text x="{right + 54}" y="{at}">{escape(way)}: {len(found)} of {len(measured)}</text>'
    yield "</svg>"


def table(measured: Measured, ways: list[str], budget: int, seed: int) -> str:
    """The numbers as a page."""
    kinds = [one["kind"] for one in measured.values()]
    of_mutants, of_wrong = kinds.count("mutant"), kinds.count("wrong implementation")
    stops = (100, 300, 1000, budget)
    head = _HEAD.format(mutants=of_mutants, wrong=of_wrong, seed=seed, budget=budget)
    lines = [
        head
        + f"| way | {' | '.join(f'in {steps:,} steps' for steps in stops)} | of mutants | of wrong | median steps |",
        f"|---|{'---:|' * (len(stops) + 3)}",
    ]
    for way in sorted(ways, key=lambda way: -len(steps_of(measured, way))):
        found = steps_of(measured, way)
        counts = [sum(steps <= stop for steps in found) for stop in stops]
        of_kind = (len(steps_of(measured, way, kind)) for kind in ("mutant", "wrong implementation"))
        told = f"{median(found):g}" if found else ""
        lines.append(f"| {way} | {' | '.join(map(str, counts))} | {' | '.join(map(str, of_kind))} | {told} |")
    return "\n".join(lines) + "\n"
