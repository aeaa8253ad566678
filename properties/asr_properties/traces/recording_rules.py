"""The rules that only recordings show, because an adapter does not offer what they are about.

R25: the job of a failover can be followed. X01: an item stays the same while its `instanceType` alternates. X08: an
operation may succeed with a warning. X09: an operation and its job have the same id, and the scenario of the job is
that of the request (facts 2.13).
"""

from __future__ import annotations

from collections import Counter

from asr_model.vocabulary import Answer, Operation
from asr_properties.arm import tokens as arm
from asr_properties.traces.accepted_requests import AcceptedRequests
from asr_properties.traces.divergence import Difference
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent

RULES = ("X01", "X08", "X09")


class RecordingRules:
    """Judges the events of one item. exercised: how often each of the rules was put to the test."""

    def __init__(self) -> None:
        self.exercised: Counter[str] = Counter()
        self._instances: set[str] = set()
        self._job_with_warning: str | None = None

    def note(self, event: TraceEvent, accepted: AcceptedRequests) -> None:
        """Take in an event, whether it agrees with the model or not."""
        match event:
            case Requested(answer=Answer.ACCEPTED) if event.operation is not Operation.CANCEL_JOB:
                self._job_with_warning = None
            case JobSeen():
                self._note_job(event, accepted)
            case ItemSeen():
                self._note_instance(event.observation.profile_instance)

    def _note_job(self, job: JobSeen, accepted: AcceptedRequests) -> None:
        is_known = job.job in accepted
        if job.state == "succeeded" and job.warning is not None:
            self.exercised["X08"] += 1
            self._job_with_warning = job.job if is_known else None
        if is_known and job.state != "in_progress" and accepted[job.job].event.operation is Operation.FAIL_OVER:
            self.exercised["R25"] += 1

    def _note_instance(self, instance: str | None) -> None:
        if instance is not None:
            if self._instances and instance not in self._instances:
                self.exercised["X01"] += 1
            self._instances.add(instance)

    def contradiction(self, event: TraceEvent, accepted: AcceptedRequests) -> Difference | None:
        """How an event contradicts X09; None where it does not."""
        match event:
            case Requested(job=str(job), named_job=str(named)):
                if job != named:
                    seen = f"the operation is {job}, its job is {named}"
                    return Difference(seen, ("the job's id is the operation's",), ("X09",))
                self.exercised["X09"] += 1
            case JobSeen(scenario=str(scenario)) if event.job in accepted:
                operation = accepted[event.job].event.operation
                wanted = arm.SCENARIOS_OF.get(operation, frozenset())
                if scenario in wanted:
                    self.exercised["X09"] += 1
                elif wanted and scenario in arm.SCENARIOS:
                    allowed = tuple(f"its scenario is {word}" for word in sorted(wanted))
                    return Difference(f"the job of {operation} is a {scenario}", allowed, ("X09",))
        return None

    def contradicts_success(self, event: TraceEvent) -> bool:
        """Whether an event that does not agree contradicts a job that succeeded with a warning (X08).

        The event shows that job again, or the item before anything else happened to it.
        """
        job = self._job_with_warning
        return job is not None and (isinstance(event, ItemSeen) or getattr(event, "job", None) == job)

    def agreed(self, event: TraceEvent) -> None:
        """Take in that an event agreed with the model: a look confirms what the warning left in doubt."""
        if isinstance(event, ItemSeen):
            self._job_with_warning = None
