"""Changes to a recorded cassette: what a service that does otherwise would have left."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from typing import Any

from asr_properties.traces import cassette
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import TraceVerdict
from asr_properties.traces.translation import translate


def read_interactions(interactions: Iterable[dict[str, Any]]) -> Trace:
    """The trace in the interactions of a cassette."""
    return translate((cassette.exchange_of(entry, n) for n, entry in enumerate(interactions, 1)), "a test")


class Changed:
    """A copy of a cassette whose interactions are numbered from 1, as the verdicts number them."""

    def __init__(self, cassette: dict[str, Any]) -> None:
        self._cassette = {**cassette, "interactions": list(cassette["interactions"])}

    @property
    def interactions(self) -> list[dict[str, Any]]:
        return self._cassette["interactions"]

    def __getitem__(self, number: int) -> dict[str, Any]:
        return self.interactions[number - 1]

    def _own(self, number: int) -> dict[str, Any]:
        """The interaction as a copy that may be changed."""
        self.interactions[number - 1] = copy.deepcopy(self[number])
        return self[number]

    def show(self, number: int, change: Callable[[dict[str, Any]], None]) -> Changed:
        """Change the properties of the item that an interaction shows."""
        response = self._own(number)["response"]
        body = json.loads(response["body"]["string"])
        change(body["properties"])
        response["body"]["string"] = json.dumps(body)
        return self

    def answer(self, number: int, change: Callable[[dict[str, Any]], None]) -> Changed:
        """Change the whole body that an interaction was answered with."""
        response = self._own(number)["response"]
        body = json.loads(response["body"]["string"])
        change(body)
        response["body"]["string"] = json.dumps(body)
        return self

    def status(self, number: int, code: int) -> Changed:
        """Change the status code of an answer."""
        self._own(number)["response"]["status"]["code"] = code
        return self

    def move(self, number: int, to: int) -> Changed:
        """Move an interaction, so that it gets the number `to`."""
        self.interactions.insert(to - 1, self.interactions.pop(number - 1))
        return self

    def drop(self, *numbers: int) -> Changed:
        """Leave interactions out."""
        for number in sorted(numbers, reverse=True):
            del self.interactions[number - 1]
        return self

    def insert(self, number: int, *interactions: dict[str, Any]) -> Changed:
        """Insert interactions; the first of them gets this number."""
        self.interactions[number - 1 : number - 1] = interactions
        return self

    def cancel_failover(self, operation: str) -> dict[str, Any]:
        """A `failoverCancel` of the recorded item, answered 202 with a new operation."""
        posted = copy.deepcopy(self[108])
        posted["request"]["uri"] = posted["request"]["uri"].replace("/unplannedFailover", "/failoverCancel")
        posted["request"]["body"] = None
        headers = posted["response"]["headers"]
        for name in ("azure-asyncoperation", "location"):
            before, _, rest = headers[name][0].partition("f3040a4d-d652-4bbd-b946-8cec9ff13178")
            headers[name] = [before + operation + rest]
        return posted

    def poll(self, operation: str, status: str) -> dict[str, Any]:
        """A poll of an operation's status."""
        polled = copy.deepcopy(self[109])
        before, _, rest = polled["request"]["uri"].partition("f3040a4d-d652-4bbd-b946-8cec9ff13178")
        polled["request"]["uri"] = before + operation + rest
        polled["response"]["body"]["string"] = json.dumps({"name": operation, "status": status, "error": None})
        return polled

    def trace(self) -> Trace:
        """What is read from it."""
        return read_interactions(self.interactions)

    def verdict(self) -> TraceVerdict:
        """The verdict on the one item in it."""
        (verdict,) = judge(self.trace())
        return verdict
