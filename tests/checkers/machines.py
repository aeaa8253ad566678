"""What the tests of exports share: the models as they are, and as they are broken."""

from __future__ import annotations

from asr_model.lts import enumerate_lts
from asr_model.profiles import efsm, lts
from asr_model.stepper import Stepper
from asr_properties.exports.machine import Machine
from asr_properties.specification.declared import properties_of
from properties.breaking import BREAKING, ONLY_CLASSIC

EVERY_BREAK = [("modernized", name) for name in BREAKING["modernized"]] + [("classic", name) for name in ONLY_CLASSIC]
"""Each property that is judged on the model, on a model that is broken so that it fails."""


def declared(profile: str) -> Machine:
    """The model of a profile."""
    return Machine(lts(profile))


def broken(profile: str, name: str) -> Machine:
    """The model in which this property fails."""
    return Machine(enumerate_lts(Stepper(BREAKING[profile][name](efsm(profile)))))


def rule(profile: str, name: str):
    """The property of this name."""
    return next(p for p in properties_of(profile) if p.name == name)
