"""Lists in pages: `nextLink`, and the `skipToken` in it.

A page begins after the last entry that was given and is still there: entries that come or go between two pages are
neither repeated nor make others be left out. The token names the last ones that were given; where none of them is left,
nobody can tell where to go on, and the token is refused.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlencode

from asr_properties.arm.tokens import OWN
from asr_properties.server.replies import Reply, Request, bad_request

TOKEN = "skiptoken"
"""The option of the query; names of options have no case."""

_NAMED: Final = 24
"""How many of the last entries a token names."""

_BYTES: Final = 8
"""How long a token's name of an entry is."""


def listed(request: Request, bodies: list[dict[str, Any]], size: int) -> Reply:
    """One page of a list. size: how many entries it has at most; 0: all of them.

    Raises:
        ArmError: the request's token is none that was given for this list.
    """
    given: list[bytes] = []
    names = [sha256(str(body["id"]).lower().encode()).digest()[:_BYTES] for body in bodies]
    begin = 0
    if (token := request.query.get(TOKEN)) is not None:
        given = _read(token)
        left = [names.index(name) for name in given if name in names]
        if not left:
            raise bad_request(f"`skipToken` {token!r:.100} was not given for this list.", f"{OWN}InvalidSkipToken")
        begin = max(left) + 1
    end = begin + size if size else len(bodies)
    link = None
    if end < len(bodies):
        last = urlsafe_b64encode(b"".join((given + names[begin:end])[-_NAMED:])).decode()
        query = {**{name: value for name, value in request.query.items() if name != TOKEN}, "skipToken": last}
        link = f"{request.origin}{quote(request.path)}?{urlencode(query)}"
    return Reply(200, {"value": bodies[begin:end], "nextLink": link})


def _read(token: str) -> list[bytes]:
    try:
        told = urlsafe_b64decode(token.encode())
    except ValueError:
        return []
    return [told[place : place + _BYTES] for place in range(0, len(told), _BYTES)]
