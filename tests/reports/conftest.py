"""The default lifecycle, and its graph in both details."""

from __future__ import annotations

import pytest

from asr_model import profiles
from asr_model.efsm import Efsm
from asr_model.stepper import Stepper
from asr_reports.state_graph import Detail, StateGraph, state_graph


@pytest.fixture(scope="session")
def stepper() -> Stepper:
    return profiles.stepper()


@pytest.fixture(scope="session")
def efsm(stepper: Stepper) -> Efsm:
    return stepper.efsm


@pytest.fixture(scope="session")
def overview(efsm: Efsm) -> StateGraph:
    return state_graph(efsm)


@pytest.fixture(scope="session")
def full(efsm: Efsm) -> StateGraph:
    return state_graph(efsm, Detail.FULL)
