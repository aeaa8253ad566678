"""The official SDK for Python, as it comes: drives the steps on stdin, and writes what each came to."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from azure.core.credentials import AccessToken
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient


class AnyToken:
    """A credential of one's own: any token does."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("any", int(time.time()) + 3600)


def main() -> None:
    asked = json.load(sys.stdin)
    client = SiteRecoveryManagementClient(AnyToken(), "sub-1", base_url=asked["url"], polling_interval=0)
    items, address = client.replication_protected_items, asked["address"]
    for step in asked["steps"]:
        if "until" in step:
            while (item := items.get(*address)).properties.protection_state != step["until"]:
                pass
        else:
            item = getattr(items, f"begin_{step['do']}")(*address, *step["body"]).result()
        seen = item and item.properties
        details = seen and seen.provider_specific_details
        told = [seen.protection_state, details.instance_type, type(details).__name__] if seen else None
        print(json.dumps(told))


main()
