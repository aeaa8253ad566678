"""The property specification patterns (Dwyer, Avrunin, Corbett 1999) as small deterministic monitors.

A property is a pattern with its expressions filled in. It is judged step by step by a monitor whose states hash,
so that the same monitor serves a live run, a recording, and the exhaustive product with the model. Unknown values
never fail a property: an unknown condition neither opens a scope nor breaks a rule, and it closes an open scope.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

from asr_model import expressions
from asr_properties.evidence.questions import Question, question
from asr_properties.evidence.step import Step
from asr_properties.specification import in_words
from asr_properties.specification.rule import Broken, Rule
from asr_properties.specification.temporal import Formula, always, atom, eventually

_REACTED, _NOT_SEEN = "reacted", "not seen"
"""Memories of a monitor: the reaction has just come; what must come first may have come unseen."""

VIOLATED = "violated"
"""The state of a monitor whose property is broken; it is never left."""


@dataclass(frozen=True)
class Scope:
    """When a property applies. Neither `after` nor `until`: globally. Both: after each `after`, until `until`."""

    after: str | None = None
    until: str | None = None

    def words(self) -> str:
        """The scope in words."""
        if self.after is None:
            return "Globally" if self.until is None else f"Before [{self.until}]"
        return f"After [{self.after}]" + (f" until [{self.until}]" if self.until else "")


GLOBALLY = Scope()


class Letter(NamedTuple):
    """The answers to a property's questions about one step; None where something unknown decides."""

    after: bool | None
    until: bool | None
    exercised: bool | None
    body: tuple[Any, ...]


class Proposition(NamedTuple):
    """An expression by the name that a formula has for it. certain: it counts as true only where it is known to hold;
    else wherever it is not known not to hold (unknown values never fail a property)."""

    name: str
    text: str
    certain: bool


