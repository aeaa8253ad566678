"""An operation that the adapter does not offer may be listed by the item or not; one that it offers must be."""

from __future__ import annotations

import pytest

from asr_properties.reference import ReferenceService
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.session.nonconformance import NonConformance
from walks import PROTECTED, perform

DRILLS = {"test_failover", "clean_up_test_failover"}


class WithoutDrills(ReferenceService):
    """Does not offer `not_offered`, and does not list `not_listed`."""

    not_offered = not_listed = frozenset(DRILLS)

    def hello(self, protocol):
        said = super().hello(protocol)
        return {**said, "operations": [name for name in said["operations"] if name not in self.not_offered]}

    def item(self):
        seen = super().item()
        return seen and {
            **seen,
            "allowed_operations": [name for name in seen["allowed_operations"] if name not in self.not_listed],
        }


class DrillsOfferedAndNotListed(WithoutDrills):
    not_offered = frozenset()


class FailoverNotListedEither(WithoutDrills):
    not_listed = frozenset({*DRILLS, "fail_over"})


def test_an_item_need_not_list_what_its_adapter_does_not_offer():
    budget = Budget.parse("600steps")
    result = Campaign(WithoutDrills, profile="modernized", budget=budget, seed=1, until=bool).run()
    assert not result.failures, "\n".join(result.counterexamples[0].lines())


@pytest.mark.parametrize(
    ("kind", "requirement"), [(DrillsOfferedAndNotListed, "X21"), (FailoverNotListedEither, "R15")]
)
def test_what_it_offers_must_be_listed(kind, requirement):
    with pytest.raises(NonConformance) as failure:
        perform(kind(), PROTECTED)
    assert failure.value.requirements[0] == requirement
