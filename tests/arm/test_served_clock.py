"""Virtual time: where it begins, and that all that a vault has is on one clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from arm.test_server import ENABLE, Caller, item, vault
from asr_properties.reference import Fixed, ReferenceService
from asr_properties.server.application import answerer
from asr_properties.server.slots import Vaults
from asr_properties.server.vault_clock import stamp

HOUR = 3600
LEAP = datetime(2024, 2, 28, 22, tzinfo=UTC)


def asking(beginning: datetime = LEAP, speed: float = 0.0) -> tuple[Caller, list[float]]:
    real = [0.0]
    vaults = Vaults(lambda: ReferenceService(freedom=Fixed()), speed=speed, clock=lambda: real[0], beginning=beginning)
    return Caller(answerer(vaults, "under test")), real


def began(ask: Caller, of: str = "v") -> dict[str, datetime]:
    """Item -> when its newest job began."""
    bodies = [body["properties"] for body in ask("GET", f"{vault(of)}/replicationJobs")[1]["value"]]
    return {told["targetObjectId"]: datetime.fromisoformat(told["startTime"]) for told in reversed(bodies)}


def test_virtual_time_begins_where_it_is_told_to() -> None:
    ask, _ = asking()
    ask.protect()
    assert began(ask) == {"vm-1": LEAP}
    point = ask("GET", f"{item()}/recoveryPoints")[1]["value"][0]["properties"]["recoveryPointTime"]
    assert LEAP < datetime.fromisoformat(point) <= LEAP + timedelta(hours=4)


def test_what_one_item_waits_passes_for_all_of_its_vault() -> None:
    ask, _ = asking()
    ask("PUT", item("vm-1"), {"properties": ENABLE})
    ask("PUT", item("vm-2"), {"properties": ENABLE})
    ask("PUT", item("vm-1", "other"), {"properties": ENABLE})
    ask.control("wait", "vm-1", {"seconds": 4 * HOUR})
    assert ask("GET", item("vm-2"))[1]["properties"]["protectionState"] == "Protected"
    assert ask("GET", item("vm-1", "other"))[1]["properties"]["protectionState"] != "Protected"
    ask("PUT", item("vm-3"), {"properties": ENABLE})
    assert began(ask) == {"vm-1": LEAP, "vm-2": LEAP, "vm-3": LEAP + timedelta(hours=4)}
    job = ask("GET", f"{vault()}/replicationJobs")[1]["value"][-1]["name"]
    ask.control("wait", "vm-3", {"job": job})
    ask("PUT", item("vm-4"), {"properties": ENABLE})
    ended = ask("GET", f"{vault()}/replicationJobs/{job}")[1]["properties"]["endTime"]
    assert began(ask)["vm-4"] == datetime.fromisoformat(ended)


def test_items_that_were_named_at_different_times_agree_while_time_runs() -> None:
    ask, real = asking(speed=60.0)
    ask("PUT", item("vm-1"), {"properties": ENABLE})
    real[0] += 10
    ask("PUT", item("vm-2"), {"properties": ENABLE})
    ask("PUT", item("vm-1", "later"), {"properties": ENABLE})
    assert began(ask) == {"vm-1": LEAP, "vm-2": LEAP + timedelta(minutes=10)}
    assert began(ask, "later") == {"vm-1": LEAP + timedelta(minutes=10)}


def test_filters_by_time_are_on_that_clock() -> None:
    ask, _ = asking()
    ask("PUT", item("vm-1"), {"properties": ENABLE})
    ask.control("wait", "vm-1", {"seconds": HOUR})
    ask("PUT", item("vm-2"), {"properties": ENABLE})
    of = {"$filter": f"StartTime eq '{stamp(HOUR / 2, LEAP)}'"}
    listed = ask("GET", f"{vault()}/replicationJobs", **of)[1]["value"]
    assert [body["properties"]["targetObjectId"] for body in listed] == ["vm-2"]


def test_a_date_past_the_calendar_is_its_last() -> None:
    assert stamp(1e12).startswith("9999-12-31")
