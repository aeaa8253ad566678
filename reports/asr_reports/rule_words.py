"""What a requirement, a property or a relation is, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from asr_model.efsm import Efsm
from asr_model.requirements import CATALOGUE, Check, Requirement
from asr_model.requirements.readings import READINGS
from asr_reports.guards_in_words import in_words
from asr_reports.text_layout import fact, heading, items, quoted_requirements, section

EVIDENCE: Mapping[str, str] = {
    "documented": "documented: product documentation says so",
    "observed": "observed in recorded traffic of the service",
    "contract": "contract: SDK, REST specification, cmdlets or this project's adapter contract say so",
    "inferred": "inferred in this project; neither stated nor observed",
}

CHECKS: Mapping[Check, str] = {
    Check.TRACE: "by a trace of requests and answers",
    Check.DATA: "by records of data, or by looking at the machines",
    Check.FAULT: "with an injected fault",
    Check.CONFIGURATION: "with a special configuration of the machine or the site",
    Check.TIMING: "by measured durations",
    Check.INFORMATIVE: "not at all: it informs the operator",
}

READINGS_PAGE = "docs/readings.md"
"""The page that tells which reading was chosen where the sources contradict each other or are silent."""

EXPRESSIONS = (
    "In brackets and in the temporal form: expressions over one step of the item. `event` is what was asked for or "
    "happened, `response` its answer, `allowed` the listed operations; `was_x` is x before the step."
)


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a reader is told of a property or a relation.

    kind: its pattern by name; says: its sentence; pattern: the pattern filled in; temporal: its form in temporal logic.
    profiles: whose rule it is; evidence: what it is judged on, in words.
    """

    name: str
    kind: str
    says: str
    requirements: tuple[str, ...]
    pattern: str
    temporal: str
    profiles: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judging:
    """How a requirement is judged in one profile: on what; by what, or why not.

    properties, transitions: their names, where they judge it; taking one of these transitions puts it to the test.
    """

    kind: str
    reason: str
    properties: tuple[str, ...] = ()
    transitions: tuple[str, ...] = ()


def checks_in_words(entry: Requirement) -> str:
    """What it takes to check a requirement from outside."""
    return "; ".join(CHECKS[check] for check in entry.checks)


def requirement(efsm: Efsm, entry: Requirement, rules: Sequence[RuleText], judging: Judging | None) -> Iterator[str]:
    """A requirement: where it comes from, how it is checked, and what cites it."""
    yield from heading(f"{entry.id}: {entry.sentence}")
    yield from fact("section", entry.section)
    yield from fact("evidence", EVIDENCE[entry.evidence])
    yield from fact("can be checked", checks_in_words(entry))
    if judging is not None:
        yield from fact("is judged", judging.kind + ("" if judging.properties else f": {judging.reason}"))
    if entry.note:
        yield from fact("note", entry.note)
    for number in entry.ambiguities:
        yield from fact("open question", f"{number}: {READINGS[number].unclear} Judged is: {READINGS[number].judged}")
    tested = set(judging.transitions) if judging else set()
    yield from section(f"Transitions that cite it ({efsm.profile})", items(_citing(efsm, entry.id, tested)))
    reasons = [f"{r.operation} if {in_words(r.when)}" for r in efsm.refusals if entry.id in r.requirements]
    yield from section("Refusals that it explains", items(reasons))
    of_profile = [rule for rule in rules if entry.id in rule.requirements and efsm.profile in rule.profiles]
    yield from section(
        "Properties that judge it", items(f"{rule.name}: {rule.says}" for rule in of_profile), always=False
    )


def reading(number: str) -> Iterator[str]:
    """An open question: what is not clear, what is judged, and which requirements name it."""
    yield from heading(f"{number}: {READINGS[number].unclear}")
    yield from fact("the reading", READINGS[number].judged)
    yield from quoted_requirements([entry.id for entry in CATALOGUE.values() if number in entry.ambiguities])


def _citing(efsm: Efsm, identifier: str, tested: set[str]) -> Iterator[str]:
    """The transitions that cite a requirement, those with the same event and target together."""
    cited: dict[tuple[str, str, str], dict[str, None]] = {}
    for t in efsm.transitions:
        if identifier in t.requirements:
            target = "the same" if t.source == t.target else t.target
            test = " (taking it puts the requirement to the test)" if t.id in tested else ""
            cited.setdefault((t.event, target, test), {})[t.source] = None
    for (event, target, test), sources in cited.items():
        yield f"{event}: {', '.join(sources)} -> {target}{test}"


def rule(text: RuleText) -> Iterator[str]:
    """A property or a relation: its sentence, its pattern, what it is judged on, and its requirements."""
    yield from heading(f"{text.name}: {text.says}")
    yield from fact("kind", text.kind)
    yield from fact("judged on", ", ".join(text.evidence))
    yield from fact("profiles", ", ".join(text.profiles))
    yield from section("Pattern", items([text.pattern]))
    yield from section("Temporal form", items([text.temporal]))
    if any(sign in text.temporal for sign in ("==", " in ", ">=")):
        yield from items([EXPRESSIONS])
    known = [identifier for identifier in text.requirements if identifier in CATALOGUE]
    yield from quoted_requirements(known)
