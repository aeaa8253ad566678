"""The words of the ARM API and ours: operation tokens, actions of the item URL, request bodies, item bodies.

Sources: facts 1.0, 1.1 (tokens), 2 (bodies), 7.1 to 7.5 (URLs, shapes). What has no name here is never guessed: it is
left out of the result and told as a remark.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, get_args

from asr_model import profiles
from asr_model.vocabulary import Arguments, Operation, Site
from asr_properties.arm.inputs import INPUTS
from asr_properties.arm.instances import PRIMARY_SITE, instances_of
from asr_properties.arm.operations import OPERATIONS, Telling
from asr_properties.contract.messages import Item

#: The token under which `allowedOperations` lists an operation. CompleteMigration has no name here (contract).
TOKEN_OF: Mapping[Operation, str] = MappingProxyType(
    {operation: row.token for operation, row in OPERATIONS.items() if row.token is not None}
)
OPERATION_OF_TOKEN: Mapping[str, Operation] = MappingProxyType({token: op for op, token in TOKEN_OF.items()})
DROPPED_TOKENS = frozenset({"CompleteMigration"})

#: What of the contract's item the ARM API shows, without a control path beside it.
FIELDS = (
    "id", "phase", "profile_instance", "active_site", "allowed_operations", "drill", "health", "health_issues",
    "failover_recovery_point", "last_planned_failover", "current_job",
)  # fmt: skip

#: How an operation is asked for: the method and what follows the item's URL.
ACTION_OF: Mapping[Operation, tuple[str, str]] = MappingProxyType(
    {operation: (row.method, row.action) for operation, row in OPERATIONS.items()}
)
_OPERATION_OF_ACTION: Mapping[tuple[str, str], Operation] = {
    **{(method, action.lower()): operation for operation, (method, action) in ACTION_OF.items()},
    **{(row.also, ""): operation for operation, row in OPERATIONS.items() if row.also},
}

#: What marks a state for which no token of the service is known (facts 1.1 and the end of section 8 of the facts). Such
#: words are ours and opaque: our server shows them, the service never does, and nobody but us gives them a meaning.
OWN = "asr-conformance:"

#: The descriptions that were seen beside a state (facts 1.1).
DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "InitialReplicationInProgress": "Initial replication is in progress",
        "InitialReplicationRecoveryCompletionPending": "Waiting for first recovery point",
        "UnplannedFailoverCommitPendingStatesBegin": "Failover completed",
        "UnplannedFailoverCommitted": "Failover committed",
        "UnplannedFailoverStatesBegin": "Failover committed",  # Classic's, recorded in 2017
        "UnplannedFailoverCompletionFailed": "Failover couldn't be completed",
        "CommitPendingStatesBegin": "Planned failover finished",
        "EnablingFailed": "Protection couldn't be enabled",
    }
)

#: States of jobs (facts 2.13, F16) and of operations (7.2, A19). A job that has not ended runs.
JOB_STATE_OF_TOKEN: Mapping[str, str] = MappingProxyType(
    {
        "NotStarted": "in_progress",
        "InProgress": "in_progress",
        "Cancelling": "in_progress",
        "Succeeded": "succeeded",
        "CompletedWithInformation": "succeeded",
        "PartiallySucceeded": "succeeded",
        "Failed": "failed",
        "Cancelled": "cancelled",
        "Canceled": "cancelled",
    }
)

#: Facts 1.1, notes: MarkedForDeletion stays long after the cleanup, so it tells of no drill.
DRILL_OF_TOKEN: Mapping[str, str] = MappingProxyType(
    {"None": "no_drill", "MarkedForDeletion": "no_drill", "WaitingForCompletion": "drill_awaiting_cleanup"}
)

_TOKEN_OF_DRILL = {"no_drill": "None", "drill_awaiting_cleanup": "WaitingForCompletion"}

#: The scenarios that the job of an operation is shown with, where they are known.
SCENARIOS_OF: Mapping[Operation, frozenset[str]] = MappingProxyType(
    {operation: frozenset(row.job.scenarios) for operation, row in OPERATIONS.items() if row.job is not None}
)
#: Scenarios whose job is a job of the lifecycle. Others (agent upgrades and the like) are no `current_job` of ours.
SCENARIOS = frozenset(scenario for scenarios in SCENARIOS_OF.values() for scenario in scenarios)

WITHOUT_EFFECT = "45031"
"""The code of the warning with which enabling what is enabled succeeds (F17)."""

OTHER_SITE = {Site.ON_PREMISES: Site.AZURE, Site.AZURE: Site.ON_PREMISES}


class ItemRead(NamedTuple):
    """An item's body in the contract's words. `remarks`: what it said that has no name here, one line each."""

    observation: Item
    remarks: tuple[str, ...]


def last_segment(identifier: str) -> str:
    """What identifies a resource: ids come back in other case, and with other container names (facts 7.1)."""
    return identifier.rstrip("/").rpartition("/")[2].lower()


def operation_of(method: str, action: str) -> Operation | None:
    """The operation that `method` on an item's URL followed by `action` (may be empty) asks for; None: no such."""
    return _OPERATION_OF_ACTION.get((method.upper(), action.lower()))


