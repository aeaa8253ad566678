"""Unbounded counters beside the lifecycle: what the finite model leaves out of records, recovery points and retries.

The model's variables have few values: of recovery points it knows the best kind that is listed, of records and retries
nothing. Here they are integers without a bound, declared once beside the extracted machine. Whatever the model does
changes them too (`Along`), and some things happen that it does not see at all (`Beside`): these leave its state alone.
So whatever the extended machine does, the model does. Proofs for all sizes are about the extended machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from asr_model.efsm import Transition
from asr_model.vocabulary import JobEnd


class Become(NamedTuple):
    """What a counter becomes: a number, or the value that a counter had before, and `plus` more."""

    base: int | str
    plus: int = 0


Changes = Mapping[str, Become]


class Counter(NamedTuple):
    """An integer that is 0 for a fresh item, and what it counts."""

    name: str
    counts: str


class Along(NamedTuple):
    """What changes together with transitions of the model: those of an event, those that assign a value (variable and
    expression), those that enter or leave a phase, those in which a job ends so; only where all that is given fits."""

    changes: Changes
    event: str | None = None
    assigns: tuple[str, str] | None = None
    enters: str | None = None
    leaves: str | None = None
    ends: JobEnd | None = None

    def fits(self, transition: Transition) -> bool:
        """Whether the transition is one of these."""
        moves = transition.variable == "phase" and transition.source != transition.target
        return (
            self.event in (None, transition.event)
            and (self.assigns is None or self.assigns in transition.updates)
            and (self.enters is None or (moves and transition.target == self.enters))
            and (self.leaves is None or (moves and transition.source == self.leaves))
            and self.ends in (None, transition.ends)
        )


class Beside(NamedTuple):
    """What happens and leaves the state of the model alone. guard: an expression over it and over the counters."""

    event: str
    guard: str
    changes: Changes
    requirements: tuple[str, ...]


class Extension(NamedTuple):
    """All counters, with what changes them. What fits later replaces what fitted before, counter by counter."""

    counters: tuple[Counter, ...]
    along: tuple[Along, ...]
    beside: tuple[Beside, ...]

    def changes_of(self, transition: Transition) -> dict[str, Become]:
        """What a transition of the model changes."""
        found: dict[str, Become] = {}
        for along in self.along:
            if along.fits(transition):
                found |= along.changes
        return found


class CounterProperty(NamedTuple):
    """What always holds of the extended machine, however large its counters become."""

    name: str
    says: str
    always: str
    requirements: tuple[str, ...]


def more(counter: str, by: int = 1) -> dict[str, Become]:
    """The counter grows."""
    return {counter: Become(counter, by)}


def zero(*counters: str) -> dict[str, Become]:
    """The counters are 0 from here on."""
    return dict.fromkeys(counters, Become(0))


_MADE_FROM_PROCESSED = {"newest_in_points": Become("processed")}

EXTENSION = Extension(
    counters=(
        Counter("written", "the newest record that the guest has written"),
        Counter("received", "the newest record that the service has received"),
        Counter("processed", "the newest record that has been processed"),
        Counter("crash_points", "crash-consistent recovery points that are listed, the one in use apart"),
        Counter("app_points", "app-consistent ones"),
        Counter("newest_in_points", "the newest record in any recovery point of this direction"),
        Counter("failovers", "failovers that were begun"),
        Counter("failovers_failed", "failovers that failed"),
        Counter("failovers_open", "failovers that were begun and have not ended"),
        Counter("failbacks_open", "the same of failbacks, planned or not"),
    ),
    along=(
        # The best kind of point that is listed becomes the numbers of points of both kinds (facts 3.1, 3.2).
        Along(zero("crash_points", "app_points", "newest_in_points"), assigns=("points", "'none'")),
        Along(more("crash_points") | _MADE_FROM_PROCESSED, event="first_recovery_point_created"),
        Along(more("crash_points") | _MADE_FROM_PROCESSED, event="crash_consistent_point_created"),
        Along(more("app_points") | _MADE_FROM_PROCESSED, event="app_consistent_point_created"),
        Along(zero("app_points"), event="app_consistent_points_pruned"),
        # An initial replication brings over all that there is (facts 1.1, S2 and S9).
        *(
            Along({"received": Become("written"), "processed": Become("written")}, event=event)
            for event in ("initial_replication_completes", "reverse_initial_replication_completes")
        ),
        # A failover that fails can be tried again, as often as wanted (X18).
        Along(more("failovers") | more("failovers_open"), enters="failing_over"),
        Along(more("failovers_open", -1), leaves="failing_over"),
        Along(more("failovers_failed"), leaves="failing_over", ends=JobEnd.FAILED),
        Along(more("failbacks_open"), enters="failing_back"),
        Along(more("failbacks_open", -1), leaves="failing_back"),
    ),
    beside=(
        Beside("record_written", "phase not in leaving", more("written"), ("R17",)),
        Beside("record_received", "not received >= written", more("received"), ("R17",)),
        Beside("record_processed", "not processed >= received", more("processed"), ("R19",)),
        Beside(
            "another_crash_point_created",
            "phase in can_fail_over and points != 'none'",
            more("crash_points") | _MADE_FROM_PROCESSED,
            ("X20",),
        ),
        Beside(
            "another_app_point_created",
            "phase in can_fail_over and points == 'app'",
            more("app_points") | _MADE_FROM_PROCESSED,
            ("X20",),
        ),
        Beside("crash_point_pruned", "points != 'none' and crash_points >= 2", more("crash_points", -1), ("X20",)),
        Beside("app_point_pruned", "points == 'app' and app_points >= 2", more("app_points", -1), ("X20",)),
    ),
)
"""The extension of every profile."""

PROPERTIES = (
    CounterProperty(
        "points_are_what_is_listed",
        "the best kind of recovery point listed is right for any number of points of each kind",
        "crash_points >= 0 and app_points >= 0 and (points == 'none') == (crash_points == 0)"
        " and (points == 'app') == (app_points >= 1)",
        ("X20",),
    ),
    CounterProperty(
        "commit_leaves_no_point",
        "after commit no recovery point is left, however many there were",
        "phase != 'failover_committed' or (crash_points == 0 and app_points == 0)",
        ("R40",),
    ),
    CounterProperty(
        "received_was_written", "no record is received that was not written", "written >= received", ("R17",)
    ),
    CounterProperty(
        "processed_was_received",
        "no record is processed that was not received",
        "received >= processed and processed >= 0",
        ("R19",),
    ),
    CounterProperty(
        "points_hold_what_was_processed",
        "no recovery point holds a record that was not processed",
        "processed >= newest_in_points",
        ("R19", "X20"),
    ),
    CounterProperty(
        "points_hold_what_was_written",
        "no recovery point holds a record that was not written",
        "written >= newest_in_points",
        ("R18", "X20"),
    ),
    CounterProperty(
        "one_failover_at_a_time",
        "however often a failover is tried again, one runs while the item fails over, and none else",
        "(failovers_open == 0 and phase != 'failing_over') or (failovers_open == 1 and phase == 'failing_over')",
        ("X02", "X18"),
    ),
    CounterProperty(
        "failed_failovers_were_begun",
        "no more failovers fail than are begun, and one that runs has not failed",
        "failovers >= failovers_failed and (phase != 'failing_over' or not failovers_failed >= failovers)",
        ("X18",),
    ),
    CounterProperty(
        "one_failback_at_a_time",
        "however often a failback is tried again, one runs while the item fails back, and none else",
        "(failbacks_open == 0 and phase != 'failing_back') or (failbacks_open == 1 and phase == 'failing_back')",
        ("X02",),
    ),
)
"""What is proved of it, in this order: each may rest on those before it."""
