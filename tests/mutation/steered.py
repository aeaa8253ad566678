"""A mutant that chooses what a walk says wherever the model leaves something open."""

from __future__ import annotations

from types import MappingProxyType

from asr_properties.adapters.chart.item import ChartItem
from asr_properties.mutation.implementation import MutantService


class SteeredItem(ChartItem):
    """Follows the steps of a walk. `chooses`, `offers`: what is to be chosen now."""

    chooses: str = ""
    offers = MappingProxyType({})

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

    def meant(self, action):
        """The action with the pick of another recovery point than the one in use, where that is meant."""
        if action.name == "change_recovery_point" and dict(action.arguments)["recovery_point"] == "listed":
            others = [number for number, point in enumerate(self._item.points) if point.id != self._item.in_use]
            return action._replace(pick=others[0] if others else 0)
        return action
