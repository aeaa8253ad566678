"""Recorded lists of recovery points, and the points that requests and items name, are judged (R22, R37, R40, X06)."""

from __future__ import annotations

from typing import Any

import pytest

from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_OVER, ITEM, PROTECTED, REVERSE_PROTECTED, VERSION, ask, interaction, look, poll
from traces.changes import read_interactions
from traces.formats import at

COMMITTED = ("UnplannedFailoverCommitted", "InMageRcm", "Recovery", ["SwitchProtection", "DisableProtection"])
CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
Entry = dict[str, Any]

COMMIT = (ask("failoverCommit", "job-2"), poll("job-2", "Succeeded"))
REPROTECT = (ask("reProtect", "job-3", instanceType="InMageRcm"), poll("job-3", "Succeeded"), look(REVERSE_PROTECTED))


def points(*names: str, after: str = "", then: str | None = None, hour: int = 2) -> Entry:
    """A list of recovery points, or a page of one; `after`, `then`: what continues the list in addresses."""
    made = [f"2023-08-26T{hour:02}:0{number}:00Z" for number, _ in enumerate(names)]
    listed = [{"name": name, "properties": {"recoveryPointTime": at}} for name, at in zip(names, made, strict=True)]
    more = {} if then is None else {"nextLink": f"{ITEM}/recoveryPoints{then}{VERSION}"}
    return interaction("GET", f"{ITEM}/recoveryPoints{after}", answer={"value": listed} | more)


def uses(shape: Any, name: str) -> Entry:
    return look(shape, failoverRecoveryPointId=f"/Subscriptions/s/recoveryPoints/{name}")


def names(action: str, point: str) -> Entry:
    return ask(action, "job-1", instanceType="InMageRcm", recoveryPointId=f"/subscriptions/S/recoveryPoints/{point}")


def verdict(*interactions: Entry, seconds: int = 10) -> TraceVerdict:
    """The verdict on these, so many seconds apart."""
    (found,) = judge(read_interactions([at(n * seconds, entry) for n, entry in enumerate(interactions)]))
    return found


def slowly(*interactions: Entry) -> TraceVerdict:
    """The same, a minute apart."""
    return verdict(*interactions, seconds=60)


def departs(found: TraceVerdict, requirement: str) -> bool:
    assert found.conformance is NON_CONFORMANT, found.why
    assert found.divergence is not None
    return found.divergence.requirements[0] == requirement


class TestAfterACommit:
    def test_no_points_are_left(self) -> None:
        found = verdict(look(FAILED_OVER), points("a", "b"), *COMMIT, look(COMMITTED), points())
        assert (found.conformance, "R40" in found.exercised) == (CONFORMANT, True)

    def test_nothing_is_credited_without_a_list(self) -> None:
        found = verdict(look(FAILED_OVER), points("a", "b"), *COMMIT, look(COMMITTED))
        assert (found.conformance, "R40" in found.exercised) == (CONFORMANT, False)

    def test_points_are_left(self) -> None:
        assert departs(verdict(look(FAILED_OVER), points("a", "b"), *COMMIT, look(COMMITTED), points("a", "b")), "R40")

    def test_the_committed_one_may_be_left(self) -> None:
        found = verdict(uses(FAILED_OVER, "A"), points("a", "b"), *COMMIT, uses(COMMITTED, "a"), points("a"))
        assert found.conformance is CONFORMANT, found.why
        found = verdict(uses(FAILED_OVER, "A"), points("a", "b"), *COMMIT, uses(COMMITTED, "a"), points("b"))
        assert departs(found, "R40")

    @pytest.mark.parametrize(("way", "requirement"), [((*COMMIT, *REPROTECT), "R40"), (REPROTECT, "X06")])
    def test_they_come_back_in_the_reverse_direction(self, way: tuple[Entry, ...], requirement: str) -> None:
        """A reprotect commits what was not committed."""
        before = (look(FAILED_OVER), points("a", "b"), *way)
        assert verdict(*before).conformance is CONFORMANT
        assert departs(verdict(*before, points("a", "b")), requirement)
        others = verdict(*before, points("c", "d", hour=3))
        assert (others.conformance, requirement in others.exercised) == (CONFORMANT, True)

    def test_one_may_be_left_where_it_was_not_seen_which_was_in_use(self) -> None:
        assert verdict(look(FAILED_OVER), points("a", "b"), *REPROTECT, points("a")).conformance is CONFORMANT

    def test_not_two_different_ones_one_after_the_other(self) -> None:
        """Where it was not seen which was in use, the one that is left tells it."""
        before = (look(FAILED_OVER), points("a", "b"), *COMMIT, look(COMMITTED), points("b"))
        assert verdict(*before, points("b")).conformance is CONFORMANT
        assert verdict(*before, points()).conformance is CONFORMANT
        assert departs(verdict(*before, points("a")), "R40")


