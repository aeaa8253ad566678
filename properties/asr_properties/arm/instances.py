"""The providers that items have (`instanceType`), by profile, as the lifecycles declare them (facts 1.0).

A further profile is a file such as `arm.classic`, and its line in `ARM_PROFILES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from asr_model import profiles
from asr_model.vocabulary import Group, Site
from asr_properties.arm.arm_profile import ArmProfile
from asr_properties.arm.classic import CLASSIC
from asr_properties.arm.modernized import MODERNIZED

ARM_PROFILES: Mapping[str, ArmProfile] = MappingProxyType({one.profile: one for one in (MODERNIZED, CLASSIC)})

_ALL = [facts for profile in profiles.CHARTS for facts in profiles.efsm(profile).phases.values()]

#: The site that is Primary while the item has this `instanceType`; Recovery is the other one.
PRIMARY_SITE: Mapping[str, Site] = MappingProxyType(
    {
        facts.instance: Site.ON_PREMISES if facts.group is Group.TOWARDS_AZURE else Site.AZURE
        for facts in _ALL
        if facts.instance is not None
    }
)


def fabric_of(profile: str) -> str | None:
    """The `primaryFabricProvider` of a profile's items; None where the profile has no file here."""
    return ARM_PROFILES[profile].fabric if profile in ARM_PROFILES else None


def failback_policy_of(profile: str, forward: str) -> str:
    """The name of the policy in force after a reprotect that named none; forward: the name of the one before it."""
    name = ARM_PROFILES[profile].failback_policy if profile in ARM_PROFILES else "{forward}-failback"
    return name.replace("{forward}", forward)


def is_failback(instance: object) -> bool:
    """Whether an item with this `instanceType` is in the reverse half of its cycle."""
    return PRIMARY_SITE.get(str(instance)) is Site.AZURE


@cache
def instances_of(profile: str) -> frozenset[str]:
    """The `instanceType`s of items that have this lifecycle."""
    return frozenset(facts.instance for facts in profiles.efsm(profile).phases.values() if facts.instance)


@cache
def forward_instance(profile: str) -> str:
    """The `instanceType` of an item of this profile before it is reprotected."""
    return next(instance for instance in instances_of(profile) if not is_failback(instance))


@cache
def failback_instance(profile: str) -> str:
    """The `instanceType` of an item of this profile once it is reprotected."""
    return next(instance for instance in instances_of(profile) if is_failback(instance))
