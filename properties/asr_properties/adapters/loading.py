"""Find the implementation that `--adapter SPEC` names."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from asr_properties.contract.connection import Implementation

EMBEDDED = "asr_properties.reference:create"
"""The reference implementation, judged when no adapter is named."""


class UnknownAdapter(ValueError):
    """There is no such adapter; the message says what was looked for and how a SPEC is written."""


def load(spec: str) -> Callable[[], Implementation]:
    """The factory that `package.module:factory` names, imported with the current directory on the path.

    Raises:
        UnknownAdapter: the text is no SPEC, the module cannot be imported, or has no such callable.
    """
    module_name, colon, factory_name = spec.partition(":")
    if not colon or not module_name or not factory_name:
        raise UnknownAdapter(f"{spec!r} is no adapter: write package.module:factory, such as {EMBEDDED}")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise UnknownAdapter(
            f"adapter {spec!r}: there is no module {error.name!r} on the path or in this folder"
        ) from error
    except (Exception, SystemExit) as error:
        raise UnknownAdapter(
            f"adapter {spec!r}: importing {module_name} failed: {type(error).__name__}: {error}"
        ) from error
    factory = getattr(module, factory_name, None)
    if not callable(factory):
        raise UnknownAdapter(f"adapter {spec!r}: {module_name} has no callable {factory_name!r}")
    return cast("Callable[[], Implementation]", factory)
