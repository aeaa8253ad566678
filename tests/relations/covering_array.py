"""A covering array: rows of options such that every two options of two choices occur together in some row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

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
