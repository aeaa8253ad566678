"""What a request of the ARM API is about. Its address tells it (facts 7.1, 7.2)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

MOST_OF_ADDRESS = 16_000
"""The length of the longest address in Azure, with the token that continues a list."""

MOST_OF_NAME = 1000
"""The length of the longest name in an address."""

_ITEMS = "replicationprotecteditems"


class About(StrEnum):
    """What an address names."""

    ITEM = "an item"
    ITEM_ACTION = "an action of an item, or a part of it"
    ITEMS = "a list of items"
    OPERATION = "the status of an operation"
    RESULT = "the result of an operation, told by the status of the answer"
    JOB = "a job"
    JOBS = "a list of jobs"
    JOB_CANCEL = "the cancelling of a job"
    JOB_RESUMED = "the restarting or resuming of a job"
    PLAN_ACTION = "an action of a recovery plan"
    VAULT = "something else in a vault"
    ELSEWHERE = "another service"


class Address(NamedTuple):
    """What an address names.

    vault: the path up to the vault's name, in lower case, with subscription and resource group. name: the name of the
    item, operation, job or plan, as it is spelled. action: what follows the name of an item or a plan. item: of a
    result, the name of the item that the operation was on.
    """

    about: About
    vault: str = ""
    name: str = ""
    action: str = ""
    item: str = ""


def read_address(url: str) -> Address:
    """What `url` names. Never raises: a text that is no such address is `ELSEWHERE`."""
    try:
        path = unquote(urlsplit(url).path) if len(url) <= MOST_OF_ADDRESS else ""
    except ValueError:
        return Address(About.ELSEWHERE)
    segments = [segment for segment in path.split("/") if segment]
    if any(len(segment) > MOST_OF_NAME for segment in segments):
        return Address(About.ELSEWHERE)
    lowered = [segment.lower() for segment in segments]
    if "vaults" not in lowered or lowered.index("vaults") + 1 == len(segments):
        return Address(About.ELSEWHERE)
    start = lowered.index("vaults") + 2
    vault, rest, words = "/".join(lowered[:start]), segments[start:], lowered[start:]
    if _ITEMS in words:
        return _in_items(vault, rest[words.index(_ITEMS) + 1 :])
    match words:
        case ["replicationoperationstatus", _]:
            return Address(About.OPERATION, vault, rest[1])
        case ["replicationjobs"]:
            return Address(About.JOBS, vault)
        case ["replicationjobs", _]:
            return Address(About.JOB, vault, rest[1])
        case ["replicationjobs", _, "cancel"]:
            return Address(About.JOB_CANCEL, vault, rest[1])
        case ["replicationjobs", _, "restart" | "resume"]:
            return Address(About.JOB_RESUMED, vault, rest[1])
        case ["replicationrecoveryplans", _, _]:
            return Address(About.PLAN_ACTION, vault, rest[1], rest[2])
    return Address(About.VAULT, vault)


def _in_items(vault: str, rest: list[str]) -> Address:
    match rest:
        case []:
            return Address(About.ITEMS, vault)
        case [item]:
            return Address(About.ITEM, vault, item)
        case [item, results, operation] if results.lower() == "operationresults":
            return Address(About.RESULT, vault, operation, item=item)
        case [item, *action]:
            return Address(About.ITEM_ACTION, vault, item, "/".join(action))
    raise AssertionError("every list is one of these")


def operation_id(url: str) -> str | None:
    """The id of the operation that an address for polling names, in lower case. Older answers name the job instead."""
    address = read_address(url)
    return address.name.lower() if address.about in (About.OPERATION, About.RESULT, About.JOB) else None


def job_id(url: str) -> str | None:
    """The id of the job that an address names, in lower case."""
    address = read_address(url)
    return address.name.lower() if address.about is About.JOB else None
