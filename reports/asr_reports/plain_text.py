"""What a phase, a drill state, an operation, a happening or a requirement is, as plain text.

Everything is read from the lifecycle and its enumeration, so that an explanation cannot differ from what is judged.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from textwrap import wrap

from asr_model import expressions
from asr_model.efsm import Efsm, Transition
from asr_model.lts import Edge, Lts, enumerate_lts
from asr_model.requirements import CATALOGUE, Check, Grade, Requirement
from asr_model.stepper import Stepper
from asr_model.vocabulary import ARGUMENTS, Operation
from asr_reports.phrasing import condition_in_words, in_words, words

WIDTH = 100

Properties = Mapping[str, Sequence[tuple[str, str]]]
"""For each requirement the properties that judge it: name and sentence."""

EVIDENCE = {
    Grade.DOCUMENTED: "documented: product documentation says so",
    Grade.OBSERVED: "observed in recorded traffic of the service",
    Grade.CONTRACT: "contract: SDK, REST specification, cmdlets or this project's adapter contract say so",
    Grade.INFERRED: "inferred in this project; neither stated nor observed",
}

CHECKS = {
    Check.TRACE: "from a trace of requests and answers",
    Check.DATA: "with an oracle for data or machines",
    Check.FAULT: "with an injected fault",
    Check.CONFIGURATION: "with a special configuration of the machine or the site",
    Check.TIMING: "by measuring durations",
    Check.INFORMATIVE: "not at all: it informs the operator",
}


class UnknownWord(ValueError):
    """Nothing has this name; `matches` are the names that come close."""

    def __init__(self, word: str, matches: Sequence[str]) -> None:
        hint = f"did you mean {' or '.join(matches)}?" if matches else "give a phase, an operation or a requirement"
        super().__init__(f"there is no {word!r}; {hint}")
        self.matches = tuple(matches)


def explain(stepper: Stepper, what: str, properties: Properties | None = None) -> str:
    """Explain one word of a lifecycle, in lines of at most `WIDTH` columns.

    Args:
        stepper: the lifecycle.
        what: a phase, a drill state, an operation, a happening or a requirement; capitals, blanks and hyphens may be
            used freely.
        properties: what judges each requirement, listed with a requirement.

    Raises:
        UnknownWord: the lifecycle has no such word.
    """
    efsm = stepper.efsm
    identifier = what.strip().upper()
    name = what.strip().lower().replace("-", "_").replace(" ", "_")
    if identifier in CATALOGUE:
        lines = _requirement(efsm, CATALOGUE[identifier], properties or {})
    elif name in efsm.phases:
        lines = _phase(stepper, name)
    elif name in efsm.drills:
        lines = _drill(stepper, name)
    elif name in set(Operation):
        lines = _operation(efsm, Operation(name))
    elif any(transition.event == name for transition in efsm.transitions):
        lines = _happening(efsm, name)
    else:
        known = known_words(efsm)
        close = difflib.get_close_matches(name, known, n=3) + difflib.get_close_matches(identifier, known, n=3)
        raise UnknownWord(what, tuple(dict.fromkeys(close))[:3])
    return "\n".join(lines) + "\n"


def known_words(efsm: Efsm) -> tuple[str, ...]:
    """Everything that `explain` knows in a lifecycle: phases, drill states, events, requirements."""
    events = dict.fromkeys((*map(str, Operation), *(transition.event for transition in efsm.transitions)))
    return (*efsm.phases, *efsm.drills, *events, *CATALOGUE)


@lru_cache(maxsize=2)
def _enumerated(stepper: Stepper) -> Lts:
    return enumerate_lts(stepper)


def _phase(stepper: Stepper, name: str) -> Iterator[str]:
    facts = stepper.efsm.phases[name]
    kind = "steady: no lifecycle job runs" if facts.steady else "transitional: a job runs"
    yield f"{name}: a phase of the {stepper.efsm.profile} lifecycle"
    yield f"  {kind}"
    yield from _fact("group", facts.group)
    yield from _fact("serving site", words(facts.serving) if facts.serving else "not specified")
    yield from _fact("replication", words(facts.replicating) if facts.replicating else "not specified")
    yield from _fact("instanceType", facts.instance or "none, or about to change")
    yield from _fact("protectionState", facts.token or "never observed")
    yield from _fact("known how", EVIDENCE[facts.evidence])
    if facts.settles_within is not None:
        yield from _fact("left by itself", f"within {facts.settles_within:g} hours, without faults")
    lts = _enumerated(stepper)
    edges = [
        edge for state, found in zip(lts.states, lts.outgoing, strict=True) if state.phase == name for edge in found
    ]
    taken = {edge.transition.id for edge in edges if edge.transition is not None}
    yield from _allowed(stepper.efsm, name, [t for t in stepper.efsm.transitions if t.id in taken], edges)


def _drill(stepper: Stepper, name: str) -> Iterator[str]:
    hours = stepper.efsm.drills[name].settles_within
    yield f"{name}: a state of the test failover, parallel to the phases ({stepper.efsm.profile})"
    if hours is not None:
        yield from _fact("left by itself", f"within {hours:g} hours, without faults")
    lts = _enumerated(stepper)
    edges = [
        edge for state, found in zip(lts.states, lts.outgoing, strict=True) if state.drill == name for edge in found
    ]
    yield "  what else is allowed depends on the phase"
    own = [t for t in stepper.efsm.transitions if t.variable == "drill" and t.source == name]
    elsewhere = {edge.event.name for edge in edges if edge.transition is not None} - {t.event for t in own}
    yield from _allowed(stepper.efsm, name, own, [edge for edge in edges if edge.event.name not in elsewhere])


def _allowed(efsm: Efsm, name: str, transitions: list[Transition], edges: list[Edge]) -> Iterator[str]:
    """What is allowed, what happens, what is refused and what is open, where `edges` leave."""
    operations = [t for t in transitions if t.event in set(Operation)]
    happenings = [t for t in transitions if t.event not in set(Operation)]
    yield from _section("Allowed", _ways(operations, name))
    yield from _section("By itself", _ways(happenings, name))
    yield from _section("Refused", _refused(efsm, edges))
    free = [t for t in operations if t.may_refuse != "False"]
    merged = dict.fromkeys((t.event, t.may_refuse) for t in free)
    yield from _section(
        "Left open",
        (line for event, text in merged for line in _item(f"{event} may be refused {condition_in_words(text)}")),
    )
    refusing = [identifier for edge in edges if edge.transition is None for identifier in edge.requirements]
    yield from _footnotes(efsm, transitions, [i for t in transitions for i in t.requirements] + refusing)


def _refused(efsm: Efsm, edges: list[Edge]) -> Iterator[str]:
    """Which operations are refused and by which rule; no condition is said where one rule is there for all cases."""
    accepted = {edge.event.name for edge in edges if edge.transition is not None}
    both = {(edge.source, edge.event, edge.surroundings) for edge in edges if edge.transition is not None}
    reasons: dict[str, dict[tuple[str, ...], None]] = {}
    for edge in edges:
        if edge.transition is not None or (edge.source, edge.event, edge.surroundings) in both:
            continue  # what is accepted and may be refused as well is said under "Left open"
        reasons.setdefault(edge.event.name, {})[edge.requirements] = None
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, found in reasons.items():
        for requirements in found:
            rules = [r.when for r in efsm.refusals if r.operation == name and r.requirements == requirements]
            when = ""
            if name in accepted or len(found) > 1:
                when = " or ".join(map(in_words, rules)) or "no condition that is said here holds"
            together.setdefault((when, requirements), []).append(name)
    for (when, requirements), names in together.items():
        yield from _item(f"{', '.join(names)}{' if ' if when else ''}{when}: {', '.join(requirements)}")


def _operation(efsm: Efsm, operation: Operation) -> Iterator[str]:
    transitions = [t for t in efsm.transitions if t.event == operation]
    yield f"{operation}: an operation, asked for by a user ({efsm.profile})"
    for argument, kinds in ARGUMENTS.get(operation, {}).items():
        yield from _item(f"{argument}: {', '.join(str(kind) for kind in kinds)}")
    yield from _section("Accepted", _ways(transitions))
    reasons = [r for r in efsm.refusals if r.operation == operation]
    said = [f"if {in_words(reason.when)}: {', '.join(reason.requirements)}" for reason in reasons]
    yield from _section("Refused", (line for text in (*said, "everywhere else: X02") for line in _item(text)))
    cited = [i for t in transitions for i in t.requirements] + [i for r in reasons for i in r.requirements] + ["X02"]
    yield from _footnotes(efsm, transitions, cited)


def _happening(efsm: Efsm, name: str) -> Iterator[str]:
    transitions = [t for t in efsm.transitions if t.event == name]
    yield f"{name}: a happening, brought about by the service ({efsm.profile})"
    yield from _section("Happens", _ways(transitions))
    yield from _footnotes(efsm, transitions, [i for t in transitions for i in t.requirements])


def _requirement(efsm: Efsm, entry: Requirement, properties: Properties) -> Iterator[str]:
    yield from wrap(f"{entry.id}: {entry.sentence}", WIDTH, subsequent_indent="     ")
    yield from _fact("section", entry.section)
    yield from _fact("evidence", EVIDENCE[entry.evidence])
    yield from _fact("checked", "; ".join(CHECKS[check] for check in entry.checks))
    if entry.ambiguities:
        yield from _fact("ambiguities", ", ".join(entry.ambiguities))
    if entry.note:
        yield from _fact("note", entry.note)
    cited: dict[tuple[str, str], list[str]] = {}
    for t in efsm.transitions:
        if entry.id in t.requirements:
            target = "the same" if t.source == t.target else t.target
            sources = cited.setdefault((t.event, target), [])
            if t.source not in sources:
                sources.append(t.source)
    lines = (
        line
        for (event, target), sources in cited.items()
        for line in _item(f"{event}: {', '.join(sources)} -> {target}")
    )
    yield from _section(f"Transitions that cite it ({efsm.profile})", lines)
    reasons = [f"{r.operation} if {in_words(r.when)}" for r in efsm.refusals if entry.id in r.requirements]
    yield from _section("Refusals that it explains", (line for text in reasons for line in _item(text)))
    judging = (f"{name}: {sentence}" for name, sentence in properties.get(entry.id, ()))
    yield from _section("Properties that judge it", (line for text in judging for line in _item(text)), always=False)


def _ways(transitions: Iterable[Transition], seen_from: str | None = None) -> Iterator[str]:
    """Where transitions lead: those of one event to one target together, what they share said once.

    Where a transition begins is said unless that is `seen_from`.
    """
    together: dict[tuple[str, str], dict[tuple[str, ...], list[Transition]]] = {}
    for t in transitions:
        alike = together.setdefault((t.event, _target(t)), {})
        alike.setdefault((t.guard, str(t.updates), t.may_refuse, str(t.ends), *t.requirements), []).append(t)
    for (event, target), ways in together.items():
        yield from _item(f"{event} {target}")
        tails = {_tail(found[0]) for found in ways.values()}
        for found in ways.values():
            sources = [t.source for t in found if t.source != seen_from]
            guard = in_words(found[0].guard)
            parts = [f"from {', '.join(sources)}" if sources else "", f"if {guard}" if guard else ""]
            if len(tails) > 1:
                parts.append(_tail(found[0]))
            yield from _way("; ".join(filter(None, parts)) + f" [{', '.join(found[0].requirements)}]")
        if len(tails) == 1:
            yield from _way(*tails)


def _tail(t: Transition) -> str:
    """What follows from a transition beside its target."""
    changes = ", ".join(f"{name} = {value.replace(chr(39), '')}" for name, value in t.updates)
    parts = [
        f"sets {changes}" if changes else "",
        f"the job ends {t.ends}" if t.ends else "",
        f"may be refused {condition_in_words(t.may_refuse)}" if t.may_refuse != "False" else "",
    ]
    return "; ".join(filter(None, parts))


def _way(text: str) -> list[str]:
    return wrap(text.strip(), WIDTH, initial_indent="      ", subsequent_indent="        ", break_on_hyphens=False)


def _target(t: Transition) -> str:
    return "stays there" if t.source == t.target else f"-> {t.target}"


def _section(title: str, lines: Iterable[str], *, always: bool = True) -> Iterator[str]:
    found = list(lines)
    if found or always:
        yield ""
        yield title
        yield from found or ["  nothing"]


def _item(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _fact(name: str, text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=f"  {name + ':':<17}", subsequent_indent=" " * 19)


def _footnotes(efsm: Efsm, transitions: Iterable[Transition], cited: Iterable[str]) -> Iterator[str]:
    """The surroundings that were mentioned, and the requirements in the catalogue's order."""
    read = {name for t in transitions for text in (t.guard, t.may_refuse) for name in expressions.names(text)}
    surroundings = [f"{words(s.name)}: {s.meaning}" for s in efsm.surroundings if s.name in read]
    yield from _section("Surroundings", (line for text in surroundings for line in _item(text)), always=False)
    known = set(cited)
    entries = [entry for identifier, entry in CATALOGUE.items() if identifier in known]
    lines = (line for e in entries for line in _item(f"{e.id}  {e.sentence} ({e.section}; {e.evidence})"))
    yield from _section("Requirements", lines)
