"""Reads KISS2, and makes AALpy's machine of it: AALpy has no reader of its own."""

from __future__ import annotations

from aalpy.automata import MealyMachine


def read_kiss2(text: str) -> MealyMachine:
    """The machine that the text tells of. Its counts must be right."""
    heads, setup = {}, {}
    for line in text.splitlines():
        words = line.split()
        if line.startswith("."):
            heads[words[0]] = words[1:]
        elif words and words[0] != "#":
            given, state, target, output = words
            assert (len(given), len(output)) == (int(heads[".i"][0]), int(heads[".o"][0]))
            assert given not in setup.setdefault(state, {})
            setup[state][given] = (output, target)
    assert len(setup) == int(heads[".s"][0])
    assert sum(map(len, setup.values())) == int(heads[".p"][0])
    assert ".e" in heads
    assert next(iter(setup)) == heads[".r"][0]
    return MealyMachine.from_state_setup(setup)