@dataclass(frozen=True, kw_only=True)
class Property(Rule):
    """A rule that a monitor with few states can judge, step by step.

    exercised: an expression; the property counts as exercised at steps where its scope is open and this holds.
    """

    scope: Scope = GLOBALLY
    exercised: str = "True"

    @property
    def ltl(self) -> str:
        """The LTL form of the pattern with its expressions filled in, or beside it where it repeats one."""
        texts = {p.name: p.text for p in self.propositions}
        if self.formula.names_each_once:
            return self.formula.text(texts.__getitem__)
        return f"{self.formula.text()} where {', '.join(f'{name} is [{text}]' for name, text in texts.items())}"

    @property
    @abstractmethod
    def formula(self) -> Formula:
        """The LTL form of the pattern over its `propositions`. The monitor agrees with it wherever nothing is unknown
        (the tests compare them on random machines)."""

    @property
    def propositions(self) -> tuple[Proposition, ...]:
        """What `formula` speaks of: the ends of the scope, then what the pattern asks."""
        ends = (Proposition("after", self.scope.after or "", True), Proposition("until", self.scope.until or "", False))
        return (*(end for end in ends if end.text), *self._asked)

    @property
    @abstractmethod
    def _asked(self) -> tuple[Proposition, ...]:
        """The propositions of the pattern itself."""

    @cached_property
    def words(self) -> frozenset[object]:
        """Every literal its expressions speak of; among them the surroundings it depends on."""
        return frozenset(word for text in self._texts() for word in expressions.literals(text))

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name its expressions read."""
        return frozenset(name for text in self._texts() for name in expressions.names(text))

    def _texts(self) -> list[str]:
        """All its expressions."""
        texts = [self.scope.after, self.scope.until]
        for item in fields(self):
            if item.name not in ("name", "says") and isinstance(value := getattr(self, item.name), str):
                texts.append(value)
        return [text for text in texts if text]

    @property
    def start(self) -> Hashable:
        """The monitor's first state."""
        return (self.scope.after is None, None)

    def letter(self, step: Step) -> Letter:
        """All that the property can tell of a step: the answers to its questions. The monitor reads nothing else."""
        return Letter(
            after=self._after is not None and self._after(step),
            until=self._until is not None and self._until(step),
            exercised=self._exercised is None or self._exercised(step),
            body=tuple(ask(step) for ask in self._questions),
        )

    def step(self, state: Hashable, letter: Letter) -> Hashable:
        """The monitor's next state, VIOLATED if the letter breaks the property."""
        if state == VIOLATED:
            return state
        assert isinstance(state, tuple)
        is_open, memory = state
        if is_open is True and letter.until is not False:
            if letter.until is True and self._breaks_at_end(memory):
                return VIOLATED
            is_open, memory = (False, None) if self.scope.after is not None else ("over", None)
        elif is_open is False and letter.after and letter.until is not True:
            is_open, memory = True, None
        if is_open is not True:
            return (is_open, None)
        memory = self._inside(memory, letter)
        return VIOLATED if memory == VIOLATED else (True, memory)

    def is_exercised(self, state: Hashable, letter: Letter) -> bool:
        """Whether the letter that led to `state` put the property to the test."""
        if state == VIOLATED:
            return True
        assert isinstance(state, tuple)
        return state[0] is True and letter.exercised is True

    def advance(self, state: Hashable, step: Step) -> tuple[Hashable, bool]:
        """The monitor's next state, and whether the step put the property to the test.

        As `step` and `is_exercised` on the step's letter, but a scope that stays closed costs one question only.
        """
        if state == (False, None) and (self._after is None or self._after(step) is not True):
            return state, False
        letter = self.letter(step)
        after = self.step(state, letter)
        return after, self.is_exercised(after, letter)

    def is_pending(self, state: Hashable) -> bool:
        """Whether something that must follow has not followed yet."""
        return False

    def broken(self, before: Hashable, step: Step) -> Broken:
        """The property as one that a step breaks, where its monitor was in the state `before`."""
        memory = before[1] if isinstance(before, tuple) else None
        return Broken(self, *self._decided(memory, step))

    @cached_property
    @abstractmethod
    def _questions(self) -> tuple[Callable[[Step], Any], ...]:
        """What the pattern asks of each step."""

    @abstractmethod
    def _inside(self, memory: Hashable, letter: Letter) -> Hashable:
        """One letter inside the scope: the next memory, or VIOLATED."""

    @abstractmethod
    def _decided(self, memory: Hashable, step: Step) -> tuple[str, str]:
        """The values by which the step broke the property, and what would have been right."""

    def _breaks_at_end(self, memory: Hashable) -> bool:
        """Whether ending the scope here breaks the property."""
        return False

    @cached_property
    def _after(self) -> Question | None:
        return question(self.scope.after) if self.scope.after else None

    @cached_property
    def _until(self) -> Question | None:
        return question(self.scope.until) if self.scope.until else None

    @cached_property
    def _exercised(self) -> Question | None:
        return None if self.exercised == "True" else question(self.exercised)

    def _throughout(self, body: Formula) -> Formula:
        """`body` at every step inside the scope."""
        inside = always(body) if self.scope.until is None else body.unless(atom("until"))
        return inside if self.scope.after is None else always(self._opening.implies(inside))

    def _once(self, body: Formula) -> Formula:
        """`body` where the scope opens: where `after` holds in an open scope it opens no second one."""
        if self.scope.after is None:
            return body
        first = (~self._opening).unless(self._opening & body)
        return first if self.scope.until is None else first & always(atom("until").implies(first))

    @property
    def _opening(self) -> Formula:
        return atom("after") if self.scope.until is None else atom("after") & ~atom("until")

    def _or_end(self, body: Formula) -> Formula:
        return body if self.scope.until is None else body | atom("until")


@dataclass(frozen=True, kw_only=True)
class Absence(Property):
    """`never` does not hold within the scope."""

    never: str

    @property
    def pattern(self) -> str:
        return f"{self.scope.words()}, it is never the case that [{self.never}]."

    @property
    def formula(self) -> Formula:
        return self._throughout(~atom("never"))

    @property
    def _asked(self) -> tuple[Proposition, ...]:
        return (Proposition("never", self.never, True),)

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        return (question(self.never),)

    def is_exercised(self, state: Hashable, letter: Letter) -> bool:
        return super().is_exercised(state, letter) and (state == VIOLATED or letter.body[0] is not None)

    def _inside(self, memory: Hashable, letter: Letter) -> Hashable:
        return VIOLATED if letter.body[0] else None

    def _decided(self, memory: Hashable, step: Step) -> tuple[str, str]:
        return in_words.values(self.never, step), f"never: {in_words.expression(self.never)}"


