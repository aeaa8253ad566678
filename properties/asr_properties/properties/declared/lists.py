"""The rows of the state table (facts 1.1, 5.12): what each steady phase lists, per profile where they differ."""

from __future__ import annotations

from asr_properties.properties.declared.profiles import CLASSIC, MODERNIZED, only
from asr_properties.properties.patterns import Universality


def lists(phase: str, *operations: str, optional: str | None = None, requirements: tuple[str, ...]) -> Universality:
    """A row of the state table as a property of its own; an `optional` operation may be listed or not."""
    certain = "{" + ", ".join(map(repr, operations)) + "}"
    always = f"allowed == {certain}"
    words = ", ".join(operations)
    if optional is not None:
        words = f"{words}, maybe {optional},"
        always = f"{always} or allowed == {{{optional!r}, {certain[1:]}"
    return Universality(
        name=f"{phase}_lists_its_operations",
        requirements=requirements,
        says=f"an item in {phase} lists {words} and nothing else",
        where=f"phase == {phase!r} and drill == 'no_drill' and 'impaired' not in surroundings",
        always=always,
    )


LISTS = (
    lists("enabling_failed", "disable_replication", requirements=("X02", "X12")),
    lists("initial_replication", "disable_replication", requirements=("X02", "X12")),
    lists("awaiting_first_recovery_point", "disable_replication", requirements=("X02", "X12")),
    lists(
        "protected",
        *("fail_over", "test_failover", "disable_replication"),
        optional="resynchronize",
        requirements=("X02", "X12", "X21"),
    ),
    lists(
        "failover_failed",
        *("fail_over", "disable_replication"),
        optional="resynchronize",
        requirements=("X02", "X12", "X18"),
    ),
    lists("failover_aborted", "disable_replication", requirements=("X02", "X12", "R34")),
    lists("failover_committed", "reprotect", "disable_replication", requirements=("X02", "X03", "X12")),
    lists("reverse_initial_replication", "disable_replication", requirements=("X02", "X12")),
    lists("failback_committed", "reprotect", "disable_replication", requirements=("X02", "X12", "X17")),
    *only(
        MODERNIZED,
        lists(
            "failed_over",
            *("commit", "change_recovery_point", "reprotect", "disable_replication"),
            requirements=("X02", "X03", "X12", "R37"),
        ),
        lists(
            "reverse_protected",
            *("planned_failover", "disable_replication"),
            optional="resynchronize",
            requirements=("X02", "X05", "X12"),
        ),
        lists(
            "failed_back",
            *("commit", "reprotect", "cancel_failover", "disable_replication"),
            requirements=("X02", "X04", "X12"),
        ),
        lists("failback_cancel_failed", "cancel_failover", "disable_replication", requirements=("X02", "X12")),
    ),
    *only(
        CLASSIC,
        lists(
            "failed_over",
            *("commit", "change_recovery_point", "disable_replication"),
            optional="reprotect",
            requirements=("X02", "X12", "R37"),
        ),
        lists(
            "reverse_protected",
            *("fail_over", "disable_replication"),
            optional="resynchronize",
            requirements=("X02", "X12"),
        ),
        lists(
            "failed_back", *("commit", "disable_replication"), optional="reprotect", requirements=("X02", "X12", "R75")
        ),
    ),
)
