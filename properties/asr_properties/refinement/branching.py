"""All choices of a step, one after the other: each outcome that is left open is taken in every way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from asr_properties.reference import CHOICES, Freedom


class Choice(NamedTuple):
    """One outcome that was chosen. left: the options that are still to be taken in its place."""

    name: str
    option: str
    left: tuple[str, ...] = ()


class Branching(Freedom):
    """Takes what it is told to take first, and then the first option of all else that has to be chosen. Within a step
    the same choice is the same option each time.

    Attributes:
        chosen: what was chosen in this step, in order.
    """

    __slots__ = ("_options", "chosen")

    def __init__(self) -> None:
        super().__init__()
        self._options: dict[str, str] = {}
        self.chosen: list[Choice] = []

    def follow(self, chosen: Sequence[Choice]) -> None:
        """A step begins, in which these are chosen first."""
        self._options = {choice.name: choice.option for choice in chosen}
        self.chosen = list(chosen)

    def choose(self, name: str) -> str:
        option = self._options.get(name)
        if option is None:
            option, *left = dict.fromkeys(CHOICES[name])
            self._options[name] = option
            self.chosen.append(Choice(name, option, tuple(left)))
        return option


def next_choices(chosen: Sequence[Choice]) -> list[Choice] | None:
    """What is to be chosen first when the step is done again; None when everything was."""
    for place in reversed(range(len(chosen))):
        name, _, left = chosen[place]
        if left:
            return [*chosen[:place], Choice(name, left[0], left[1:])]
    return None


def told(chosen: Sequence[Choice]) -> Iterator[str]:
    """What was chosen that is not the plainest."""
    return (f"{name}: {option}" for name, option, _ in chosen if option != CHOICES[name][0])
