"""A covering array: rows of options such that every two options of two choices occur together in some row.

Those of the reference's free choices are in ROWS, for each profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from asr_properties.reference import CHOICES, ClassicItem, ReplicatedItem

Row = dict[str, str]


def covering_array(choices: Mapping[str, Sequence[str]]) -> list[Row]:
    """Rows that cover every pair of options, found greedily: each row takes, choice by choice, the option that covers
    most of what is left."""
    options = {name: tuple(dict.fromkeys(given)) for name, given in choices.items()}
    left = {frozenset(pair) for pair in _pairs(options)}
    rows: list[Row] = []
    while left:
        row: Row = dict(min(left, key=sorted))  # so that each row covers something
        for name in sorted(options, key=lambda name: (-len(options[name]), name)):
            if name not in row:
                row[name] = max(options[name], key=lambda option: _gain(row, name, option, left))
        left -= {frozenset(pair) for pair in combinations(row.items(), 2)}
        rows.append({name: row[name] for name in choices})
    return rows


def _pairs(options: Mapping[str, Sequence[str]]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for (one, these), (other, those) in combinations(options.items(), 2):
        for this in these:
            for that in those:
                yield (one, this), (other, that)


def _gain(row: Row, name: str, option: str, left: set[frozenset[tuple[str, str]]]) -> int:
    return sum(frozenset(((name, option), taken)) in left for taken in row.items())


#: Choices that one profile has only.
OF_CLASSIC = frozenset(
    {
        "reprotect_of_uncommitted_failover",
        "reprotect_of_uncommitted_failback",
        "agent_registration",
        "failback_to_a_listed_point",
        "failback_under_fault",
        "azure_vm_after_failback",
    }
)
OF_MODERNIZED = frozenset(
    {
        "planned_failover_under_fault",
        "failed_prerequisites_of_planned_failover",
        "planned_failover_without_app_consistent_point",
        "cancel_failover_while_failing_back",
        "failed_cancel_from_failed_back",
    }
)
OTHERS = {ReplicatedItem: OF_CLASSIC, ClassicItem: OF_MODERNIZED}
ROWS = [
    (kind, row)
    for kind, others in OTHERS.items()
    for row in covering_array({name: options for name, options in CHOICES.items() if name not in others})
]
