"""Lists in pages: `nextLink`, and the `skipToken` in it.

A page begins after the entry that its token names: entries that come or go between two pages are neither repeated nor
make others be left out.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import quote, urlencode

from asr_properties.arm.tokens import OWN
from asr_properties.server.replies import Reply, Request, bad_request

TOKEN = "skiptoken"
"""The option of the query; names of options have no case."""


def listed(request: Request, bodies: list[dict[str, Any]], size: int) -> Reply:
    """One page of a list. size: how many entries it has at most; 0: all of them.

    Raises:
        ArmError: the request's token is none that was given for this list.
    """
    rest = bodies
    if (token := request.query.get(TOKEN)) is not None:
        names = [str(body["id"]).lower() for body in bodies]
        if (last := _read(token)) not in names:
            raise bad_request(f"`skipToken` {token!r:.100} was not given for this list.", f"{OWN}InvalidSkipToken")
        rest = bodies[names.index(last) + 1 :]
    page = rest[:size] if size else rest
    link = None
    if len(page) < len(rest):
        last = urlsafe_b64encode(str(page[-1]["id"]).lower().encode()).decode()
        query = {**{name: value for name, value in request.query.items() if name != TOKEN}, "skipToken": last}
        link = f"{request.origin}{quote(request.path)}?{urlencode(query)}"
    return Reply(200, {"value": page, "nextLink": link})


def _read(token: str) -> str | None:
    try:
        return urlsafe_b64decode(token.encode()).decode()
    except ValueError:
        return None
