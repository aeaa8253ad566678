"""Requests about what a vault has beside its items and jobs.

Policies and mappings can be made and removed, as recorded; what was asked for is done at once, and its operation has
succeeded when the first look at it comes. What the service has beside that is told to be not served: other types of
resources, such as recovery plans, and actions that nothing here models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from asr_properties.arm.tokens import OWN
from asr_properties.server import site_bodies as bodies
from asr_properties.server.documents import of_request
from asr_properties.server.replies import ArmError, Reply, Request, bad_request, no_such_method, not_found, not_modelled
from asr_properties.server.vault_site import Done, Mapped, Policy, VaultSite

_RESULTS: Final = "operationresults"
_FABRICS: Final = "replicationfabrics"
_CONTAINERS: Final = "replicationprotectioncontainers"
_MAPPINGS: Final = "replicationprotectioncontainermappings"
_PROVIDERS: Final = "replicationrecoveryservicesproviders"
_PROTECTABLE: Final = "replicationprotectableitems"
_POLICIES: Final = "replicationpolicies"

#: Lists that are there, and empty.
_EMPTY: Final = ("replicationalertsettings", "replicationevents")

#: All types of resources of Site Recovery that a vault has here, by the last part of their names.
_SERVED: Final = frozenset(
    {
        "replicationprotecteditems",
        "replicationjobs",
        "replicationoperationstatus",
        _FABRICS,
        _CONTAINERS,
        _MAPPINGS,
        _PROVIDERS,
        _PROTECTABLE,
        _POLICIES,
        *_EMPTY,
    }
)

#: What the SDK can ask of a resource of these types, and nothing here models.
_NOT_MODELLED: Final[Mapping[tuple[str, ...], frozenset[str]]] = {
    (_FABRICS,): frozenset(
        {"checkconsistency", "migratetoaad", "reassociategateway", "remove", "removeinfra", "renewcertificate"}
    ),
    (_FABRICS, _CONTAINERS): frozenset(
        {"discoverprotectableitem", "remove", "switchprotection", "switchclusterprotection"}
    ),
    (_FABRICS, _PROVIDERS): frozenset({"refreshprovider", "remove"}),
}

Paged = Callable[[list[dict[str, Any]]], Reply]


def answer(site: VaultSite, request: Request, rest: str, paged: Paged) -> Reply | None:
    """The answer; None where the path, below the vault, is about none of these. paged: makes a list's answer.

    Raises:
        ArmError: the request can't be answered.
    """
    names = rest.split("/")
    kinds = [name.lower() for name in names]
    if len(kinds) > 2 and kinds[-2] == _RESULTS:
        found = site.done(kinds[-1])
        if found is None or found.resource.lower().rstrip("/") != f"{site.vault}/{'/'.join(names[:-2])}".lower():
            return None
        return _result(site, request, found, paged)
    methods = _resource(site, request, names, kinds, paged)
    if methods is None:
        return None
    if request.method not in methods:
        raise no_such_method(request.method, tuple(methods))
    return methods[request.method]()


def check_served(request: Request, rest: str) -> None:
    """Whether a path, below the vault, is about types of resources that are served.

    Raises:
        ArmError: it is not: ARM's answer to an unknown type, as seen in azure-rest-api-specs#14807.
    """
    kinds = rest.split("/")[::2]
    for place, kind in enumerate(kinds):
        if kind.lower().startswith("replication") and kind.lower() not in _SERVED:
            raise _not_served(request, "/".join(("vaults", *kinds[: place + 1])))


def _not_served(request: Request, kind: str) -> ArmError:
    code = "InvalidResourceType"
    version = request.query["api-version"]
    message = (
        f"The resource type '{kind}' could not be found in the namespace 'Microsoft.RecoveryServices' for api version"
        f" '{version}'. `asr-conformance serve` does not have it."
    )
    return ArmError(404, code, f"{OWN}NotServed", message)


def _resource(
    site: VaultSite, request: Request, names: list[str], kinds: list[str], paged: Paged
) -> dict[str, Callable[[], Reply]] | None:
    """Method -> what answers it; None: there is no such resource."""
    match kinds:
        case [kind] if kind in _EMPTY:
            return {"GET": lambda: paged([])}
        case [kind, _] if kind in _EMPTY:
            return {"GET": lambda: _one([], names[1], request)}
        case ["replicationpolicies"]:
            return {"GET": lambda: paged([bodies.policy_body(site, policy) for policy in site.policies()])}
        case ["replicationpolicies", _]:
            return _policy(site, request, names[1])
        case ["replicationfabrics"]:
            return {"GET": lambda: paged([bodies.fabric_body(site, name, brief=True) for name in site.fabrics()])}
        case ["replicationfabrics", _]:
            return {"GET": lambda: Reply(200, bodies.fabric_body(site, names[1]))}
        case [kind] if kind in _IN_FABRICS:
            return {"GET": lambda: paged([one for fabric in site.fabrics() for one in _IN_FABRICS[kind](site, fabric)])}
        case ["replicationfabrics", _, kind] if kind in _IN_FABRICS and kind != _MAPPINGS:
            return {"GET": lambda: paged(_IN_FABRICS[kind](site, names[1]))}
        case ["replicationfabrics", _, "replicationrecoveryservicesproviders", _]:
            return {"GET": lambda: _one(_providers(site, names[1]), names[3], request)}
        case ["replicationfabrics", _, "replicationprotectioncontainers", _]:
            return {"GET": lambda: Reply(200, bodies.container_body(site, names[1], names[3]))}
        case ["replicationfabrics", _, "replicationprotectioncontainers", _, kind] if kind in _IN_CONTAINERS:
            return {"GET": lambda: paged(_IN_CONTAINERS[kind](site, names[1], names[3]))}
        case ["replicationfabrics", _, "replicationprotectioncontainers", _, "replicationprotectableitems", _]:
            return {"GET": lambda: _one(bodies.protectable_bodies(site, names[1], names[3]), names[5], request)}
        case [
            "replicationfabrics",
            _,
            "replicationprotectioncontainers",
            _,
            "replicationprotectioncontainermappings",
            _,
        ]:
            return _mapping(site, request, names[1], names[3], names[5])
        case ["replicationfabrics", _, "replicationprotectioncontainers", _, kind, _, "remove"] if kind == _MAPPINGS:
            return _mapping(site, request, names[1], names[3], names[5], action=True)
        case [*_, action] if action in _NOT_MODELLED.get(tuple(kinds[:-1:2]), ()) and len(kinds) % 2:
            return {"POST": lambda: _not_modelled(names[-1], names[-2])}
    return None


def _not_modelled(action: str, name: str) -> Reply:
    raise not_modelled(f"{action} of {name}")


def _containers(site: VaultSite, fabric: str) -> list[dict[str, Any]]:
    return [bodies.container_body(site, fabric, container) for container in site.containers(fabric)]


def _providers(site: VaultSite, fabric: str) -> list[dict[str, Any]]:
    return [bodies.provider_body(site, fabric, appliance) for appliance in site.appliances(fabric)]


def _mappings(site: VaultSite, fabric: str, container: str) -> list[dict[str, Any]]:
    return [bodies.mapping_body(site, mapped) for mapped in site.mappings(fabric, container)]


#: Lists of a fabric, which the vault has for all of its fabrics, too.
_IN_FABRICS: Final[Mapping[str, Callable[[VaultSite, str], list[dict[str, Any]]]]] = {
    _CONTAINERS: _containers,
    _PROVIDERS: _providers,
    _MAPPINGS: lambda site, fabric: [
        one for container in site.containers(fabric) for one in _mappings(site, fabric, container)
    ],
}

#: Lists of a container.
_IN_CONTAINERS: Final[Mapping[str, Callable[[VaultSite, str, str], list[dict[str, Any]]]]] = {
    _MAPPINGS: _mappings,
    _PROTECTABLE: bodies.protectable_bodies,
}


def _policy(site: VaultSite, request: Request, name: str) -> dict[str, Callable[[], Reply]]:
    resource = f"{site.vault}/replicationPolicies/{name}"

    def get() -> Reply:
        found = site.policy(name)
        if found is None:
            raise not_found(resource)
        return Reply(200, bodies.policy_body(site, found))

    def put() -> Reply:
        given = _mapping_in(of_request(request.body), "properties", "providerSpecificInput")
        instance, known = given.get("instanceType"), bodies.instances_of_policies(site)
        if instance not in known:
            raise bad_request(f"`instanceType` is {instance!r:.100}; a policy here has {' or '.join(known)}.")
        values = {key: value for key, value in given.items() if isinstance(value, str | int | float)}
        return _accepted(site, request, site.make_policy(Policy(name, str(instance), values), resource))

    def delete() -> Reply:
        get()
        return _accepted(site, request, site.remove_policy(name, resource))

    return {"GET": get, "PUT": put, "DELETE": delete}


def _mapping(
    site: VaultSite, request: Request, fabric: str, container: str, name: str, *, action: bool = False
) -> dict[str, Callable[[], Reply]]:
    resource = f"{bodies.container_id(site, fabric, container)}/replicationProtectionContainerMappings/{name}"

    def found() -> Mapped:
        for mapped in site.mappings(fabric, container):
            if mapped.name.lower() == name.lower():
                return mapped
        raise not_found(resource)

    def put() -> Reply:
        properties = {key.lower(): value for key, value in _mapping_in(of_request(request.body), "properties").items()}
        policy = properties.get("policyid")  # recorded with a capital letter, too (2017)
        if not isinstance(policy, str) or not policy.strip("/"):
            raise bad_request("`policyId` is missing.")
        target, given = properties.get("targetprotectioncontainerid"), properties.get("providerspecificinput")
        mapped = Mapped(
            fabric,
            container,
            name,
            policy,
            target if isinstance(target, str) and target.strip("/") else "Microsoft Azure",
            given if isinstance(given, Mapping) else {},
        )
        return _accepted(site, request, site.make_mapping(mapped, resource))

    def remove() -> Reply:
        return _accepted(site, request, site.remove_mapping(found(), resource))

    if action:  # the SDK removes by POST, and the recorded client by DELETE
        return {"POST": remove}
    return {"GET": lambda: Reply(200, bodies.mapping_body(site, found())), "PUT": put, "DELETE": remove}


def _accepted(site: VaultSite, request: Request, done: Done) -> Reply:
    """202 with both headers, as for an operation of an item (facts 7.2); where it has a job, its ARM id."""

    def url(path: str) -> str:
        return f"{request.origin}{quote(path)}?api-version={quote(request.query['api-version'])}"

    headers = {
        "Azure-AsyncOperation": url(f"{site.vault}/replicationOperationStatus/{done.id}"),
        "Location": url(f"{done.resource}/operationresults/{done.id}"),
    }
    if done.policy:
        headers["x-ms-request-id"] = quote(f"{site.vault}/replicationJobs/{done.id}")
    return Reply(202, None, headers)


def _result(site: VaultSite, request: Request, done: Done, paged: Paged) -> Reply:
    """What a request led to: the resource, or nothing where it is gone."""
    if request.method != "GET":
        raise no_such_method(request.method, ("GET",))
    names = done.resource.removeprefix(f"{site.vault}/").split("/")
    methods = _resource(site, request, names, [name.lower() for name in names], paged) or {}
    try:
        return methods["GET"]()
    except ArmError as error:
        if error.status == 404:
            return Reply(204)
        raise


def _one(listed: list[dict[str, Any]], name: str, request: Request) -> Reply:
    for body in listed:
        if str(body["name"]).lower() == name.lower():
            return Reply(200, body)
    raise not_found(request.path)


def _mapping_in(level: Any, *keys: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = level if isinstance(level, Mapping) else {}
    for key in keys:
        inner = found.get(key)
        if not isinstance(inner, Mapping):
            raise bad_request(f"The body has no `{key}` that is an object.")
        found = inner
    return found
