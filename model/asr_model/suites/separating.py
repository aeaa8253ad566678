"""What tells states apart: separating words, and families of them.

A word separates two states if both define it, or a beginning of it, so far that they answer otherwise. The words of a
family are cut off where a state does not define them.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property

from asr_model.suites.mealy import Mealy, Word

Family = tuple[frozenset[Word], ...]
"""For each state the words that are tried in it."""


class NotSeparable(ValueError):
    """Two states can't be told apart by what both define; the message names them. Equal ones are merged by
    `Mealy.minimised`; of partial machines others may be left, and no suite of these methods is complete for them."""


class Separation:
    """The shortest separating words of every two states of a machine, and families made of them."""

    def __init__(self, machine: Mealy) -> None:
        """Work out how far apart the states are.

        Raises:
            NotSeparable: two states are not.
        """
        self._machine = machine
        self._first = self._first_inputs()
        states = range(len(machine.steps))
        for here in states:
            for there in range(here):
                if (there, here) not in self._first:
                    raise NotSeparable(
                        f"states {there} and {here}: after {machine.cover[there]}, {machine.cover[here]}"
                    )
        self._words: dict[tuple[int, int], Word] = {}

    def word(self, here: int, there: int) -> Word:
        """A shortest word that separates two states."""
        pair = (here, there) if here < there else (there, here)
        found = self._words.get(pair)
        if found is None:
            steps, (first, second) = self._machine.steps, pair
            number = self._first[pair]
            one, other = steps[first][number], steps[second][number]
            rest = () if one.output != other.output else self.word(one.target, other.target)
            found = self._words[pair] = (number, *rest)
        return found

    def _first_inputs(self) -> dict[tuple[int, int], int]:
        """The first input of a shortest separating word, for each two states, the lower one first."""
        steps = self._machine.steps
        names: dict[Hashable, int] = {}
        answers = [{n: names.setdefault(step.output, len(names)) for n, step in here.items()} for here in steps]
        telling = sorted(range(len(self._machine.inputs)), key=lambda n: -len({does.get(n) for does in answers}))
        every = len(steps) * (len(steps) - 1) // 2
        found: dict[tuple[int, int], int] = {}
        for second, does_too in enumerate(answers):
            for first, does in enumerate(answers[:second]):
                for number in telling:
                    if number in does and number in does_too and does[number] != does_too[number]:
                        found[first, second] = number
                        break
        todo = deque(found)
        before: list[dict[int, list[int]]] = [{} for _ in steps]
        for state, here in enumerate(steps):
            for number, step in here.items():
                before[step.target].setdefault(number, []).append(state)
        while todo and len(found) < every:
            first, second = todo.popleft()
            for number, sources in before[first].items():
                for one in sources:
                    for other in before[second].get(number, ()):
                        pair = (one, other) if one < other else (other, one)
                        if one != other and pair not in found:
                            found[pair] = number
                            todo.append(pair)
        return found

    # -- families ----------------------------------------------------------------------------------------------

    @cached_property
    def characterizing(self) -> tuple[Word, ...]:
        """Words of which one separates any two states: the W set. Each is the one that separates most of what is
        left."""
        return tuple(self._chosen())

    @cached_property
    def identifying(self) -> Family:
        """For each state so many beginnings of these words as separate it from every other state: the Wp method's."""
        return tuple(self._identifying(state) for state in range(len(self._machine.steps)))

    @cached_property
    def harmonized(self) -> Family:
        """For each state words that separate it from every other state, of which one is common to any two states: the
        HSI family. Words that are there already are preferred, then those that few states need."""
        words = sorted({self.word(*pair) for pair in self._first}, key=lambda word: (len(word), word))
        family: list[set[Word]] = [set() for _ in self._machine.steps]
        blocks = [list(range(len(self._machine.steps)))]
        while blocks:
            block = blocks.pop()
            if len(block) == 1:
                continue
            word, groups = self._best_split(block, words)
            if word is None:
                self._pairwise(block, family)
                continue
            blocks += groups
            for state in block:
                family[state].add(word)
        return tuple(map(_without_beginnings, family))

    def separates(self, word: Word, here: int, there: int) -> bool:
        """Whether a word separates two states, as far as both define it."""
        return self.needed(word, here, there) > 0

    def needed(self, word: Word, here: int, there: int) -> int:
        """How long a beginning of a word separates two states; 0 if none does."""
        steps = self._machine.steps
        for length, number in enumerate(word, 1):
            one, other = steps[here].get(number), steps[there].get(number)
            if one is None or other is None or here == there:
                return 0
            if one.output != other.output:
                return length
            here, there = one.target, other.target
        return 0

    def _chosen(self) -> Iterator[Word]:
        left = set(self._first)
        words = sorted({self.word(*pair) for pair in left}, key=lambda word: (len(word), word))
        does = {word: {pair for pair in left if self.separates(word, *pair)} for word in words}
        while left:
            best = max(words, key=lambda word: len(does[word] & left))
            yield best
            left -= does[best]

    def _identifying(self, state: int) -> frozenset[Word]:
        others = {other for other in range(len(self._machine.steps)) if other != state}
        chosen: set[Word] = set()
        while others:
            found = {
                word: {other: length for other in others if (length := self.needed(word, state, other))}
                for word in self.characterizing
            }
            best = max(self.characterizing, key=lambda word: len(found[word]))
            chosen.add(best[: max(found[best].values())])
            others -= set(found[best])
        return _without_beginnings(chosen)

    def _best_split(self, block: list[int], words: list[Word]) -> tuple[Word | None, list[list[int]]]:
        """The word that all these states define and that splits them into most groups for its length, and
        the groups."""
        best: tuple[float, Word | None, list[list[int]]] = (0.0, None, [])
        for word in words:
            groups: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
            for state in block:
                outputs = self._machine.outputs(word, state)
                if len(outputs) < len(word):
                    break
                groups[outputs].append(state)
            else:
                worth = (len(groups) - 1) / len(word)
                if worth > best[0]:
                    best = worth, word, list(groups.values())
        return best[1], best[2]

    def _pairwise(self, block: list[int], family: list[set[Word]]) -> None:
        """Give every two of these states a common word, as no word that all of them define splits them."""
        for at, here in enumerate(block):
            for there in block[:at]:
                common = (w for w in family[here] & family[there] if self.separates(w, here, there))
                if next(common, None) is None:
                    word = self.word(here, there)
                    family[here].add(word)
                    family[there].add(word)


def _without_beginnings(words: Iterable[Word]) -> frozenset[Word]:
    """The words that no other one begins with."""
    found = set(words)
    return frozenset(w for w in found if not any(o != w and o[: len(w)] == w for o in found))
