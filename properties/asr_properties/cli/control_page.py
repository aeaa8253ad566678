"""The page of the control path, from its declarations: methods, faults, and outcomes that can be chosen."""

from __future__ import annotations

import json
from collections.abc import Iterator

from asr_model.vocabulary import Fault
from asr_properties.cli.servable import RECORDED
from asr_properties.reference import CHOICES
from asr_properties.server.control_methods import ITEM, OF_AN_ITEM, OF_THE_SERVER, ControlMethod
from asr_properties.server.http_faults import KINDS, HttpFault

_HEAD = """# The control path of `serve`

Beside the ARM API, `serve` lets you move what no API can: time, the machines' power and writes, faults, and outcomes
that the documentation leaves open. `serve` prints its address with the token that it asks for, in the header
`X-Control-Token` or as `token` in the query. `GET /control` answers with all of this as an OpenAPI document; parameters
are in the body as JSON, of a GET in the query. [Test your own tooling against it](test-your-tooling.md) shows it at
work.

An answer is `{"result": ...}`, or `{"error": {"code": n, "message": "..."}}` with status 409 where it is refused, else
400; a wrong name is answered with the right ones. Jobs go by the names that ARM shows. Time is one for all that a vault
has. This page is generated; `make reports` writes it.
"""

#: What enables a machine.
_BODY = {
    "properties": {
        "policyId": "p",
        "providerSpecificDetails": {
            "instanceType": "InMageRcm",
            "fabricDiscoveryMachineId": "m",
            "targetResourceGroupId": "/groups/1",
            "processServerId": "a",
        },
    }
}

_WALK = """## All of them with curl

`serve --speed 0` lets time stand still but for `wait`. Say which item, and how the server is reached:

```console
$ asr-conformance serve --port 8765 --speed 0 --tls-folder certs
[...]
  export CURL_CA_BUNDLE=[...]certs/asr-conformance-ca.pem  # curl
$ export ASR_URL=https://127.0.0.1:8765
$ export VAULT=/subscriptions/sub-1/resourceGroups/rg-1/providers/Microsoft.RecoveryServices/vaults/vault-1
$ export AT=$VAULT/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/vm-1
$ export ITEM=$ASR_URL/control$AT
$ export TOKEN="X-Control-Token: $ASR_CONTROL_TOKEN"
```

A machine whose points are made every hour is replicated; time passes, and its guest writes:

```console
$ curl -sS -H "$TOKEN" $ITEM/new_item -d '{"configuration": {"crash_consistent_minutes": 60}}'
{"result": null}
$ curl -sS -X PUT "$ASR_URL$AT?api-version=2025-08-01" -d 'BODY' -o /dev/null -w '%{http_code}'
202
$ curl -sS -H "$TOKEN" $ITEM/wait -d '{"seconds": 14400}'
{"result": null}
$ curl -sS -H "$TOKEN" $ITEM/write -X POST
{"result": {"sequence": 1}}
$ curl -sS -H "$TOKEN" $ITEM/wait -d '{"seconds": 7200}'
{"result": null}
$ curl -sS -H "$TOKEN" $ITEM/replication
{"result": {"sent": 1, "processed": 1, "direction": "to_azure"}}
$ curl -sS -H "$TOKEN" $ITEM/recovery_points
{"result": {"[...]": 1, [...]: 0}}
```

The machines, and what the future one is to be:

```console
$ curl -sS -H "$TOKEN" "$ITEM/machine?site=on_premises"
{"result": {"power": "on", "sequence": 1}}
$ curl -sS -H "$TOKEN" "$ITEM/disks?site=on_premises"
{"result": [{"id": "disk-1", "kind": "vmdk", "role": "os", "source": null}, [...]]}
$ curl -sS -H "$TOKEN" $ITEM/sites
{"result": {"appliances": [{"name": "appliance", "sees_datastore": true, [...]}
$ curl -sS -H "$TOKEN" $ITEM/update_settings -d '{"changes": {"size": "Standard_D8s_v3"}}'
{"result": {"job": "[...]"}}
$ curl -sS -H "$TOKEN" $ITEM/wait -d '{"seconds": 600}'
{"result": null}
$ curl -sS -H "$TOKEN" $ITEM/settings
{"result": {"name": "vm-1", "resource_group": "/groups/1", "size": "Standard_D8s_v3", [...]}}
$ curl -sS -H "$TOKEN" $ITEM/azure_machine
{"result": null}
```

Faults and outcomes, of this item and of all; a wrong name is told the right ones:

```console
$ curl -sS -H "$TOKEN" $ITEM/inject -d '{"fault": "failover_fails", "task": "VmFailover"}'
{"result": null}
$ curl -sS -H "$TOKEN" $ITEM/inject -d '{"fault": "failover_failed"}'
{"error": {"code": 1001, "message": "no fault 'failover_failed'; there are: source_shutdown_fails, failover_fails, [...]
$ curl -sS -H "$TOKEN" $ITEM/clear -d '{"fault": "failover_fails"}'
{"result": null}
$ curl -sS -H "$TOKEN" $ITEM/choose -d '{"choice": "refusal", "option": "by_job"}'
{"result": null}
$ curl -sS -H "$TOKEN" $ITEM/choices
{"result": {"refusal": "by_job", [...]
$ curl -sS -H "$TOKEN" $ASR_URL/control/choose -d '{"choice": "refusal", "option": "drawn"}'
{"result": null}
$ curl -sS -H "$TOKEN" $ASR_URL/control/choices
{"result": {"refusal": "drawn", [...]
```

Faults of the way, which clients meet:

```console
$ curl -sS -H "$TOKEN" $ASR_URL/control/http_faults -d '{"kind": "throttled", "method": "GET", "seconds": 7}'
{"result": null}
$ curl -sS -H "$TOKEN" $ASR_URL/control/http_faults
{"result": [{"kind": "throttled", "times": 1, "skip": 0, "method": "GET", "path": null, "seconds": 7.0}]}
$ curl -sS "$ASR_URL$AT?api-version=2025-08-01" -o /dev/null -w '%{http_code}, Retry-After %header{retry-after}'
429, Retry-After 7
$ curl -sS -H "$TOKEN" $ASR_URL/control/http_faults -X DELETE
{"result": null}
$ curl -sS -H "$TOKEN" $ITEM -X DELETE
{"result": null}
$ curl -sS -H "$TOKEN" $ASR_URL/control
{"openapi": "3.1.0", [...]
$ curl -sS $ASR_URL/control
{"error": {"code": "asr-conformance:ControlToken", [...]
```
"""


