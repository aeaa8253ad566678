"""An implementation that resolves what is open as the deterministic machine does."""

from __future__ import annotations

from asr_model.deterministic_machine import NEVER
from asr_model.machine import Machine
from asr_model.profiles import stepper
from asr_properties.adapters.chart.engine import StepperEngine
from asr_properties.adapters.chart.item import ChartItem
from asr_properties.mutation.implementation import MutantService


class ResolvedEngine(StepperEngine):
    """Leaves out what never happens to recovery points."""

    @property
    def happenings(self):
        return [happening for happening in super().happenings if happening not in NEVER]


class ResolvedItem(ChartItem):
    """Does what may be refused; of what may happen, first what only happens because something is wrong."""

    def _draw(self, options, why):
        if why != "happening":
            return True
        holding, self.engine.surroundings = self.engine.surroundings, frozenset()
        plain = self.engine.happenings
        self.engine.surroundings = holding
        return next((option for option in options if option not in plain), options[0])

    def _is_offered_now(self, operation):
        return True


class ResolvedService(MutantService):
    """The model of a profile, or a mutant of it, resolved."""

    item_kind = ResolvedItem

    def __init__(self, profile, mutant=None):
        super().__init__(profile, mutant)
        self._engine = self._at = ResolvedEngine(Machine(stepper(profile), mutant))
