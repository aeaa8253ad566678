"""A driver of the reference: short words for what the tests do again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from asr_properties.contract.errors import Refused
from asr_properties.reference import ClassicItem, CommonItem, Fixed, Freedom, ReferenceService, ReplicatedItem

HOUR = 3600


class Driver:
    """Drives one service; `do` runs an operation to the end of its job, `begin` only begins it."""

    def __init__(self, service: ReferenceService) -> None:
        self.service = service
        self.classic = service.hello(protocol=1)["profile"] == "classic"

    def new(self, **configuration: Any) -> Driver:
        self.service.new_item(configuration=configuration)
        return self

    def begin(self, operation: str, **arguments: Any) -> str:
        return self.service.request(operation=operation, arguments=arguments)["job"]

    def do(self, operation: str, **arguments: Any) -> dict[str, Any]:
        job = self.begin(operation, **arguments)
        self.service.wait(job=job)
        return self.service.job(job=job)

    def refused(self, operation: str, **arguments: Any) -> bool:
        """Whether the operation is refused at once."""
        try:
            self.begin(operation, **arguments)
        except Refused:
            return True
        return False

    def wait(self, seconds: float) -> None:
        self.service.wait(seconds=seconds)

    def pass_tasks(self, job: str, last: str) -> None:
        """Let time pass until the task `last` of the job has ended."""
        while self.tasks(job)[last] in ("not_started", "in_progress"):
            self.wait(10)

    def tasks(self, job: str) -> dict[str, str]:
        return {task["name"]: task["state"] for task in self.service.job(job=job)["tasks"]}

    def state(self, job: str) -> str:
        return self.service.job(job=job)["state"]

    def write(self) -> int:
        return self.service.write()["sequence"]

    @property
    def item(self) -> dict[str, Any]:
        observation = self.service.item()
        assert observation is not None
        return observation

    @property
    def phase(self) -> str:
        observation = self.service.item()
        return "not_replicated" if observation is None else observation["phase"]

    @property
    def points(self) -> list[dict[str, Any]]:
        return self.service.recovery_points()

    def power(self, site: str) -> str:
        return self.service.machine(site=site)["power"]

    def disk(self, site: str) -> int | None:
        return self.service.machine(site=site)["sequence"]

    # The way through the lifecycle.

    def protect(self) -> Driver:
        self.do("enable_replication")
        self.wait(HOUR)
        assert self.phase == "protected"
        return self

    def fail_over(self, point: str = "latest", shut_down: bool = True) -> dict[str, Any]:
        return self.do("fail_over", recovery_point=point, shut_down_source=shut_down)

    def fail_back(self, kind: str = "crash_consistent") -> dict[str, Any]:
        if self.classic:
            return self.fail_over()
        return self.do("planned_failover", recovery_point_type=kind)

    def reach_failed_over(self, shut_down: bool = True) -> Driver:
        self.protect().fail_over(shut_down=shut_down)
        return self

    def reach_reverse_protected(self) -> Driver:
        self.reach_failed_over()
        self.wait(HOUR / 4)  # the agent may have to register first
        self.do("reprotect")
        self.wait(HOUR)
        assert self.phase == "reverse_protected"
        return self

    def reach_failed_back(self) -> Driver:
        self.reach_reverse_protected().fail_back()
        assert self.phase == "failed_back"
        return self

    def reach(self, phase: str) -> Driver:
        """Come to a steady phase, with plain outcomes except where the pins of the policy say otherwise."""
        if phase == "enabling_failed":
            self.service.inject(fault="appliance_unhealthy")
            self.do("enable_replication")
        elif phase in ("initial_replication", "awaiting_first_recovery_point"):
            self.do("enable_replication")
            self.wait(0 if phase == "initial_replication" else 26 * 60)
        elif phase == "protected":
            self.protect()
        elif phase == "failover_failed":
            self.protect().service.inject(fault="failover_fails")
            self.fail_over()
        elif phase == "failover_aborted":
            job = self.protect().begin("fail_over", recovery_point="latest", shut_down_source=True)
            self.service.cancel_job(job=job)
            self.service.wait(job=job)
        elif phase == "failed_over":
            self.reach_failed_over()
        elif phase == "failover_committed":
            self.reach_failed_over().do("commit")
        elif phase == "reverse_initial_replication":
            self.reach_failed_over().do("reprotect")
        elif phase == "reverse_protected":
            self.reach_reverse_protected()
        elif phase == "failed_back":
            self.reach_failed_back()
        elif phase == "failback_cancel_failed":
            self.reach_failed_back().service.inject(fault="cancel_fails")
            self.do("cancel_failover")
        elif phase == "failback_committed":
            self.reach_failed_back().do("commit")
        assert self.phase == phase
        for fault in ("appliance_unhealthy", "failover_fails", "cancel_fails"):
            self.service.clear(fault=fault)
        return self


Start = Callable[..., Driver]


@pytest.fixture
def start() -> Start:
    """Begins with a new item: `start(configuration={...}, item_class=..., pin={choice: option})`.

    Open choices take their plain option unless pinned; `freedom` is another policy.
    """

    def begin(
        configuration: dict[str, Any] | None = None,
        pin: dict[str, str] | None = None,
        item_class: type[CommonItem] = ReplicatedItem,
        freedom: Freedom | None = None,
    ) -> Driver:
        return Driver(ReferenceService(item_class, freedom or Fixed(pin or {}))).new(**(configuration or {}))

    return begin


@pytest.fixture
def classic(start: Start) -> Start:
    """`start` with an item of the classic profile."""
    return partial(start, item_class=ClassicItem)
