"""What was seen of an item at one instant, in the model's words, and whether a model state agrees with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple, Protocol

from asr_model.efsm import Efsm
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation
from asr_properties.contract.messages import Item
from asr_properties.specification.evidence import UNKNOWN, Listed, View, listed

COMMITTED = "failover_committed"
AWAITING_CLEANUP = "drill_awaiting_cleanup"


class Seen(NamedTuple):
    """One look at an item. None is: not seen just now, or not reported at all.

    points: `none`, `crash` or `app`, the best kind listed; other_points: likewise, the point in use apart. Once
    committed, only the others count (A6).
    """

    phase: str | None = None
    drill: str | None = None
    active_site: str | None = None
    replicating: str | None = None
    allowed: frozenset[str] | None = None
    points: str | None = None
    other_points: str | None = None
    on_premises: str | None = None
    azure: str | None = None
    instance: str | None = None
    current_job: str | None = None
    reports_current_job: bool = False
    has_issues: bool | None = None
    job_has_errors: bool | None = None
    on_premises_newest: int | None = None
    azure_newest: int | None = None

    def view(self, phase: str | None = None) -> View:
        """The look as evidence for properties; `phase` is used where none was seen."""
        shown = self.phase or phase
        values = (
            shown, self.drill, self.active_site, self.replicating, self.allowed, self.points_in(shown),
            self.on_premises, self.azure, self.has_issues, self.job_has_errors, self.on_premises_newest,
            self.azure_newest,
        )  # fmt: skip
        return View(*[UNKNOWN if value is None else value for value in values])

    def points_in(self, phase: str | None) -> str | None:
        """The best kind of point that counts in a phase."""
        return self.other_points if phase == COMMITTED else self.points


def seen_of(observation: Item, *, reports_current_job: bool) -> Seen:
    """What an observation shows; points, machines and jobs are seen elsewhere."""
    allowed, issues = observation.allowed_operations, observation.health_issues
    return Seen(
        phase=observation.phase,
        drill=observation.drill,
        active_site=observation.active_site,
        replicating=observation.replicating,
        allowed=None if allowed is None else frozenset(allowed),
        instance=observation.profile_instance,
        current_job=observation.current_job,
        reports_current_job=reports_current_job,
        has_issues=None if issues is None else bool(issues),
    )


class Point(Protocol):
    """A listed recovery point."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...


def best_kind(points: Iterable[Point]) -> str:
    """The best kind among listed points: `app`, `crash` or `none`."""
    kinds = {point.kind for point in points}
    return "app" if "app_consistent" in kinds else "crash" if kinds else "none"


def besides(points: Sequence[Point], in_use: str | None, knows_in_use: bool) -> Sequence[Point]:
    """The points that are not in use; where it is not reported which one is, one point may be it."""
    if not knows_in_use:
        return points[1:]
    return [point for point in points if point.id != in_use]


#: The requirement behind each field but the phase, where no transition or property names a better one.
FIELD_RULES: Mapping[str, tuple[str, ...]] = {
    "drill": ("X14", "X13"),
    "active_site": ("X10",),
    "replicating": ("R32",),
    "allowed_operations": ("X02",),
    "allowed_operations in bad health": ("X11",),
    "recovery_points": ("X20",),
    "on_premises machine": ("X10",),
    "azure machine": ("X10",),
    "profile_instance": ("X01",),
    "current_job": ("R25",),
}


class Matcher:
    """Compares states with looks, field by field, under the contract's rules of what is judged and what is free.

    drills_exclude: whether a drill that awaits its cleanup excludes every other operation (A12, X15).
    """

    def __init__(self, stepper: Stepper, *, drills_exclude: bool = True) -> None:
        self._drills_exclude = drills_exclude
        self._stepper = stepper
        self._efsm: Efsm = stepper.efsm
        self._listed: dict[State, Listed] = {}

    def agrees(self, state: State, seen: Seen, surroundings: Set[str]) -> bool:
        """Whether nothing that was seen contradicts `state`."""
        return next(self.differences(state, seen, surroundings), None) is None

    def differences(self, state: State, seen: Seen, surroundings: Set[str]) -> Iterator[tuple[str, str, str]]:
        """Each field that contradicts `state`: its name, what the state allows, what was seen."""
        facts = self._efsm.phases[state.phase]
        if seen.phase is not None and seen.phase != state.phase:
            yield "phase", state.phase, seen.phase
        if seen.drill is not None and seen.drill != state.drill:
            yield "drill", state.drill, seen.drill
        if facts.replicating is not None and seen.replicating is not None and seen.replicating != facts.replicating:
            yield "replicating", facts.replicating, seen.replicating
        if seen.instance is not None and facts.instance is not None and seen.instance != facts.instance:
            yield "profile_instance", facts.instance, seen.instance
        if not facts.steady:
            if seen.allowed:
                yield "allowed_operations", "nothing", _words(seen.allowed)
            return
        busy = state.drill in ("drill_running", "cleaning_up_drill") or state.resynchronizing
        if facts.serving is not None and not busy and seen.active_site not in (None, facts.serving):
            yield "active_site", facts.serving, str(seen.active_site)
        points = seen.points_in(state.phase)
        if facts.lists_points and points is not None and points != state.points:
            yield "recovery_points", _POINTS[state.points], _POINTS[points]
        if seen.allowed is not None and not state.resynchronizing:
            yield from self._list_differences(state, seen.allowed, surroundings)
        if facts.machines_specified:
            if seen.on_premises is not None and state.on_premises not in ("unspecified", seen.on_premises):
                yield "on_premises machine", state.on_premises, seen.on_premises
            if (
                seen.azure is not None
                and state.azure not in ("unspecified", seen.azure)
                and "impaired" not in surroundings
            ):
                yield "azure machine", state.azure, seen.azure

    def _list_differences(
        self, state: State, allowed: frozenset[str], surroundings: Set[str]
    ) -> Iterator[tuple[str, str, str]]:
        expected = self._listed.get(state)
        if expected is None:
            expected = self._listed[state] = listed(self._stepper, state)
        missing = expected.certain - allowed
        if not self._drills_exclude and state.drill == AWAITING_CLEANUP:
            allowed &= expected.all
        if "impaired" in surroundings:
            missing &= {Operation.FAIL_OVER}  # X11; the rest may be missing (contract 7)
        if Operation.FAIL_OVER in missing and "impaired" in surroundings:
            yield "allowed_operations in bad health", str(expected), _words(allowed)
        elif missing or allowed - expected.all:
            yield "allowed_operations", str(expected), _words(allowed)


_POINTS = {"none": "no recovery point", "crash": "crash-consistent points", "app": "app-consistent points"}


def _words(operations: Set[str]) -> str:
    return ", ".join(sorted(operations)) or "nothing"
