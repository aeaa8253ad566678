"""The rows of the state table (facts 1.1, 5.12): what each steady phase lists, per profile where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from asr_properties.evidence.step import Step
from asr_properties.specification.declared.phrases import UNIMPAIRED
from asr_properties.specification.of_profile import CLASSIC, MODERNIZED, only
from asr_properties.specification.patterns import Universality

#: An operation -> the requirements that are broken where it is missing from a list.
MISSED = {
    "disable_replication": ("X12",),
    "change_recovery_point": ("R37",),
    "fail_over": ("R15",),
    "test_failover": ("X21",),
    "planned_failover": ("R43",),
    "cancel_failover": ("R61",),
    "commit": ("R39",),
    "reprotect": ("R93",),
}


@dataclass(frozen=True, kw_only=True)
class Row(Universality):
    """A row of the state table: the phase lists its `certain` operations and at most its `optional` ones besides.

    What is missing or too much decides who is blamed; `own` are the requirements that state just this row.
    """

    certain: frozenset[str]
    optional: frozenset[str]
    own: tuple[str, ...]

    def blames(self, step: Step) -> tuple[str, ...]:
        allowed = step.now.allowed
        missing = [identifier for name in sorted(self.certain - allowed) for identifier in MISSED[name]]
        return (*self.own, *(["X02"] if allowed - self.certain - self.optional else missing))


def lists(phase: str, *operations: str, optional: str | None = None, own: tuple[str, ...] = ()) -> Row:
    """A row of the state table as a property of its own; an `optional` operation may be listed or not."""
    certain = "{" + ", ".join(map(repr, operations)) + "}"
    always = f"allowed == {certain}"
    words = ", ".join(operations)
    if optional is not None:
        words = f"{words}, maybe {optional},"
        always = f"{always} or allowed == {{{optional!r}, {certain[1:]}"
    others = (identifier for name in operations for identifier in MISSED[name])
    return Row(
        name=f"{phase}_lists_its_operations",
        requirements=tuple(dict.fromkeys((*own, "X02", *others))),
        says=f"an item in {phase} lists {words} and nothing else",
        where=f"phase == {phase!r} and drill == 'no_drill' and {UNIMPAIRED}",
        always=always,
        certain=frozenset(operations),
        optional=frozenset() if optional is None else frozenset({optional}),
        own=own,
    )


LISTS = (
    lists("enabling_failed", "disable_replication"),
    lists("initial_replication", "disable_replication"),
    lists("awaiting_first_recovery_point", "disable_replication"),
    lists("protected", *("fail_over", "test_failover", "disable_replication"), optional="resynchronize"),
    lists("failover_failed", *("fail_over", "disable_replication"), optional="resynchronize"),
    lists("failover_aborted", "disable_replication"),
    lists("failover_committed", "reprotect", "disable_replication", own=("X03",)),
    lists("reverse_initial_replication", "disable_replication"),
    lists("failback_committed", "reprotect", "disable_replication"),
    *only(
        MODERNIZED,
        lists("failed_over", *("commit", "change_recovery_point", "reprotect", "disable_replication"), own=("X03",)),
        lists(
            "reverse_protected", *("planned_failover", "disable_replication"), optional="resynchronize", own=("X05",)
        ),
        lists("failed_back", *("commit", "reprotect", "cancel_failover", "disable_replication"), own=("X04",)),
        lists("failback_cancel_failed", "cancel_failover", "disable_replication"),
    ),
    *only(
        CLASSIC,
        lists("failed_over", *("commit", "change_recovery_point", "disable_replication"), optional="reprotect"),
        lists("reverse_protected", *("fail_over", "disable_replication"), optional="resynchronize"),
        lists("failed_back", *("commit", "disable_replication"), optional="reprotect"),
    ),
)
