"""The future machine in Azure: what can be changed and is kept, and that the machine gets it (contract, settings).

Which settings a requirement speaks of: R11 of name, resource group, size and disks, R12 of the network, R13 of the
address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.vocabulary import Operation
from asr_properties.contract.surroundings import Settings
from asr_properties.evidence.step import Step
from asr_properties.evidence.told import Either
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "R11": ("name", "resource_group", "size", "disk_type"),
    "R12": ("network", "subnet"),
    "R13": ("ip_address",),
}
_WORDS = {"R11": "name, resource group, size and disks", "R12": "network and subnet", "R13": "address"}
_OF = {key: requirement for requirement, keys in SETTINGS.items() for key in keys}


def _each(name: str, says: str, need: str, *, seen: str, right: str) -> dict[str, Relation]:
    """A relation for each of the requirements; `says` has a place for what the requirement speaks of."""
    return {
        requirement: Relation(
            name=f"{name}_{requirement.lower()}",
            requirements=(requirement,),
            says=says.format(words),
            seen=seen,
            right=right,
            needs=(need,),
        )
        for requirement, words in _WORDS.items()
    }


SHOWN = Relation(
    name="settings_are_shown",
    requirements=("R12", "R13", "R11"),
    says="the settings of the future machine in Azure are shown while the item is protected",
    seen="settings in protected: {shown}",
    right="every setting with its value",
    needs=("future_machine",),
)
NONE_IMPOSSIBLE = Relation(
    name="impossible_settings_are_refused",
    requirements=("R09",),
    says="a name, size or network that Azure can never have does not become a setting",
    seen="asked for: {key} {value!r}; settings then show: {shown!r}",
    right="the change refused, and {key} not {value!r}",
    needs=("future_machine",),
)
ACCEPTED = _each(
    "allowed_change_is_accepted",
    "in protected a change of {} that Azure allows is accepted",
    "future_machine",
    seen="asked for: {changes}; {answer}",
    right="accepted, and a job that succeeds if it has one",
)
TAKEN = _each(
    "accepted_change_is_shown",
    "an accepted change of {} is shown, at the end of its job at the latest",
    "future_machine",
    seen="{key} shows {shown!r}",
    right="{expected!r}, as asked for",
)
UNCHANGED = _each(
    "refused_change_changes_nothing",
    "a change of {} that is refused changes nothing",
    "future_machine",
    seen="{key} shows {shown!r}",
    right="{expected!r}, as before",
)
STAYS = _each(
    "settings_stay",
    "the settings stay what they were, {} too, until somebody changes them",
    "future_machine",
    seen="{key} shows {shown!r}",
    right="{expected!r}",
)
ANEW = _each(
    "settings_begin_anew",
    "a new life of the item begins with default settings, {} too",
    "future_machine",
    seen="{key} shows {shown!r}, as before replication was disabled",
    right="{first!r}, as the life before began",
)
FORGOTTEN = Relation(
    name="settings_of_an_earlier_item_are_forgotten",
    requirements=("X22",),
    says="no setting of an earlier item is left in a fresh one",
    seen="{key} shows {shown!r}, as an earlier item did at its end",
    right="{first!r}, as that item began",
    needs=("future_machine",),
    compares_items=True,
)
EXISTS = Relation(
    name="machine_in_azure_shows_its_settings",
    requirements=("R36",),
    says="after a failover there is a machine in Azure, and it shows its settings",
    seen="in {phase} the machine in Azure is {machine}",
    right="a machine with all its settings",
    needs=("azure_machine",),
)
GETS = _each(
    "machine_gets_its_settings",
    "a failover gives the machine in Azure the {} as set when it was accepted",
    "azure_machine",
    seen="{key} of the machine in Azure is {value!r}",
    right="as set when the failover was accepted: {bound}",
)
KEEPS = _each(
    "machine_keeps_its_settings",
    "nothing that is set later touches the {} of the machine in Azure",
    "azure_machine",
    seen="{key} of the machine in Azure is {value!r} now; set since the failover: {later}",
    right="as set when the failover was accepted: {bound}",
)

RELATIONS = (
    NONE_IMPOSSIBLE,
    FORGOTTEN,
    *(group[r] for group in (ACCEPTED, TAKEN, UNCHANGED, STAYS, ANEW, GETS, KEEPS) for r in SETTINGS),
    EXISTS,
    SHOWN,
)

_NEVER = re.compile(r"[*?]")
"""No name, size or network of Azure has such a character."""
_PLAIN_NAME = re.compile(r"[a-z]{1,15}")
_RESIZED = frozenset({"resource_group", "size", "disk_type"})
"""What a later change may or may not do to a machine that runs: the contract does not say."""
_SERVES = frozenset({"failed_over", "failover_committed", "reverse_initial_replication", "reverse_protected"})
"""Where there is a machine in Azure for certain."""
_MAY_EXIST = _SERVES | {
    "committing_failover",
    "reprotecting_to_on_premises",
    "failing_back",
    "failed_back",
    "cancelling_failback",
    "reverting_failback",
    "failback_cancel_failed",
}
"""Where a machine in Azure, if it is shown, is still the one of the failover."""
_BEFORE = ("not_replicated", "enabling_replication", "enabling_failed")

Values = Mapping[str, str | None]


class _Change(NamedTuple):
    """A change whose job runs. before: the settings when it was asked for. certain: whether it must be accepted."""

    job: str
    changes: Values
    before: Values
    certain: bool


class MachineSettings(Monitor):
    """Remembers the settings of the present life, what they began with, and what the last failover was to give."""

    def begin_walk(self) -> None:
        self._earlier: list[tuple[Values, Values, Mapping[str, object]]] = []
        self._configuration: Mapping[str, object] = {}
        self._last: Values | None = None
        self._first: Values = {}
        self._start()

    def begin_item(self) -> None:
        if self._last is not None:
            self._earlier.append((self._last, self._first, self._configuration))
        self._start()

    def _start(self) -> None:
        self._former: list[tuple[Values, Values]] = []
        self._begin_life()

    def _begin_life(self) -> None:
        self._last = None
        self._first = {}
        self._touched: set[str] = set()  # changed before the first look at what the life begins with
        self._running: list[_Change] = []
        self._overlapping: dict[str, set[str | None]] = {}  # values of changes that ran at the same time
        self._due: dict[str, Mapping[str, frozenset[str | None]]] = {}
        self._bound: Mapping[str, frozenset[str | None]] | None = None
        self._is_seen = False
        self._later: dict[str, set[str | None]] = {}

    def enter(self, step: Step) -> Iterator[Judgement]:
        self._configuration = step.settings
        if step.agreed.phase == "not_replicated":
            if self._last is not None:
                self._former.append((self._last, self._first))
            self._begin_life()
            return
        shown = _values(step.now.future_machine)
        if step.faults:
            self._running = [change._replace(certain=False) for change in self._running]
        yield from self._asked(step)
        if step.agreed_before.phase == step.agreed.phase == "protected" and step.now.future_machine is not UNKNOWN:
            yield SHOWN.judged(shown is not None, shown=shown)
        if shown is not None and step.agreed.phase not in _BEFORE:
            if self._last is None:
                yield from self._begins(shown)
            else:
                yield from self._goes_on(step, shown, self._last)
            self._last = shown
        elif self._last is not None and step.update is not None and not step.update.refused and not step.update.job:
            self._last = {**self._last, **step.update.changes}
        yield from self._machine(step)

    # -- the settings ------------------------------------------------------------------------------------------

    def _asked(self, step: Step) -> Iterator[Judgement]:
        update, before = step.update, _values(step.was.future_machine)
        if update is None or before is None:
            return
        certain = self._must_be_accepted(step, update.changes, before)
        if not update.refused:
            self._touched |= update.changes.keys() if self._last is None else set()
            for key, value in update.changes.items():
                self._later.setdefault(key, set()).add(value)
                for change in self._running:
                    if key in change.changes:
                        values = self._overlapping.setdefault(key, {change.before[key], change.changes[key]})
                        values |= {before[key], value}
        if update.job is not None:
            self._running.append(_Change(update.job, update.changes, before, certain))
        elif certain:
            answer = "refused" if update.refused else "accepted"
            for r in _requirements(update.changes):
                yield ACCEPTED[r].judged(not update.refused, changes=update.changes, answer=answer)
        if update.refused:
            for key, value in update.changes.items():
                if _is_impossible(key, value):
                    yield NONE_IMPOSSIBLE.judged(True, key=key, value=value, shown=before[key])

    def _must_be_accepted(self, step: Step, changes: Values, before: Values) -> bool:
        """Whether a change is one that Azure certainly allows, asked for where it must be accepted."""
        jobs = known(step.was.running) or {}
        busy = any(job.state == "in_progress" for job in jobs.values()) or known(step.was.current_job) is not None
        phases = {step.agreed_before.phase, step.agreed.phase}
        if busy or self._running or step.faults or step.may_have_drill or step.may_resynchronize:
            return False
        return phases == {"protected"} and all(self._is_allowed(k, v, before) for k, v in changes.items())

    def _is_allowed(self, key: str, value: str | None, before: Values) -> bool:
        """What Azure allows for certain: a plain name; no address of one's own; what it began with, once changed."""
        if value == before[key]:
            return False  # no change: nothing is said of that
        if key == "name" and value is not None and _PLAIN_NAME.fullmatch(value):
            return True
        if key == "ip_address" and value is None:
            return True
        return key in self._first and value == self._first[key]

    def _begins(self, shown: Values) -> Iterator[Judgement]:
        self._first = {key: value for key, value in shown.items() if key not in self._touched}
        for last, first in self._former:
            for key in self._first:
                if key in first and last[key] != first[key]:
                    holds = shown[key] != last[key]
                    yield ANEW[_OF[key]].judged(holds, key=key, shown=shown[key], first=first[key])
        for last, first, configuration in self._earlier:
            if configuration == self._configuration:
                for key in self._first:
                    if key in first and last[key] != first[key]:
                        holds = shown[key] != last[key]
                        yield FORGOTTEN.judged(holds, key=key, shown=shown[key], first=first[key])

    def _goes_on(self, step: Step, shown: Values, last: Values) -> Iterator[Judgement]:
        states = known(step.now.updates) or {}
        ended = {change.job: states.get(change.job, "in_progress") for change in self._running}
        for change in self._running:
            if change.certain and ended[change.job] != "in_progress":
                state = ended[change.job]
                for r in _requirements(change.changes):
                    answer = f"its job {state}"
                    yield ACCEPTED[r].judged(state == "succeeded", changes=change.changes, answer=answer)
        for key, requirement in _OF.items():
            yield from self._setting(step, key, requirement, shown[key], last[key], ended)
        self._running = [change for change in self._running if ended[change.job] == "in_progress"]
        left = {key for change in self._running for key in change.changes}
        self._overlapping = {key: values for key, values in self._overlapping.items() if key in left}

    def _setting(
        self, step: Step, key: str, requirement: str, shown: str | None, last: str | None, states: Mapping[str, str]
    ) -> Iterator[Judgement]:
        """Judge one setting. While changes of it run, it may be as before any or after any of them."""
        update = step.update
        changes = [change for change in self._running if key in change.changes]
        if update is not None and update.job is None and not update.refused and key in update.changes:
            if _is_impossible(key, update.changes[key]):
                yield _not_impossible(key, update.changes[key], shown)
            elif not changes:
                yield _is_shown(TAKEN[requirement], key, shown, update.changes[key])
            return
        if not changes:
            is_refused = update is not None and update.refused and key in update.changes
            if is_refused or not step.is_timeless or shown != last:
                yield _is_shown((UNCHANGED if is_refused else STAYS)[requirement], key, shown, last)
            return
        first = changes[0]
        state = states[first.job]
        if key in self._overlapping:
            yield _is_shown(STAYS[requirement], key, shown, *self._overlapping[key])
        elif state == "in_progress":
            yield _is_shown(STAYS[requirement], key, shown, last, first.before[key], first.changes[key])
        elif state != "succeeded":
            yield _is_shown(UNCHANGED[requirement], key, shown, first.before[key])
            if _is_impossible(key, first.changes[key]) and shown == first.before[key]:
                yield NONE_IMPOSSIBLE.judged(True, key=key, value=first.changes[key], shown=shown)
        elif _is_impossible(key, first.changes[key]):
            yield _not_impossible(key, first.changes[key], shown)
        else:
            yield _is_shown(TAKEN[requirement], key, shown, first.changes[key])

    # -- the machine -------------------------------------------------------------------------------------------

    def _machine(self, step: Step) -> Iterator[Judgement]:
        self._note_failover(step)
        phase, machine = step.agreed.phase, _values(step.now.azure_machine)
        if phase == "failback_committed":
            self._bound = None
        if self._bound is None or phase not in _MAY_EXIST or step.now.azure_machine is UNKNOWN:
            return
        if phase in _SERVES:
            yield EXISTS.judged(machine is not None, phase=phase, machine=machine)
        if machine is None:
            return
        relations = KEEPS if self._is_seen else GETS
        for key, requirement in _OF.items():
            value, bound, later = machine[key], self._bound[key], self._later.get(key, set())
            holds = self._fits(key, value, bound)
            yield relations[requirement].judged(holds, key=key, value=value, bound=bound, later=later)
        self._is_seen = self._is_seen or phase in _SERVES

    def _fits(self, key: str, value: str | None, bound: frozenset[str | None]) -> bool:
        later = self._later.get(key, set())
        if key == "ip_address" and None in bound:  # the network gives one, which none of those set later can be
            return value is None or value in bound or value not in later
        return value in bound or (key in _RESIZED and value in later)

    def _note_failover(self, step: Step) -> None:
        was, now = _values(step.was.future_machine), _values(step.now.future_machine)
        forward = step.agreed_before.phase in PHASE_SETS["can_fail_over"]
        if step.event == Operation.FAIL_OVER and step.job is not None and forward and was is not None:
            running = [change.changes for change in self._running]
            self._due[step.job] = {
                key: frozenset({was[key], (now or was)[key], *(c[key] for c in running if key in c)}) for key in _OF
            }
            self._later = {}
        if (ended := step.ended_well(Operation.FAIL_OVER)) in self._due:
            self._bound, self._is_seen = self._due[ended or ""], False


def _is_shown(rule: Relation, key: str, shown: str | None, *expected: str | None) -> Judgement:
    """Whether a setting shows one of these values."""
    return rule.judged(shown in expected, key=key, shown=shown, expected=Either(expected))


def _not_impossible(key: str, value: str | None, shown: str | None) -> Judgement:
    return NONE_IMPOSSIBLE.judged(shown != value, key=key, value=value, shown=shown)


def _values(settings: object) -> Values | None:
    return vars(settings) if isinstance(settings, Settings) else None


def _requirements(changes: Values) -> list[str]:
    return [requirement for requirement, keys in SETTINGS.items() if not changes.keys().isdisjoint(keys)]


def _is_impossible(key: str, value: str | None) -> bool:
    """Whether Azure can never have it (R09)."""
    return key in ("name", "size", "network") and value is not None and bool(_NEVER.search(value))
