"""The contract's methods on top of the ARM API.

What ARM has no word for is found here: the newest point for *latest processed* and *latest app-consistent* (ARM's
single-item failover knows ids only, facts 3.3), lists in the contract's order (ARM promises none), and, only where a
server offers our control path, time, writes, machines, faults, the direction of replication, and what a point holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any
from uuid import uuid4

from requests.adapters import HTTPAdapter

from asr_model import profiles
from asr_model.vocabulary import Operation
from asr_properties.adapters.arm.bodies import created_of, kind_of, shown_job, shown_point
from asr_properties.adapters.arm.bounded_http import HttpLimits, pause
from asr_properties.adapters.arm.client import Arm
from asr_properties.adapters.arm.controls import Controls, fits
from asr_properties.adapters.arm.homecoming import HOURS, AstrayError, bring_home
from asr_properties.adapters.arm.long_running_operations import LongRunningOperations
from asr_properties.adapters.arm.target import ANY_SITE, PREFIX, Target
from asr_properties.arm.inputs import INPUTS, body_of, has_input, input_for
from asr_properties.arm.instances import instances_of
from asr_properties.arm.operations import OPERATIONS, POINT_OPTIONS, Input, takes_options
from asr_properties.arm.tokens import FIELDS, SCENARIOS, instance_of, last_segment, observation_of
from asr_properties.contract.connection import AdapterError, Witnessed
from asr_properties.contract.errors import InvalidParameters, InvalidRequest, NotOffered, Refused
from asr_properties.contract.messages import PROTOCOL


class ArmAdapter(Controls):
    """An implementation of the contract, reached through the official SDK.

    settings: what bodies need of the site, by wire key; needed where no control path is. profile: the lifecycle of the
    item, where no control path tells it. home_hours: how long it may take to bring an item back; rest: lets
    seconds pass there. The other parameters are those of `Arm`.
    """

    def __init__(
        self,
        target: Target,
        *,
        limits: HttpLimits | None = None,
        settings: Mapping[str, Any] | None = None,
        credential: Any = None,
        http: HTTPAdapter | None = None,
        profile: str = profiles.DEFAULT,
        home_hours: float = HOURS,
        rest: Callable[[float], None] = pause,
    ) -> None:
        self._target = target
        self._arm = Arm(target, limits or HttpLimits(), credential, http)
        self._served: dict[str, Any] | None = None
        self._time_stands_still = False
        self._settings: Mapping[str, Any] = settings or {}
        self._profile, self._home_hours, self._rest = profile, home_hours, rest
        self._address = target.address
        self._greeted = self._begun = False
        self._items = 0
        self._token = uuid4().hex[:8]
        self._operations = LongRunningOperations(self._arm.poll, rest)
        self._started: list[str] = []
        self._earlier: frozenset[str] = frozenset()  # jobs of the vault from before new_item

    @property
    def irreplaceable(self) -> bool:
        """Whether its machines are real ones: there is no control path that makes them anew."""
        return self._served is None

    def witnessed(self) -> list[Witnessed]:
        """What was seen of operations beside their jobs (X08, X09)."""
        return self._operations.witnessed()

    # -- the contract --------------------------------------------------------------------------------------------

    def hello(self, *, protocol: int) -> dict[str, Any]:
        """Who answers, and what can be offered: controls only where the server has our control path."""
        fits("hello", protocol=protocol)
        self._greeted = True
        control = self._arm.control() if self._target.loopback else None
        sdk = f"azure-mgmt-recoveryservicessiterecovery {version('azure-mgmt-recoveryservicessiterecovery')}"
        common = {"version": sdk, "protocol": PROTOCOL}
        if control is None:
            self._check_settings()
            offered = [str(operation) for operation in OPERATIONS if self._can_ask_for(operation)]
            return {
                **common,
                "name": f"ARM at {self._target.origin}",
                "profile": self._profile,
                "controls": [],
                "fields": list(FIELDS),
                "configuration": [],
                "operations": offered,
            }
        self._served = served = control["hello"]
        # Where time passes by itself, waiting is not the only thing that lets it pass (contract, Time), and what one
        # answer tells may be over when the next one comes.
        self._time_stands_still = not control.get("speed")
        self._settings = {**ANY_SITE, **self._settings}
        self._profile = str(served.get("profile"))
        return {
            **common,
            "name": f"{served.get('name')} behind ARM",
            "profile": self._profile,
            "controls": [name for name in served.get("controls") or () if self._reaches(name)],
            "fields": [*FIELDS, "replicating"],
            "configuration": served.get("configuration"),
            "operations": [name for name in served.get("operations") or () if self._can_ask_for(Operation(name))],
        }

    def _reaches(self, control: str) -> bool:
        """Whether a control can be used through ARM and the control path."""
        return self._time_stands_still or control != "clock"

    def new_item(self, *, configuration: dict[str, Any]) -> None:
        """A fresh machine: on `serve`, under a name not used before; elsewhere the same one, brought back home."""
        if not self._greeted:
            raise InvalidRequest("hello comes first")
        fits("new_item", configuration=configuration)
        if self._served is None:
            self._clear_the_way(configuration)
            self._started.clear()
            self._begun = True
            return
        self._started.clear()
        if self._begun:
            self._arm.steer(self._address, "DELETE", "", {})
        self._items += 1
        named = self._target.address.item
        name = named if named and self._items == 1 else f"{named or PREFIX + 'item'}-{self._token}-{self._items}"
        self._address = self._target.address._replace(item=name)
        self._arm.steer(self._address, "POST", "new_item", {"configuration": configuration})
        self._begun = True

    def request(self, *, operation: str, arguments: dict[str, Any]) -> dict[str, str]:
        """Ask for an operation."""
        self._present()
        asked = _operation(operation)
        fits("request", operation=operation, arguments=arguments)
        given = self._input(asked) if has_input(asked) else None
        try:
            point = self._point(arguments.get("recovery_point"), asked, given)
            body = body_of(asked, arguments, point, given, self._settings)
        except KeyError as error:
            raise NotOffered(f"{operation} needs {error.args[0]}, which the settings of the site do not name") from None
        try:
            started = self._arm.begin(self._address, asked, body)
        except Refused as refusal:
            if asked is Operation.ENABLE_REPLICATION and "status 404" in refusal.reason:
                hint = "see the names of fabric and container in the URL after arm:"
                raise AdapterError(
                    "there is nothing to enable it in", sent=operation, got=refusal.reason, hint=hint
                ) from None
            raise
        self._operations.began(asked, started)
        self._started.append(started.job)
        return {"job": started.job}

    def job(self, *, job: str) -> dict[str, Any]:
        """A job as the API shows it."""
        self._present()
        fits("job", job=job)
        body = self._arm.job(self._address, job)
        if body is None:
            raise InvalidParameters(f"unknown job {job!r}")
        shown = shown_job(body)
        self._operations.ended(job, shown["state"], shown["scenario"])
        return shown

    def jobs(self) -> list[str]:
        """The jobs of the item since new_item, newest first."""
        self._present()
        bodies = [body for body in self._arm.jobs(self._address) if self._is_mine(body)]
        bodies.sort(key=lambda body: str(body["properties"].get("startTime")), reverse=True)
        return [last_segment(str(body.get("id"))) for body in bodies]

    def cancel_job(self, *, job: str) -> None:
        """Cancel a job."""
        self.job(job=job)  # one that there is not is no refusal
        self._arm.cancel_job(self._address, job)

    def item(self) -> dict[str, Any] | None:
        """The observation of the item; None where there is none."""
        self._present()
        body = self._arm.item(self._address)
        if body is None:
            return None
        seen = observation_of(body, self._profile).observation.model_dump(exclude_unset=True)
        seen["current_job"] = self._current_job(body)
        if self._served is not None:
            seen["replicating"] = self._arm.steer(self._address, "GET", "replication", {}).get("direction")
        elif self._items > 1:  # the name in ARM is ours, and names another machine after each new_item
            seen["id"] = f"{seen.get('id')} ({self._items})"
        return {name: seen.get(name) for name in (*FIELDS, *(["replicating"] if self._served is not None else []))}

    def recovery_points(self) -> list[dict[str, Any]]:
        """The listed recovery points, newest first."""
        self._present()
        points = [shown_point(body) for body in self._arm.points(self._address)]
        if self._served is not None and self._time_stands_still and points:
            sequences = self._arm.steer(self._address, "GET", "recovery_points", {})
            points = [{**point, "sequence": sequences.get(point["id"])} for point in points]
        return sorted(points, key=lambda point: float(point["created"]), reverse=True)

    def bye(self) -> None:
        """Forget the last item; where it can't be forgotten, bring it back to where it was found."""
        if not self._greeted:
            raise InvalidRequest("hello comes first")
        if self._served is None:
            self._come_home()
        elif self._begun:
            self._arm.steer(self._address, "DELETE", "", {})
        self._greeted = self._begun = False

    # ------------------------------------------------------------------------------------------------------------

    def _steer(self, verb: str, method: str, parameters: Mapping[str, Any]) -> Any:
        self._present()
        if self._served is None:
            raise NotOffered(f"{method}: there is no control path at {self._target.origin}")
        return self._arm.steer(self._address, verb, method, parameters)

    def _names_account(self) -> bool:
        return any(given.account for given in self._inputs(Operation.REPROTECT))

    def _present(self) -> None:
        if not self._begun:
            raise InvalidRequest("new_item comes first")

    def _can_ask_for(self, operation: Operation) -> bool:
        """Whether the settings name all that an operation's body needs, whichever provider the item has."""
        if has_input(operation) and not self._inputs(operation):
            return False  # this lifecycle does not have the operation
        return self._needed_for(operation) <= set(self._settings)

    def _inputs(self, operation: Operation) -> list[Input]:
        instances = instances_of(self._profile)
        return [given for (of, instance), given in INPUTS.items() if of is operation and instance in instances]

    def _needed_for(self, operation: Operation) -> set[str]:
        body = OPERATIONS[operation].body
        needed = {key for given in self._inputs(operation) for key in given.required}
        return needed | set(body.settings if body is not None else ())

    def _check_settings(self) -> None:
        """Whether there is an item that can be enabled, without which there is nothing to judge."""
        what = ""
        if not self._target.named:
            what, hint = "no item is named", "name one in the URL after arm:, in full"
        elif not self._can_ask_for(Operation.ENABLE_REPLICATION):
            needed = sorted(self._needed_for(Operation.ENABLE_REPLICATION) - set(self._settings))
            what, hint = f"the settings of the site lack {', '.join(needed)}", "--arm-settings FILE names them"
        if what:
            raise AdapterError(f"{self._target.origin} can't be judged", sent="nothing", got=what, hint=hint)

    def _clear_the_way(self, configuration: Mapping[str, Any]) -> None:
        """A fresh machine where nobody can make one: it counts as fresh while its replication has not been enabled.

        What a run has enabled and failed over it brings back. What was there before it is not touched.
        """
        if configuration:
            raise InvalidParameters("no configuration is honoured here")
        name = self._address.item
        if not self._begun and self._arm.item(self._address) is not None:
            raise self._stuck("its replication is enabled already", f"disable the replication of {name} first")
        self._come_home()
        self._items += 1
        self._earlier = frozenset(last_segment(str(body.get("id"))) for body in self._arm.jobs(self._address))

    def _come_home(self) -> None:
        if not self._begun:
            return
        try:
            bring_home(self, self._rest, self._home_hours)
        except AstrayError as error:
            raise self._stuck(str(error), "bring it back by hand: see the README, The ARM API") from None

    def _stuck(self, got: str, hint: str) -> AdapterError:
        return AdapterError(f"{self._address.item} is no fresh machine", sent="new_item", got=got, hint=hint)

    def _input(self, operation: Operation) -> Input | None:
        """The input of an operation: where it depends on the provider, on the one that the item has now."""
        instances = instances_of(self._profile)
        known = [instance for instance in sorted(instances) if (operation, instance) in INPUTS]
        instance = known[0] if known else ""
        if len(known) > 1:
            body = self._arm.item(self._address)
            instance = instance_of(body) or instance
        return input_for(operation, instance, instances)

    def _point(self, option: object, operation: Operation, given: Input | None) -> str | None:
        """The ARM id of the point that an option or a name stands for; None for the latest, and where the input has a
        word for the option."""
        words = POINT_OPTIONS if given is not None and "recoveryPointType" in given.needs else ("latest",)
        if option is None or option in words:
            return None
        bodies = sorted(self._arm.points(self._address), key=created_of, reverse=True)
        if takes_options(operation) and option in ("latest_processed", "latest_app_consistent"):
            serving = [b for b in bodies if option == "latest_processed" or kind_of(b) == "app_consistent"]
            if not serving:
                raise Refused(f"there is no point that {option} could name, and ARM has no other way to ask for it")
            return str(serving[0].get("id"))
        named = (str(body.get("id")) for body in bodies if last_segment(str(body.get("id"))) == str(option).lower())
        return next(named, f"{self._address}/recoveryPoints/{option}")

    def _current_job(self, body: Mapping[str, Any]) -> str | None:
        """The job that runs. The item goes on naming one that has ended (F9, F10): so the job is asked, too."""
        scenario = body["properties"].get("currentScenario") or {}
        job = last_segment(str(scenario.get("jobId") or ""))
        if job in ("", "none") or (scenario.get("scenarioName") not in SCENARIOS and job not in self._started):
            return None
        return job if self.job(job=job)["state"] == "in_progress" else None

    def _is_mine(self, body: Mapping[str, Any]) -> bool:
        job, properties = last_segment(str(body.get("id"))), body.get("properties") or {}
        target = last_segment(str(properties.get("targetObjectId") or ""))
        return job in self._started or (target == self._address.item.lower() and job not in self._earlier)


def _operation(name: object) -> Operation:
    if not isinstance(name, str):
        raise InvalidParameters(f"operation {name!r}")
    try:
        operation = Operation(name)
    except ValueError:
        raise NotOffered(f"no operation {name!r}") from None
    if operation not in OPERATIONS:
        raise NotOffered(f"no operation {name!r}")
    return operation