def page() -> str:
    """The page, as Markdown."""
    return "\n".join([_HEAD, *_methods(), _WALK.replace("BODY", json.dumps(_BODY)), *_faults(), *_choices()])


def _methods() -> Iterator[str]:
    yield "## Of the server, after `/control`\n"
    yield from _table(OF_THE_SERVER)
    yield f"## Of an item, after `/control` and its address in the ARM API\n\nThe address is `{ITEM}`.\n"
    yield from _table(OF_AN_ITEM)


def _table(methods: tuple[ControlMethod, ...]) -> Iterator[str]:
    yield "| | parameters | |\n|---|---|---|"
    for method in methods:
        named = f"{method.verb} /{method.name}" if method.name else method.verb
        parameters = ", ".join(f"`{name}`" for name in method.parameters.model_fields)
        yield f"| `{named}` | {parameters} | {_cell(method.summary)} |"
    yield ""


def _faults() -> Iterator[str]:
    yield "## Faults of the machine and its site (`inject`, `clear`)\n"
    yield ", ".join(f"`{fault}`" for fault in Fault) + ".\n"
    yield "## Faults of the way (`http_faults`)\n"
    yield "| kind | what happens |\n|---|---|"
    yield from (f"| `{kind}` | {_cell(what)} |" for kind, what in KINDS.items())
    yield "\n| parameter | default | |\n|---|---|---|"
    for name, field in HttpFault.model_fields.items():
        if name != "kind":
            default = "null" if field.default is None else field.default
            yield f"| `{name}` | {default} | {_cell(field.description or '')} |"
    yield ""


def _choices() -> Iterator[str]:
    yield "## Outcomes that can be chosen (`choose`, `serve --choice NAME=OPTION`)\n"
    yield (
        "The first option is served unless somebody says otherwise, at every call; where another one was recorded, that"
        "\none is (marked). `drawn` draws one at each call; `serve --seed N` draws all that no `--choice` names.\n"
    )
    yield "| choice | options |\n|---|---|"
    for name, options in CHOICES.items():
        shown = (
            f"`{option}`{' (recorded)' if RECORDED.get(name) == option else ''}" for option in dict.fromkeys(options)
        )
        yield f"| `{name}` | {', '.join(shown)} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
