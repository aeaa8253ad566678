"""Secrets in what a program says: hidden from us, and put back into what it is asked with."""

from __future__ import annotations

from typing import Any, Final

from asr_properties.adapters.secrets import Secrets
from asr_properties.contract.messages import LONGEST_NAME

_MOST_IDS: Final = 30_000
"""Ids with a secret in them that are remembered; a list has fewer (LONGEST_LIST)."""


class Veil:
    """Hides secrets in the results of a program. An id with a secret in it goes by another name, always the same, of
    which the program never hears."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._names: dict[str, str] = {}
        self._ids: dict[str, str] = {}

    def hide(self, value: Any) -> Any:
        """A JSON value without secrets."""
        if isinstance(value, str):
            shown = self._secrets.scrub(value)
            return value if shown == value else self._name(value, shown)
        if isinstance(value, list):
            return [self.hide(entry) for entry in value]
        if isinstance(value, dict):
            return {self._secrets.scrub(key): self.hide(entry) for key, entry in value.items()}
        return value

    def lift(self, value: Any) -> Any:
        """Parameters as the program knows them."""
        if isinstance(value, str):
            return self._ids.get(value, value)
        if isinstance(value, dict):
            return {key: self.lift(entry) for key, entry in value.items()}
        return value

    def _name(self, text: str, shown: str) -> str:
        """What a text with a secret in it goes by; two ids never by the same."""
        if len(text) > LONGEST_NAME or any(c.isspace() for c in text):
            return shown  # no id
        if text not in self._names:
            name, number = shown, 1
            while name in self._ids:
                number += 1
                name = f"{shown}#{number}"
            if len(self._ids) >= _MOST_IDS:
                oldest = next(iter(self._ids))
                del self._names[self._ids.pop(oldest)]
            self._names[text], self._ids[name] = name, text
        return self._names[text]
