"""Each fact about an operation or a fault stands once: the rows are complete, and few files name one."""

from __future__ import annotations

import io
import tokenize
from functools import cache
from pathlib import Path

import pytest

from asr_model import profiles
from asr_model.vocabulary import ARGUMENTS, Fault, Operation
from asr_properties.arm.inputs import INPUTS, has_input
from asr_properties.arm.instances import ARM_PROFILES, instances_of
from asr_properties.arm.operations import OPERATIONS
from asr_properties.contract import methods
from asr_properties.contract.faults import JOB_FAULTS
from asr_properties.reference import faults, operations

ROOT = Path(__file__).parents[1]
PACKAGES = ("model/asr_model", "reports/asr_reports", "properties/asr_properties")
REQUESTABLE = set(Operation) - {Operation.CANCEL_JOB}  # cancel_job is a method of its own, at a URL of its own

MOST_FILES_OF_AN_OPERATION = 6
MOST_FILES_OF_A_FAULT = 4

#: What may say something of an operation or a fault, and need not: requirements and what judges them, walks that are
#: written down, programs for people to begin with.
_MAY = ("/requirements/", "/specification/", "/running/requirement_verdicts.py", "scenarios.py", "/kits/")
#: The rules that a refusal is told by may be X02, "what is not listed is refused"; recordings are read by the rows.
_MAY_OF_AN_OPERATION = (*_MAY, "/lifecycle/terms.py", "/traces/")

#: Operations that nothing else is built on. Others are asked for by name as well: to bring a machine home, to begin.
PLAIN = (Operation.CHANGE_RECOVERY_POINT, Operation.RESYNCHRONIZE)


@cache
def _words(file: Path) -> frozenset[str]:
    """The identifiers in a file, and its strings that are one word, in double quotes; no comments, no docstrings."""
    tokens = tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline)
    return frozenset(token.string for token in tokens if token.type in (tokenize.NAME, tokenize.STRING))


def _files_with(words: set[str], optional: tuple[str, ...]) -> list[str]:
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    named = [file.relative_to(ROOT).as_posix() for file in files if words & _words(file)]
    return [path for path in named if not any(part in f"/{path}" for part in optional)]


@pytest.mark.parametrize("operation", PLAIN)
def test_few_files_name_an_operation(operation: Operation) -> None:
    """The events of the lifecycle and the methods of the reference that do it bear its name."""
    files = _files_with({operation.name, operation.value, f'"{operation.value}"'}, _MAY_OF_AN_OPERATION)
    assert len(files) <= MOST_FILES_OF_AN_OPERATION, "\n".join(files)


@pytest.mark.parametrize("fault", Fault)
def test_few_files_name_a_fault(fault: Fault) -> None:
    """Happenings and methods that bear the name of a fault are what it leads to, and stand for themselves."""
    files = _files_with({fault.name, f'"{fault.value}"'}, _MAY)
    assert len(files) <= MOST_FILES_OF_A_FAULT, "\n".join(files)


def test_every_operation_has_a_row_in_the_arm_api() -> None:
    assert set(OPERATIONS) == REQUESTABLE
    assert [operation for operation, row in OPERATIONS.items() if row.token is None] == [Operation.ENABLE_REPLICATION]
    for operation, row in OPERATIONS.items():
        assert row.method in ("PUT", "POST"), operation
        assert row.sdk.startswith("begin_"), operation
        assert row.recorded, operation
    for of in (lambda row: (row.method, row.action), lambda row: row.token, lambda row: row.sdk):
        assert len({of(row) for row in OPERATIONS.values()}) == len(OPERATIONS)
    scenarios = [scenario for row in OPERATIONS.values() if row.job is not None for scenario in row.job.scenarios]
    assert len(scenarios) == len(set(scenarios))


def test_the_body_of_an_operation_tells_its_arguments() -> None:
    for operation, row in OPERATIONS.items():
        if operation is Operation.REPROTECT:  # its arguments are surroundings to the model
            continue
        assert (operation in methods.ARGUMENTS) == (operation in ARGUMENTS), operation
        assert operation not in ARGUMENTS or has_input(operation), operation
        fields = methods.ARGUMENTS.get(operation, methods.NoArguments).model_fields
        assert fields.keys() == ARGUMENTS.get(operation, {}).keys(), operation
        if row.body is not None:
            assert row.body.keys.keys() <= fields.keys(), operation


@pytest.mark.parametrize("profile", ARM_PROFILES)
def test_a_profile_has_an_input_for_every_operation_of_its_lifecycle(profile: str) -> None:
    assert profile in profiles.CHARTS
    had = {Operation(t.event) for t in profiles.efsm(profile).transitions if t.event in REQUESTABLE}
    with_input = {operation for operation, instance in INPUTS if instance in instances_of(profile)}
    assert with_input == {operation for operation in had if has_input(operation)}


def test_the_reference_has_a_row_for_every_operation_and_fault() -> None:
    assert set(operations.OPERATIONS) == {str(operation) for operation in REQUESTABLE}
    assert {str(fault) for fault in Fault} == faults.FAULTS
    for operation, row in operations.OPERATIONS.items():
        fields = methods.ARGUMENTS.get(Operation(operation), methods.NoArguments).model_fields
        required = {name: argument.required for name, argument in row.arguments.items()}
        assert required == {name: field.is_required() for name, field in fields.items()}, operation


def test_a_walk_knows_the_faults_of_jobs_and_no_task_that_the_reference_does_not_have() -> None:
    assert set(JOB_FAULTS) == set(faults.JOB_FAULTS)
    for fault, row in JOB_FAULTS.items():
        assert set(row.tasks) <= set(faults.tasks_of(fault)), fault
        assert (row.fails is None) == (not faults.JOB_FAULTS[fault].fails), fault
