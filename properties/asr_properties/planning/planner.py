"""Makes a plan of a profile: rounds of candidates, and the best of several lengths that a test may have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from asr_model.observable_machine import Goal
from asr_properties.contract.connection import AdapterError
from asr_properties.generation.cheapest_way import TRANSITION
from asr_properties.generation.guide import scenarios_of
from asr_properties.planning.candidates import Candidates
from asr_properties.planning.choosing import Chosen, choose, value
from asr_properties.planning.durations import Durations
from asr_properties.planning.rehearsal import Candidate, Gain, Rehearsal

LENGTHS: Final = (120.0, 240.0, 480.0, 960.0, 1920.0)
"""Minutes that a test may take. Plans of tests up to each of these are made, as far as the budget allows, and the best
is taken: long tests spare the way to where they begin, short ones fill several machines."""

FIRSTS: Final = 4
"""So many walks of a round head first for something that no candidate comes to."""

_NEEDS_CONTROLS = frozenset({"inject", "clear", "write", "new_item", "update_settings"})


class Planner:
    """Plans for one profile. progress: is told how much is done, what is going on, and how many
    candidates there are."""

    def __init__(
        self,
        profile: str,
        durations: Durations,
        progress: Callable[[float, str, int], None] = lambda part, what, count: None,
    ) -> None:
        self._profile, self._durations, self._progress = profile, durations, progress
        self._candidates = Candidates(profile, durations)
        self._written = tuple(self._rehearsed_scenarios())

    def plan(self, *, budget: float, machines: int) -> Chosen:
        """The best of the plans. budget: minutes of each machine."""
        lengths = [length for length in LENGTHS if length <= budget] or [LENGTHS[0]]
        plans: list[Chosen] = []
        for length in lengths:
            plans.append(self._with_tests_up_to(length, budget, machines, len(plans) / len(lengths)))
        return max(plans, key=lambda plan: value(plan.gains))

    def _with_tests_up_to(self, longest: float, budget: float, machines: int, part: float) -> Chosen:
        tried: set[Goal] = set()

        def more(gained: frozenset[Gain], pool: Sequence[Candidate]) -> Iterable[Candidate]:
            self._progress(part, f"tests of up to {longest / 60:g} h", len(pool))
            left = {goal for goal in self._candidates.goals if _gain(goal) not in gained}
            if not pool:
                yield from (candidate for candidate in self._written if candidate.minutes <= longest)
            known = gained.union(*(candidate.gains for candidate in pool))
            heads: list[Goal | None] = [None]
            for _ in range(FIRSTS + 1):
                for first in heads:
                    for candidate in self._candidates.walks(first, left, longest):
                        if candidate.minutes <= longest:
                            known |= candidate.gains
                            yield candidate
                first = self._candidates.cheapest(
                    goal for goal in left if goal.sort == TRANSITION and goal not in tried and _gain(goal) not in known
                )
                if first is None:
                    return
                tried.add(first)
                heads = [first]

        return choose(more, budget=budget, machines=machines)

    def _rehearsed_scenarios(self) -> Iterator[Candidate]:
        """The walks that are written down, where nothing is needed that a slow service does not offer."""
        for scenario in scenarios_of(self._profile, ()):
            if scenario.configuration or any(action.kind in _NEEDS_CONTROLS for action in scenario.actions):
                continue
            rehearsal = Rehearsal(self._profile, self._durations)
            try:
                for action in scenario.actions:
                    rehearsal.perform(action)
            except AdapterError:
                continue
            if (candidate := rehearsal.candidate()) is not None:
                yield candidate


def _gain(goal: Goal) -> Gain:
    return Gain(goal.sort, goal.where, str(goal.what))
