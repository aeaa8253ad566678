"""A mutant that chooses what a walk says wherever the model leaves something open."""

from __future__ import annotations

from asr_properties.adapters.chart.item import ChartItem
from asr_properties.mutation.implementation import MutantService


class SteeredItem(ChartItem):
    """Follows the steps of a walk. `chooses`, `offers`: what is to be chosen now."""

    chooses: str = ""
    offers: dict = {}

    def _draw(self, options, why):
        if why == "loss":
            return 0
        if why == "happening":
            return self.chooses if self.chooses in options else options[0]
        return self.chooses != "refused"

    def _is_offered_now(self, operation):
        return self.offers.get(operation, True)


class SteeredService(MutantService):
    """A mutant, steered by a walk."""

    item_kind = SteeredItem

    @property
    def steered(self) -> SteeredItem:
        return self._item
