"""What an implementation may answer instead of a result.

Each exception is one error code of the contract. An adapter written in Python raises them; the stdio
adapter turns the codes of JSON-RPC errors into them. Any other exception that leaves an adapter is the
adapter's own defect (`ADAPTER_ERROR`), never a verdict on the implementation behind it.
"""

from __future__ import annotations

from typing import ClassVar

from asr_properties.contract.text import shown


class ContractError(Exception):
    """Base of the answers that are not results; `code` is the JSON-RPC error code. Its text is made fit to be shown."""

    code: ClassVar[int]

    def __init__(self, message: object = "") -> None:
        super().__init__(shown(str(message)))


class Refused(ContractError):
    """The item's state, its points or its surroundings forbid this (code 1000); `reason` is opaque, never judged."""

    code = 1000

    def __init__(self, reason: object = "refused") -> None:
        super().__init__(reason)
        self.reason = str(self)


class NotOffered(ContractError):
    """An operation or fault that this implementation does not have (code 1001)."""

    code = 1001


class UnknownMethod(ContractError):
    """No such method, or one whose control is not offered (code -32601)."""

    code = -32601


class InvalidParameters(ContractError):
    """Parameters that do not fit, an unknown job id, protocol or task (code -32602)."""

    code = -32602


class InvalidRequest(ContractError):
    """Called out of order: before `hello`, or before the first `new_item` (code -32600)."""

    code = -32600


#: Code of an error in a JSON-RPC reply -> what it means.
ANSWERS: dict[int, type[ContractError]] = {
    kind.code: kind for kind in (Refused, NotOffered, UnknownMethod, InvalidParameters, InvalidRequest)
}
