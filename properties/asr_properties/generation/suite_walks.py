"""Walks that try what a complete suite tries: every input in every state, followed by what tells its target apart.

The suite is the one that HSI makes of the deterministic machine, tried as SPY does: wherever the item comes by. It is
planned anew after every step, because the item may choose otherwise than the machine does where the facts leave that
open: then it is tried from where it is. On an item that chooses as the machine does, all of it is tried; on others what
they let themselves be led to.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Generator, Iterator
from functools import cache

from asr_model import profiles
from asr_model.deterministic_machine import with_states
from asr_model.machine import Machine
from asr_model.observable_machine import Input, Sort
from asr_model.state import State
from asr_model.suites.mealy import Mealy, Word
from asr_model.suites.separating import Separation
from asr_properties.evidence.actions import WAIT_FOR_JOB, Action, as_request, new_item, wait
from asr_properties.session.session import Session

HOUR = 3600.0
LONGEST_WALK = 120
"""Actions on one fresh item."""
MOST_MISSED = 4
"""So often a step may lead elsewhere before it is left: the item chooses otherwise."""
MOST_WAITS = 4
"""So many waits in a row for an item that is in no state of the machine."""


def actions_of(given: object, session: Session) -> Iterator[Action]:
    """What an input of the deterministic machine, or of the observable one, takes on the item of a session: each is to
    be done before the next. Of several faults that bring about the same, one after the other has its turn."""
    assert isinstance(given, Input)
    if given.sort is Sort.FRESH_ITEM:
        yield new_item({})
        return
    if given.event is not None:
        yield as_request(given.event)
        return
    faults = _faults_of(session, given.wrong) if given.wrong else ()
    fault = faults[session.performed % len(faults)] if faults else ""
    if fault:
        yield Action("inject", fault)
    yield WAIT_FOR_JOB if session.oracle.explanations[0].job else wait(HOUR)
    if fault:
        yield Action("clear", fault)


def _faults_of(session: Session, wrong: str) -> tuple[str, ...]:
    if not session.connection.has_faults:
        return ()
    surroundings = profiles.efsm(session.connection.hello.profile).surroundings
    return next(s.faults for s in surroundings if s.name == wrong)


class Planned:
    """The deterministic machine of a profile, and what is to be tried in its states."""

    def __init__(self, profile: str) -> None:
        full, states = with_states(Machine(profiles.stepper(profile)))
        self.machine: Mealy = full.minimised()
        self.number: dict[State, int] = {
            state: self.machine.target(word) for state, word in zip(states, full.cover, strict=True)
        }
        family = Separation(self.machine).harmonized
        self.longest = 1 + max(len(word) for words in family for word in words)
        self.tries: tuple[tuple[Word, ...], ...] = tuple(
            tuple((number, *word) for number, step in steps.items() for word in sorted(family[step.target]))
            for steps in self.machine.steps
        )


@cache
def planned(profile: str) -> Planned:
    """What is planned for a profile, worked out once."""
    return Planned(profile)


class SuiteWalks:
    """Leads the item of a session through all of it.

    Attributes:
        tried: how many words were tried.
    """

    def __init__(self, session: Session, profile: str) -> None:
        self._session = session
        self._planned = planned(profile)
        self._machine = self._planned.machine
        offered = [n for n, given in enumerate(self._machine.inputs) if self._is_offered(given)]
        self._usable = frozenset(offered)
        self._left: list[dict[Word, None]] = [
            dict.fromkeys(word for word in words if self._usable.issuperset(word)) for words in self._planned.tries
        ]
        self._missed: Counter[tuple[int, int]] = Counter()
        self._at: int | None = 0
        self.tried = 0
        self._came_to: dict[tuple[int, int], int | None] = {}

    @property
    def left(self) -> int:
        """How many words were not tried yet."""
        return sum(map(len, self._left))

    def walks(self) -> Iterator[None]:
        """Walk while there is something left that can be come to. Yields after every action.

        Raises:
            NonConformance: a walk failed. The next call goes on with another walk.
            AdapterError: the adapter is at fault.
        """
        while self._way(0) is not None:
            self._session.begin({})
            yield
            begun = self._session.performed
            while self._session.performed - begun < LONGEST_WALK:
                here = yield from self._settled()
                way = None if here is None else self._way(here)
                if here is None or way is None:
                    break
                yield from self._go(here, way)
            self._session.settle()

    def _settled(self) -> Generator[None, None, int | None]:
        """Wait until it is known in which state of the machine the item is; its number, None if it is not to be."""
        for _ in range(MOST_WAITS):
            here = self._here
            if here is not None:
                return here
            self._session.perform(WAIT_FOR_JOB if self._session.oracle.explanations[0].job else wait(HOUR))
            yield
        return self._here

    @property
    def _believed(self) -> set[int | None]:
        """The states that the item may be in, as far as was seen; None for one that the machine does not have."""
        return {self._planned.number.get(e.state) for e in self._session.oracle.explanations}

    @property
    def _here(self) -> int | None:
        """Where the item is: where it was led, as long as that agrees with what is seen."""
        states = self._believed
        if self._at not in states:
            self._at = next(iter(states)) if len(states) == 1 else None
        return self._at

    def _way(self, start: int) -> Word | None:
        """The inputs to what is nearest and left, and it itself; None if nothing can be come to."""
        came: dict[int, Word] = {start: ()}
        todo = deque([start])
        while todo:
            here = todo.popleft()
            word = next(iter(self._left[here]), None)
            if word is not None:
                return (*came[here], *word)
            for number, step in self._machine.steps[here].items():
                misses = self._missed[here, number] >= MOST_MISSED
                target = self._came_to.get((here, number)) if misses else step.target
                if number in self._usable and target is not None and target not in came:
                    came[target] = (*came[here], number)
                    todo.append(target)
        return None

    def _go(self, here: int, way: Word) -> Iterator[None]:
        """Give these inputs, as long as they lead where the machine says; what was tried then is done with."""
        given: list[tuple[int, int]] = []
        for number in way:
            given.append((here, number))
            self._tick(given)
            self._missed[here, number] += 1  # until it is known to be none: a walk that fails here is one
            if self._missed[here, number] == MOST_MISSED:
                self._leave(here, number)
            yield from self._give(number)
            right = self._machine.steps[here][number].target
            if right not in self._believed:
                self._came_to[here, number] = yield from self._settled()
                return
            self._missed[here, number], self._at = 0, right
            here = right

    def _leave(self, here: int, number: int) -> None:
        """Leave what can only be tried over a step that leads elsewhere."""
        for state, words in enumerate(self._left):
            for word in list(words):
                at = state
                for given in word:
                    if (at, given) == (here, number):
                        del words[word]
                        break
                    at = self._machine.steps[at][given].target

    def _tick(self, given: list[tuple[int, int]]) -> None:
        """What was tried is done with, whatever comes of it: it ends with the input that is given now."""
        for length in range(1, self._planned.longest + 1):
            part = given[-length:]
            if len(part) == length:
                word = tuple(number for _, number in part)
                if word in self._left[part[0][0]]:
                    del self._left[part[0][0]][word]
                    self.tried += 1

    def _give(self, number: int) -> Iterator[None]:
        for action in actions_of(self._machine.inputs[number], self._session):
            self._session.perform(action)
            yield

    def _is_offered(self, given: object) -> bool:
        assert isinstance(given, Input)
        connection = self._session.connection
        if given.sort is Sort.ASK:
            assert given.event is not None
            return given.event.name == "cancel_job" or given.event.name in connection.offered
        return not given.wrong or connection.has_faults
