"""What `plan` prints, and what `run --plan` does of a plan's progress: lines of 80 columns at most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from asr_properties.planning.mutant_share import MutantShare
from asr_properties.planning.plan_document import Plan, PlannedTest
from asr_properties.planning.rehearsal import PAIR, REQUIREMENT, TRANSITION

WIDTH = 80
MOST_NAMED = 8
"""So many of what is left out for one reason are named, unless all are asked for; requirements always are."""


def plan_lines(plan: Plan, *, show_all: bool) -> Iterator[str]:
    """The plan for people. show_all: name everything, however much it is."""
    machines = "1 machine" if plan.machines == 1 else f"{plan.machines} machines side by side"
    yield f"{_counted(len(plan.tests), 'test')} in {hours(plan.budget)} on {machines} ({plan.profile})"
    if plan.tests:
        yield ""
        yield "test machine  begins   takes  steps  first put to the test"
    for test in plan.tests:
        yield from _test_lines(test, show_all)
    yield ""
    yield from _duration_lines(plan)
    yield ""
    yield from _bought_lines(plan)
    yield ""
    yield from _left_out_lines(plan, show_all)


def share_lines(share: MutantShare) -> Iterator[str]:
    """What a plan finds of the mutants of the model."""
    part = "unknown" if share.share is None else f"about {share.share:.0%}"
    yield from wrap(
        f"expected share of the mutants that can be told from the model: {part} (found {share.found} of {share.run}, "
        f"of {share.judged} drawn, each run as a slow service; each operator counts by the number of its mutants)",
        WIDTH,
        subsequent_indent="  ",
    )


def hours(minutes: float) -> str:
    """Minutes as `7:40 h`."""
    whole = round(minutes)
    return f"{whole // 60}:{whole % 60:02} h"


def _test_lines(test: PlannedTest, show_all: bool) -> Iterator[str]:
    first = test.first
    counted = (
        f"{_counted(len(first.transitions), 'transition')}, {_counted(len(first.pairs), 'pair')}, "
        f"{_counted(len(first.requirements), 'requirement')}"
    )
    times = f"{hours(test.begins):>7} {hours(test.minutes):>7}"
    yield f"{test.number:4} {test.machine:7} {times}  {len(test.steps):5}  {counted}"
    yield from _wrapped(first.requirements, 5)
    if show_all:
        for name in (*first.transitions, *(_pair(pair) for pair in first.pairs)):
            yield from _wrapped([name], 7)


def _duration_lines(plan: Plan) -> Iterator[str]:
    told = {name: one for name, one in plan.durations.items() if one.known}
    yield "minutes of each operation, the time until the item can go on included:"
    yield from _wrapped([f"{name} {one.minutes:g}" for name, one in told.items()], 2)
    assumed = [f"{name} {one.minutes:g}" for name, one in plan.durations.items() if not one.known]
    if assumed:
        yield "never recorded, so this is assumed (--durations FILE tells yours):"
        yield from _wrapped(assumed, 2)


def _bought_lines(plan: Plan) -> Iterator[str]:
    yield "what the budget buys, as far as the implementation answers as rehearsed:"
    for sort, bought in (
        (TRANSITION, [name for test in plan.tests for name in test.first.transitions]),
        (PAIR, [_pair(pair) for test in plan.tests for pair in test.first.pairs]),
        (REQUIREMENT, [name for test in plan.tests for name in test.first.requirements]),
    ):
        named = {PAIR: "(phase, operation) pair"}.get(sort, sort)
        yield f"  {len(bought)} of {_counted(plan.coverable[sort], named)}"
    if plan.at_least is not None:
        yield f"  at least {plan.at_least:.0%} of what the best choice from these candidates comes to"


def _left_out_lines(plan: Plan, show_all: bool) -> Iterator[str]:
    left = plan.left_out
    yield "what it leaves out:"
    for sort, named in (("requirement", left.requirements), ("transition", left.transitions)):
        for reason in sorted(set(named.values())):
            of_it = sorted(name for name, why in named.items() if why == reason)
            yield from _wrapped([f"{_counted(len(of_it), sort)}: {reason}"], 2)
            yield from _named(of_it, one_line=sort == "requirement", show_all=show_all)
    if left.pairs:
        yield f"  {_counted(len(left.pairs), 'pair')} of a phase and an operation that is asked for in it"
        by_phase: dict[str, list[str]] = {}
        for phase, operation in left.pairs:
            by_phase.setdefault(phase, []).append(operation)
        yield from _named([f"{phase}: {len(of)}" for phase, of in by_phase.items()], one_line=True, show_all=show_all)


def _named(names: list[str], *, one_line: bool, show_all: bool) -> Iterator[str]:
    if one_line:
        yield from _wrapped(names, 4)
        return
    shown = names if show_all else names[:MOST_NAMED]
    for name in shown:
        yield from _wrapped([name], 4)
    if len(shown) < len(names):
        yield f"    and {len(names) - len(shown)} more (--all names them)"


def _wrapped(texts: Iterable[str], indent: int) -> Iterator[str]:
    """Texts with commas between them, over as many lines as it takes."""
    space = " " * indent
    yield from wrap(", ".join(texts), WIDTH, initial_indent=space, subsequent_indent=space, break_on_hyphens=False)


def _pair(pair: list[str]) -> str:
    return f"{pair[1]} in {pair[0]}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
