"""What is judged and what is left free, point by point: what a source calls *contract 7* is point 7 here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Point(NamedTuple):
    """A point of the contract."""

    title: str
    says: str


POINTS: Final[Mapping[int, Point]] = {
    1: Point(
        "Refusal",
        "An operation is refused at once (error 1000), or it is accepted and its job ends failed or cancelled with "
        "every field but health as before. While another job runs an operation is refused; a job that is being "
        "refused does not count as running. A field that is null just now is never compared with what it was.",
    ),
    2: Point(
        "Allowed operations",
        "In steady phases the list is exact, but for resynchronize, which is optional. Transitional phases and "
        "running drills list nothing. Not listed means refused; listed means accepted, unless arguments, a fault or "
        "the surroundings decide otherwise.",
    ),
    3: Point(
        "replicating",
        "It is judged in steady phases and in failing_over; free in other transitional phases and in "
        "failover_failed. A fault that stops the flow does not change it.",
    ),
    4: Point(
        "active_site",
        "It is free while a job runs and in failback_cancel_failed; it is not azure in failover_failed and "
        "failover_aborted.",
    ),
    5: Point(
        "Cancelling a job",
        "It is judged for fail_over: accepted leads to failover_aborted, refused is fine too (A1). A job that has "
        "ended can't be cancelled. From failover_aborted disable_replication is accepted, and a later enable begins "
        "a new life.",
    ),
    6: Point(
        "Tasks and scenarios",
        "They bear the service's identifiers, or null, or names of your own, from which nothing is concluded. The "
        "order is judged between known names only: a task begins when the one ahead of it has ended, or was skipped.",
    ),
    7: Point(
        "Faults",
        "A fault counts when the task it concerns ends, and lasts until it is cleared or until new_item. While one "
        "of the surroundings is on, refusals, failures and the absence of points and progress are allowed; that "
        "forward fail_over is accepted, and that all works again after clear, is judged.",
    ),
    8: Point(
        "A planned failover that fails",
        "Its job ends failed when a task fails; the revert is a job of its own, begun then. A failure of its "
        "prerequisites that leaves the phase unchanged is a refusal. In failback_cancel_failed the job has an error "
        "(R81) and health_issues is not empty (R82).",
    ),
    9: Point(
        "A failed failover to Azure",
        "It reads failover_failed or protected (A25): the site is unchanged, fail_over and disable_replication are "
        "accepted; commit, change of the point and reprotect are not. enabling_failed may follow an unhealthy "
        "appliance.",
    ),
    10: Point(
        "Drill",
        "machine and write mean production; the test machine is not shown. A drill leaves phase, replication, points "
        "and production alone and ends only by its cleanup. One whose job fails leaves none, or one that awaits its "
        "cleanup.",
    ),
    11: Point(
        "Recovery points",
        "protected begins when the first point was made, even if retention keeps none. In reverse the list may be "
        "empty. An option that no listed point serves is refused (A20). Pruning is judged with one interval of "
        "tolerance, kinds thinned separately: all points of the last 2 h, then one an hour, after a day one in 2 h, "
        "after a week one in 4 h.",
    ),
    12: Point(
        "Data",
        "Under healthy replication a record older than 10 min is received and one older than 60 min is in a point. A "
        "point holds every record processed when it was created, and none written later. Latest holds at least what "
        "was received at the trigger, at most all that was written. Sequence numbers are never reused.",
    ),
    13: Point(
        "Not replicating, by its effects",
        "What a guest writes while the item is failing over, failed over, committed, aborted or failed back is not "
        "received, whatever the label says, and no point is made more than 60 min after such a phase began.",
    ),
    14: Point(
        "Disable and write",
        "Disabling leaves both machines' power as it was (X19). write is refused while the machine at the active "
        "site is off or absent. A recovery point of a former life is unknown in the next.",
    ),
    15: Point(
        "Classic",
        "Its failback is fail_over in reverse; rules of a failover to Azure mean the forward direction only. A "
        "failback that fails leaves production in Azure, its machine on and its data whole. Where acceptance of a "
        "reprotect is open, list and acceptance still agree.",
    ),
}


def told(word: str) -> str | None:
    """The point that a word such as `contract 7` names, in a paragraph; None if it names none."""
    name, _, number = word.strip().lower().replace("-", " ").partition(" ")
    if name != "contract" or not number.isdecimal() or int(number) not in POINTS:
        return None
    point = POINTS[int(number)]
    return f"Contract {int(number)}: {point.title}. {point.says}"
