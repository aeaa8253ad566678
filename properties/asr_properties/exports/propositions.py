"""What a property asks of a step, as plain two-valued expressions over the variables of the model.

A property speaks of what is seen, and not everything is: the power of a machine that is left open, say. Where an
expression depends on something unknown, it is neither true nor false. Here both are worked out from the text:
when it is known to hold, and when it is known not to. What decides is what comes first, as Python evaluates it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import NamedTuple

from asr_model.listed_operations import LISTABLE
from asr_model.vocabulary import Direction, Site
from asr_properties.exports.logic import FALSE, TRUE, conjunction, disjunction, negation
from asr_properties.exports.machine import Machine
from asr_properties.specification.patterns import Property, Proposition
from asr_properties.specification.remembered import Remembered


class Known(NamedTuple):
    """When an expression is known to hold, and when it is known not to; elsewhere it is unknown."""

    holds: ast.expr
    fails: ast.expr


class Field(NamedTuple):
    """What a property can name. known: where its value is known. equals: where it has a value, where that is known.
    is_implied: wherever it has one of its values it is known."""

    known: ast.expr
    equals: Callable[[str], ast.expr]
    values: tuple[str, ...]
    is_implied: bool = False


class Evidence:
    """Reads the expressions of properties on one model."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        efsm = machine.efsm
        self._phases = efsm.phases
        self._events = tuple(event.name for event in machine.events)
        self._fields: dict[str, Field] = {}
        for prefix in ("", "was_"):
            self._fields[f"{prefix}phase"] = self._variable(f"{prefix}phase", tuple(efsm.phases))
            self._fields[f"{prefix}drill"] = self._variable(f"{prefix}drill", tuple(efsm.drills))
            for name in ("on_premises", "azure"):
                specified = ast.Compare(ast.Name(prefix + name), [ast.NotEq()], [ast.Constant("unspecified")])
                values = tuple(str(v) for v in efsm.domains[name] if v != "unspecified")
                self._fields[prefix + name] = self._variable(prefix + name, values)._replace(
                    known=specified, is_implied=True
                )
            listed = self._in_phases(prefix, lambda f: f.lists_points)
            kinds = tuple(map(str, efsm.domains["points"]))
            self._fields[f"{prefix}points"] = self._variable(f"{prefix}points", kinds)._replace(known=listed)
            serving = self._of_phase(prefix, "serving", tuple(site.value for site in Site))
            self._fields[f"{prefix}serving"] = serving._replace(is_implied=True)
            replicating = self._of_phase(prefix, "replicating", tuple(d.value for d in Direction))
            told = ast.UnaryOp(ast.Not(), ast.Name(f"{prefix}failback_failed"))
            self._fields[f"{prefix}replicating"] = replicating._replace(known=conjunction([replicating.known, told]))
        self._fields["event"] = self._variable("event", self._events)
        self._fields["response"] = self._variable("response", ("accepted", "refused"))
        for name, domain in machine.arguments.items():
            if name != "shut_down_source":
                self._fields[name] = self._variable(name, tuple(map(str, domain)))

    def proposition(self, asked: Proposition) -> ast.expr:
        """Where it counts as true."""
        known = self.read(asked.text)
        is_known = self._is_known(ast.parse(asked.text, mode="eval").body)
        return known.holds if asked.certain or is_known else negation(known.fails)

    def kept(self, candidate: Remembered) -> dict[str, tuple[ast.expr, ast.expr]]:
        """What a property remembers, bit by bit: a name -> where the bit is set when the scope opens, and where what is
        seen later differs from it."""
        found: dict[str, tuple[ast.expr, ast.expr]] = {}
        for now, relation, then in candidate.compare:
            if relation != "==":
                raise ValueError(f"{candidate.name}: {relation!r} has no finite values to remember")
            for value in self._fields[then].values:
                differs = self.read(f"{now} == {value!r}").fails
                found[f"kept_{now}_{value}"] = (self.read(f"{then} == {value!r}").holds, differs)
        return found

    def surroundings(self, candidate: Property) -> tuple[str, ...]:
        """The surroundings that a property reads."""
        return tuple(name for name in self._machine.surroundings if name in candidate.words)

    def read(self, text: str) -> Known:
        """Both sides of an expression."""
        return self._read(ast.parse(text, mode="eval").body)

    # -- the parts of an expression ---------------------------------------------------------------------------------

    def _read(self, node: ast.expr) -> Known:
        match node:
            case ast.Constant(value=value):
                return Known(ast.Constant(bool(value)), ast.Constant(not value))
            case ast.Name(id="shut_down_source"):
                return Known(node, negation(node))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self._read(operand)
                return Known(inner.fails, inner.holds)
            case ast.BoolOp(op=operator, values=[first, *rest]):
                left = self._read(first)
                if not rest:
                    return left
                right = self._read(rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest))
                # Where the first is always known, the second decides by itself.
                first_holds, first_fails = (TRUE, TRUE) if self._is_known(first) else left
                if isinstance(operator, ast.And):
                    fails = disjunction([left.fails, conjunction([first_holds, right.fails])])
                    return Known(conjunction([left.holds, right.holds]), fails)
                holds = disjunction([left.holds, conjunction([first_fails, right.holds])])
                return Known(holds, conjunction([left.fails, right.fails]))
            case ast.Compare(left=left_side, ops=[operator], comparators=[right_side]):
                known = self._compare(left_side, right_side)
                is_turned = isinstance(operator, ast.NotEq | ast.NotIn)
                return Known(known.fails, known.holds) if is_turned else known
        raise ValueError(f"cannot be exported: {ast.unparse(node)}")

    def _is_known(self, node: ast.expr) -> bool:
        """Whether nothing that it names is ever unknown."""
        named = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        known = {name for name, field in self._fields.items() if field.known is TRUE}
        return named <= {*known, *self._machine.phase_sets, "surroundings", "shut_down_source"}

    def _compare(self, left: ast.expr, right: ast.expr) -> Known:
        match left, right:
            case ast.Constant(value=str(name)), ast.Name(id="surroundings"):
                holds: ast.expr = ast.Name(name) if name in self._machine.surroundings else FALSE
                return Known(holds, negation(holds))
            case ast.Constant(value=str(name)), ast.Name(id="allowed" | "was_allowed" as lists):
                return self._where_listed(lists, self._lists(lists, name))
            case ast.Name(id="event"), ast.Name(id="allowed" | "was_allowed" as lists):
                found = [conjunction([self._event_is(name), self._lists(lists, name)]) for name in LISTABLE]
                return self._where_listed(lists, disjunction(found))
            case ast.Name(id="allowed" | "was_allowed" as lists), ast.Set(elts=elements):
                wanted = {element.value for element in elements if isinstance(element, ast.Constant)}
                each = [self._lists(lists, n) if n in wanted else negation(self._lists(lists, n)) for n in LISTABLE]
                return self._where_listed(lists, conjunction(each))
            case ast.Name(id="allowed" | "was_allowed" as lists), ast.Name(id=other) if other == lists:
                return self._where_listed(lists, TRUE)
            case ast.Name(id=name), ast.Constant(value=value):
                return self._known(name, [str(value)])
            case ast.Name(id=name), ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return self._known(name, [str(e.value) for e in elements if isinstance(e, ast.Constant)])
            case ast.Name(id="phase" | "was_phase"), ast.Name(id=among) if among in self._machine.phase_sets:
                holds = ast.Compare(left, [ast.In()], [right])
                return Known(holds, negation(holds))
        raise ValueError(f"cannot be exported: {ast.unparse(left)} beside {ast.unparse(right)}")

    def _known(self, name: str, values: list[str]) -> Known:
        field = self._fields.get(name)
        if field is None:
            return Known(FALSE, FALSE)  # the model does not show it
        inside = disjunction(field.equals(value) for value in values if value in field.values)
        holds = inside if field.is_implied else conjunction([field.known, inside])
        return Known(holds, conjunction([field.known, negation(inside)]))

    def _where_listed(self, lists: str, inside: ast.expr) -> Known:
        told = ast.UnaryOp(ast.Not(), ast.Name(f"{lists.removesuffix('allowed')}resynchronizing"))
        return Known(conjunction([told, inside]), conjunction([told, negation(inside)]))

    def _lists(self, lists: str, name: str) -> ast.expr:
        return ast.Name(f"{lists.removesuffix('allowed')}listed_{name}") if name in LISTABLE else FALSE

    def _event_is(self, name: str) -> ast.expr:
        return ast.Compare(ast.Name("event"), [ast.Eq()], [ast.Constant(name)])

    def _variable(self, name: str, values: tuple[str, ...]) -> Field:
        return Field(TRUE, lambda value: ast.Compare(ast.Name(name), [ast.Eq()], [ast.Constant(value)]), values)

    def _of_phase(self, prefix: str, fact: str, values: tuple[str, ...]) -> Field:
        known = self._in_phases(prefix, lambda facts: getattr(facts, fact) is not None)
        return Field(known, lambda value: self._in_phases(prefix, lambda f: getattr(f, fact) == value), values)

    def _in_phases(self, prefix: str, belongs: Callable[..., bool]) -> ast.expr:
        inside = [name for name, facts in self._phases.items() if belongs(facts)]
        if len(inside) in (0, len(self._phases)):
            return TRUE if inside else FALSE
        literals: list[ast.expr] = [ast.Constant(name) for name in inside]
        return ast.Compare(ast.Name(f"{prefix}phase"), [ast.In()], [ast.Tuple(literals, ast.Load())])
