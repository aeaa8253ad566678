"""What the checkers say of properties, on a model that is exported to them."""

from __future__ import annotations

from asr_properties.exports.promela import to_promela
from asr_properties.exports.tla import in_tla, inputs_of, tla_name, to_cfg, to_tla
from asr_properties.specification.patterns import Response
from asr_properties.specification.reachability import AlwaysPossible, NoDeadlock, Sometimes
from asr_properties.specification.rule import EvidenceKind
from checkers import spin, tlc
from checkers.branching import holds_from_each_state


def holds_by_spin(machine, candidate, folder):
    """Whether the property holds, by Spin alone; that a run exists is shown by one that breaks the denial."""
    if isinstance(candidate, AlwaysPossible | NoDeadlock):
        return holds_from_each_state(machine, candidate, folder)
    model = to_promela(machine, (candidate,))
    if isinstance(candidate, Sometimes):
        return not spin.holds(model, f"some_run_{candidate.name}", folder)
    return spin.holds(model, candidate.name, folder)


def on_model(properties):
    """Those that are judged on the model."""
    return [p for p in properties if EvidenceKind.MODEL in p.evidence]


def together(machine, properties):
    """The properties in groups that TLC judges at once: those that read the same surroundings; alone, each that waits
    and each whose denial is to be refuted, as TLC stops there."""
    groups = {}
    for candidate in in_tla(properties):
        is_alone = isinstance(candidate, Response | Sometimes)
        groups.setdefault(candidate.name if is_alone else inputs_of(machine, candidate), []).append(candidate)
    return list(groups.values())


def refuted(machine, candidates, folder):
    """What TLC refutes of these, by its name in the module."""
    module = to_tla(machine, tuple(candidates))
    return tlc.counted(module, to_cfg(machine, tuple(candidates), [c.name for c in candidates]), folder).broken


def right(candidates):
    """What it is to refute where all of them hold: the denial of a run that exists."""
    return {tla_name(c) for c in candidates if isinstance(c, Sometimes)}
