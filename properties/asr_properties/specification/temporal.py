"""Linear temporal logic as data, so that one declaration is shown to people, given to model checkers and compared.

A formula speaks of propositions by name. Whoever writes it says what each is written as.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

Written = Callable[[str], str]
"""What a proposition is written as, by its name."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula. operator: `atom` (of a name), `!`, `&`, `|`, `->`, `G`, `F`, `U` or `W` (weak until)."""

    operator: str
    operands: tuple[Formula, ...] = ()
    name: str = ""

    def __and__(self, other: Formula) -> Formula:
        return Formula("&", (self, other))

    def __or__(self, other: Formula) -> Formula:
        return Formula("|", (self, other))

    def __invert__(self) -> Formula:
        return Formula("!", (self,))

    def implies(self, other: Formula) -> Formula:
        """If this holds now, the other does."""
        return Formula("->", (self, other))

    def until(self, other: Formula) -> Formula:
        """This holds until the other does, which comes."""
        return Formula("U", (self, other))

    def unless(self, other: Formula) -> Formula:
        """This holds until the other does, which need not come (weak until)."""
        return Formula("W", (self, other))

    @property
    def atoms(self) -> tuple[str, ...]:
        """The propositions, in the order in which they are named first."""
        return tuple(dict.fromkeys(self._atoms()))

    @property
    def names_each_once(self) -> bool:
        """Whether no proposition is named twice."""
        return len(list(self._atoms())) == len(self.atoms)

    def _atoms(self) -> Iterator[str]:
        if self.operator == "atom":
            yield self.name
        for operand in self.operands:
            yield from operand._atoms()

    def text(self, written: Written = str) -> str:
        """The formula for people: `G(a -> b W c)`."""
        return self._text(written, "{operator}({0})", {"&": "&", "|": "|"})

    def promela(self, written: Written = str) -> str:
        """The formula as Spin reads it: `[] (a -> (b W c))`."""
        return self._text(written, None, {"&": "&&", "|": "||"})

    def _text(self, written: Written, unary: str | None, joined: dict[str, str]) -> str:
        if self.operator == "atom":
            return written(self.name)
        inner = [operand._text(written, unary, joined) for operand in self.operands]
        if len(inner) == 1:
            if self.operator == "!":
                is_bare = self.operands[0].operator == "atom" and inner[0].isidentifier()
                return f"!{inner[0]}" if is_bare else f"!({inner[0]})"
            return unary.format(*inner, operator=self.operator) if unary else f"{_UNARY[self.operator]} ({inner[0]})"
        parts = [self._operand(one, text) for one, text in zip(self.operands, inner, strict=True)]
        return f" {joined.get(self.operator, self.operator)} ".join(parts)

    def _operand(self, operand: Formula, text: str) -> str:
        is_plain = operand.operator in "!GF" or (operand.operator == "atom" and text.isidentifier())
        return text if is_plain or (operand.operator == self.operator and self.operator in "&|") else f"({text})"


_UNARY = {"G": "[]", "F": "<>"}


def atom(name: str) -> Formula:
    """The proposition of this name."""
    return Formula("atom", name=name)


def always(body: Formula) -> Formula:
    """It holds now and ever after."""
    return Formula("G", (body,))


def eventually(body: Formula) -> Formula:
    """It holds now or later."""
    return Formula("F", (body,))


def all_of(parts: list[Formula]) -> Formula:
    """All of them; there is at least one."""
    return reduce(Formula.__and__, parts)
