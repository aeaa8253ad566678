"""Random walks: what must hold whatever is asked, and that a replay answers the same."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr_properties.contract.errors import Refused
from asr_properties.reference import ClassicItem, CommonItem, Fixed, ReferenceService, ReplicatedItem, Varied
from asr_properties.reference.faults import FAULTS
from asr_properties.reference.operations import OPERATIONS, RESYNCHRONIZABLE

CONFIGURATIONS = (
    {},
    {"app_consistent_minutes": 60, "multi_vm_group": "web"},
    {"retention_minutes": 0},
    {"retention_minutes": 30, "crash_consistent_minutes": 45},
    {"operating_system": "linux", "datastore_visible": False},
)
PROFILES = (ReplicatedItem, ClassicItem)
OPEN_BEFORE_A_COMMIT = frozenset({"failed_over", "failed_back"})
SECONDS = (0, 1, 59.5, 400, 1300, 7200, 90000)

Call = tuple[str, dict[str, Any]]


def choose_call(service: ReferenceService, draw: random.Random) -> Call:
    """A call that often makes sense where the item is."""
    kind = draw.random()
    if kind < 0.45:
        item = service.item()
        listed = ["enable_replication"] if item is None else item["allowed_operations"]
        likely = [name for name in listed if name != "disable_replication" or draw.random() < 0.15]
        operation = draw.choice(likely if likely and draw.random() < 0.85 else tuple(OPERATIONS))
        return "request", {"operation": operation, "arguments": choose_arguments(service, operation, draw)}
    jobs = service.jobs()
    if kind < 0.65:
        return ("wait", {"job": draw.choice(jobs[:2])}) if jobs else ("wait", {"seconds": 1})
    if kind < 0.8:
        return "wait", {"seconds": draw.choice(SECONDS)}
    if kind < 0.88:
        return "write", {}
    if kind < 0.91:
        return "inject", {"fault": draw.choice(sorted(FAULTS))}
    if kind < 0.97 or not jobs:
        return "clear", {"fault": draw.choice(sorted(FAULTS))}
    return "cancel_job", {"job": jobs[0]}


def choose_arguments(service: ReferenceService, operation: str, draw: random.Random) -> dict[str, Any]:
    options = ["latest", "latest_processed", "latest_app_consistent", "unknown"]
    ids = [point["id"] for point in service.recovery_points()]
    if operation == "fail_over":
        return {"recovery_point": draw.choice(options + ids), "shut_down_source": draw.random() < 0.5}
    if operation == "change_recovery_point":
        return {"recovery_point": draw.choice([*ids, "unknown"])}
    if operation == "planned_failover":
        return {"recovery_point_type": draw.choice(["crash_consistent", "app_consistent"])}
    return {}


def perform(service: ReferenceService, call: Call) -> Any:
    method, parameters = call
    try:
        return getattr(service, method)(**parameters)
    except Refused as refusal:
        return f"refused: {refusal.reason}"


def observe(service: ReferenceService) -> dict[str, Any]:
    return {
        "item": service.item(),
        "points": service.recovery_points(),
        "replication": service.replication(),
        "machines": [service.machine(site=site) for site in ("on_premises", "azure")],
        "jobs": [service.job(job=job) for job in service.jobs()],
    }


def begin(configuration: dict[str, Any], item_class: type[CommonItem] = ReplicatedItem) -> ReferenceService:
    service = ReferenceService(item_class)
    service.hello(protocol=1)
    service.new_item(configuration=configuration)
    return service


def check_invariants(service: ReferenceService, item_class: type[CommonItem]) -> None:
    item = service.item()
    points = service.recovery_points()
    created = [point["created"] for point in points]
    assert created == sorted(created, reverse=True)
    assert len({point["id"] for point in points}) == len(points)
    replication = service.replication()
    assert replication["processed"] <= replication["sent"]
    if item is None:
        assert points == []
        return
    running = [job for job in service.jobs() if service.job(job=job)["state"] == "in_progress"]
    assert item["current_job"] is None or item["current_job"] in running
    if item["current_job"] is None and item["drill"] == "no_drill":
        listed, allowed = set(item["allowed_operations"]), set(item_class.profile.allowed.get(item["phase"], ()))
        assert listed - allowed <= ({"resynchronize"} if item["phase"] in RESYNCHRONIZABLE else set())
        open_before = item_class is ClassicItem and item["phase"] in OPEN_BEFORE_A_COMMIT
        assert allowed - listed <= ({"reprotect"} if open_before else set())
    if item["phase"] == "failback_cancel_failed":
        assert item["health_issues"]
    if item["replicating"] == "to_on_premises":
        assert item["profile_instance"] == item_class.profile.reverse or item["phase"] == "disabling_replication"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PROFILES), st.sampled_from(CONFIGURATIONS), st.integers(0, 2**32))
def test_a_replay_answers_the_same_and_looking_changes_nothing(
    item_class: type[CommonItem], configuration: dict[str, Any], seed: int
):
    draw = random.Random(seed)
    service = begin(configuration, item_class)
    calls, answers = [], []
    for _ in range(80):
        call = choose_call(service, draw)
        calls.append(call)
        answers.append(perform(service, call))
        before = observe(service)
        check_invariants(service, item_class)
        assert observe(service) == before
    replay = begin(configuration, item_class)
    assert [perform(replay, call) for call in calls] == answers
    assert observe(replay) == observe(service)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PROFILES), st.sampled_from(CONFIGURATIONS), st.integers(0, 2**32))
def test_refusals_change_nothing_and_sequence_numbers_never_repeat(
    item_class: type[CommonItem], configuration: dict[str, Any], seed: int
):
    draw = random.Random(seed)
    service = begin(configuration, item_class)
    written = 0
    for _ in range(80):
        call = choose_call(service, draw)
        before = observe(service)
        answer = perform(service, call)
        if isinstance(answer, str):
            assert observe(service) == before
        elif call[0] == "write":
            assert answer["sequence"] > written
            written = answer["sequence"]
        elif call[0] == "request":
            item, listed = before["item"], before["item"] and before["item"]["allowed_operations"]
            operation = call[1]["operation"]
            job = answer["job"]
            begun = service.item() is not None and service.item()["current_job"] == job
            open_cancel = operation == "cancel_failover" and item and item["phase"] == "failing_back"
            if begun and not open_cancel:
                assert operation == "enable_replication" if item is None else operation in listed


@pytest.mark.parametrize("item_class", PROFILES)
def test_the_replica_is_off_in_reverse_and_absent_in_azure_when_on_premises_is_protected(item_class: type[CommonItem]):
    draw = random.Random(7)
    service = begin({}, item_class)
    for _ in range(3000):
        perform(service, choose_call(service, draw))
        item = service.item()
        if item is not None and item["phase"] in ("reverse_protected", "reverse_initial_replication"):
            assert service.machine(site="on_premises")["power"] == "off"
        if item is not None and item["phase"] in ("protected", "failback_committed"):
            assert service.machine(site="azure")["power"] == "absent"


@pytest.mark.parametrize(("item_class", "count"), [(ReplicatedItem, 25), (ClassicItem, 22)])
def test_every_phase_occurs_in_varied_walks(item_class: type[CommonItem], count: int):
    phases: Counter[str] = Counter()
    for seed in range(60):
        draw = random.Random(seed)
        service = begin(CONFIGURATIONS[seed % len(CONFIGURATIONS)], item_class)
        for _ in range(200):
            perform(service, choose_call(service, draw))
            item = service.item()
            phases["not_replicated" if item is None else item["phase"]] += 1
    assert len(phases) == count
    assert ("reverting_failback" in phases) == (item_class is ReplicatedItem)


def test_a_policy_of_ones_own_can_be_given():
    class Counting(Varied):
        __slots__ = ("asked",)

        def choose(self, name: str) -> str:
            self.asked = name
            return super().choose(name)

    freedom = Counting()
    service = ReferenceService(freedom=freedom)
    service.hello(protocol=1)
    service.new_item(configuration={})
    service.request(operation="enable_replication", arguments={})
    assert freedom.asked
    assert Fixed().choose("refusal") == "at_once"
