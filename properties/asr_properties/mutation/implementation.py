"""A mutant behind the contract: an implementation like any other."""

from __future__ import annotations

from typing import Any

from asr_model import profiles
from asr_model.machine import Machine
from asr_model.mutants.mutant import Mutant
from asr_properties.adapters.chart.engine import StepperEngine
from asr_properties.adapters.chart.service import ChartService


class MutantService(ChartService):
    """The model of a profile with a mistake in it.

    mutant: the mistake; None: the model as it is, run by the stepper.
    """

    def __init__(self, profile: str, mutant: Mutant | None) -> None:
        engine = StepperEngine(Machine(profiles.stepper(profile), mutant))
        super().__init__(engine)
        self._at = engine
        self._wrong = None if mutant is None else mutant.shown

    def item(self) -> dict[str, Any] | None:
        """A look at the item, with what is shown wrongly."""
        shown = super().item()
        field, value = self._now()
        if shown is None or field not in shown:
            return shown
        if field == "allowed_operations":
            return {**shown, field: sorted({*shown[field]} ^ {value})}
        return {**shown, field: value or None}

    def recovery_points(self) -> list[dict[str, Any]]:
        """The listed recovery points, all of the wrong kind, or none of them."""
        listed = super().recovery_points()
        field, value = self._now()
        if field != "recovery_points":
            return listed
        return [] if value == "none" else [{**point, "kind": f"{value}_consistent"} for point in listed]

    def machine(self, *, site: str) -> dict[str, Any]:
        """A production machine, with the wrong power."""
        shown = super().machine(site=site)
        field, value = self._now()
        return {"power": value, "sequence": None if value == "absent" else 0} if field == site else shown

    def _now(self) -> tuple[str, str]:
        """The field that is wrong now, and what it shows; nothing where none is."""
        wrong = self._wrong
        is_there = wrong is not None and wrong.place in (self._at.phase, self._at.drill)
        return (wrong.field, wrong.value) if wrong is not None and is_there else ("", "")
