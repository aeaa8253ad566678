"""The rows of the state table (facts 1.1, 5.12): what each steady phase lists, per profile where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from itertools import combinations

from asr_model import profiles
from asr_model.blame import ANY_REFUSAL, OF_LISTS, of_a_row, of_a_word
from asr_model.stepper import Stepper
from asr_properties.evidence.step import Step
from asr_properties.specification.declared.phrases import UNIMPAIRED
from asr_properties.specification.of_profile import CLASSIC, MODERNIZED, only
from asr_properties.specification.patterns import Universality


@dataclass(frozen=True, kw_only=True)
class Row(Universality):
    """A row of the state table: the phase lists its `certain` operations and at most its `optional` ones besides.

    `drill` is the state of the test failover that the row is about. What is missing or too much decides who is blamed.
    unless: where this holds, the list may be another one.
    """

    phase: str
    drill: str = "no_drill"
    certain: frozenset[str]
    optional: frozenset[str] = frozenset()
    unless: str = ""

    @property
    def credits(self) -> tuple[str, ...]:
        """A list shows what is listed. What an operation does, and that it is accepted, is shown by asking for it."""
        return tuple(rule for rule in self.requirements if rule in OF_LISTS)

    def _texts(self) -> list[str]:
        """All its expressions; phase and drill are names."""
        return [text for text in super()._texts() if text not in (self.phase, self.drill)]

    def offering(self, operations: Set[str]) -> Row:
        """What can't be asked for may be listed or not: an item need not name what its adapter does not offer."""
        certain = self.certain & operations
        if certain == self.certain:
            return self
        optional = self.optional | (self.certain - operations)
        always = _one_of_the_lists(sorted(certain), sorted(optional), self.unless)
        return replace(self, certain=certain, optional=optional, always=always)

    def blames(self, step: Step, stepper: Stepper) -> tuple[str, ...]:
        allowed = step.now.allowed
        wrong = [*sorted(allowed - self.certain - self.optional), *sorted(self.certain - allowed)]
        rules = dict.fromkeys(rule for word in wrong for rule in of_a_word(stepper, self.phase, self.drill, word))
        return tuple(sorted(rules, key=ANY_REFUSAL.__eq__))


def lists(
    phase: str,
    *operations: str,
    optional: str | tuple[str, ...] = (),
    by: frozenset[str] = MODERNIZED | CLASSIC,
    unless: str = "",
) -> Row:
    """A row of the state table of some profiles as a property; an `optional` operation may be listed or not. unless:
    as for `Row`."""
    may_be = (optional,) if isinstance(optional, str) else optional
    words = ", ".join(operations)
    if may_be:
        words = f"{words}, maybe {', '.join(may_be)},"
    return Row(
        name=f"{phase}_lists_its_operations",
        requirements=_stated_by(by, phase, operations),
        says=f"an item in {phase} lists {words} and nothing else",
        where=f"phase == {phase!r} and drill == 'no_drill' and {UNIMPAIRED}",
        always=_one_of_the_lists(operations, may_be, unless),
        phase=phase,
        certain=frozenset(operations),
        optional=frozenset(may_be),
        unless=unless,
    )


def _one_of_the_lists(certain: Iterable[str], optional: Iterable[str], unless: str) -> str:
    """That the list is one of those which the row allows, as an expression."""
    lists = [_is_the_list(*certain, *more) for more in _some_of(tuple(optional))]
    return " or ".join([*lists, unless] if unless else lists)


def _is_the_list(*operations: str) -> str:
    """That just these operations are listed, as an expression."""
    return f"allowed == {{{', '.join(map(repr, operations))}}}" if operations else "not allowed"


def _some_of(operations: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every choice of some of them, fewer first."""
    for size in range(len(operations) + 1):
        yield from combinations(operations, size)


#: Where Classic may refuse reprotect, it need not list it (contract 15).
REPROTECT_MAY_BE_MISSING = (
    "allowed == {'disable_replication'} and ('in_a_group' in surroundings or 'agent_registering' in surroundings)"
)


def _stated_by(names: frozenset[str], phase: str, operations: tuple[str, ...]) -> tuple[str, ...]:
    """The requirements that a look at the list of a phase puts to the test."""
    steppers = [profiles.stepper(name) for name in sorted(names, reverse=True)]
    rows = [rule for stepper in steppers for rule in of_a_row(stepper, phase)]
    words = [r for stepper in steppers for name in operations for r in of_a_word(stepper, phase, "no_drill", name)]
    return tuple(dict.fromkeys((*rows, ANY_REFUSAL, *words)))


LISTS = (
    lists("enabling_failed", "disable_replication"),
    lists("initial_replication", "disable_replication"),
    lists("awaiting_first_recovery_point", "disable_replication"),
    lists("protected", *("fail_over", "test_failover", "disable_replication"), optional="resynchronize"),
    lists("failover_failed", *("fail_over", "disable_replication"), optional="resynchronize"),
    lists("failover_aborted", "disable_replication"),
    lists("failover_committed", "reprotect", "disable_replication", unless=REPROTECT_MAY_BE_MISSING),
    lists("reverse_initial_replication", "disable_replication"),
    lists("failback_committed", "reprotect", "disable_replication", unless=REPROTECT_MAY_BE_MISSING),
    *only(
        MODERNIZED,
        lists("failed_over", *("commit", "change_recovery_point", "reprotect", "disable_replication"), by=MODERNIZED),
        lists(
            "reverse_protected", *("planned_failover", "disable_replication"), optional="resynchronize", by=MODERNIZED
        ),
        lists("failed_back", *("commit", "reprotect", "cancel_failover", "disable_replication"), by=MODERNIZED),
        lists("failback_cancel_failed", "cancel_failover", "disable_replication", by=MODERNIZED),
    ),
    *only(
        CLASSIC,
        lists(
            "failed_over", *("commit", "change_recovery_point", "disable_replication"), optional="reprotect", by=CLASSIC
        ),
        # After a failback that failed it is open whether fail_over is listed (contract 15).
        lists("reverse_protected", "disable_replication", optional=("fail_over", "resynchronize"), by=CLASSIC),
        lists("failed_back", *("commit", "disable_replication"), optional="reprotect", by=CLASSIC),
    ),
)