@dataclass(frozen=True, kw_only=True)
class Universality(Property):
    """`always` holds within the scope wherever `where` does."""

    always: str
    where: str = "True"

    @property
    def pattern(self) -> str:
        return f"{self.scope.words()}, it is always the case that [{self.always}] where [{self.where}]."

    @property
    def formula(self) -> Formula:
        return self._throughout(atom("where").implies(atom("always")))

    @property
    def _asked(self) -> tuple[Proposition, ...]:
        return Proposition("where", self.where, True), Proposition("always", self.always, False)

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        return question(self.where), question(self.always)

    def is_exercised(self, state: Hashable, letter: Letter) -> bool:
        where, always = letter.body
        return super().is_exercised(state, letter) and (state == VIOLATED or (where is True and always is not None))

    def _inside(self, memory: Hashable, letter: Letter) -> Hashable:
        where, always = letter.body
        return VIOLATED if where and always is False else None

    def _decided(self, memory: Hashable, step: Step) -> tuple[str, str]:
        where = "" if self.where == "True" else f" where {in_words.expression(self.where)}"
        return in_words.values(self.always, step), f"{in_words.expression(self.always)}{where}"


@dataclass(frozen=True, kw_only=True)
class Existence(Property):
    """`some` holds at least once before the scope ends (the scope has both ends)."""

    some: str

    @property
    def pattern(self) -> str:
        return f"{self.scope.words()}, [{self.some}] holds at least once."

    @property
    def formula(self) -> Formula:
        return self._once((~atom("until")).unless(atom("some") & ~atom("until")))

    @property
    def _asked(self) -> tuple[Proposition, ...]:
        return (Proposition("some", self.some, False),)

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        return (question(self.some),)

    def is_exercised(self, state: Hashable, letter: Letter) -> bool:
        return super().is_exercised(state, letter) and (state == VIOLATED or letter.body[0] is not None)

    def _inside(self, memory: Hashable, letter: Letter) -> Hashable:
        return True if memory or letter.body[0] is not False else None

    def _decided(self, memory: Hashable, step: Step) -> tuple[str, str]:
        return in_words.values(self.some, step), f"at least once until now: {in_words.expression(self.some)}"

    def _breaks_at_end(self, memory: Hashable) -> bool:
        return not memory


@dataclass(frozen=True, kw_only=True)
class Response(Property):
    """Each `trigger` is followed by `reaction`. On the model: from every state where it is pending, the service can
    by itself, with nothing wrong, bring it about. On finite evidence a missing reaction is not a violation."""

    trigger: str
    reaction: str

    @property
    def pattern(self) -> str:
        return f"{self.scope.words()}, if [{self.trigger}] then in response [{self.reaction}]."

    @property
    def formula(self) -> Formula:
        return self._throughout(atom("trigger").implies(eventually(self._or_end(atom("reaction")))))

    @property
    def _asked(self) -> tuple[Proposition, ...]:
        return Proposition("trigger", self.trigger, True), Proposition("reaction", self.reaction, False)

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        return question(self.trigger), question(self.reaction)

    def is_pending(self, state: Hashable) -> bool:
        return isinstance(state, tuple) and state[1] is True

    def is_exercised(self, state: Hashable, letter: Letter) -> bool:
        """Whether the reaction to a trigger was seen: one that is still to come shows nothing."""
        return isinstance(state, tuple) and state[1] == _REACTED and letter.exercised is True

    def _inside(self, memory: Hashable, letter: Letter) -> Hashable:
        trigger, reaction = letter.body
        pending = memory is True or trigger is True
        if reaction is not False:
            return _REACTED if pending and reaction is True else None
        return True if pending else None

    def _decided(self, memory: Hashable, step: Step) -> tuple[str, str]:
        return in_words.values(self.reaction, step), in_words.expression(self.reaction)


@dataclass(frozen=True, kw_only=True)
class Precedence(Property):
    """Within the scope `then` holds only after `first` has."""

    then: str
    first: str

    @property
    def pattern(self) -> str:
        return f"{self.scope.words()}, [{self.then}] holds only after [{self.first}]."

    @property
    def formula(self) -> Formula:
        return self._once((~atom("then")).unless(self._or_end(atom("first"))))

    @property
    def _asked(self) -> tuple[Proposition, ...]:
        return Proposition("then", self.then, True), Proposition("first", self.first, False)

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        return question(self.then), question(self.first)

    def is_exercised(self, state: Hashable, letter: Letter) -> bool:
        if not super().is_exercised(state, letter):
            return False
        is_seen = isinstance(state, tuple) and state[1] != _NOT_SEEN and letter.body[0] is not None
        return state == VIOLATED or is_seen

    def _inside(self, memory: Hashable, letter: Letter) -> Hashable:
        then, first = letter.body
        if memory is True or first is True:
            return True
        if memory == _NOT_SEEN or first is None:
            return _NOT_SEEN
        return VIOLATED if then else None

    def _decided(self, memory: Hashable, step: Step) -> tuple[str, str]:
        return in_words.values(self.then, step), f"only after {in_words.expression(self.first)}"
