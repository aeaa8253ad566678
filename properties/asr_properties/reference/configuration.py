"""The configuration of a new item: which keys there are, what they default to, what fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any, Final

from ..contract.errors import InvalidParameters


@dataclass(frozen=True, slots=True)
class Configuration:
    """The keys of `new_item` (contract, section Configuration); minutes are minutes of the virtual clock."""

    crash_consistent_minutes: float = 5
    app_consistent_minutes: float = 0
    retention_minutes: float = 4320
    multi_vm_group: str | None = None
    operating_system: str = "windows"
    dhcp: bool = True
    boot_drivers: bool = True
    iscsi_disks: int = 0
    datastore_visible: bool = True
    data_disks: int = 1
    appliances: list[dict[str, Any]] | None = None

    @property
    def needs_hydration(self) -> bool:
        """Whether a failover needs the extra step of 8-10 minutes (R26-R29, A10)."""
        return self.operating_system == "linux" or not self.dhcp or not self.boot_drivers


KEYS: Final = tuple(field.name for field in fields(Configuration))

OF_POLICIES: Final = ("crash_consistent_minutes", "app_consistent_minutes", "retention_minutes")
"""The keys that a replication policy decides."""

_DEFAULT: Final = Configuration()


def parse(configuration: object) -> Configuration:
    """The configuration that the keys given stand for; every key is optional.

    Raises:
        InvalidParameters: not a mapping, an unknown key, or a value that doesn't fit.
    """
    if not isinstance(configuration, Mapping):
        raise InvalidParameters("configuration must be an object")
    if not configuration:
        return _DEFAULT
    for key, value in configuration.items():
        fits = _FITS.get(key)
        if fits is None:
            raise InvalidParameters(f"unknown configuration key {key!r}")
        if not fits(value):
            raise InvalidParameters(f"configuration key {key!r} can't be {value!r}")
    return Configuration(**configuration)


def is_number(value: object) -> bool:
    """Whether it is a finite number; truth values are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _positive(value: Any) -> bool:
    return is_number(value) and value > 0


def _not_negative(value: Any) -> bool:
    return is_number(value) and value >= 0


def _truth(value: object) -> bool:
    return isinstance(value, bool)


def _number_of_disks(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100


def _appliance(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"name", "sees_datastore", "same_host", "healthy"}:
        return False
    return isinstance(value["name"], str) and all(_truth(fact) for key, fact in value.items() if key != "name")


_FITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "crash_consistent_minutes": _positive,
    "app_consistent_minutes": _not_negative,
    "retention_minutes": _not_negative,
    "multi_vm_group": lambda value: value is None or isinstance(value, str),
    "operating_system": lambda value: value in ("windows", "linux"),
    "dhcp": _truth,
    "boot_drivers": _truth,
    "iscsi_disks": _number_of_disks,
    "datastore_visible": _truth,
    "data_disks": _number_of_disks,
    "appliances": lambda value: isinstance(value, list) and len(value) <= 100 and all(map(_appliance, value)),
}
