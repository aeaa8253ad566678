"""The official SDK, set up for a run, and what its calls come to: results, refusals, or a defect of what answers."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, TypeVar

from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from azure.core.pipeline import PipelineResponse
from azure.core.pipeline.policies import (
    ContentDecodePolicy,
    CustomHookPolicy,
    HeadersPolicy,
    SansIOHTTPPolicy,
    UserAgentPolicy,
)
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient
from requests.adapters import HTTPAdapter

from asr_model.vocabulary import Operation
from asr_properties.adapters.arm.bounded_http import BoundedHTTP, HttpLimits, Secrets, pause, session_of
from asr_properties.adapters.arm.long_running_operations import Acceptance
from asr_properties.adapters.arm.target import Target
from asr_properties.adapters.options import CONTROL_TOKEN
from asr_properties.adapters.secrets import Secrets as Unshown
from asr_properties.arm.addresses import ItemAddress
from asr_properties.arm.operations import OPERATIONS
from asr_properties.arm.tokens import OWN, last_segment
from asr_properties.contract.connection import AdapterError
from asr_properties.contract.errors import ContractError, InvalidParameters, NotOffered, Refused, UnknownMethod

Result = TypeVar("Result")

_HINT = "neither the official SDK nor a recording has such an answer; limits can be set (see `run --help`)"

_TRUST_HINT = "REQUESTS_CA_BUNDLE names the file with the certificate to trust: `serve --tls` tells it"

#: Headers of an acceptance that name the operation.
_TELLING = ("azure-asyncoperation", "location")

#: Statuses that are about the caller or the way, not about the item.
_NOT_THE_ITEM = {401: "the credentials were not accepted", 403: "access was denied", 408: "timed out", 429: "throttled"}

_CONTRACT_ERRORS: dict[int, type[ContractError]] = {
    kind.code: kind for kind in (Refused, NotOffered, UnknownMethod, InvalidParameters)
}


class Hidden:
    """A credential whose tokens are told to those who hide them."""

    def __init__(self, credential: Any, secrets: Secrets) -> None:
        self._credential, self._secrets = credential, secrets

    def get_token(self, *scopes: str, **kwargs: Any) -> Any:
        """A token, as azure-core asks for it."""
        token = self._credential.get_token(*scopes, **kwargs)
        self._secrets.add(token.token)
        return token


class Arm:
    """The API, as far as a run needs it.

    credential: anything of azure-identity; None: no token is sent (loopback). http: what carries the requests; the
    bounded one unless a test knows better.
    """

    def __init__(
        self, target: Target, limits: HttpLimits, credential: Any = None, http: HTTPAdapter | None = None
    ) -> None:
        self._target, self._limits, self._secrets = target, limits, Secrets()
        self._unshown = Unshown()
        carrier = http or BoundedHTTP(target.origin, limits, self._secrets)
        session = session_of(carrier, loopback=target.loopback)
        authentication: Any = SansIOHTTPPolicy()
        if credential is not None:
            hidden: Any = Hidden(credential, self._secrets)
            authentication = ARMChallengeAuthenticationPolicy(
                hidden, f"{target.origin}/.default", enforce_https=not target.loopback
            )
        # The SDK's own pipeline follows redirects, retries what must not be done twice, and registers resource
        # providers in an endless loop. None of this is wanted here.
        policies = [
            HeadersPolicy(),
            UserAgentPolicy("asr-conformance"),
            ContentDecodePolicy(),
            CustomHookPolicy(),
            authentication,
        ]
        self._sdk = SiteRecoveryManagementClient(
            credential or _Nobody(),
            target.address.vault.subscription,
            base_url=target.origin,
            transport=RequestsTransport(session=session, session_owner=False, connection_verify=_trusted(target)),
            policies=policies,
            polling_interval=0,
        )
        self._more: dict[str, Any] = {"enforce_https": False} if target.loopback and credential is not None else {}

    # -- reading -------------------------------------------------------------------------------------------------

    def item(self, address: ItemAddress) -> dict[str, Any] | None:
        """The item's body; None where there is none."""
        return self._get("GET item", lambda: self._sdk.replication_protected_items.get(*_parts(address), **self._more))

    def points(self, address: ItemAddress) -> list[dict[str, Any]]:
        """The bodies of the listed recovery points."""
        pages = self._sdk.recovery_points.list_by_replication_protected_items
        found = self._reading("GET recoveryPoints", lambda: self._all(pages(*_parts(address), **self._more)))
        return found or []

    def jobs(self, address: ItemAddress) -> list[dict[str, Any]]:
        """The bodies of all jobs of the vault."""
        vault = address.vault
        pages = self._sdk.replication_jobs.list
        found = self._reading("GET replicationJobs", lambda: self._all(pages(vault.group, vault.vault, **self._more)))
        if found is None:
            raise AdapterError(
                f"there is no vault {vault.vault} in the resource group {vault.group} at {self._target.origin}",
                sent="GET replicationJobs",
                got="status 404",
                hint="see the names in the URL after arm:",
            )
        return found

    def job(self, address: ItemAddress, job: str) -> dict[str, Any] | None:
        """A job's body; None where there is none."""
        vault = address.vault
        get = self._sdk.replication_jobs.get
        return self._get(f"GET job {job}", lambda: get(vault.group, vault.vault, job, **self._more))

    # -- acting --------------------------------------------------------------------------------------------------

    def begin(self, address: ItemAddress, operation: Operation, body: dict[str, Any] | None) -> Acceptance:
        """Ask for an operation; what its acceptance tells.

        Raises:
            Refused: a 4xx with an error of ARM.
        """
        begin = getattr(self._sdk.replication_protected_items, OPERATIONS[operation].sdk)
        arguments = _parts(address) + (() if body is None else (body,))
        return self._acting(f"{operation}: {json.dumps(body)}", lambda hook: begin(*arguments, polling=False, **hook))

    def update(self, address: ItemAddress, body: dict[str, Any]) -> str | None:
        """Change settings of an item; the job that this takes, None where it was done at once.

        Raises:
            Refused: a 4xx with an error of ARM.
        """
        begin: Any = self._sdk.replication_protected_items.begin_update
        sent = f"update: {json.dumps(body)}"
        status, headers = self._done(sent, lambda hook: begin(*_parts(address), body, polling=False, **hook))
        return None if status == 200 else self._acceptance(sent, headers).job

    def cancel_job(self, address: ItemAddress, job: str) -> None:
        """Cancel a job.

        Raises:
            Refused: a 4xx with an error of ARM.
        """
        vault, begin = address.vault, self._sdk.replication_jobs.begin_cancel
        self._acting(f"cancel of job {job}", lambda hook: begin(vault.group, vault.vault, job, polling=False, **hook))

    def poll(self, url: str) -> Any:
        """What an operation's status says; None where there is none."""

        def call() -> Any:
            answer = self._sdk.send_request(HttpRequest("GET", url), **self._more)
            answer.raise_for_status()
            return answer.json()

        return self._reading(f"GET {url}", call)

    # -- the control path of `serve` -----------------------------------------------------------------------------

    def control(self) -> dict[str, Any] | None:
        """What the server says at /control; None where there is no such path.

        Raises:
            AdapterError: there is one, and it asks for another token than we have.
        """
        status, body = self._send("GET", "/control", None)
        if status == 403 and f"{OWN}Control" in str(body):
            raise AdapterError(
                f"{self._target.origin} has a control path and did not let us in",
                sent="GET /control",
                got=str(body["error"]["message"]) if isinstance(body.get("error"), dict) else "status 403",
                hint=f"set {CONTROL_TOKEN} to the token that serve printed, or start serve with --no-control",
            )
        served = body.get("x-serve") if isinstance(body, dict) and status == 200 else None
        return served if isinstance(served, dict) and isinstance(served.get("hello"), dict) else None

    def steer(self, address: ItemAddress, verb: str, method: str, parameters: Mapping[str, Any]) -> Any:
        """Call a control of an item; gives its result.

        Raises:
            ContractError: the answer is one of its errors.
        """
        path = f"/control{address}" + (f"/{method}" if method else "")
        status, body = self._send(verb, path, parameters)
        if status == 200 and isinstance(body, dict) and "result" in body:
            return body["result"]
        error = body.get("error") if isinstance(body, dict) else None
        kind = _CONTRACT_ERRORS.get(error.get("code", 0)) if isinstance(error, dict) else None
        if kind is None or not isinstance(error, dict):
            raise self._defect(f"{verb} {path}", f"status {status}: {body!r}")
        raise kind(str(error.get("message")))

    def _send(self, verb: str, path: str, parameters: Mapping[str, Any] | None) -> tuple[int, Any]:
        content: dict[str, Any] = {}
        if parameters is not None and verb == "POST":
            content["json"] = dict(parameters)
        elif parameters:
            content["params"] = dict(parameters)
        if token := os.environ.get(CONTROL_TOKEN):
            content["headers"] = {"X-Control-Token": token}
        request = HttpRequest(verb, f"{self._target.origin}{path}", **content)

        def call() -> tuple[int, Any]:
            answer = self._sdk.send_request(request, **self._more)
            return answer.status_code, answer.json() if answer.content else None

        try:
            return self._asked(f"{verb} {path}", call, _may_pass, repeatable=verb == "GET")
        except HttpResponseError as error:
            raise self._defect(f"{verb} {path}", self._told(error)) from None

    # -- how calls end -------------------------------------------------------------------------------------------

    def _get(self, sent: str, call: Callable[[], Any]) -> dict[str, Any] | None:
        body = self._reading(sent, lambda: call().as_dict())
        if body is None:
            return None
        if not isinstance(body.get("properties"), dict):
            raise self._defect(sent, f"a body without properties: {str(body)[:200]}")
        return dict(body)

    def _all(self, paged: Any) -> list[dict[str, Any]]:
        pages = list(islice(paged.by_page(), self._limits.pages + 1))
        if len(pages) > self._limits.pages:
            raise ValueError(f"a list of more than {self._limits.pages} pages")
        return [entry.as_dict() for page in pages for entry in page]

    def _reading(self, sent: str, call: Callable[[], Result]) -> Result | None:
        """The result; None for a 404. What changes nothing may be asked again."""
        try:
            return self._asked(sent, call, _may_pass, repeatable=True)
        except ResourceNotFoundError:
            return None
        except HttpResponseError as error:
            raise self._defect(sent, self._told(error)) from None

    def _acting(self, sent: str, call: Callable[[dict[str, Any]], Any]) -> Acceptance:
        return self._acceptance(sent, self._done(sent, call)[1])

    def _done(self, sent: str, call: Callable[[dict[str, Any]], Any]) -> tuple[int, dict[str, str]]:
        """The status and the headers of the answer to a request that is accepted."""
        headers: dict[str, str] = {}
        statuses: list[int] = []

        def keep(response: PipelineResponse[Any, Any]) -> None:
            statuses.append(response.http_response.status_code)
            headers.update({name.lower(): value for name, value in response.http_response.headers.items()})

        try:
            self._asked(sent, lambda: call({**self._more, "raw_response_hook": keep}), _is_throttled, repeatable=False)
        except HttpResponseError as error:
            status = error.status_code or 0
            if 400 <= status < 500 and status not in _NOT_THE_ITEM and error.error is not None:
                raise Refused(self._told(error)) from None
            raise self._defect(sent, self._told(error)) from None
        return statuses[-1], headers

    def _acceptance(self, sent: str, headers: Mapping[str, str]) -> Acceptance:
        """What the headers of an acceptance tell: of the operation, and of the job it is (facts 2.13, 7.2)."""
        told = {name: last_segment(headers[name].partition("?")[0]) for name in _TELLING if headers.get(name)}
        if not told:
            raise self._defect(sent, "an acceptance with neither Azure-AsyncOperation nor Location")
        job = headers.get("x-ms-request-id", "")
        if "/replicationjobs/" in job.lower():  # elsewhere in Azure it is the request's own id
            told = {"x-ms-request-id": last_segment(job), **told}
        return Acceptance(next(iter(told.values())), told, headers.get("azure-asyncoperation", ""))

    def _asked(
        self, sent: str, call: Callable[[], Result], may_pass: Callable[[HttpResponseError], bool], *, repeatable: bool
    ) -> Result:
        """The result of a call of the SDK, which is made again while what is wrong may pass: an answer that `may_pass`,
        or, of what is repeatable, no answer at all. Answers with an error status are left to the caller."""
        for attempt in range(1, self._limits.attempts + 1):
            wanted = 0.0
            failure: Exception
            try:
                return call()
            except HttpResponseError as error:
                if error.response is None or (error.status_code or 0) < 400:
                    raise self._defect(sent, self._told(error)) from None
                wanted, passes = _retry_after(error), may_pass(error)
                failure = error
            except (AzureError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                passes = repeatable and isinstance(error, AzureError)
                failure = self._defect(sent, f"{type(error).__name__}: {error}")
            if not passes or attempt == self._limits.attempts or wanted > self._limits.longest_pause:
                raise failure from None
            pause(max(wanted, self._limits.first_pause * 2 ** (attempt - 1)))
        raise AssertionError("the last attempt returns or raises")

    def _told(self, error: HttpResponseError) -> str:
        if error.status_code is None:
            why = f"no credentials, before anything was asked: {type(error).__name__}: {error}"
            return self._scrub(why)[:600]
        status = f"status {error.status_code}"
        if error.status_code in _NOT_THE_ITEM:
            status += f" ({_NOT_THE_ITEM[error.status_code]})"
        told = error.error
        detail = f": {told.code}: {told.message}" if told is not None and told.code else ""
        return self._scrub(f"{status}{detail}")[:600]

    def _scrub(self, text: str) -> str:
        return self._unshown.scrub(self._secrets.scrub(text))

    def _defect(self, sent: str, got: str) -> AdapterError:
        where = f"{self._target.origin} did not answer as expected"
        hint = _TRUST_HINT if "CERTIFICATE_VERIFY_FAILED" in got else _HINT
        return AdapterError(where, sent=sent[:400], got=self._scrub(got)[:600], hint=hint)


class _Nobody:
    """Stands where the SDK wants a credential; it is never asked."""

    def get_token(self, *scopes: str, **kwargs: Any) -> Any:
        raise AssertionError("no token is sent")


def _is_throttled(error: HttpResponseError) -> bool:
    """Whether a request was not looked at: it may be made again, whatever it is."""
    return error.status_code == 429


def _may_pass(error: HttpResponseError) -> bool:
    """Whether another try may do better."""
    return error.status_code in (408, 429) or (error.status_code or 0) >= 500


def _retry_after(error: HttpResponseError) -> float:
    """Seconds that the answer asks to be left alone; 0 where it does not say."""
    headers: Mapping[str, str] = getattr(error.response, "headers", {})
    told = headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else 0.0


def _trusted(target: Target) -> bool | str:
    """What a server's certificate is checked against. On loopback the environment counts for nothing else, but a
    server there can have no certificate of an authority that everybody knows."""
    own = (os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"))
    return next((path for path in own if path and target.loopback), True)


def _parts(address: ItemAddress) -> tuple[str, ...]:
    return address.vault.group, address.vault.vault, address.fabric, address.container, address.item