def arguments_of(operation: Operation, body: object) -> Arguments:
    """The arguments of an operation, from its request's body. Those it does not tell are left out.

    A body that was not recorded tells none; one that was, and that names no recovery point, asks for the latest (2.3).
    """
    row = OPERATIONS.get(operation)
    if row is None or row.body is None or not isinstance(body, Mapping):
        return ()
    properties = _mapping(_mapping(body).get("properties"))
    details = _mapping(properties.get("providerSpecificDetails"))
    given = INPUTS.get((operation, str(details.get("instanceType"))))
    points = _named(details.get("recoveryPointId")), _named(properties.get("recoveryPointId"))
    return tuple(row.body.read(Telling(given, properties, details, *points)).items())


def profile_of(instance: str | None) -> str | None:
    """The profile whose items have this `instanceType`; None where there is none."""
    return next((profile for profile in profiles.CHARTS if instance in instances_of(profile)), None)


def why_not_covered(instances: Collection[str]) -> str | None:
    """Why no profile covers an item that was seen with these `instanceType`s; None where one does, or none was seen."""
    strange = sorted(instance for instance in instances if profile_of(instance) is None)
    if strange:
        return f"its provider (instanceType {', '.join(strange)[:200]}) is one that no profile covers: not judged"
    covering = {profile_of(instance) for instance in instances}
    if len(covering) > 1:
        changed = ", ".join(sorted(instances))
        return f"its provider changed (instanceType {changed}), and no profile covers both: not judged"
    return None


def instance_of(body: object) -> str | None:
    """The `instanceType` in an item's body or in a request about one; None where there is none."""
    details = _mapping(_mapping(_mapping(body).get("properties")).get("providerSpecificDetails"))
    instance = details.get("instanceType")
    return instance if isinstance(instance, str) else None


def phase_of(token: str, instance: str | None, profile: str = profiles.DEFAULT) -> str | None:
    """The phase that shows this `protectionState` with this `instanceType`; None where none is known to."""
    phases = profiles.efsm(profile).phases
    if token.startswith(OWN):
        return token.removeprefix(OWN) if token.removeprefix(OWN) in phases else None
    for phase, facts in phases.items():
        if token in facts.tokens and facts.instance == instance:
            return phase
    return None


def state_token(phase: str, instance: str | None, profile: str = profiles.DEFAULT) -> str:
    """The `protectionState` of a phase: the service's own where it is known for this `instanceType`, else ours."""
    facts = profiles.efsm(profile).phases.get(phase)
    return facts.token if facts and facts.token and facts.instance == instance else OWN + phase


def drill_of(token: str) -> str | None:
    """The drill state that shows this `testFailoverState`; None where none is known to."""
    if token.startswith(OWN):
        return token.removeprefix(OWN)
    return DRILL_OF_TOKEN.get(token)


def drill_token(drill: str) -> str:
    """The `testFailoverState` of a drill state: the service's own where it is known, else ours."""
    return _TOKEN_OF_DRILL.get(drill, OWN + drill)


