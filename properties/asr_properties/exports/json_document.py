"""JSON: the whole EFSM as a document, from which an equal EFSM is read back."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from asr_model.efsm import Efsm
from asr_properties.exports.machine import Machine
from asr_properties.specification.rule import Rule


class EfsmDocument(BaseModel):
    """A lifecycle as an extended finite state machine. Guards and updates are expressions: names, literals, `and`,
    `or`, `not`, comparisons, and membership in the named `phase_sets`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["asr-conformance efsm"] = "asr-conformance efsm"
    version: Literal[1] = 1
    variables: tuple[str, ...]
    phase_sets: dict[str, tuple[str, ...]]
    efsm: Efsm


def to_json(machine: Machine, properties: tuple[Rule, ...] = ()) -> str:
    """The document. variables: the names of the values of `initial`."""
    efsm = replace(machine.efsm, phases=dict(machine.efsm.phases), drills=dict(machine.efsm.drills))
    document = EfsmDocument(variables=efsm.initial._fields, phase_sets=machine.phase_sets, efsm=efsm)
    return document.model_dump_json(indent=1) + "\n"


def read_json(text: str) -> Efsm:
    """The EFSM of a document.

    Raises:
        pydantic.ValidationError: it is none; the error names the place and what is wrong there.
    """
    return EfsmDocument.model_validate_json(text).efsm


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of a document."""
    found = EfsmDocument.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(schema(), indent=2) + "\n"
