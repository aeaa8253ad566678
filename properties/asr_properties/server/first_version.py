"""Bodies as the first version of the API had them, 2016-08-10: that of the recording of 2017, and of the clients of
that time. What has another key since then is turned back here; all else is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from asr_properties.server.replies import Reply, Request

VERSION: Final = "2016-08-10"

#: What items got later.
_LATER: Final = ("eventCorrelationId", "primaryFabricProvider", "switchProviderState", "switchProviderStateDescription")
_MANAGED: Final = "protectedManagedDisks"


def of_its_time(request: Request, reply: Reply) -> Reply:
    """A reply as the version that a request names has it."""
    if request.query.get("api-version") != VERSION or reply.status != 200 or not isinstance(reply.body, Mapping):
        return reply
    body = reply.body
    if isinstance(listed := body.get("value"), list):
        return reply._replace(body={**body, "value": [_item(entry) for entry in listed]})
    return reply._replace(body=_job(_item(body)))


def _item(body: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = body.get("properties")
    if not isinstance(properties, Mapping) or "protectionState" not in properties:
        return body
    kept = {key: value for key, value in properties.items() if key not in (*_LATER, "healthErrors")}
    health = {"failoverHealthErrors": [], "replicationHealthErrors": properties.get("healthErrors", [])}
    details = {key: value for key, value in properties["providerSpecificDetails"].items() if key != _MANAGED}
    if "vmNics" in details:
        details["vmNics"] = [{key: nic[key] for key in nic if key != "ipConfigs"} for nic in details["vmNics"]]
    return {**body, "properties": {**kept, **health, "providerSpecificDetails": details}}


def _job(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A job, which was the status of its operation as well."""
    properties = body.get("properties")
    if not isinstance(properties, Mapping) or "scenarioName" not in properties:
        return body
    state, errors = properties["state"], properties["errors"]
    told = errors[0]["serviceErrorDetails"] if errors else None
    return {
        **{key: value for key, value in body.items() if key != "type"},
        "status": "Canceled" if state == "Cancelled" else state,
        "error": told and {"code": told["code"], "message": told["message"], "details": None},
        "startTime": properties["startTime"],
        "endTime": properties.get("endTime"),
    }
