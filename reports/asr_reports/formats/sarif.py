"""SARIF 2.1.0: a rule for each requirement, and a result for each that failed, with the counterexample as code flow.

What keeps the run from being conformant though it did not fail is a result of kind `open`. What passed, and what need
not be shown, is no result: code scanning shows each result as an alert. The places of the steps are the phases of the
item; its `state` holds what was seen.
"""

from __future__ import annotations

import json
from typing import Any

from asr_reports.judged_run import JudgedRequirement, JudgedRun, ShownCounterexample
from asr_reports.walk import ShownStep

SCHEMA = "https://json.schemastore.org/sarif-2.1.0-rtm.5.json"


def to_sarif(run: JudgedRun, source: str) -> str:
    """The document as JSON text. source: where the record lies, relative to what is judged; alerts are shown there."""
    rules = [_rule(one) for one in run.requirements]
    results = [
        _result(one, index, run, source) for index, one in enumerate(run.requirements) if one.outcome == "FAILED"
    ]
    results += [_open(one, index, source) for index, one in enumerate(run.requirements) if one.is_open]
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "asr-conformance",
                        "semanticVersion": run.program.get("asr-conformance", "0.0.0"),
                        "rules": rules,
                    }
                },
                "invocations": [_invocation(run)],
                "results": results,
                "properties": {"verdict": run.verdict, "seed": run.seed, "profile": run.profile},
            }
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _rule(one: JudgedRequirement) -> dict[str, Any]:
    return {
        "id": one.id,
        "shortDescription": {"text": one.sentence},
        "fullDescription": {"text": f"{one.sentence} ({one.section}; {one.evidence})"},
        "help": {"text": f"asr-conformance explain {one.id}"},
        "properties": {"section": one.section, "evidence": one.evidence, "tags": [one.evidence]},
    }


def _invocation(run: JudgedRun) -> dict[str, Any]:
    notes: list[dict[str, Any]] = [{"level": "note", "message": {"text": note}} for note in run.notes if note]
    if run.adapter_error:
        notes.append({"level": "error", "message": {"text": run.adapter_error}})
    return {
        "commandLine": run.command,
        "exitCode": run.exit_status,
        "exitCodeDescription": run.verdict,
        "executionSuccessful": not run.adapter_error,
        "toolExecutionNotifications": notes,
    }


def _result(one: JudgedRequirement, index: int, run: JudgedRun, source: str) -> dict[str, Any]:
    found = [run.counterexamples[number - 1] for number in one.counterexamples]
    told = [f"{one.id} is broken: {one.sentence}"]
    told += [each.observed for each in found if each.observed]
    told += [rule.says for each in found for rule in each.properties]
    return {
        "ruleId": one.id,
        "ruleIndex": index,
        "kind": "fail",
        "level": "error",
        "message": {"text": "\n".join(dict.fromkeys(told))},
        "locations": [_at(source)],
        "partialFingerprints": {"requirement/v1": f"{run.profile}:{one.id}"},
        "codeFlows": [_code_flow(each, source) for each in found],
        "properties": {"exercised": one.exercised, "reason": one.reason, "replay": [each.replay for each in found]},
        **_suppressed(one),
    }


def _open(one: JudgedRequirement, index: int, source: str) -> dict[str, Any]:
    return {
        "ruleId": one.id,
        "ruleIndex": index,
        "kind": "open",
        "level": "none",
        "message": {"text": f"{one.id}: {one.in_words}"},
        "locations": [_at(source)],
        **_suppressed(one),
    }


def _suppressed(one: JudgedRequirement) -> dict[str, Any]:
    """What makes a known deviation no alert."""
    accepted = {"kind": "external", "status": "accepted", "justification": one.known}
    return {"suppressions": [accepted]} if one.known else {}


def _code_flow(found: ShownCounterexample, source: str) -> dict[str, Any]:
    last = len(found.steps)
    steps = [_step(step, number, number == last, found, source) for number, step in enumerate(found.steps, 1)]
    return {"message": {"text": found.replay or "counterexample"}, "threadFlows": [{"locations": steps}]}


def _step(step: ShownStep, number: int, departs: bool, found: ShownCounterexample, source: str) -> dict[str, Any]:
    told = f"{number}. {step.action}: {step.answer}"
    if departs:
        told += "".join(f"\nallowed: {text}" for text in found.allowed)
    location = {**_at(source), "message": {"text": told}}
    if step.phase:
        location["logicalLocations"] = [{"fullyQualifiedName": step.phase, "kind": "phase"}]
    values = {**step.shown, **({} if step.agreed is None else {"phase of the model": step.agreed})}
    return {
        "location": location,
        "executionOrder": number,
        "importance": "essential" if departs else "important",
        "state": {name: {"text": value} for name, value in values.items()},
    }


def _at(source: str) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": source}, "region": {"startLine": 1}}}
