"""Where the order of entries is open, a departure stands only if the item departs in each order that is possible."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from asr_properties.traces import open_orders
from asr_properties.traces.formats import read_joined, read_trace
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_OVER, ITEM, PROTECTED, REVERSE_PROTECTED, ask, interaction, look, poll
from traces.formats import at, dated, har, session_record

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
FAIL_OVER = ask("unplannedFailover", "op-1", performShutdown="true")
OFFERS_A_CANCEL = (*FAILED_OVER[:3], [*FAILED_OVER[3], "CancelFailover"])


def judged(tmp_path: Path, *documents: dict[str, Any]) -> TraceVerdict:
    paths = [tmp_path / str(number) for number, _ in enumerate(documents)]
    for path, document in zip(paths, documents, strict=True):
        path.write_text(json.dumps(document))
    (found,) = judge(read_trace(paths[0]) if len(paths) == 1 else read_joined(paths))
    return found


def failover(last: tuple[str, str, str, list[str]]) -> list[dict[str, Any]]:
    """A look and a request within one second; the rest is later."""
    return [
        at(0, look(PROTECTED)),
        at(0, FAIL_OVER),
        at(60, poll("op-1", "InProgress")),
        at(600, poll("op-1", "Succeeded")),
        at(610, look(last)),
    ]


class TestSessionRecords:
    def test_one_that_is_not_grouped_by_address_is_in_the_order_of_the_file(self, tmp_path: Path) -> None:
        """The look was certainly before the request, as the address of the item comes back after others."""
        assert judged(tmp_path, session_record(failover(OFFERS_A_CANCEL))).conformance is NON_CONFORMANT
        swapped = [
            at(0, look(FAILED_OVER)),
            at(0, FAIL_OVER),
            at(9, poll("op-1", "Succeeded")),
            at(10, look(FAILED_OVER)),
        ]
        assert judged(tmp_path, session_record(swapped)).conformance is NON_CONFORMANT

    def test_so_is_one_without_all_times(self, tmp_path: Path) -> None:
        entries = failover(OFFERS_A_CANCEL)
        entries[2] = dated(None, entries[2])
        assert judged(tmp_path, session_record(entries)).conformance is NON_CONFORMANT

    def test_in_one_that_is_grouped_a_second_has_no_order(self, tmp_path: Path) -> None:
        """The two looks stand together, and the second of them may have been before or after the request."""
        entries = [at(0, look(PROTECTED)), at(10, look(FAILED_OVER)), at(10, FAIL_OVER)]
        found = judged(tmp_path, session_record(entries))
        assert found.conformance is INCOMPLETE
        assert found.why.endswith("but entries 2 and 3 overlap: which of them came first is not known")

    def test_one_whose_times_go_back_is_grouped(self, tmp_path: Path) -> None:
        entries = [at(5, look(PROTECTED)), at(10, look(FAILED_OVER)), at(10, FAIL_OVER), at(8, look(PROTECTED))]
        assert judged(tmp_path, session_record(entries)).conformance is INCOMPLETE

    def test_parts_of_one_path_may_stand_together(self, tmp_path: Path) -> None:
        """HttpRecorder leaves the version of the API out of account."""
        other = interaction("GET", f"{ITEM}?x=1&", answer={})
        assert other["request"]["uri"].partition("?")[0] == ITEM
        entries = [at(5, look(PROTECTED)), at(7, other), at(10, look(FAILED_OVER)), at(10, FAIL_OVER)]
        assert judged(tmp_path, session_record(entries)).conformance is INCOMPLETE

    def test_of_two_that_are_joined_each_has_its_order(self, tmp_path: Path) -> None:
        mine, other = failover(OFFERS_A_CANCEL), [at(300, look(PROTECTED, protectionState="?"))]
        found = judged(tmp_path, session_record(mine), session_record(other))
        assert found.conformance is NON_CONFORMANT

    def test_but_between_them_there_is_none(self, tmp_path: Path) -> None:
        mine = [at(0, look(PROTECTED)), at(5, poll("op-0", "Succeeded")), at(6, look(PROTECTED)), at(10, FAIL_OVER)]
        found = judged(tmp_path, session_record([at(10, look(FAILED_OVER))]), session_record(mine))
        assert found.conformance is INCOMPLETE


class TestOverlaps:
    def overlapping(self, *entries: dict[str, Any], overlap: int) -> dict[str, Any]:
        """Entries ten seconds apart, of which so many of the first reach into the next one."""
        archive = har([at(10 * number, one) for number, one in enumerate(entries)])
        for entry in archive["log"]["entries"][:overlap]:
            entry["time"] = 10_500.0
        return archive

    def test_a_departure_that_both_orders_lead_to_stands(self, tmp_path: Path) -> None:
        entries = look(PROTECTED), FAIL_OVER, poll("op-1", "Succeeded"), look(FAILED_OVER), look(OFFERS_A_CANCEL)
        found = judged(tmp_path, self.overlapping(*entries, overlap=1))
        assert found.conformance is NON_CONFORMANT
        assert found.divergence is not None
        assert found.divergence.event.number == 5
        assert "overlap" not in found.why

    def test_one_that_another_order_explains_does_not(self, tmp_path: Path) -> None:
        """That the first look overlaps the second is no matter."""
        entries = look(PROTECTED), look(FAILED_OVER), FAIL_OVER, poll("op-1", "Succeeded"), look(FAILED_OVER)
        found = judged(tmp_path, self.overlapping(*entries, overlap=2))
        assert found.conformance is INCOMPLETE
        assert found.why.endswith("but entries 2 and 3 overlap: which of them came first is not known")

    def test_a_slow_look_may_show_what_a_request_led_to_that_was_made_meanwhile(self, tmp_path: Path) -> None:
        entries = look(PROTECTED), look(FAILED_OVER), FAIL_OVER, poll("op-1", "InProgress"), poll("op-1", "Succeeded")
        archive = self.overlapping(*entries, look(FAILED_OVER), overlap=0)
        archive["log"]["entries"][1]["time"] = 35_000.0
        found = judged(tmp_path, archive)
        assert found.conformance is INCOMPLETE
        assert found.why.endswith("but entries 2 and 3 overlap: which of them came first is not known")
        archive["log"]["entries"][5] = archive["log"]["entries"][0] | {
            "startedDateTime": archive["log"]["entries"][5]["startedDateTime"]
        }
        assert judged(tmp_path, archive).conformance is NON_CONFORMANT

    def test_two_places_are_open_at_once(self, tmp_path: Path) -> None:
        entries = look(PROTECTED), FAIL_OVER, look(REVERSE_PROTECTED), poll("op-1", "Succeeded")
        assert judged(tmp_path, self.overlapping(*entries, overlap=2)).conformance is NON_CONFORMANT

    def test_with_too_many_open_places_no_order_is_tried(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        entries = look(PROTECTED), FAIL_OVER, poll("op-1", "Succeeded"), look(FAILED_OVER), look(OFFERS_A_CANCEL)
        monkeypatch.setattr(open_orders, "MOST_TRIED", 1)
        found = judged(tmp_path, self.overlapping(*entries, overlap=1))
        assert found.conformance is INCOMPLETE
        assert found.why.endswith("but entries 1 and 2 overlap: which of them came first is not known")
