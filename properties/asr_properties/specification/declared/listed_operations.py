"""The rows of the state table (facts 1.1, 5.12): what each steady phase lists, per profile where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from asr_model import profiles
from asr_model.blame import ANY_REFUSAL, of_a_row, of_a_word
from asr_model.stepper import Stepper
from asr_properties.evidence.step import Step
from asr_properties.specification.declared.phrases import UNIMPAIRED
from asr_properties.specification.of_profile import CLASSIC, MODERNIZED, only
from asr_properties.specification.patterns import Universality


@dataclass(frozen=True, kw_only=True)
class Row(Universality):
    """A row of the state table: the phase lists its `certain` operations and at most its `optional` ones besides.

    `drill` is the state of the test failover that the row is about. What is missing or too much decides who is blamed.
    """

    phase: str
    drill: str = "no_drill"
    certain: frozenset[str]
    optional: frozenset[str] = frozenset()

    def blames(self, step: Step, stepper: Stepper) -> tuple[str, ...]:
        allowed = step.now.allowed
        wrong = [*sorted(allowed - self.certain - self.optional), *sorted(self.certain - allowed)]
        rules = dict.fromkeys(rule for word in wrong for rule in of_a_word(stepper, self.phase, self.drill, word))
        return tuple(sorted(rules, key=ANY_REFUSAL.__eq__))


def lists(phase: str, *operations: str, optional: str | None = None, by: frozenset[str] = MODERNIZED | CLASSIC) -> Row:
    """A row of the state table of some profiles as a property; an `optional` operation may be listed or not."""
    certain = "{" + ", ".join(map(repr, operations)) + "}"
    always = f"allowed == {certain}"
    words = ", ".join(operations)
    if optional is not None:
        words = f"{words}, maybe {optional},"
        always = f"{always} or allowed == {{{optional!r}, {certain[1:]}"
    return Row(
        name=f"{phase}_lists_its_operations",
        requirements=_stated_by(by, phase, operations),
        says=f"an item in {phase} lists {words} and nothing else",
        where=f"phase == {phase!r} and drill == 'no_drill' and {UNIMPAIRED}",
        always=always,
        phase=phase,
        certain=frozenset(operations),
        optional=frozenset() if optional is None else frozenset({optional}),
    )


def _stated_by(names: frozenset[str], phase: str, operations: tuple[str, ...]) -> tuple[str, ...]:
    """The requirements that a look at the list of a phase puts to the test."""
    steppers = [profiles.stepper(name) for name in sorted(names, reverse=True)]
    rows = [rule for stepper in steppers for rule in of_a_row(stepper, phase)]
    words = [r for stepper in steppers for name in operations for r in of_a_word(stepper, phase, "no_drill", name)]
    return tuple(dict.fromkeys((*rows, ANY_REFUSAL, *words)))


LISTS = (
    lists("enabling_failed", "disable_replication"),
    lists("initial_replication", "disable_replication"),
    lists("awaiting_first_recovery_point", "disable_replication"),
    lists("protected", *("fail_over", "test_failover", "disable_replication"), optional="resynchronize"),
    lists("failover_failed", *("fail_over", "disable_replication"), optional="resynchronize"),
    lists("failover_aborted", "disable_replication"),
    lists("failover_committed", "reprotect", "disable_replication"),
    lists("reverse_initial_replication", "disable_replication"),
    lists("failback_committed", "reprotect", "disable_replication"),
    *only(
        MODERNIZED,
        lists("failed_over", *("commit", "change_recovery_point", "reprotect", "disable_replication"), by=MODERNIZED),
        lists(
            "reverse_protected", *("planned_failover", "disable_replication"), optional="resynchronize", by=MODERNIZED
        ),
        lists("failed_back", *("commit", "reprotect", "cancel_failover", "disable_replication"), by=MODERNIZED),
        lists("failback_cancel_failed", "cancel_failover", "disable_replication", by=MODERNIZED),
    ),
    *only(
        CLASSIC,
        lists(
            "failed_over", *("commit", "change_recovery_point", "disable_replication"), optional="reprotect", by=CLASSIC
        ),
        lists("reverse_protected", *("fail_over", "disable_replication"), optional="resynchronize", by=CLASSIC),
        lists("failed_back", *("commit", "disable_replication"), optional="reprotect", by=CLASSIC),
    ),
)
