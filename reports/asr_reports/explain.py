"""What one word means: a phase, an operation, a fault, a requirement, a property and so on, as plain text.

Everything is read from the lifecycle, its enumeration and the declared rules, so that what is told here cannot differ
from what is judged.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from asr_model.efsm import Efsm
from asr_model.requirements import CATALOGUE
from asr_model.requirements.readings import READINGS
from asr_model.stepper import Stepper
from asr_model.vocabulary import Fault, Operation
from asr_reports import lifecycle_words, rule_words
from asr_reports.rule_words import Judging, RuleText
from asr_reports.text_layout import heading, items, section

KINDS = (
    "a phase or its protectionState, a drill state, an operation, a happening, a fault, a surrounding, a requirement, "
    "an open question or a property"
)
"""What can be explained."""

SHORTEST_PART = 4
"""From so many letters on, a part of a name is near to it."""


class UnknownWord(ValueError):
    """Nothing has this name; `matches` are the names that come close."""

    def __init__(self, word: str, matches: Sequence[str]) -> None:
        hint = f"did you mean {' or '.join(matches)}?" if matches else f"give {KINDS}"
        super().__init__(f"there is no {word!r}; {hint}")
        self.matches = tuple(matches)


def explain(
    stepper: Stepper, what: str, rules: Sequence[RuleText] = (), judgings: Mapping[str, Judging] | None = None
) -> str:
    """Explain one word of a lifecycle, in lines of at most `text_layout.WIDTH` columns.

    Args:
        stepper: the lifecycle.
        what: the word; capitals, blanks and hyphens may be used freely.
        rules: the properties and relations that can be asked for, and that are listed with their requirements.
        judgings: how each requirement is judged, told with a requirement.

    Raises:
        UnknownWord: neither the lifecycle nor a rule has this name.
    """
    entries = ["\n".join(lines) for lines in _entries(stepper, what, rules, judgings or {})]
    if not entries:
        raise UnknownWord(what, _near(stepper.efsm, what, rules))
    return "\n\n".join(entries) + "\n"


def known_words(efsm: Efsm, rules: Sequence[RuleText] = ()) -> tuple[str, ...]:
    """Everything that `explain` knows in a lifecycle."""
    return tuple(dict.fromkeys(word for words in _by_kind(efsm, rules).values() for word in words))


def overview(efsm: Efsm, rules: Sequence[RuleText] = (), also: Mapping[str, Sequence[str]] | None = None) -> str:
    """All that can be asked for, by kind. also: kinds that others explain, with their words."""
    lines: list[str] = []
    for kind, words in {**_by_kind(efsm, rules), **(also or {})}.items():
        lines += section(kind, items([", ".join(words)]))
    return "\n".join(lines).lstrip("\n") + "\n"


def _by_kind(efsm: Efsm, rules: Sequence[RuleText]) -> Mapping[str, tuple[str, ...]]:
    operations = tuple(map(str, Operation))
    tokens = (token for facts in efsm.phases.values() for token in facts.tokens)
    happenings = (t.event for t in efsm.transitions if t.event not in operations)
    return {
        f"Phases ({efsm.profile})": tuple(efsm.phases),
        "protectionStates": tuple(dict.fromkeys(tokens)),
        "Drill states": tuple(efsm.drills),
        "Operations": operations,
        "Happenings": tuple(dict.fromkeys(happenings)),
        "Faults": tuple(map(str, Fault)),
        "Surroundings": tuple(surrounding.name for surrounding in efsm.surroundings),
        "Requirements": tuple(CATALOGUE),
        "Open questions": tuple(READINGS),
        "Properties": tuple(rule.name for rule in rules),
    }


def _entries(
    stepper: Stepper, what: str, rules: Sequence[RuleText], judgings: Mapping[str, Judging]
) -> Iterator[Iterable[str]]:
    """What is known of a word, each meaning by itself: a few name a happening and a fault as well."""
    efsm, name, identifier = stepper.efsm, _name(what), what.strip().upper()
    if identifier in CATALOGUE:
        yield rule_words.requirement(efsm, CATALOGUE[identifier], rules, judgings.get(identifier))
    if identifier in READINGS:
        yield rule_words.reading(identifier)
    if name in efsm.phases:
        yield lifecycle_words.phase(stepper, name)
    elif shown_as := [phase for phase, facts in efsm.phases.items() if name in map(str.lower, facts.tokens)]:
        token = next(token for token in efsm.phases[shown_as[0]].tokens if token.lower() == name)
        yield heading(f"{token}: the protectionState of {', '.join(shown_as)}")
        yield from (lifecycle_words.phase(stepper, phase) for phase in shown_as)
    if name in efsm.drills:
        yield lifecycle_words.drill(stepper, name)
    if name in set(Operation):
        yield lifecycle_words.operation(efsm, Operation(name))
    elif any(transition.event == name for transition in efsm.transitions):
        yield lifecycle_words.happening(efsm, name)
    if name in set(Fault):
        yield lifecycle_words.fault(efsm, Fault(name))
    yield from (lifecycle_words.surrounding(efsm, s) for s in efsm.surroundings if s.name == name)
    yield from (rule_words.rule(rule) for rule in rules if rule.name == name)


def _name(what: str) -> str:
    return what.strip().lower().replace("-", "_").replace(" ", "_")


def _near(efsm: Efsm, what: str, rules: Sequence[RuleText]) -> tuple[str, ...]:
    """The names that come closest, then those that it is a part of."""
    known, name = known_words(efsm, rules), _name(what)
    close = difflib.get_close_matches(name, known, n=3) + difflib.get_close_matches(what.strip().upper(), known, n=3)
    close += [word for word in known if len(name) >= SHORTEST_PART and name in word]
    return tuple(dict.fromkeys(close))[:3]
