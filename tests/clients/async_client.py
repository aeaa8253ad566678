"""The official SDK for Python, its asynchronous half, as it comes: drives the steps on stdin."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from azure.core.credentials import AccessToken
from azure.mgmt.recoveryservicessiterecovery.aio import SiteRecoveryManagementClient


class AnyToken:
    """A credential of one's own: any token does."""

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("any", int(time.time()) + 3600)

    async def close(self) -> None:
        """There is nothing to close."""

    async def __aenter__(self) -> AnyToken:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()


async def main() -> None:
    asked = json.load(sys.stdin)
    address = asked["address"]
    async with SiteRecoveryManagementClient(AnyToken(), "sub-1", base_url=asked["url"], polling_interval=0) as client:
        items = client.replication_protected_items
        for step in asked["steps"]:
            if "until" in step:
                while (item := await items.get(*address)).properties.protection_state != step["until"]:
                    pass
            else:
                poller = await getattr(items, f"begin_{step['do']}")(*address, *step["body"])
                item = await poller.result()
            seen = item and item.properties
            details = seen and seen.provider_specific_details
            told = [seen.protection_state, details.instance_type, type(details).__name__] if seen else None
            print(json.dumps(told))


asyncio.run(main())
