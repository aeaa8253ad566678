"""Small adapters that keep to the contract: `python minimal.py FIELDS OPERATIONS`, each separated by commas."""

from __future__ import annotations

import json
import sys
from typing import Any

CALLS = {
    "hello": {"protocol"},
    "new_item": {"configuration"},
    "request": {"operation", "arguments"},
    "job": {"job"},
    "cancel_job": {"job"},
    "jobs": set(),
    "item": set(),
    "recovery_points": set(),
    "bye": set(),
}


class Answer(Exception):
    """An error, by its code."""


class Minimal:
    """No control, nothing but a phase and an id, no time; an item that is not replicated is shown if it has an id."""

    def __init__(self, fields: list[str], operations: list[str]) -> None:
        self.fields, self.operations = fields, operations
        self.greeted, self.items, self.jobs, self.given = False, 0, [], 0

    def answer(self, method: str, parameters: dict[str, Any]) -> Any:
        self.in_order(method, parameters)
        match method:
            case "hello":
                return self.hello(parameters["protocol"])
            case "new_item":
                if parameters["configuration"] != {}:
                    raise Answer(-32602)
                self.items, self.jobs = self.items + 1, []
            case "request":
                return self.request(**parameters)
            case "job" | "cancel_job":
                if parameters["job"] not in self.jobs:
                    raise Answer(-32602)
                if method == "cancel_job":
                    raise Answer(1000)
                return {"state": "in_progress"}
            case "jobs" | "recovery_points":
                return self.jobs[::-1] if method == "jobs" else []
            case "item" if self.jobs or "id" in self.fields:
                phase = "enabling_replication" if self.jobs else "not_replicated"
                seen = {"id": f"item-{self.items}", "phase": phase}
                return {field: seen[field] for field in self.fields}
        return None

    def in_order(self, method: str, parameters: dict[str, Any]) -> None:
        if method not in CALLS:
            raise Answer(-32601)
        if (method == "hello") == self.greeted or (not self.items and method not in ("hello", "new_item", "bye")):
            raise Answer(-32600)
        if set(parameters) != CALLS[method]:
            raise Answer(-32602)

    def hello(self, protocol: Any) -> Any:
        if protocol != 1:
            raise Answer(-32602)
        self.greeted = True
        return {
            "name": "minimal",
            "version": "0",
            "protocol": 1,
            "profile": "modernized",
            "controls": [],
            "fields": self.fields,
            "configuration": [],
            "operations": self.operations,
        }

    def request(self, operation: Any, arguments: Any) -> Any:
        if not isinstance(operation, str) or not isinstance(arguments, dict):
            raise Answer(-32602)
        if operation not in self.operations:
            raise Answer(1001)
        if arguments:
            raise Answer(-32602)
        if operation != "enable_replication" or self.jobs:
            raise Answer(1000)
        self.given += 1
        self.jobs.append(f"job-{self.given}")
        return {"job": self.jobs[-1]}


def main() -> None:
    fields, operations = (list(filter(None, words.split(","))) for words in sys.argv[1:])
    adapter = Minimal(fields, operations)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            told = {"result": adapter.answer(request["method"], request["params"])}
        except Answer as error:
            told = {"error": {"code": error.args[0], "message": "no"}}
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], **told}), flush=True)
        if request["method"] == "bye" and "result" in told:
            break


if __name__ == "__main__":
    main()
