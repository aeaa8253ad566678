"""The simulator: one machine, replicated to Azure and failed over to it, on a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MINUTE, HOUR = 60, 3600


class NotNow(Exception):
    """The state of the machine forbids it."""


@dataclass
class Job:
    """Something that takes its time. ends: the second at which it does."""

    name: str
    ends: float
    running: bool = True


class Simulator:
    """state: where the machine is in its lifecycle. points: recovery points, name -> second at which each was made."""

    def __init__(self) -> None:
        self.now = 0.0
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.state, self.running, self.chosen = "not replicated", False, None
        self.jobs: list[Job] = []
        self.points: dict[str, float] = {}
        self.lives = self.made = 0

    # What is asked for. Each begins a job.

    def enable(self) -> Job:
        self.only_in("not replicated")
        self.lives += 1
        self.state = "enabling"
        return self.begin("EnableDr", 25 * MINUTE, self.copy_disks)

    def disable(self) -> Job:
        self.only_in("copying", "catching up", "protected", "failed over", "committed")
        self.state = "disabling"
        return self.begin("DisableDr", 2 * MINUTE, self.forget)

    def fail_over(self, point: str) -> Job:
        self.only_in("protected")
        if point in ("latest", "latest_processed"):
            point = max(self.points, key=self.points.__getitem__)
        if point not in self.points:
            raise NotNow(f"there is no recovery point {point}")
        self.state, self.chosen = "failing over", point
        return self.begin("UnplannedFailover", 11 * MINUTE, lambda: self.become("failed over"))

    def commit(self) -> Job:
        self.only_in("failed over")
        self.state = "committing"
        return self.begin("CommitFailover", 2 * MINUTE, self.committed)

    def only_in(self, *states: str) -> None:
        if self.running or self.state not in states:
            raise NotNow(f"not while it is {self.state}")

    # What happens by itself.

    def begin(self, name: str, seconds: float, at_end: Callable[[], None]) -> Job:
        job = Job(name, self.now + seconds)
        self.jobs.append(job)
        self.running = True

        def end() -> None:
            self.running = job.running = False
            at_end()

        self.after(seconds, end)
        return job

    def become(self, state: str) -> None:
        self.state = state

    def copy_disks(self) -> None:
        self.state, life = "copying", self.lives
        self.after(30 * MINUTE, lambda: self.catch_up(life))

    def catch_up(self, life: int) -> None:
        if self.is_replicating(life):
            self.state = "catching up"
            self.after(10 * MINUTE, lambda: self.make_point(life))

    def make_point(self, life: int) -> None:
        if self.is_replicating(life):
            self.state = "protected"
            self.made += 1
            self.points[f"point {self.made}"] = self.now
            self.prune()
            self.after(5 * MINUTE, lambda: self.make_point(life))

    def is_replicating(self, life: int) -> bool:
        return life == self.lives and self.state in ("copying", "catching up", "protected")

    def prune(self) -> None:
        """All of the last two hours, then one an hour, after a day one in two hours, for three days."""
        taken = set()
        for name, made in list(self.points.items()):  # the oldest first
            age = self.now - made
            stretch = HOUR if age < 24 * HOUR else 2 * HOUR
            place = (stretch, made // stretch)
            if age >= 72 * HOUR or (age >= 2 * HOUR and place in taken):
                del self.points[name]
            taken.add(place)

    def committed(self) -> None:
        self.state = "committed"  # and here is the mistake: see README.md

    def forget(self) -> None:
        self.state, self.chosen, self.points = "not replicated", None, {}

    # Time.

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        self.due.append((self.now + seconds, action))

    def advance(self, until: float) -> None:
        while self.due and min(second for second, _ in self.due) <= until:
            first = min(self.due, key=lambda event: event[0])
            self.due.remove(first)
            self.now = first[0]
            first[1]()
        self.now = until
