"""What a phase, a drill state, an operation, a happening, a fault or a surrounding is, as plain text.

Everything is read from the lifecycle and its enumeration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from asr_model import expressions
from asr_model.efsm import Efsm, Transition
from asr_model.lifecycle.chart import Surrounding
from asr_model.lts import Edge, Lts, enumerate_lts
from asr_model.stepper import Stepper
from asr_model.vocabulary import ARGUMENTS, Fault, Operation
from asr_reports.guards_in_words import condition_in_words, in_words, update_in_words, value_in_words, words
from asr_reports.rule_words import EVIDENCE
from asr_reports.text_layout import detail, fact, heading, item, items, quoted_requirements, section

UNLISTED = ("X02",)
"""Why an operation is refused where no rule of its own is: it is not listed."""


@lru_cache(maxsize=2)
def _enumerated(stepper: Stepper) -> Lts:
    return enumerate_lts(stepper)


def phase(stepper: Stepper, name: str) -> Iterator[str]:
    """A phase: what is known about it, what is allowed in it, what happens in it, what is refused."""
    facts = stepper.efsm.phases[name]
    kind = "steady: no lifecycle job runs" if facts.steady else "transitional: a job runs"
    yield from heading(f"{name}: a phase of the {stepper.efsm.profile} lifecycle")
    yield f"  {kind}"
    yield from fact("group", facts.group)
    yield from fact("serving site", words(facts.serving) if facts.serving else "not specified")
    yield from fact("replication", words(facts.replicating) if facts.replicating else "not specified")
    yield from fact("instanceType", facts.instance or "none, or about to change")
    yield from fact("protectionState", ", ".join(facts.tokens) or "never observed")
    yield from fact("known how", EVIDENCE[facts.evidence])
    if facts.settles_within is not None:
        yield from fact("left by itself", f"within {facts.settles_within:g} hours, without faults")
    lts = _enumerated(stepper)
    edges = [edge for edge in lts.edges if lts.states[edge.source].phase == name]
    taken = {edge.transition.id for edge in edges if edge.transition is not None}
    yield from _allowed(stepper.efsm, name, [t for t in stepper.efsm.transitions if t.id in taken], edges)


def drill(stepper: Stepper, name: str) -> Iterator[str]:
    """A state of the drill, as a phase is told."""
    hours = stepper.efsm.drills[name].settles_within
    yield from heading(f"{name}: a state of the test failover, parallel to the phases ({stepper.efsm.profile})")
    if hours is not None:
        yield from fact("left by itself", f"within {hours:g} hours, without faults")
    lts = _enumerated(stepper)
    edges = [edge for edge in lts.edges if lts.states[edge.source].drill == name]
    yield "  what else is allowed depends on the phase"
    own = [t for t in stepper.efsm.transitions if t.variable == "drill" and t.source == name]
    elsewhere = {edge.event.name for edge in edges if edge.transition is not None} - {t.event for t in own}
    yield from _allowed(stepper.efsm, name, own, [edge for edge in edges if edge.event.name not in elsewhere])


def _allowed(efsm: Efsm, name: str, transitions: list[Transition], edges: list[Edge]) -> Iterator[str]:
    """What is allowed, what happens, what is refused and what is open, where `edges` leave."""
    operations = [t for t in transitions if t.event in set(Operation)]
    happenings = [t for t in transitions if t.event not in set(Operation)]
    yield from section("Allowed", _ways(operations, name))
    yield from section("By itself", _ways(happenings, name))
    yield from section("Refused", _refused(efsm, edges))
    free = [t for t in operations if t.may_refuse != "False"]
    merged = dict.fromkeys((t.event, t.may_refuse) for t in free)
    yield from section(
        "Left open", items(f"{event} may be refused {condition_in_words(text)}" for event, text in merged)
    )
    refusing = [identifier for edge in edges if edge.transition is None for identifier in edge.requirements]
    yield from _footnotes(efsm, transitions, [i for t in transitions for i in t.requirements] + refusing)


def _refused(efsm: Efsm, edges: list[Edge]) -> Iterator[str]:
    """Which operations are refused and by which rule; no condition is said where one rule is there for all cases.

    An operation that the lifecycle does not have is told of only where a rule of its own forbids it.
    """
    lacking = {str(operation) for operation in Operation} - {t.event for t in efsm.transitions}
    accepted = {edge.event.name for edge in edges if edge.transition is not None}
    both = {(edge.source, edge.event, edge.surroundings) for edge in edges if edge.transition is not None}
    reasons: dict[str, dict[tuple[str, ...], None]] = {}
    for edge in edges:
        if edge.transition is not None or (edge.source, edge.event, edge.surroundings) in both:
            continue  # what is accepted and may be refused as well is said under "Left open"
        if edge.event.name not in lacking or edge.requirements != UNLISTED:
            reasons.setdefault(edge.event.name, {})[edge.requirements] = None
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, found in reasons.items():
        for requirements in found:
            rules = [r.when for r in efsm.refusals if r.operation == name and r.requirements == requirements]
            when = ""
            if name in accepted or len(found) > 1:
                said = (in_words(rule, efsm.phases) for rule in rules)
                when = f" if {' or '.join(said)}" if rules else " in all other cases"
            together.setdefault((when, requirements), []).append(name)
    for (when, requirements), names in sorted(together.items(), key=lambda entry: entry[0][0] == " in all other cases"):
        yield from item(f"{', '.join(names)}{when}: {', '.join(requirements)}")


def operation(efsm: Efsm, operation: Operation) -> Iterator[str]:
    """An operation: its arguments, where it is accepted, and why it is refused elsewhere."""
    transitions = [t for t in efsm.transitions if t.event == operation]
    yield from heading(f"{operation}: an operation, asked for by a user ({efsm.profile})")
    for argument, kinds in ARGUMENTS.get(operation, {}).items():
        yield from item(f"{argument}: {', '.join(map(value_in_words, kinds))}")
    yield from section(
        "Accepted", _ways(transitions) if transitions else item("never: this lifecycle does not have it")
    )
    reasons = [r for r in efsm.refusals if r.operation == operation]
    said = [f"if {in_words(reason.when, efsm.phases)}: {', '.join(reason.requirements)}" for reason in reasons]
    yield from section("Refused", items((*said, f"everywhere{' else' if said else ''}: X02")))
    cited = [i for t in transitions for i in t.requirements] + [i for r in reasons for i in r.requirements] + ["X02"]
    yield from _footnotes(efsm, transitions, cited)


def happening(efsm: Efsm, name: str) -> Iterator[str]:
    """A happening: where it occurs, and what it leads to."""
    transitions = [t for t in efsm.transitions if t.event == name]
    yield from heading(f"{name}: a happening, brought about by the service ({efsm.profile})")
    yield from section("Happens", _ways(transitions))
    yield from _footnotes(efsm, transitions, [i for t in transitions for i in t.requirements])


def fault(efsm: Efsm, fault: Fault) -> Iterator[str]:
    """A fault: the surroundings that it changes, and what depends on them."""
    yield from heading(f"{fault}: a fault; `inject` begins it and `clear` ends it ({efsm.profile})")
    changed = [surrounding for surrounding in efsm.surroundings if fault in surrounding.faults]
    if not changed:
        yield from item("no transition of this lifecycle depends on it")
        return
    yield from section("Surroundings", items(f"{words(s.name)}: {s.meaning}" for s in changed))
    yield from _depending(efsm, {s.name for s in changed})


def surrounding(efsm: Efsm, surrounding: Surrounding) -> Iterator[str]:
    """A surrounding: what it means, which faults bring it about, and what depends on it."""
    yield from heading(f"{surrounding.name}: {surrounding.meaning}")
    yield from fact("kind", f"a condition of the surroundings ({efsm.profile})")
    if surrounding.faults:
        yield from fact("faults", ", ".join(surrounding.faults))
    yield from _depending(efsm, {surrounding.name})


def _depending(efsm: Efsm, names: set[str]) -> Iterator[str]:
    """The transitions whose guards read these surroundings, and the operations that may be refused because of them."""
    guarded = [t for t in efsm.transitions if names & expressions.names(t.guard)]
    freed = [t for t in efsm.transitions if names & expressions.names(t.may_refuse)]
    reasons = [r for r in efsm.refusals if names & expressions.names(r.when)]
    yield from section("Depends on it", _ways(guarded))
    open_in = dict.fromkeys(f"{t.event} in {t.source} may be refused {condition_in_words(t.may_refuse)}" for t in freed)
    yield from section("Left open", items(open_in), always=False)
    refused = [f"{r.operation} if {in_words(r.when, efsm.phases)}: {', '.join(r.requirements)}" for r in reasons]
    yield from section("Refused", items(refused), always=False)
    cited = [i for t in (*guarded, *freed) for i in t.requirements] + [i for r in reasons for i in r.requirements]
    yield from quoted_requirements(cited)


def _ways(transitions: Iterable[Transition], seen_from: str | None = None) -> Iterator[str]:
    """Where transitions lead: those of one event to one target together, what they share said once.

    Where a transition begins is said unless that is `seen_from`.
    """
    together: dict[tuple[str, str], dict[tuple[str, ...], list[Transition]]] = {}
    for t in transitions:
        alike = together.setdefault((t.event, _target(t)), {})
        alike.setdefault((t.guard, str(t.updates), t.may_refuse, str(t.ends), *t.requirements), []).append(t)
    for (event, target), ways in together.items():
        yield from item(f"{event} {target}")
        tails = {_tail(found[0]) for found in ways.values()}
        for found in ways.values():
            sources = [t.source for t in found if t.source != seen_from]
            guard = in_words(found[0].guard)
            parts = [f"from {', '.join(sources)}" if sources else "", f"if {guard}" if guard else ""]
            if len(tails) > 1:
                parts.append(_tail(found[0]))
            yield from detail("; ".join(filter(None, parts)) + f" [{', '.join(found[0].requirements)}]")
        if len(tails) == 1:
            yield from detail(*tails)


def _tail(t: Transition) -> str:
    """What follows from a transition beside its target."""
    changes = ", ".join(update_in_words(name, value) for name, value in t.updates)
    parts = [
        f"then {changes}" if changes else "",
        f"the job ends {t.ends}" if t.ends else "",
        f"may be refused {condition_in_words(t.may_refuse)}" if t.may_refuse != "False" else "",
    ]
    return "; ".join(filter(None, parts))


def _target(t: Transition) -> str:
    return "stays there" if t.source == t.target else f"-> {t.target}"


def _footnotes(efsm: Efsm, transitions: Iterable[Transition], cited: Iterable[str]) -> Iterator[str]:
    """The surroundings and the requirements that were mentioned."""
    read = {name for t in transitions for text in (t.guard, t.may_refuse) for name in expressions.names(text)}
    mentioned = (f"{words(s.name)}: {s.meaning}" for s in efsm.surroundings if s.name in read)
    yield from section("Surroundings", items(mentioned), always=False)
    yield from quoted_requirements(cited)
