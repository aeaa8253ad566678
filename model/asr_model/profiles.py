"""The lifecycles by the name of their profile, extracted and enumerated once per process."""

from __future__ import annotations

from functools import cache

from asr_model.efsm import Efsm, extract
from asr_model.lifecycle.chart import Lifecycle
from asr_model.lifecycle.classic import Classic
from asr_model.lifecycle.modernized import Modernized
from asr_model.lts import Lts, enumerate_lts
from asr_model.stepper import Stepper

CHARTS: dict[str, type[Lifecycle]] = {chart.profile: chart for chart in (Modernized, Classic)}
DEFAULT = Modernized.profile


class UnknownProfile(ValueError):
    """There is no such profile; the message lists those there are."""


def chart(profile: str = DEFAULT) -> type[Lifecycle]:
    """The chart of a profile.

    Raises:
        UnknownProfile: there is none of that name.
    """
    if profile not in CHARTS:
        raise UnknownProfile(f"unknown profile {profile!r}; there is {', '.join(CHARTS)}")
    return CHARTS[profile]


@cache
def efsm(profile: str = DEFAULT) -> Efsm:
    """The lifecycle of a profile as data; raises as `chart`."""
    return extract(chart(profile))


@cache
def stepper(profile: str = DEFAULT) -> Stepper:
    """The compiled step function of a profile; raises as `chart`."""
    return Stepper(efsm(profile))


@cache
def lts(profile: str = DEFAULT) -> Lts:
    """Everything reachable in a profile; raises as `chart`."""
    return enumerate_lts(stepper(profile))
