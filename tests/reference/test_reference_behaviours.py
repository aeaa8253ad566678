"""Each documented behaviour can be had wrong by overriding one method, and nothing else breaks."""

from __future__ import annotations

from typing import Any

from asr_properties.reference import ReplicatedItem


def test_a_commit_that_keeps_the_points(start):
    class KeepsPoints(ReplicatedItem):
        def delete_other_points(self) -> None:
            pass

    driver = start(item_class=KeepsPoints).protect()
    driver.wait(3600)
    driver.fail_over()
    driver.do("commit")
    assert len(driver.points) > 1


def test_a_failover_that_does_not_stop_replication(start):
    class GoesOn(ReplicatedItem):
        def stop_replication(self) -> None:
            pass

    driver = start(item_class=GoesOn).protect()
    driver.fail_over()
    assert driver.item["replicating"] == "to_azure"
    newest = driver.points[0]
    driver.wait(3600)
    assert driver.points[0] != newest


def test_a_cancel_that_keeps_what_on_premises_wrote(start):
    class Keeps(ReplicatedItem):
        def discard_on_premises_changes(self) -> None:
            pass

    driver = start(item_class=Keeps).reach_failed_back()
    written = driver.write()
    driver.do("cancel_failover")
    assert driver.disk("on_premises") == written


def test_a_commit_that_can_be_repeated(start):
    class Repeats(ReplicatedItem):
        def can_commit(self) -> bool:
            return self.phase in ("failed_over", "failover_committed")

    driver = start(item_class=Repeats).reach("failover_committed")
    assert driver.do("commit")["state"] == "succeeded"


def test_a_failover_that_ends_with_the_failed_shutdown(start):
    class Stops(ReplicatedItem):
        def failed_source_shutdown(self) -> str:
            return "fails"

    driver = start(item_class=Stops).protect()
    driver.service.inject(fault="source_shutdown_fails")
    assert driver.fail_over()["state"] == "failed"


def test_a_planned_failover_that_is_not_reverted(start):
    class Stays(ReplicatedItem):
        def begin_automatic_revert(self) -> None:
            self.phase = "failed_back"

    driver = start(item_class=Stays).reach_reverse_protected()
    driver.service.inject(fault="planned_failover_fails")
    driver.fail_back()
    assert driver.phase == "failed_back"


def test_a_list_in_the_wrong_order(start):
    class OldestFirst(ReplicatedItem):
        def recovery_points(self) -> list[dict[str, Any]]:
            return super().recovery_points()[::-1]

    driver = start(item_class=OldestFirst).protect()
    driver.wait(3600)
    assert driver.points[0]["created"] < driver.points[-1]["created"]
