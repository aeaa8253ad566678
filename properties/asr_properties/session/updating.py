"""Changes of the settings: what is sent for them, and the jobs that they take. None of these is the lifecycle's."""

from __future__ import annotations

from typing import Any

from asr_properties.contract.connection import Connection
from asr_properties.contract.messages import Item
from asr_properties.contract.surroundings import Settings
from asr_properties.evidence.actions import AS_AT_FIRST, Action
from asr_properties.evidence.observation import NOT_REPLICATED, Observation
from asr_properties.evidence.unknown import UNKNOWN, known


class Updates:
    """Looks at the settings of one item after another, and keeps track of the jobs of changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.restart()

    def restart(self) -> None:
        """Begin with a fresh item."""
        self._running: list[str] = []
        self._first: Settings | None = None

    def begun(self, job: str) -> None:
        """A change takes this job."""
        self._running.append(job)

    @property
    def running_job(self) -> str | None:
        """The job of a change that runs, if one does."""
        return self._running[0] if self._running else None

    def changes(self, action: Action) -> dict[str, str | None]:
        """What is sent for an action; what is asked to be as at first, and is not known, is left out."""
        asked: dict[str, Any] = dict(action.arguments)
        back = [key for key, value in asked.items() if value == AS_AT_FIRST]
        first = {} if self._first is None else self._first.model_dump(include=set(back))
        return {key: first[key] if key in back else value for key, value in asked.items() if key not in back or first}

    def seen(self, look: Observation) -> Observation:
        """A look at the item, with the settings and their jobs."""
        connection = self._connection
        if not connection.has_settings:
            return look
        states = {job: connection.job(job).state for job in self._running}
        if known(look.current_job) in states:
            look = look._replace(current_job=UNKNOWN)  # no job of the lifecycle
        self._running = [job for job, state in states.items() if state == "in_progress"]
        item: Item | None = known(look.item)
        if item is None:
            self._first = self._first if look.phase is UNKNOWN or look.phase != NOT_REPLICATED else None
            return look._replace(updates=states)
        future = connection.settings()
        self._first = self._first or future
        return look._replace(updates=states, future_machine=future, azure_machine=connection.azure_machine())
