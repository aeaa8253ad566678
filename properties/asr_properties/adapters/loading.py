"""Find the implementation that `--adapter SPEC` names."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from asr_model import profiles
from asr_properties.adapters.chart import ChartService
from asr_properties.adapters.options import ArmOptions, UnknownAdapter
from asr_properties.adapters.stdio import InvalidSpec, StdioAdapter, parse
from asr_properties.adapters.stdio.spec import is_stdio
from asr_properties.contract.connection import Implementation
from asr_properties.contract.raised import raised

MODEL = "model"
"""The SPEC of the model itself: its chart, run by the engine."""

_REFERENCE = "asr_properties.reference"
"""Has the reference implementations, which are judged when no adapter is named: `create` of the default profile,
`create_PROFILE` of another one."""


def embedded(profile: str) -> str:
    """The SPEC of the reference implementation of a profile.

    Raises:
        UnknownAdapter: there is none; an adapter must be named.
    """
    factory = "create" if profile == profiles.DEFAULT else f"create_{profile}"
    if not hasattr(importlib.import_module(_REFERENCE), factory):
        raise UnknownAdapter(f"there is no reference implementation of the profile {profile!r}: name an --adapter")
    return f"{_REFERENCE}:{factory}"


def load(spec: str, *, arm: ArmOptions | None = None, profile: str = profiles.DEFAULT) -> Callable[[], Implementation]:
    """What makes the implementation that a SPEC names: `package.module:factory`, imported with the current directory
    on the path; `stdio:COMMAND`, a program that is started by each call; `arm:URL`, to which `arm` belongs; or `model`,
    the declared chart of `profile`.

    Raises:
        UnknownAdapter: the text is no SPEC, the module cannot be imported or has no such callable, there is no such
            program, or the target of `arm:URL` must not be acted on.
        UnknownProfile: there is no such profile, and so no chart.
    """
    if is_stdio(spec):
        try:
            program = parse(spec)
        except InvalidSpec as error:
            raise UnknownAdapter(str(error)) from None
        return lambda: cast("Implementation", StdioAdapter(program))
    if spec == MODEL:
        chart = profiles.chart(profile)
        return lambda: cast("Implementation", ChartService(chart))
    if is_arm(spec):
        return _arm(spec, arm or ArmOptions())
    module_name, colon, factory_name = spec.partition(":")
    if "://" in spec:  # never repeated: it could hold what must not be shown
        raise UnknownAdapter("a URL alone is no adapter: write arm:URL")
    if not colon or not module_name or not factory_name:
        raise UnknownAdapter(
            f"{spec!r} is no adapter: write stdio:COMMAND, or package.module:factory such as {_REFERENCE}:create, or "
            f"{MODEL}"
        )
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise UnknownAdapter(
            f"adapter {spec!r}: there is no module {error.name!r} on the path or in this folder"
        ) from error
    except (Exception, SystemExit) as error:
        raise UnknownAdapter(f"adapter {spec!r}: importing {module_name} failed: {raised(error)}") from error
    factory = getattr(module, factory_name, None)
    if not callable(factory):
        raise UnknownAdapter(f"adapter {spec!r}: {module_name} has no callable {factory_name!r}")
    return cast("Callable[[], Implementation]", factory)


def is_arm(spec: str) -> bool:
    """Whether a SPEC names the ARM API."""
    return spec[:4].lower() == "arm:"


def _arm(spec: str, options: ArmOptions) -> Callable[[], Implementation]:
    try:
        from asr_properties.adapters.arm.factory import arm_factory
    except ModuleNotFoundError as error:
        raise UnknownAdapter(f"arm: needs {error.name}: pip install 'asr-conformance[arm]'") from error
    return arm_factory(spec, options)
