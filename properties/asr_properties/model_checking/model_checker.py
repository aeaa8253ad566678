"""Every property, judged exhaustively on a model: the product of its reachable graph and the property's monitor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asr_model.lts import Lts
from asr_properties.model_checking.model_evidence import ModelEvidence
from asr_properties.model_checking.product import ModelVerdict, Product
from asr_properties.specification.patterns import Property
from asr_properties.specification.reachability import GraphProperty
from asr_properties.specification.rule import EvidenceKind, Rule


class ModelChecker:
    """Judges properties on one enumerated model; its evidence is worked out once for all of them."""

    def __init__(self, lts: Lts) -> None:
        self._evidence = ModelEvidence(lts)

    def check(self, properties: Iterable[Rule]) -> Iterator[ModelVerdict]:
        """Judge those of `properties` that can be judged on a model, in order."""
        for candidate in properties:
            if EvidenceKind.MODEL not in candidate.evidence:
                continue
            if isinstance(candidate, GraphProperty):
                yield on_the_graph(candidate, self._evidence)
            elif isinstance(candidate, Property):
                yield Product(candidate, self._evidence).verdict()


def on_the_graph(candidate: GraphProperty, evidence: ModelEvidence) -> ModelVerdict:
    """The judgement of a property that speaks of what can be reached."""
    lts = evidence.lts
    path, exercised = candidate.judge(lts, evidence.asker)
    transitions = sum(len(lts.outgoing[state]) for state in lts.from_the_start)
    return ModelVerdict(
        candidate, None if path is None else tuple(path), len(lts.from_the_start), transitions, exercised
    )
