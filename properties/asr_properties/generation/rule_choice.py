"""Which rule of the lifecycle machine comes next."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import Rule, RuleBasedStateMachine, RuleStrategy

LEADING = ("head_for", "take", "must_be_refused", "must_all_be_refused", "wait_for_the_job")
"""The rules that lead on: no example does without them, and it gets far whatever else it does without. The first is the
plainest: Hypothesis' plainest example does nothing but head for where it is."""

WEIGHTS: Mapping[str, int] = {
    "take": 6,
    "must_be_refused": 2,
    "must_all_be_refused": 2,
    "time_the_job": 2,
    "update_settings": 2,
    "note_recovery_point": 2,
    **dict.fromkeys(("another_item", "cancel_job", "clear", "fault_begins", "reprotect_through"), 1),
}
USUAL = 3
"""How often a rule is drawn, and one that is not named here. Of the operations few are possible at a time."""


class SteeredRules(RuleStrategy):
    """Hypothesis' own choice, in which each example does without some of the rules (swarm testing), but never without
    those that lead on. Else most examples would not get beyond their first steps: what a lifecycle allows next is
    little, and may be just what an example does without."""

    def __init__(self, machine: RuleBasedStateMachine) -> None:
        super().__init__(machine)
        self._enabled_rules_strategy = _weighted(type(machine)).filter(self._rule_is_enabled)

    def _rule_is_enabled(self, r: Rule) -> bool:
        leads = r.function.__name__ in LEADING
        return bool(self.is_valid(r) if leads else super()._rule_is_enabled(r))  # type: ignore[no-untyped-call]


@cache
def _weighted(machine: type[RuleBasedStateMachine]) -> st.SearchStrategy[Rule]:
    rules = {rule.function.__name__: rule for rule in machine.setup_state().rules}
    names = sorted(rules, key=lambda name: (LEADING.index(name) if name in LEADING else len(LEADING), name))
    return st.sampled_from([rules[name] for name in names for _ in range(WEIGHTS.get(name, USUAL))])
