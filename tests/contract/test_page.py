"""The published protocol is the declared one, and its schemas take what is said and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from asr_properties.cli.protocol_page import page
from asr_properties.contract.errors import ContractError
from asr_properties.contract.methods import ARGUMENTS, METHODS, REQUESTABLE, Configuration
from asr_properties.reference import create
from asr_properties.smoke.probe import Probe
from asr_properties.smoke.samples import bad_arguments, bad_calls, good_call
from asr_properties.smoke.walk import a_short_walk

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
PUBLISHED = json.loads((DOCS / "protocol.schema.json").read_text(encoding="utf-8"))


def validator(method: str, part: str) -> Draft202012Validator:
    return Draft202012Validator({**PUBLISHED["methods"][method][part], "$defs": PUBLISHED["$defs"]})


def test_the_page_tells_of_every_method_operation_field_and_key():
    text = page()
    for method in METHODS:
        assert f"### {method}\n" in text
    for word in (*REQUESTABLE, *Configuration.model_fields, "failover_recovery_point", "may_cancel", "multi_vm"):
        assert f"`{word}`" in text


def test_the_page_tells_what_cannot_be_seen_in_a_shape():
    text = page()
    for said in (
        "`latest`, `latest_processed`, `latest_app_consistent` or the id of a point",
        "exactly one of the two",
        "| `profile` | `modernized`, `classic` |",
        "an id that no job has had before",
        "a list at most 25000 entries",
        "- 24 h for a job;",
        "- 28 h to leave `reverting_failback`;",
        "within 60 minutes or one interval",
        "the suite makes it once",
    ):
        assert said in text


@pytest.mark.parametrize("method", METHODS)
def test_the_schema_of_parameters_takes_what_fits_and_nothing_else(method):
    checked = validator(method, "params")
    assert checked.is_valid(good_call(method))
    for parameters in bad_calls(method, "job-1"):
        assert not checked.is_valid(parameters), parameters


@pytest.mark.parametrize("operation", REQUESTABLE)
def test_the_schema_of_arguments_belongs_to_the_operation(operation):
    checked = validator("request", "params")
    for arguments in bad_arguments(operation):
        assert not checked.is_valid({"operation": operation, "arguments": arguments}), arguments


def test_the_arguments_are_those_that_the_model_knows():
    from asr_model.vocabulary import ARGUMENTS as MODELLED
    from asr_model.vocabulary import Operation

    declared = {operation: set(kind.model_fields) for operation, kind in ARGUMENTS.items()}
    of_sites = declared.pop(Operation.REPROTECT)
    assert of_sites == {"appliance", "cache_storage_account"}  # surroundings to the model, no arguments
    assert declared == {o: set(names) for o, names in MODELLED.items() if o is not Operation.CANCEL_JOB}


class Listening:
    """The reference, with all that it was asked and answered."""

    def __init__(self) -> None:
        self.service = create()
        self.said: list[tuple[str, dict[str, Any], Any]] = []

    def __getattr__(self, method: str) -> Any:
        def call(**parameters: Any) -> Any:
            try:
                answer = getattr(self.service, method)(**parameters)
            except ContractError as error:
                self.said.append((method, parameters, error))
                raise
            self.said.append((method, parameters, answer))
            return answer

        return call


def test_the_schemas_take_all_that_is_said_on_a_walk():
    adapter = Listening()
    a_short_walk(Probe(adapter).greet())
    assert {method for method, _, _ in adapter.said} >= {"hello", "new_item", "request", "wait", "job", "item", "write"}
    for method, parameters, answer in adapter.said:
        assert validator(method, "params").is_valid(parameters), (method, parameters)
        if isinstance(answer, ContractError):
            assert answer.code in PUBLISHED["methods"][method]["errors"]
        else:
            validator(method, "result").validate(answer)


@pytest.mark.parametrize(
    ("method", "result"),
    [("request", {}), ("request", None), ("item", {"phase": "failover_complete"}), ("jobs", [1]), ("new_item", {})],
)
def test_the_schema_of_results_does_not_take_everything(method, result):
    assert not validator(method, "result").is_valid(result)
