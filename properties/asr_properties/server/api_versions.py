"""Which versions of the API are answered (`api-version`), and what is said to those who name another one.

The versions are those of the specification's own list, Azure/azure-rest-api-specs,
`specification/recoveryservicessiterecovery/.../SiteRecovery/readme.md`; the bodies are the same for all of them. Those
of other resources (a vault's, a network's) are not known here: any day does.
"""

from __future__ import annotations

import re
from typing import Final

from asr_properties.server.replies import ArmError, Request

VERSIONS: Final = (
    "2016-08-10", "2018-01-10", "2018-07-10", "2021-02-10", "2021-03-01", "2021-04-01", "2021-06-01", "2021-07-01",
    "2021-08-01", "2021-10-01", "2021-11-01", "2021-12-01", "2022-01-01", "2022-02-01", "2022-03-01", "2022-04-01",
    "2022-05-01", "2022-08-01", "2022-09-10", "2022-10-01", "2023-01-01", "2023-02-01", "2023-04-01", "2023-06-01",
    "2023-08-01", "2024-01-01", "2024-02-01", "2024-04-01", "2024-10-01", "2025-01-01", "2025-02-01", "2025-08-01",
    "2026-01-01", "2026-02-01", "2026-03-31-preview", "2026-05-01",
)  # fmt: skip

LOCATION: Final = "eastus"
"""Where the vaults are."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+)?", re.ASCII)


def check_named(request: Request) -> None:
    """Whether a request names a version at all.

    Raises:
        ArmError: it does not; the code and the message are those that Azure's guidelines for REST APIs demand
            (microsoft/api-guidelines, azure/Guidelines.md, "versioning-api-version-missing").
    """
    if not request.query.get("api-version"):
        code = "MissingApiVersionParameter"
        message = "The api-version query parameter (?api-version=) is required for all requests."
        raise ArmError(400, code, code, message)


def check_known(request: Request, resource: str | None) -> None:
    """Whether a version is one of the API's. resource: the type of a resource of Site Recovery, such as
    `vaults/replicationJobs`; None: it is another one.

    Raises:
        ArmError: it is not; code and message are ARM's for any resource type (Azure/azure-cli#28496).
    """
    version = request.query["api-version"].lower()
    if version in VERSIONS or (resource is None and _DAY.fullmatch(version)):
        return
    code = "NoRegisteredProviderFound"
    message = (
        f"No registered resource provider found for location '{LOCATION}' and API version '{version}' for type"
        f" '{resource or 'vaults'}'. The supported api-versions are '{', '.join(VERSIONS)}'. The supported locations"
        f" are '{LOCATION}'."
    )
    raise ArmError(400, code, code, message)
