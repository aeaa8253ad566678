"""How implementations are judged: properties, oracle, generation, adapters, reference implementation, traces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asr_properties.generation.lifecycle_machine import LifecycleMachine

__all__ = ["LifecycleMachine"]


def __getattr__(name: str) -> Any:
    """`LifecycleMachine`, when it is first asked for: Hypothesis takes 0.2 s to import.

    Raises:
        AttributeError: the package has no such name.
    """
    if name == "LifecycleMachine":
        from asr_properties.generation.lifecycle_machine import LifecycleMachine

        return LifecycleMachine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
