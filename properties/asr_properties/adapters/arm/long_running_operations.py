"""The long-running operations that a run begins, followed as the official SDK follows them (facts 2.13, 7.2).

The contract knows jobs only. What the API says of the operation beside the job is judged by X08 and X09; an operation
that the SDK's poller could not bring to an end is a defect of what answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from asr_model.vocabulary import Operation
from asr_properties.arm.tokens import SCENARIOS, SCENARIOS_OF
from asr_properties.contract.connection import AdapterError, Witnessed

#: State of a job that has ended -> the status that the SDK's poller takes for it. A cancelled one has one l (A19).
_STATUS_OF: Final = {"succeeded": "Succeeded", "failed": "Failed", "cancelled": "Canceled"}
_POLLS: Final = 6
"""So often an operation is asked for that runs on after its job has ended."""


class Acceptance(NamedTuple):
    """What an accepted request told. job: the id of the job. named: the ids that its headers give, by header.
    status: the URL of the operation's status, empty where none was told."""

    job: str
    named: dict[str, str]
    status: str


class LongRunningOperations:
    """poll: gives the body at a URL. rest: lets seconds pass."""

    def __init__(self, poll: Callable[[str], Any], rest: Callable[[float], None]) -> None:
        self._poll, self._rest = poll, rest
        self._open: dict[str, tuple[Operation, Acceptance]] = {}
        self._witnessed: list[Witnessed] = []

    def began(self, operation: Operation, started: Acceptance) -> None:
        """A request was accepted."""
        self._open[started.job] = (operation, started)
        told = ", ".join(f"{header} names {job}" for header, job in started.named.items())
        self._witness("X09", len(set(started.named.values())) == 1, f"the job's id is the operation's: {told}")

    def ended(self, job: str, state: str, scenario: str | None) -> None:
        """A job is seen to have ended.

        Raises:
            AdapterError: its operation has not, in a way that the SDK understands.
        """
        if state not in _STATUS_OF or job not in self._open:
            return
        operation, started = self._open.pop(job)
        wanted = SCENARIOS_OF.get(operation, frozenset())
        if scenario in SCENARIOS and wanted:
            words = " or ".join(sorted(wanted))
            self._witness("X09", scenario in wanted, f"the scenario of {operation} is {words}: it is {scenario}")
        if started.status:
            body = self._status(started.status, _STATUS_OF[state])
            if state == "succeeded" and body.get("error") is not None:
                self._witness("X08", True, "success with a warning")

    def witnessed(self) -> list[Witnessed]:
        """What was seen since this was asked last."""
        seen, self._witnessed = self._witnessed, []
        return seen

    def _witness(self, requirement: str, holds: bool, what: str) -> None:
        self._witnessed.append(Witnessed(requirement, holds, what))

    def _status(self, url: str, expected: str) -> dict[str, Any]:
        for polls in range(_POLLS):
            body = self._poll(url)
            status = body.get("status") if isinstance(body, dict) else None
            if status == expected:
                return dict(body)
            if status != "InProgress":
                break
            self._rest(0.5 * 2**polls)
        raise AdapterError(
            "the operation is not as its job",
            sent=f"GET {url}",
            got=f"status {status!r}, and the job has ended as {expected!r} says",
            hint="the SDK's poller ends at Succeeded, Failed and Canceled only, and takes them for the job's end",
        )