class TestOfAProtectedItem:
    """A point that is gone stays away (X20), and one that is listed keeps its date (X22), a drill or not (X13)."""

    def test_a_point_that_comes_back(self) -> None:
        before = (look(PROTECTED), points("a", "b", "c"), points("b", "c"))
        going_on = slowly(*before, points("c", "d"))
        assert (going_on.conformance, "X20" in going_on.exercised) == (CONFORMANT, False)  # no interval is seen
        assert departs(slowly(*before, points("a", "b", "c")), "X20")

    def test_lists_that_overlap_may_have_been_made_in_another_order(self) -> None:
        lists = points("a", "b"), points("a"), points("a", "b")
        assert verdict(look(PROTECTED), *lists, seconds=10).conformance is CONFORMANT
        assert departs(verdict(look(PROTECTED), *lists, seconds=60), "X20")

    def test_lists_that_lose_nothing_credit_nothing(self) -> None:
        found = slowly(look(PROTECTED), points("a"), points("a", "b"))
        assert (found.conformance, "X20" in found.exercised) == (CONFORMANT, False)

    def test_in_a_drill(self) -> None:
        running = look(PROTECTED, testFailoverState="WaitingForCompletion", allowedOperations=["TestFailoverCleanup"])
        drill = (ask("testFailover", "job-1"), poll("job-1", "Succeeded"), running)
        cleanup = (ask("testFailoverCleanup", "job-2"), poll("job-2", "Succeeded"), look(PROTECTED))
        for during, is_right in ((points("a", "b", "c"), True), (points(), False)):
            found = slowly(look(PROTECTED), points("a", "b"), *drill, during, *cleanup, points("a", "b"))
            assert is_right == (found.conformance is CONFORMANT) or departs(found, "X13")

    def test_a_list_of_one_page_that_has_more_says_nothing(self) -> None:
        page = points("b", then=TestPages.NEXT)
        found = slowly(look(PROTECTED), points("a", "b"), page, points("a", "b"))
        assert found.conformance is CONFORMANT

    def test_after_a_failover_somebody_may_have_committed_it(self) -> None:
        """The one in use may be listed then, or not (A6); the others are gone."""
        before = (look(FAILED_OVER), points("a", "b", "c"), points())
        assert slowly(*before, points("b")).conformance is CONFORMANT
        assert departs(slowly(*before, points("a", "b")), "X20")

    def test_another_date(self) -> None:
        first = (look(PROTECTED), points("a", "b"))
        assert slowly(*first, points("a", "b", "c")).conformance is CONFORMANT
        assert departs(slowly(*first, points("a", "c", "b")), "X22")

    def test_where_no_point_keeps_its_date_the_dates_were_put_in_later(self) -> None:
        assert slowly(look(PROTECTED), points("a", "b"), points("c", "a", "b")).conformance is CONFORMANT

    def test_a_date_that_is_not_told(self) -> None:
        listed = points("a", "b", "c")
        text = listed["response"]["body"]["string"]
        listed["response"]["body"]["string"] = text.replace("2023-08-26T02:00:00Z", "")
        assert slowly(look(PROTECTED), points("a", "b"), listed).conformance is CONFORMANT

    def test_one_name_for_all_points_tells_none_apart(self) -> None:
        alike = points("x", "x")
        assert slowly(look(PROTECTED), alike, points(), alike).conformance is CONFORMANT

    @pytest.mark.parametrize(("listed", "is_shown"), [((), False), (("a",), True)])
    def test_an_empty_list_shows_no_points(self, listed: tuple[str, ...], is_shown: bool) -> None:
        """R92 and R10 are credited for what the item goes through, unless it turns out to list nothing."""
        young = ("InitialReplicationRecoveryCompletionPending", "InMageRcm", "Primary", ["DisableProtection"])
        found = slowly(look(young), look(PROTECTED), points(*listed))
        assert found.conformance is CONFORMANT, found.why
        assert {"R10", "R92"}.isdisjoint(found.exercised) is not is_shown


