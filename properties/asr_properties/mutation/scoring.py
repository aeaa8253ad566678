"""Judging many mutants: which of them, in how many processes, and what the suite scores by operator."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from random import Random
from statistics import median

from asr_model.mutants.every_mutant import OPERATORS, every_mutant
from asr_model.mutants.mutant import Mutant, Operator
from asr_properties.mutation.judging import Judged, Settings, judge

QUEUED = 2
"""So many mutants wait for each process, so that none has to wait."""


@dataclass(frozen=True)
class Score:
    """What the suite scores with one operator. mutants: how many there are; judged: how many of them were; equivalent,
    found: how many of these are. broken: how many could not be run. steps: the median of those found."""

    operator: str
    mutants: int
    judged: int
    equivalent: int
    run: int
    found: int
    broken: int
    steps: float | None

    @property
    def score(self) -> float | None:
        """The part of those that can be told from the model which was found; None where none was run."""
        return self.found / self.run if self.run else None


def sample(profile: str, size: int | None, seed: int, operators: Collection[Operator] = ()) -> list[Mutant]:
    """So many mutants of each operator, drawn by the seed, in the order of their declaration; all if size is None. A
    smaller sample of the same seed is a part of a larger one."""
    chosen: list[Mutant] = []
    for operator in OPERATORS:
        if operators and operator not in operators:
            continue
        mutants = [mutant for mutant in every_mutant(profile) if mutant.operator is operator]
        drawn = Random(f"{seed} {operator}").sample(mutants, len(mutants))[:size]
        names = {mutant.name for mutant in drawn}
        chosen += [mutant for mutant in mutants if mutant.name in names]
    return chosen


def judge_all(settings: Settings, mutants: Iterable[Mutant], processes: int, done: Callable[[Judged], None]) -> None:
    """Judge mutants in so many processes, and tell `done` of each as it is judged, in any order.

    Raises:
        KeyboardInterrupt: it was interrupted; what `done` was told of is whole.
    """
    if processes == 1:
        for mutant in mutants:
            done(judge(settings, mutant))
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_leave_interrupts_to_the_parent)
    try:
        left = iter(mutants)
        running = {pool.submit(judge, settings, mutant) for mutant in islice(left, QUEUED * processes)}
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {pool.submit(judge, settings, mutant) for mutant in islice(left, len(finished))}
            for future in finished:
                done(future.result())
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def scores(profile: str, judged: Iterable[Judged]) -> Iterator[Score]:
    """What the suite scores with each operator of which anything was judged."""
    by_operator: dict[str, list[Judged]] = {}
    for one in judged:
        by_operator.setdefault(one.operator, []).append(one)
    for operator in OPERATORS:
        of_it = by_operator.get(operator)
        if of_it is None:
            continue
        run = [one for one in of_it if one.found is not None and not one.equivalent and not one.error]
        found = [one.steps for one in run if one.found]
        yield Score(
            operator=operator,
            mutants=sum(mutant.operator is operator for mutant in every_mutant(profile)),
            judged=len(of_it),
            equivalent=sum(one.equivalent for one in of_it),
            run=len(run),
            found=len(found),
            broken=sum(bool(one.error) for one in of_it),
            steps=median(found) if found else None,
        )


def overall(of_operators: Iterable[Score]) -> float | None:
    """The score over all mutants of the profile that can be told from the model, as far as the sample tells: each
    operator counts as many mutants as it has. None where nothing was run."""
    found = distinct = 0.0
    for score in of_operators:
        if score.run:
            can_be_told = score.mutants * (score.judged - score.equivalent) / score.judged
            distinct += can_be_told
            found += can_be_told * score.found / score.run
    return found / distinct if distinct else None
