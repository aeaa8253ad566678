"""A run record as reports show it: every text fit to be shown, with what the catalogue and the properties say of it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any, Final

from asr_model import profiles
from asr_properties.contract.text import shown
from asr_properties.counterexamples.counterexample import Counterexample, counterexample_of
from asr_properties.counterexamples.stored import InvalidCounterexample
from asr_properties.running.requirement_status import statuses
from asr_properties.running.stored_record import StoredCoverage, StoredRecord
from asr_properties.session.nonconformance import BROKEN
from asr_properties.specification.declared import properties_of
from asr_reports.judged_run import BrokenRule, Covered, JudgedRequirement, JudgedRun, ShownCounterexample
from asr_reports.walk import ShownStep

LONGEST: Final = 1000
"""Characters of one text of a report; what an adapter writes is that long at most in our own records."""

MOST_STEPS: Final = 500
"""Of one counterexample are shown; minimal ones have a dozen. The last ones are kept, for they depart."""

MOST_COUNTEREXAMPLES: Final = 500
"""Of one record are shown; a run keeps five."""


MOST_LINES: Final = 500
"""Of a list of a record are shown: of what was not taken, of notes; ours have fewer."""


def judged_run(record: StoredRecord, folder: str = "") -> JudgedRun:
    """The run that a record tells of.

    folder: where its counterexamples lie as files, for the commands that replay them.

    Raises:
        UnknownProfile: the record is of a profile that does not exist.
        InvalidCounterexample: a counterexample in it cannot be done.
    """
    told = _told
    profiles.efsm(record.profile)
    kept = map(counterexample_of, record.counterexamples[:MOST_COUNTEREXAMPLES])
    found = [shown_counterexample(number, one, folder) for number, one in enumerate(kept, 1)]
    hello = record.hello
    known = " ".join(told(hello[key]) for key in ("name", "version") if hello.get(key)) or "an unknown implementation"
    return JudgedRun(
        verdict=record.overall,
        exit_status=record.exit_status,
        implementation=known,
        adapter=told(record.adapter),
        profile=record.profile,
        seed=record.seed,
        budget=told(record.budget),
        engine=told(record.engine),
        steps=record.steps,
        items=record.items,
        requirements=_requirements(record, found),
        counterexamples=tuple(found),
        covered=_covered(record),
        command=told(record.command),
        started=told(record.started),
        seconds=record.seconds,
        program=told.each(record.program),
        notes=tuple(_notes(record)[:MOST_LINES]),
        adapter_error=told(record.adapter_error or ""),
    )


class _Texts:
    """Makes whatever a record holds fit to be shown."""

    def __call__(self, value: Any) -> str:
        return shown(value if isinstance(value, str) else str(value), LONGEST)

    def each(self, values: Mapping[str, Any]) -> dict[str, str]:
        return {self(name): self(value) for name, value in values.items()}

    def all(self, values: Any) -> tuple[str, ...]:
        return tuple(map(self, values))


_told = _Texts()


def _requirements(record: StoredRecord, found: list[ShownCounterexample]) -> tuple[JudgedRequirement, ...]:
    judging = {s.requirement: s for s in statuses(profiles.efsm(record.profile), properties_of(record.profile))}
    blamed: dict[str, list[tuple[int, int]]] = {}
    for one in found:
        for place, requirement in enumerate(one.requirements):
            blamed.setdefault(requirement, []).append((place, one.number))
    return tuple(
        JudgedRequirement(
            id=verdict.requirement,
            outcome=verdict.outcome,
            exercised=verdict.exercised,
            reason=_told(verdict.reason),
            is_open=verdict.open,
            known=_told(verdict.known),
            properties=judging[verdict.requirement].properties,
            judged_by=judging[verdict.requirement].reason,
            counterexamples=tuple(number for _, number in sorted(blamed.get(verdict.requirement, []))),
        )
        for verdict in record.verdicts
    )


def shown_counterexample(number: int, found: Counterexample, folder: str = "") -> ShownCounterexample:
    """A counterexample as reports show it.

    Raises:
        InvalidCounterexample: it has no steps.
    """
    if not found.actions:
        raise InvalidCounterexample(f"counterexample {number} has no steps")
    path = f"{folder}{found.file_name(number)}"
    sentences = {rule.name: rule.says for rule in properties_of(found.profile)}
    rules = zip_longest(found.properties, found.seen, found.right, fillvalue="")
    replay = _told(found.replay_command(path))
    return ShownCounterexample(
        number=number,
        requirements=found.requirements,
        steps=tuple(_steps(found)),
        properties=tuple(
            BrokenRule(_told(name), sentences.get(name, "no longer declared"), _told(seen), _told(right))
            for name, seen, right in rules
            if name
        ),
        configuration=_told.each(found.configuration),
        before=_told.all(found.before),
        allowed=_told.all(found.allowed),
        observed="" if found.observed.startswith(BROKEN) else _told(found.observed),
        values=_told.all(found.values),
        found_by=_told(found.found_by) + ("; minimal: no step can be left out" if found.complete else "; not minimal"),
        flaky="" if found.flaky is None else _told(f"{found.flaky.reason}; {found.flaky.cause}"),
        replay=replay,
        lines=_told.all([*found.lines()[: MOST_STEPS * 2], f"replay: {replay}"]),
    )


def _steps(found: Counterexample) -> list[ShownStep]:
    rows = list(zip_longest(found.actions, found.answers, found.phases, found.shown, found.agreed))[-MOST_STEPS:]
    return [
        ShownStep(
            action=_told(str(action)),
            answer=_told(answer),
            phase=None if phase is None else _told(phase),
            agreed=None if agreed is None else _told(agreed),
            shown=_told.each(seen or {}),
        )
        for action, answer, phase, seen, agreed in rows
    ]


def _covered(record: StoredRecord) -> Covered:
    coverage, account = record.coverage, record.account
    return Covered(
        phases=frozenset(_told.all(coverage.phases)),
        times={_told(name): times for name, times in coverage.transitions.items()},
        not_taken={**{_told(name): "" for name in account.left[:MOST_LINES]}, **_told.each(account.not_offered)},
        pairs_left=tuple(
            (_told(phase), _told(operation)) for phase, operation in _pairs(account.pairs_left[:MOST_LINES])
        ),
        more_steps=account.more_steps,
        summary=_summary(coverage),
    )


def _pairs(pairs: list[list[str]]) -> list[tuple[str, str]]:
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


def _summary(coverage: StoredCoverage) -> str:
    phases = len(coverage.phases) + len(coverage.phases_missed)
    transitions = len(coverage.transitions) + len(coverage.transitions_missed)
    pairs = coverage.pairs + len(coverage.pairs_missed)
    return (
        f"Covered: phases {len(coverage.phases)}/{phases}, transitions {len(coverage.transitions)}/{transitions}, "
        f"(phase, operation) pairs {coverage.pairs}/{pairs}, states {coverage.states}/{coverage.states_reachable}."
    )


def _notes(record: StoredRecord) -> list[str]:
    notes = [_told(note) for note in record.known_deviations]
    notes += [_told(record.stopped)] if record.stopped else []
    if record.left_out:
        offers = ", ".join(record.left_out)
        notes.append(_told(f"to be judged by every mandatory requirement, the adapter has to offer: {offers}"))
    if record.failures:
        notes.append(f"{record.failures} failing walks; {len(record.counterexamples)} counterexamples were kept")
    if left := len(record.account.left) + len(record.account.pairs_left):
        notes.append(f"{left} transitions and operations are left to try: about {record.account.more_steps} steps more")
    for one in record.flaky:
        notes.append(_told(f"a walk that broke no rule was answered differently when repeated: {one.difference}"))
    return notes
