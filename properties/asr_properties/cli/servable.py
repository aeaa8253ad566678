"""What `serve` serves, and which of the outcomes that the documentation leaves open it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from asr_properties.adapters.loading import embedded, load
from asr_properties.cli.console import fail
from asr_properties.reference import (
    CHOICES,
    DRAWN,
    Chosen,
    ClassicItem,
    CommonItem,
    ReferenceService,
    ReplicatedItem,
    check_choice,
)

#: What was recorded of an open outcome is what is served unless somebody says otherwise.
RECORDED: Final[Mapping[str, str]] = {
    "enable_of_an_enabled_item": "without_effect",  # F17
    "cancel_job": "accepted",  # facts 2.13: every running job of the lifecycle offers it
    "update_of_settings": "job_ends",  # facts 7.2: all that changes something is answered by 202
}

#: The reference by its SPEC -> its items.
_EMBEDDED: Final[Mapping[str, type[CommonItem]]] = {
    embedded(item.profile.name): item for item in (ReplicatedItem, ClassicItem)
}


def servable(spec: str, choices: Sequence[str] = (), seed: int | None = None) -> Callable[[], Any]:
    """The factory that SPEC names. A class of items is served by the reference, as is what is embedded.

    choices: of the reference, each a text NAME=OPTION. seed: draws all that they do not name; None: that is what was
    recorded, else the plainest.

    Raises:
        UnknownAdapter: there is no such implementation.
    """
    named: Any = load(spec)
    items = _EMBEDDED.get(spec, named)
    if isinstance(items, type) and issubclass(items, CommonItem):
        pinned = {**(RECORDED if seed is None else {}), **_pinned(choices)}
        return lambda: ReferenceService(item_class=items, freedom=Chosen(pinned, seed))
    if choices or seed is not None:
        fail(f"{spec} chooses by itself: --choice and --seed are for the reference")
    return cast("Callable[[], Any]", named)


def _pinned(told: Sequence[str]) -> dict[str, str]:
    pinned = {}
    for text in told:
        name, sign, option = text.partition("=")
        if not sign:
            fail(f"--choice takes NAME=OPTION, not {text!r}; the names are {', '.join(CHOICES)}")
        try:
            check_choice(name, option, DRAWN)
        except ValueError as error:
            fail(str(error))
        pinned[name] = option
    return pinned