def observation_of(body: object, profile: str = profiles.DEFAULT) -> ItemRead:
    """An item's body, read. Fields that it lacks are left out; never raises."""
    whole = _mapping(body)
    properties = _mapping(whole.get("properties"))
    details = _mapping(properties.get("providerSpecificDetails"))
    instance = instance_of(body)
    remarks: list[str] = []
    fields: dict[str, Any] = {}
    if isinstance(whole.get("id"), str):
        fields["id"] = last_segment(whole["id"])
    if instance in PRIMARY_SITE:
        fields["profile_instance"] = instance
    state = properties.get("protectionState")
    if isinstance(state, str):
        fields["phase"] = phase_of(state, instance, profile)
        if fields["phase"] is None:
            remarks.append(f"protectionState {state!r} of {instance} is not known: the phase is taken as not seen")
    if (site := _active_site(properties.get("activeLocation"), instance)) is not None:
        fields["active_site"] = site
    tokens = properties.get("allowedOperations")
    if isinstance(tokens, list):
        fields["allowed_operations"] = [
            str(OPERATION_OF_TOKEN[token]) for token in tokens if isinstance(token, str) and token in OPERATION_OF_TOKEN
        ]
        unknown = [str(t) for t in tokens if str(t) not in OPERATION_OF_TOKEN and str(t) not in DROPPED_TOKENS]
        remarks += [f"allowedOperations has {token!r}, which has no name here" for token in unknown]
    drill = properties.get("testFailoverState")
    if isinstance(drill, str):
        fields["drill"] = drill_of(drill)
        if fields["drill"] is None:
            remarks.append(f"testFailoverState {drill!r} is not known: the drill is taken as not seen")
    fields |= _health(properties)
    if "failoverRecoveryPointId" in properties:
        fields["failover_recovery_point"] = _named(properties["failoverRecoveryPointId"])
    if "lastPlannedFailoverStatus" in details:
        fields["last_planned_failover"] = _word(details["lastPlannedFailoverStatus"], "last_planned_failover")
    fields |= _current_job(properties, fields.get("phase"), fields.get("drill"))
    return ItemRead(Item.model_validate(fields), tuple(remarks))


def _active_site(location: object, instance: str | None) -> str | None:
    primary = PRIMARY_SITE.get(instance or "")
    if primary is None or location not in ("Primary", "Recovery"):
        return None
    return str(primary if location == "Primary" else OTHER_SITE[primary])


def _health(properties: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "replicationHealth" in properties:
        found["health"] = _word(properties["replicationHealth"], "health")
    issues = properties.get("healthErrors")
    if isinstance(issues, list):
        found["health_issues"] = [
            {"code": str(_mapping(issue).get("errorCode")), "message": str(_mapping(issue).get("errorMessage"))}
            for issue in issues
        ]
    return found


def _current_job(properties: Mapping[str, Any], phase: str | None, drill: str | None) -> dict[str, Any]:
    """The job that runs, if the item tells.

    It keeps naming a job that has ended while a drill awaits cleanup (facts 1.1 notes, F10), while the drill is in a
    state that has no name here (F22), and after a failed enable (F9); nothing is concluded then.
    """
    scenario = properties.get("currentScenario")
    if not isinstance(scenario, Mapping) or not isinstance(scenario.get("jobId"), str):
        return {}
    job = last_segment(scenario["jobId"])
    if job in ("none", ""):
        return {"current_job": None}
    unnamed = drill is None and "testFailoverState" in properties
    stale = unnamed or drill == "drill_awaiting_cleanup" or phase == "enabling_failed"
    return {} if stale or scenario.get("scenarioName") not in SCENARIOS else {"current_job": job}


def _word(value: object, name: str) -> str | None:
    """The token in lower case if it is one of the contract's words for the field."""
    words = {word for part in get_args(Item.model_fields[name].annotation) for word in get_args(part)}
    lowered = value.lower() if isinstance(value, str) else None
    return lowered if lowered in words else None


def _named(identifier: object) -> str | None:
    return (last_segment(identifier) or None) if isinstance(identifier, str) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