class TestPages:
    AFTER = (look(FAILED_OVER), points("a", "b"), *COMMIT, look(COMMITTED))
    NEXT = "?$skipToken=x"

    def test_all_pages_together_are_the_list(self) -> None:
        listed = (points("a", then=self.NEXT), points("b"))
        (first, second) = listed
        second["request"]["uri"] = first_next(first).replace("$", "%24")
        assert departs(verdict(*self.AFTER, first, second), "R40")

    def test_empty_pages_are_an_empty_list(self) -> None:
        first, second = points(then=self.NEXT), points()
        second["request"]["uri"] = first_next(first)
        found = verdict(*self.AFTER, first, second)
        assert (found.conformance, "R40" in found.exercised) == (CONFORMANT, True)

    def test_a_page_alone_is_no_list(self) -> None:
        for page in (points(then=self.NEXT), points(after="?$skiptoken=x&y=1"), points(after="?$filter=z")):
            found = verdict(*self.AFTER, page)
            assert (found.conformance, "R40" in found.exercised) == (CONFORMANT, False)


def first_next(page: Entry) -> str:
    text = page["response"]["body"]["string"]
    return str(text.partition('"nextLink": "')[2].partition('"')[0])


class TestNamedPoints:
    FAILOVER = (look(PROTECTED), points("a", "b"), names("unplannedFailover", "b"), poll("job-1", "Succeeded"))
    CHANGE = (uses(FAILED_OVER, "a"), names("applyRecoveryPoint", "b"), poll("job-1", "Succeeded"))

    @pytest.mark.parametrize(("way", "requirement"), [(FAILOVER, "R22"), (CHANGE, "R37")])
    def test_the_named_one_is_used(self, way: tuple[Entry, ...], requirement: str) -> None:
        found = verdict(*way, uses(FAILED_OVER, "B"))
        assert (found.conformance, requirement in found.exercised) == (CONFORMANT, True)
        assert departs(verdict(*way, uses(FAILED_OVER, "a")), requirement)

    @pytest.mark.parametrize("way", [FAILOVER, CHANGE])
    def test_somebody_else_may_have_changed_it_where_there_was_time(self, way: tuple[Entry, ...]) -> None:
        found = verdict(*way, uses(FAILED_OVER, "c"), seconds=600)
        assert found.conformance is INCOMPLETE
        assert found.why.startswith("change_recovery_point is not in the recording")

    def test_no_look_at_it_credits_nothing(self) -> None:
        found = verdict(*self.FAILOVER, look(FAILED_OVER))
        assert (found.conformance, "R22" in found.exercised) == (CONFORMANT, False)

    def test_a_change_that_is_not_known_to_be_done_says_nothing(self) -> None:
        first, second, _ = self.CHANGE
        assert verdict(first, second, uses(FAILED_OVER, "a")).divergence is None

    def test_a_later_request_takes_its_place(self) -> None:
        found = verdict(*self.FAILOVER, *COMMIT, uses(COMMITTED, "a"))
        assert "R22" not in found.exercised
